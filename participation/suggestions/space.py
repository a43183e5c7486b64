"""The directions in which the ideas of a process differ most, and where any text lies in them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from participation.suggestions.features import FEWEST_WITH_GRAM, Array, Features, Vocabulary

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

Whole = NDArray[np.int64]

SEED = 20261123
DIMENSIONS = 150
SHARES = (0.5, 0.25, 0.25)
"""What meaning, stems and runs of letters count."""
SHARES_OF_WORDS = (0.0, 0.5, 0.5)
CENTRE_COUNTS = 50
"""How many ideas the general mean of vectors counts for beside those of the process."""
MOST_IN_BASIS = 3000
"""The directions are found from so many ideas at most; all others are put in afterwards."""
OVERSAMPLING, POWER = 20, 3
_SPREADS = np.uint64(2654435761)


@dataclass(frozen=True)
class Space:
    """Directions found from some ideas; ``mean`` is that of their vectors, ``None`` where words alone are compared."""

    stems: Vocabulary
    grams: Vocabulary
    mean: Array | None
    middle: Array
    axes: Array

    def place(self, texts: Sequence[Features], vectors: Array | None) -> Array:
        """Return where texts lie, a row of length 1 for each; ``vectors`` has zeros where one is missing."""
        return _unit(self._join(texts, vectors) @ self.axes - self.middle @ self.axes)

    def knows(self, text: Features) -> bool:
        """Return whether any word of a text is known, so that words alone can say where it lies."""
        return any(term in self.stems.columns for term in text.stems.terms) or any(
            term in self.grams.columns for term in text.grams.terms
        )

    def _join(self, texts: Sequence[Features], vectors: Array | None) -> "csr_matrix":
        meaning = None if self.mean is None or vectors is None else centred(vectors, self.mean)
        return _join(
            meaning, self.stems.weights([text.stems for text in texts]), self.grams.weights([t.grams for t in texts])
        )


def basis_of(idea_ids: Whole) -> Whole:
    """Return the rows of the ideas from which directions are found: a new idea seldom changes which these are."""
    if len(idea_ids) <= MOST_IN_BASIS:
        return np.arange(len(idea_ids))
    mixed = (idea_ids.astype(np.uint64) * _SPREADS) % np.uint64(2**32)
    return np.sort(np.lexsort((idea_ids, mixed))[:MOST_IN_BASIS])


def find_space(texts: Sequence[Features], vectors: Array | None, centre: Array | None) -> Space:
    """Return the space of texts: a truncated singular value decomposition of all that they are told apart by.

    ``vectors`` are of length 1, zeros where one is missing; ``centre`` is the general mean of vectors. Source:
    N. Halko, P. G. Martinsson, J. A. Tropp: Finding structure with randomness, SIAM Review 53 (2011).
    """
    stems = Vocabulary.of([text.stems for text in texts])
    grams = Vocabulary.of([text.grams for text in texts], FEWEST_WITH_GRAM)
    mean = None if vectors is None or centre is None else _mean(vectors, centre)
    meaning = None if vectors is None or mean is None else centred(vectors, mean)
    joined = _join(meaning, stems.weights([text.stems for text in texts]), grams.weights([t.grams for t in texts]))
    middle = np.asarray(joined.mean(axis=0), dtype=np.float32).ravel()
    return Space(stems, grams, mean, middle, _axes(joined, middle))


def centred(vectors: Array, mean: Array) -> Array:
    """Return vectors seen from their mean, of length 1; those that are missing stay zeros."""
    there = np.abs(vectors).sum(axis=1, keepdims=True) > 0
    return _unit(np.where(there, vectors - mean, 0))


def _mean(vectors: Array, centre: Array) -> Array:
    there = int((np.abs(vectors).sum(axis=1) > 0).sum())
    total = vectors.sum(axis=0, dtype=np.float64) + CENTRE_COUNTS * centre.astype(np.float64)
    mean: Array = (total / (CENTRE_COUNTS + there)).astype(np.float32)
    return mean


def _join(meaning: Array | None, stems: "csr_matrix", grams: "csr_matrix") -> "csr_matrix":
    from scipy.sparse import csr_matrix, hstack

    of_meaning, of_stems, of_grams = SHARES if meaning is not None else SHARES_OF_WORDS
    parts = [np.float32(np.sqrt(of_stems)) * stems, np.float32(np.sqrt(of_grams)) * grams]
    if meaning is not None:
        parts.insert(0, csr_matrix(np.float32(np.sqrt(of_meaning)) * meaning))
    return csr_matrix(hstack(parts, format="csr", dtype=np.float32))


def _axes(joined: "csr_matrix", middle: Array) -> Array:
    size = min(DIMENSIONS, *joined.shape)
    guess = np.random.default_rng(SEED).standard_normal((joined.shape[1], min(size + OVERSAMPLING, *joined.shape)))
    found = guess.astype(np.float32)
    turned = joined.T.tocsr()
    for _ in range(POWER):
        forward, _r = np.linalg.qr(joined @ found - middle @ found)
        found, _r = np.linalg.qr(turned @ forward - np.outer(middle, forward.sum(axis=0)))
    seen = joined @ found - middle @ found
    _values, turns = np.linalg.eigh(seen.T @ seen)
    axes: Array = (found @ turns[:, ::-1][:, :size]).astype(np.float32)
    return axes


def _unit(rows: Array) -> Array:
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    return (rows / np.where(lengths > 0, lengths, 1)).astype(np.float32)
