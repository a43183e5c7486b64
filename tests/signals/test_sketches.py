"""Sketches: texts that say nearly the same meet, others do not."""

import pytest

from participation.signals.sketches import NEARLY, SIZE, likeness, sketch

TEXT = (
    "Die Stadt soll mehr Bänke in den Parks aufstellen, damit ältere Menschen sich ausruhen können, wenn sie mit ihren "
    "Enkeln spazieren gehen, und sie soll dafür sorgen, dass jede Bank im Schatten steht."
)


def alike(one: str, other: str, language: str = "de") -> float:
    return likeness(sketch(one, language), sketch(other, language))


def test_a_sketch_is_small_and_does_not_depend_on_spelling() -> None:
    assert len(sketch(TEXT, "de")) == SIZE
    assert sketch(TEXT, "de") == sketch(TEXT.upper().replace("Ä", "AE").replace(",", "  "), "de")
    assert sketch("", "de") == sketch("?!", "de") == frozenset()


@pytest.mark.parametrize(
    ("other", "near"),
    [
        (TEXT, True),
        (TEXT.replace("Enkeln", "Kindern"), True),
        ("Guten Tag! " + TEXT, True),
        ("Die Stadt soll mehr Bänke aufstellen, aber bitte nicht im Park, sondern an Haltestellen.", False),
        ("Mehr Radwege in der Nordstadt, und zwar sofort, das fordern wir seit Jahren.", False),
    ],
)
def test_what_says_nearly_the_same(other: str, near: bool) -> None:
    assert (alike(TEXT, other) >= NEARLY) is near


def test_short_texts_meet_only_word_by_word() -> None:
    assert alike("Gute Idee!", "gute idee") == 1
    assert alike("Gute Idee!", "Gute Idee, danke!") == 0
    assert alike("", "") == 0


def test_likeness_is_the_jaccard_index_of_small_sets() -> None:
    assert likeness({1, 2, 3}, {2, 3, 4}) == 0.5
    assert likeness({1}, {2}) == 0
