"""What changed between two texts: complete, readable, and cheap however different they are."""

import itertools
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from participation.texts.differences import Change, differences

WORDS = st.lists(
    st.sampled_from(["Bibliothek", "und", "مكتبة", "в", " ", " ", "\n\n", ",", ".", "é", "كِتاب"]), max_size=40
)
TEXTS = st.one_of(st.text(max_size=80), WORDS.map("".join))


def without(change: Change, before: str, after: str) -> str:
    """Return the pieces of a difference but for those of one kind."""
    return "".join(piece.text for piece in differences(before, after) if piece.change is not change)


@given(TEXTS, TEXTS)
def test_both_texts_can_be_put_together_again(before: str, after: str) -> None:
    assert without(Change.ADDED, before, after) == before
    assert without(Change.REMOVED, before, after) == after


@given(TEXTS, TEXTS)
def test_neighbours_say_different_things_and_nothing_is_empty(before: str, after: str) -> None:
    pieces = differences(before, after)
    assert all(piece.text for piece in pieces)
    assert all(one.change is not two.change for one, two in itertools.pairwise(pieces))


CASES = [
    ("", "", []),
    ("Neu", "Neu", [("same", "Neu")]),
    ("", "Neu", [("added", "Neu")]),
    (
        "Ein alter Satz.",
        "Ein neuer Satz.",
        [("same", "Ein "), ("removed", "alter"), ("added", "neuer"), ("same", " Satz.")],
    ),
    ("Bus und Bahn", "Bus, Bahn", [("same", "Bus"), ("removed", " und"), ("added", ","), ("same", " Bahn")]),
    # Whole words, also where only an ending or a vowel mark differs.
    ("Bibliothek", "Bibliotheken", [("removed", "Bibliothek"), ("added", "Bibliotheken")]),
    ("كتاب جديد", "كِتاب جديد", [("removed", "كتاب"), ("added", "كِتاب"), ("same", " جديد")]),
    # What is left between two changes but has no word in it belongs to them.
    ("eins zwei", "drei vier", [("removed", "eins zwei"), ("added", "drei vier")]),
]


@pytest.mark.parametrize(("before", "after", "expected"), CASES)
def test_how_it_reads(before: str, after: str, expected: list[tuple[str, str]]) -> None:
    assert [(piece.change.value, piece.text) for piece in differences(before, after)] == expected


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("a b " * 1250, "b a " * 1250),
        ("." * 5000, "," * 5000),
        ("x " * 2500, "y " * 2500),
        ("w\n" * 2500, "w w " * 1250),
    ],
)
def test_the_longest_texts_cost_little(before: str, after: str) -> None:
    began = time.process_time()
    assert without(Change.ADDED, before, after) == before
    assert without(Change.REMOVED, before, after) == after
    assert time.process_time() - began < 2
