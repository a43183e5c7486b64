"""Codes: read aloud, typed badly, and still either understood or noticed."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from participation.receipts.codes import ALPHABET, LENGTH, code_of, new_code, parse_code

codes = st.integers(0, 2**80 - 1).map(code_of)
separators = st.sampled_from(["", "-", " ", "–", "—", ".", "\u00a0", "\t", "_", "/", ","])
PLACES = range(LENGTH)


def plain(code: str) -> str:
    return code.replace("-", "")


def test_codes_look_as_promised() -> None:
    code = new_code()
    assert [len(group) for group in code.split("-")] == [4] * 5
    assert set(plain(code)) <= set(ALPHABET)
    assert len(ALPHABET) ** 16 == 2**80
    assert len({new_code() for _ in range(1000)}) == 1000


@given(codes, st.data())
def test_however_it_is_typed_it_is_the_same_code(code: str, data: st.DataObject) -> None:
    spellings = {"0": "0oO", "1": "1iIlL", "V": "VvUu"}
    typed = "".join(
        data.draw(st.sampled_from(spellings.get(character, character + character.lower()))) + data.draw(separators)
        for character in plain(code)
    )
    assert parse_code(f"  {typed} ") == code


def test_dashes_between_spaces_are_understood() -> None:
    code = new_code()
    assert parse_code(code.replace("-", " – ")) == code


@pytest.mark.parametrize("width", ["０１２３４５６７８９ＡＢＣＤＥＦＧＨＪＫＭＮＰＱＲＳＴＶＷＸＹＺ"])
def test_wide_characters_are_understood(width: str) -> None:
    code = new_code()
    assert parse_code("".join(width[ALPHABET.index(character)] for character in plain(code))) == code


@given(codes, st.sets(st.sampled_from(PLACES), min_size=1, max_size=4), st.data())
def test_up_to_four_wrong_characters_are_noticed(code: str, places: set[int], data: st.DataObject) -> None:
    characters = list(plain(code))
    for place in places:
        characters[place] = data.draw(st.sampled_from([other for other in ALPHABET if other != characters[place]]))
    assert parse_code("".join(characters)) is None


def test_every_swap_of_two_characters_is_noticed() -> None:
    code = plain(new_code())
    for left, right in itertools.combinations(PLACES, 2):
        swapped = list(code)
        swapped[left], swapped[right] = swapped[right], swapped[left]
        assert parse_code("".join(swapped)) in ({None} if code[left] != code[right] else {parse_code(code)})


@given(codes, st.integers(0, LENGTH - 1))
def test_a_missing_or_doubled_character_is_noticed(code: str, place: int) -> None:
    characters = plain(code)
    assert parse_code(characters[:place] + characters[place + 1 :]) is None
    assert parse_code(characters[: place + 1] + characters[place:]) is None


@given(st.text(max_size=200))
def test_anything_else_is_no_code(text: str) -> None:
    assert parse_code(text) in {None, parse_code(text.upper())}


@pytest.mark.parametrize("text", ["", "-", "0" * 19, "0" * 21, "\x00" * 20, "7" * 10_000, "ÄÖÜ0-0000-0000-0000-0000"])
def test_what_is_no_code(text: str) -> None:
    assert parse_code(text) is None


def test_the_check_characters_are_those_of_the_published_code() -> None:
    """All-zero data has all-zero check characters in a linear code; the sum of two codes is one again."""
    zeros = "0000-0000-0000-0000-0000"
    assert parse_code(zeros) == zeros
    left, right = plain(new_code()), plain(new_code())
    total = "".join(ALPHABET[ALPHABET.index(a) ^ ALPHABET.index(b)] for a, b in zip(left, right, strict=True))
    assert parse_code(total) is not None
