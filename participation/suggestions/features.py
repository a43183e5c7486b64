"""What ideas are told apart by: the stems of their words and runs of letters, counted and weighted."""

import sys
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from participation.similarity.words import SHORTEST_SHOWN, TITLE_TIMES, WORD, Bag, bag_of
from participation.texts.stems import words, words_with_stems
from participation.texts.terms import FREQUENT

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

Array = NDArray[np.float32]

GRAM = 4
"""Letters of a run."""
FEWEST_WITH_GRAM = 3
"""Runs of letters that fewer ideas have are left out."""


@dataclass(frozen=True, slots=True)
class Counts:
    """Terms in the order of the alphabet, and how often each occurs."""

    terms: tuple[str, ...]
    times: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Features:
    """One text: its stems, the word in it that each stands for (empty: not to be shown), its runs of letters."""

    stems: Counts
    shown: tuple[str, ...]
    grams: Counts


def features_of(parts: Iterable[tuple[str, str, str]]) -> Features:
    """Return what a text is told apart by; each of its ``parts`` is a title, a text and their language."""
    stems: Bag = Counter()
    letters: Counter[str] = Counter()
    shown: dict[str, str] = {}
    for title, text, language in parts:
        stems += bag_of(title, text, language)
        letters += grams(words(title) * TITLE_TIMES + words(text))
        for word, stem in _shown_words(title, text, language):
            shown.setdefault(stem, word)
    counted = _counts(stems)
    return Features(counted, tuple(shown.get(stem, "") for stem in counted.terms), _counts(letters))


def grams(folded: Sequence[str]) -> Counter[str]:
    """Return the runs of ``GRAM`` letters in folded words, with a space before and after each word."""
    found: Counter[str] = Counter()
    for word in folded:
        padded = f" {word} "
        for start in range(max(1, len(padded) - GRAM + 1)):
            found[padded[start : start + GRAM]] += 1
    return found


@dataclass(frozen=True)
class Vocabulary:
    """The terms of some texts with their columns and weights: how rare each is, smoothed as if one more text had it."""

    columns: Mapping[str, int]
    rarity: Array
    among: NDArray[np.int64]
    """In how many of the texts each term occurs."""
    texts: int

    @classmethod
    def of(cls, texts: Sequence[Counts], fewest: int = 1) -> "Vocabulary":
        """Return the terms that ``fewest`` of the texts have at least."""
        among = Counter(term for text in texts for term in text.terms)
        kept = sorted(term for term, number in among.items() if number >= fewest)
        numbers = np.array([among[term] for term in kept], dtype=np.int64)
        rarity = (np.log((1 + len(texts)) / (1 + numbers)) + 1).astype(np.float32)
        return cls({term: place for place, term in enumerate(kept)}, rarity, numbers, len(texts))

    def weights(self, texts: Sequence[Counts]) -> "csr_matrix":
        """Return a row of length 1 for each text: TF-IDF, both with logarithms; terms that are unknown are left out."""
        from scipy.sparse import csr_matrix

        starts, columns, times = [0], [], []
        for text in texts:
            for term, number in zip(text.terms, text.times, strict=True):
                column = self.columns.get(term)
                if column is not None:
                    columns.append(column)
                    times.append(number)
            starts.append(len(columns))
        places = np.array(columns, dtype=np.int32)
        values = (1 + np.log(np.array(times, dtype=np.float32))) * self.rarity[places]
        squares = np.concatenate([[0.0], np.cumsum(values.astype(np.float64) ** 2)])
        lengths = np.sqrt(np.diff(squares[starts]))
        scale = np.repeat(np.where(lengths > 0, lengths, 1), np.diff(starts))
        shape = (len(texts), len(self.columns))
        return csr_matrix(((values / scale).astype(np.float32), places, np.array(starts)), shape=shape)


def _counts(found: Counter[str]) -> Counts:
    terms = sorted(found)
    # The same ones come again and again: each is kept once.
    return Counts(tuple(sys.intern(term) for term in terms), tuple(found[term] for term in terms))


def _shown_words(title: str, text: str, language: str) -> Iterable[tuple[str, str]]:
    for word in WORD.findall(f"{title} {text}"):
        for folded, stem in words_with_stems(word, language):
            if len(folded) >= SHORTEST_SHOWN and folded not in FREQUENT and not folded.isdecimal():
                yield sys.intern(word), stem
