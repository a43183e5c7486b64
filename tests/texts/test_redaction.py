"""Taking passages out of a text, and how the mark is shown."""

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from participation.multilingual import in_language
from participation.texts import normalise, render, render_line
from participation.texts.redaction import MARK, holds, take_out

CASES = [
    ("Ruf Anna an.", ["Anna"], f"Ruf {MARK} an."),
    ("Anna und Anna", ["Anna"], f"{MARK} und {MARK}"),
    ("Anna Beispiel, Telefon 0231", ["Anna Beispiel", "Beispiel, Telefon 0231"], MARK),
    ("Annalena", ["Anna"], f"{MARK}lena"),
    ("eine\nZeile, zwei\n\nAbsätze", ["eine Zeile", "zwei Absätze"], f"{MARK}, {MARK}"),
    ("ababa bleibt", ["aba"], f"{MARK} bleibt"),
    ("a+b (c) [d] \\w", ["(c) [d]", "a+b"], f"{MARK} {MARK} \\w"),
    ("اتصل بأحمد غدا", ["بأحمد"], f"اتصل {MARK} غدا"),
    ("nichts davon", ["etwas", ""], "nichts davon"),
]


@pytest.mark.parametrize(("text", "passages", "left"), CASES)
def test_what_is_left(text: str, passages: list[str], left: str) -> None:
    assert take_out(text, passages) == left


@given(st.text(max_size=60), st.lists(st.text(min_size=1, max_size=6), max_size=3))
def test_nothing_of_it_is_left_and_nothing_else_is_lost(text: str, passages: list[str]) -> None:
    passages = [passage for passage in passages if MARK[0] not in passage]
    left = take_out(text, passages)
    assert not any(holds(part, passage) for passage in passages for part in left.split(MARK))
    assert [letter for letter in left.replace(MARK, "") if letter not in text] == []


def test_a_mark_is_words_for_those_who_cannot_see_it(app: Flask) -> None:
    with app.test_request_context(), in_language("en"):
        shown = render(f"Ruf {MARK} an: https://example.org/{MARK}geheim <b>")
        assert shown.count('<mark class="redacted">') == 2
        assert '<span class="visually-hidden" lang="en">[redacted]</span>' in shown
        assert 'href="https://example.org/"' in shown
        assert "&lt;b&gt;" in shown
        assert render_line(f"<i>{MARK}").startswith("&lt;i&gt;<mark")
        assert "mark" not in render_line("nothing taken out")


def test_nobody_can_pretend_it(app: Flask) -> None:
    typed = normalise(f"{MARK} taken out")
    with app.test_request_context():
        assert MARK[0] not in typed
        assert "<mark" not in render(typed)
