"""What a text from outside may contain."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict
from wtforms import Form

from participation.texts.fields import line_field, prose_field
from participation.texts.shape import TextProblem, normalise, text_problem


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", TextProblem.EMPTY),
        ("   \n ", TextProblem.EMPTY),
        ("\u200b\u200d\ufeff\u00ad", TextProblem.EMPTY),
        ("\u200e\u200f\u061c", TextProblem.EMPTY),
        ("ab", TextProblem.TOO_SHORT),
        ("a\u200bb\u200b\u200b\u200b", TextProblem.TOO_SHORT),
        ("abc", None),
        ("a" * 20, None),
        ("a" * 21, TextProblem.TOO_LONG),
        ("😀" * 20, None),
        ("x" * 1_000_000, TextProblem.TOO_LONG),
        ("abc\x00", TextProblem.CONTROL_CHARACTERS),
        ("abc\x1b[31m", TextProblem.CONTROL_CHARACTERS),
        ("abc\x85", TextProblem.CONTROL_CHARACTERS),
        ("abc\ufffe", TextProblem.CONTROL_CHARACTERS),
        ("abc\ud800", TextProblem.CONTROL_CHARACTERS),
        ("abc\u202edcb", TextProblem.DIRECTION_OVERRIDES),
        ("\u2066abc\u2069", TextProblem.DIRECTION_OVERRIDES),
        ("abc\u200e def", None),
        ("\u200fשלום\u200f", None),
        ("مرحبا\u061c 1", None),
        ("a\tb\nc", None),
        ("<b>abc</b>", None),
    ],
)
def test_problems(text: str, problem: TextProblem | None) -> None:
    assert text_problem(text, shortest=3, longest=20) is problem


@given(st.text())
def test_normalising_twice_is_the_same_as_once(text: str) -> None:
    once = normalise(text)
    assert normalise(once) == once
    assert "\r" not in once
    assert once == once.strip()


def test_normalising_composes_letters_and_line_ends() -> None:
    assert normalise(" Gru\u0308n\r\nBlau\rRot ") == "Gr\u00fcn\nBlau\nRot"


class Sample(Form):
    """A line and a text."""

    line = line_field("Line", shortest=3, longest=20)
    note = prose_field("Note", shortest=0, longest=5)


def errors(**fields: str) -> dict[str, list[str]]:
    """Return the errors of the form by field."""
    form = Sample(MultiDict(fields))
    form.validate()
    return {name: [str(error) for error in found] for name, found in form.errors.items()}


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"line": "abc"}, {}),
        ({"line": "a\r\nb\tc"}, {}),
        ({}, {"line": ["Please write something here."]}),
        ({"line": "ab"}, {"line": ["Please write at least 3 characters."]}),
        ({"line": "a" * 21}, {"line": ["This is too long: 21 characters of at most 20."]}),
        ({"line": "abc\x00"}, {"line": ["This contains characters that cannot be shown. Please type them anew."]}),
        ({"line": "abc\u202e"}, {"line": ["This contains invisible marks that turn the order of words around."]}),
        ({"line": "abc", "note": "123456"}, {"note": ["This is too long: 6 characters of at most 5."]}),
    ],
)
def test_fields_say_what_is_wrong(fields: dict[str, str], expected: dict[str, list[str]]) -> None:
    assert errors(**fields) == expected


def test_a_line_stays_one_line() -> None:
    assert Sample(MultiDict({"line": "one\r\ntwo\tthree"})).line.data == "one two three"


def test_normalising_repairs_what_old_programs_leave() -> None:
    assert normalise("\x84Ja\x93 \x96 5 \x80\x85") == "„Ja“ – 5 €…"
    assert normalise("eins\x0bzwei\u2028drei\x0cvier") == "eins\nzwei\ndrei\nvier"
    assert text_problem(normalise("a\x81b"), longest=20) is TextProblem.CONTROL_CHARACTERS
