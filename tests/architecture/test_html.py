"""The quick way of reading pages finds what the parser of the HTML standard finds, errors and trees alike."""

from html5lib import HTMLParser, getTreeBuilder
from html5lib.constants import DataLossWarning
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml.etree import tostring

from tests.html import QuickParser
from tests.make import Place
from tests.pages import PageClient
from tests.plain_html import FLOW, ONLY, SHAPES, VOID, plain_tree

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

# Everything that a plain page may hold, and some of what it may not.
NAMES = sorted(FLOW | SHAPES | {name for names in ONLY.values() for name in names} | {"object", "ruby", "nobr"})
TEXTS = (
    *("", "", "\n", " ", "a", "\u00a0", "&amp;", "&#39;b", "&nbsp;", "&nothing;", "& c", "&copy", "\r\nd"),
    *("\x80", "\ufffe"),
)
GIVEN = (
    *("", "", ' class="a"', " hidden", ' id="a" title="&lt;b&gt;"', ' viewBox="0 0"', ' a="1" a="2"'),
    ' href="?a&b=1"',
)


def element(inside: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """Return elements that are closed, with such elements inside."""
    parts = st.tuples(st.sampled_from(NAMES), st.sampled_from(GIVEN), st.lists(inside, max_size=3), st.booleans())
    return parts.map(lambda part: written(*part))


def written(name: str, given: str, inside: list[str], is_closed: bool) -> str:
    """Return an element as a page says it."""
    if name in VOID or (is_closed and name in SHAPES):
        return f"<{name}{given}{' /' * is_closed}>"
    return f"<{name}{given}>{''.join(inside)}</{name}>"


ELEMENTS = st.recursive(st.sampled_from(TEXTS), element, max_leaves=12)


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


@settings(max_examples=300, deadline=None)
@given(st.lists(ELEMENTS, min_size=1, max_size=4).map("".join))
def test_whatever_is_closed_is_read_alike(pieces: str) -> None:
    source = f"{BEGINNINGS[-1]}{pieces}</body></html>\n"
    assert made(QUICK, source) == by_the_standard(source)


def test_pages_are_read_alike(client: PageClient, place: Place, idea: int) -> None:
    for address in (place.url(), place.url(f"/ideas/{idea}"), place.url("/ideas"), "/de/sign-up"):
        source = client.get(address).text
        assert plain_tree(source) is not None
        assert made(QUICK, source) == by_the_standard(source)
