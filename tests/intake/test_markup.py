"""HTML becomes plain text; what only looks like it stays."""

import time

import pytest

from participation.intake.markup import plain_text


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("I <3 trees & a < b", "I <3 trees & a < b"),
        ("Text <script>alert(1)</script>", "Text <script>alert(1)</script>"),
        ("<p>One&nbsp;&amp; two</p>\n<p>three<br>four</p>", "One\xa0& two\n\nthree\nfour"),
        ("<ul><li>a</li><li><strong>b</strong></li></ul>after", "- a\n- b\n\nafter"),
        (
            '<p><a href="https://example.org/x">here</a>, <a href="javascript:x()">not</a></p>',
            "here (https://example.org/x), not",
        ),
        ('<a href="https://example.org">https://example.org</a>', "https://example.org"),
        ("<div><style>p{}</style><script>x()</script>seen</div>", "seen"),
        ("<p>never closed <b>bold", "never closed bold"),
        ("<p></p>", ""),
    ],
)
def test_markup_becomes_text(markup: str, text: str) -> None:
    assert plain_text(markup) == text


def test_deep_nesting_takes_no_time() -> None:
    assert plain_text("<div>" * 50_000 + "x") == "x"


@pytest.mark.parametrize("piece", ["<a ", "<!--", "<a href='", "</", "<?"])
def test_elements_that_never_end_take_no_time(piece: str) -> None:
    began = time.process_time()
    assert plain_text("<p>" + piece * (100_000 // len(piece))).startswith(piece.strip())
    assert time.process_time() - began < 2
    longer = "<p>" + "x" * 300_000
    assert plain_text(longer) == longer, "nobody wrote that"
