"""The quick way of reading pages finds what the parser of the HTML standard finds, errors and trees alike."""

from html5lib import HTMLParser, getTreeBuilder
from html5lib.constants import DataLossWarning
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml.etree import tostring

from tests.html import QuickParser
from tests.make import Place
from tests.pages import PageClient

QUICK = QuickParser()
PIECES = (
    *("<p>", "</p>", "</p >", "<p/>", "<div class='a'>", '<div class="a" id="b">', "</div>", "<A HREF=x>", "</a>"),
    *('<a href="/x?a=1&amp;b=2">', '</p class="a">', "<html lang=de>", "<body id=a>", "<br/>", "<br />", "</br>"),
    *("<ul>", "<li>", "</li>", "</ul>", "<table>", "<tr>", "<td>", "</table>", "<select><option selected>"),
    *('<input name="a" value="ä <b>">', '<input name="a" name="b">', "<textarea>", "\n<b>", "</textarea>", "</select>"),
    *("<title>", "</title>", "<script>", "if (a < b)", "</script>", "<style>", "</style>", "<plaintext>", "<h1>"),
    *('<svg viewBox="0 0 1 1">', '<path D="M0"/>', '<use xlink:href="#a"/>', "<title/>", "</svg>", "<![CDATA[x]]>"),
    *("<button>", "</button>", "<form>", "</form>", "<b>", "<i>", "</b>", "</i>", "</h2>", "<math>", "</math>"),
    *(" ", "\n", "\t", "\r\n", "text", "ä", "&amp;", "&nothing;", "&", "<", ">", '"', "\0", "\x01", "x" * 9000),
    *('<a b="', "=", "</", '<a\nb="1"\n>', '<a b="1"c="2">', '<a b= "1">', '<a ="1">', "<é>", "<a é>"),
    *("<!-- a -->", "<!---->", "<?x?>"),
)
BEGINNINGS = ("", "<!doctype html>", '<!doctype html><html lang="de" dir="ltr"><head><title>a</title></head><body>')


def by_the_standard(source: str) -> object:
    """Return what html5lib makes of ``source``."""
    return made(HTMLParser(getTreeBuilder("lxml"), namespaceHTMLElements=False), source)


def made(parser: HTMLParser, source: str) -> object:
    """Return the tree and the errors, or why there can be no such tree."""
    try:
        return tostring(parser.parse(source)), parser.errors
    except (ValueError, DataLossWarning) as problem:
        return str(problem)


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(BEGINNINGS), st.lists(st.sampled_from(PIECES), max_size=12).map("".join))
def test_any_heap_of_pieces_is_read_alike(beginning: str, pieces: str) -> None:
    assert made(QUICK, beginning + pieces) == by_the_standard(beginning + pieces)


def test_pages_are_read_alike(client: PageClient, place: Place, idea: int) -> None:
    for address in (place.url(), place.url(f"/ideas/{idea}"), place.url("/ideas"), "/de/sign-up"):
        source = client.get(address).text
        assert made(QUICK, source) == by_the_standard(source)
