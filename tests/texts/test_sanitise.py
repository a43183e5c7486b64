"""Residents' text at output: whatever goes in, nothing but paragraphs, breaks and marked links comes out."""

import html
import re
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from participation.texts.sanitise import RELATION, excerpt, render, single_line

MARKUP = [
    "<script>alert(1)</script>",
    "<svg onload=x>",
    "<a href='javascript:x'>",
    "</p>",
    "<p>",
    "<br>",
    "</a>",
    "<a>",
]
ENTITIES = ["&lt;", "&amp;", "&#x3c;script&#x3e;", "<!--", "]]>", "<![CDATA[", "\\", "'", '"']
ADDRESSES = [
    "https://example.org/",
    "http://",
    'https://a.b/?q=<b>&c="d"',
    "javascript:alert(1)",
    "HTTPS://EXAMPLE.ORG",
]
ADDRESSES += ["data:text/html,x", "1.Mai.de", "a@example.org", "(https://example.org/a_(b))", "https://example.org."]
OTHERS = ["\n\n", "\n", " ", "\u200fمرحبا", "😀", "www.example.org"]
TEMPTING = st.sampled_from([*MARKUP, *ENTITIES, *ADDRESSES, *OTHERS])
PLAIN = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=20)
TEXTS = st.lists(TEMPTING | PLAIN, max_size=12).map("".join)


class Reader(HTMLParser):
    """Collects what a browser would see."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text: list[str] = []
        self.others: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text.append(data)

    def handle_comment(self, data: str) -> None:
        self.others.append(data)

    def handle_decl(self, decl: str) -> None:
        self.others.append(decl)

    def unknown_decl(self, data: str) -> None:
        self.others.append(data)

    def handle_pi(self, data: str) -> None:
        self.others.append(data)


def read(markup: str) -> Reader:
    """Return what a parser finds in ``markup``."""
    reader = Reader()
    reader.feed(markup)
    reader.close()
    return reader


@given(TEXTS)
def test_only_paragraphs_breaks_and_marked_links_come_out(text: str) -> None:
    found = read(render(text))
    assert found.others == []
    for tag, attributes in found.tags:
        if tag == "a":
            assert set(attributes) == {"href", "rel"}
            assert attributes["rel"] == RELATION
            assert re.match(r"https?://", attributes["href"] or "", re.IGNORECASE)
        else:
            assert (tag, attributes) in [("p", {}), ("br", {})]


@given(TEXTS)
def test_no_text_is_lost(text: str) -> None:
    shown = "".join(read(render(text)).text)
    assert re.sub(r"\s+", "", shown) == re.sub(r"\s+", "", text)


@given(TEXTS)
def test_what_is_shown_renders_to_the_same_again(text: str) -> None:
    once = render(text)
    typed = html.unescape(re.sub(r"<[^>]+>", "", once.replace("<br>", "\n").replace("</p><p>", "\n\n")))
    assert render(typed) == once


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ""),
        (" \n\n ", ""),
        ("One\ntwo\n\n\nthree", "<p>One<br>two</p><p>three</p>"),
        ("a < b & c", "<p>a &lt; b &amp; c</p>"),
        ("<script>alert(1)</script>", "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>"),
        ("See https://example.org/a?b=1&c=2.", 'a href="https://example.org/a?b=1&amp;c=2" rel="{rel}"'),
        ("am 1.Mai.de um 9", "<p>am 1.Mai.de um 9</p>"),
        ("javascript:alert(1) ftp://example.org", "<p>javascript:alert(1) ftp://example.org</p>"),
        ("write to a@example.org", "<p>write to a@example.org</p>"),
        ("https://city.example@evil.example/", "<p>https://city.example@evil.example/</p>"),
        ("https://city.example:x@evil.example/", "<p>https://city.example:x@evil.example/</p>"),
        (
            "(https://example.org:8000).",
            '<p>(<a href="https://example.org:8000" rel="{rel}">https://example.org:8000</a>).</p>',
        ),
        (
            "https://example.org/</p>",
            '<p><a href="https://example.org/" rel="{rel}">https://example.org/</a>&lt;/p&gt;</p>',
        ),
        ("https://straße.example/ä?x=1#y", 'a href="https://straße.example/ä?x=1#y"'),
    ],
)
def test_examples(text: str, expected: str) -> None:
    markup = str(render(text))
    expected = expected.format(rel=RELATION)
    assert markup == expected if expected.startswith("<") or not expected else expected in markup


@given(TEXTS, st.integers(5, 80))
def test_an_excerpt_is_short_one_line_and_the_beginning(text: str, length: int) -> None:
    short = excerpt(text, length)
    assert len(short) <= length
    assert "\n" not in short
    line = single_line(text)
    assert line == short or (short.endswith("…") and line.startswith(short[:-1]))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Short and\ncomplete", "Short and complete"),
        ("One two three four five", "One two three…"),
        ("Abcdefghijklmnopqrstuvwxyz", "Abcdefghijklmno…"),
        ("One two, three, four", "One two, three…"),
    ],
)
def test_excerpts_are_cut_at_words(text: str, expected: str) -> None:
    assert excerpt(text, 18 if " " in text else 16) == expected
