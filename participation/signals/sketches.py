"""Sketches of texts: a few hashes by which texts that say nearly the same meet, however many there are."""

import hashlib
from collections.abc import Collection
from itertools import pairwise

from participation.texts.stems import stems

SIZE = 16
NEARLY = 0.6
"""From this likeness on texts say nearly the same."""
FEWEST_PAIRS = 4
"""Shorter texts meet only word by word: two words in common are most of a short sentence."""


def sketch(text: str, language: str) -> frozenset[int]:
    """Return at most ``SIZE`` hashes of the word pairs of ``text``: the smallest ones (a bottom-k sketch).

    A short text has one hash, of all its words; one without words has none.
    """
    words = stems(text, language)
    if not words:
        return frozenset()
    pairs = {f"{first} {second}" for first, second in pairwise(words)}
    if len(pairs) < FEWEST_PAIRS:
        return frozenset({_number(" ".join(["", *words]))})
    return frozenset(sorted(map(_number, pairs))[:SIZE])


def likeness(one: Collection[int], other: Collection[int]) -> float:
    """Return how much two texts have in common, from 0 to 1, judged by their sketches.

    The Jaccard index of their word pairs, estimated from the smallest hashes of the union (A. Broder, On the
    resemblance and containment of documents, 1997).
    """
    union = sorted({*one, *other})[:SIZE]
    if not union:
        return 0.0
    return sum(number in one and number in other for number in union) / len(union)


def _number(words: str) -> int:
    return int.from_bytes(hashlib.blake2b(words.encode(), digest_size=8).digest(), "big", signed=True)
