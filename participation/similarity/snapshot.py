"""The ideas of a process as numbers: how alike any text is to all of them, in one pass."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from participation.similarity.words import Bag
from participation.texts.vectors import DIMENSIONS, Matrix, Vector

Numbers = NDArray[np.int64]

VECTOR_SHARE = 0.6
"""What the meaning counts for beside the words. Found with 1,303 reasons that real authors gave apart from their ideas:
the idea is among the first five for 51.6 % by words, 59.5 % by meaning, 63.7 % mixed like this (61.6 to 62.8 % with
0.4 and 0.7)."""
WORDS_ALONE = 1.5
"""What likeness in words counts where there is no vector: unlike texts then reach about what they reach mixed."""
CENTRE_COUNTS = 50
"""How many ideas the general mean counts for beside those of the process, which a handful would not make a mean of."""
FEW = 10
"""In so many ideas a word is telling, however few ideas there are."""
ROWS_AT_ONCE = 1024
MOST_COUNT = 255


@dataclass(frozen=True, slots=True)
class Entry:
    """An idea as it goes into a snapshot."""

    idea_id: int
    revision: int
    bag: Bag


@dataclass(frozen=True, slots=True)
class Likeness:
    """How alike each idea of a snapshot is to one text, all between -1 and 1; one number a row."""

    score: Vector
    words: Vector
    meaning: Vector


@dataclass(frozen=True)
class Snapshot:
    """Ideas of one process at one time; never changed, so that any number of threads may read it.

    Each idea takes 408 bytes for its vector and numbers, and 9 bytes for each of its stems.
    """

    idea_ids: Numbers
    revisions: Numbers
    starts: Numbers
    """Where the stems of each row begin in ``stems``; one number more than rows."""
    stems: NDArray[np.int32]
    counts: NDArray[np.uint8]
    vocabulary: dict[str, int]
    """Number of each stem. It only ever grows and is shared by all snapshots of a process."""
    vectors: Matrix
    scales: Vector
    """What the numbers of each row are multiplied with; 0 where an idea has no vector yet."""
    centre: Vector
    size: int = field(default=0)
    """How many stems of the vocabulary this snapshot knows of."""

    @classmethod
    def empty(cls, centre: Vector | None = None) -> "Snapshot":
        """Return a snapshot of no ideas; ``centre`` is the general mean of vectors."""
        nothing = np.zeros(0, dtype=np.int64)
        return cls(
            idea_ids=nothing,
            revisions=nothing,
            starts=np.zeros(1, dtype=np.int64),
            stems=np.zeros(0, dtype=np.int32),
            counts=np.zeros(0, dtype=np.uint8),
            vocabulary={},
            vectors=np.zeros((0, DIMENSIONS), dtype=np.int8),
            scales=np.zeros(0, dtype=np.float32),
            centre=np.zeros(DIMENSIONS, dtype=np.float32) if centre is None else centre,
        )

    def with_entries(self, entries: Sequence[Entry]) -> "Snapshot":
        """Return a snapshot with these ideas added, in place of earlier revisions; their vectors are gone."""
        if not entries:
            return self
        kept = self.without({entry.idea_id for entry in entries})
        vocabulary = kept.vocabulary
        stems, counts, lengths = [], [], []
        for entry in entries:
            # In order, so that sums come out the same whenever an idea was added.
            for stem in sorted(entry.bag):
                stems.append(vocabulary.setdefault(stem, len(vocabulary)))
                counts.append(min(entry.bag[stem], MOST_COUNT))
            lengths.append(len(entry.bag))
        return replace(
            kept,
            idea_ids=np.concatenate([kept.idea_ids, [entry.idea_id for entry in entries]]),
            revisions=np.concatenate([kept.revisions, [entry.revision for entry in entries]]),
            starts=np.concatenate([kept.starts, kept.starts[-1] + np.cumsum(lengths, dtype=np.int64)]),
            stems=np.concatenate([kept.stems, np.array(stems, dtype=np.int32)]),
            counts=np.concatenate([kept.counts, np.array(counts, dtype=np.uint8)]),
            vectors=np.concatenate([kept.vectors, np.zeros((len(entries), DIMENSIONS), dtype=np.int8)]),
            scales=np.concatenate([kept.scales, np.zeros(len(entries), dtype=np.float32)]),
            size=len(vocabulary),
        )

    def without(self, idea_ids: Collection[int]) -> "Snapshot":
        """Return a snapshot that lacks these ideas."""
        stays = ~np.isin(self.idea_ids, list(idea_ids))
        if stays.all():
            return self
        lengths = np.diff(self.starts)
        of_kept = np.repeat(stays, lengths)
        return replace(
            self,
            idea_ids=self.idea_ids[stays],
            revisions=self.revisions[stays],
            starts=np.concatenate([[0], np.cumsum(lengths[stays])]),
            stems=self.stems[of_kept],
            counts=self.counts[of_kept],
            vectors=self.vectors[stays],
            scales=self.scales[stays],
        )

    def with_vectors(self, made_of: Mapping[int, int], vectors: Matrix, scales: Vector) -> "Snapshot":
        """Return a snapshot with these vectors, which are in the order of ``made_of``: idea and revision.

        One made from another revision than the idea's is left out.
        """
        fits = [
            (row, place)
            for place, (idea_id, revision) in enumerate(made_of.items())
            if (row := self.rows.get(idea_id)) is not None and self.revisions[row] == revision
        ]
        if not fits:
            return self
        rows, places = ([pair[side] for pair in fits] for side in (0, 1))
        new_vectors, new_scales = self.vectors.copy(), self.scales.copy()
        new_vectors[rows], new_scales[rows] = vectors[places], scales[places]
        return replace(self, vectors=new_vectors, scales=new_scales)

    @cached_property
    def rows(self) -> dict[int, int]:
        """Row of each idea."""
        return {idea_id: row for row, idea_id in enumerate(self.idea_ids.tolist())}

    def revision(self, idea_id: int) -> int | None:
        """Return which revision of an idea this is about; ``None`` for an idea it does not have."""
        row = self.rows.get(idea_id)
        return None if row is None else int(self.revisions[row])

    def lacks_vector(self, idea_id: int, revision: int) -> bool:
        """Return whether this is a revision it has without its vector."""
        row = self.rows.get(idea_id)
        return row is not None and self.revisions[row] == revision and not self.scales[row]

    def vector(self, idea_id: int) -> Vector | None:
        """Return the vector of an idea, if there is one."""
        row = self.rows.get(idea_id)
        if row is None or not self.scales[row]:
            return None
        found: Vector = self.vectors[row].astype(np.float32) * self.scales[row]
        return found

    def weight(self, stem: str) -> float:
        """Return how telling a stem is; 0 for one that stands in a large part of the ideas."""
        number = self.vocabulary.get(stem, self.size)
        if number >= self.size or self._occurrences[number] > max(FEW, len(self.idea_ids) / 8):
            return 0.0
        return float(self._rarity[number])

    def likeness(self, bag: Bag, vector: Vector | None) -> Likeness:
        """Return how alike each idea is to a text: by its words, by its meaning if there is a vector, and mixed."""
        words = self._words(bag)
        if vector is None:
            return Likeness(WORDS_ALONE * words, words, np.zeros_like(words))
        meaning = self._meaning(vector)
        mixed = np.where(self.scales > 0, VECTOR_SHARE * meaning + (1 - VECTOR_SHARE) * words, WORDS_ALONE * words)
        return Likeness(mixed.astype(np.float32), words, meaning)

    @cached_property
    def _occurrences(self) -> Numbers:
        """In how many ideas each stem occurs."""
        return np.bincount(self.stems, minlength=self.size)

    @cached_property
    def _rarity(self) -> Vector:
        """Weight of each stem: the logarithm of how rare it is, smoothed as if one more idea had every stem."""
        rarity: Vector = (np.log((1 + len(self.idea_ids)) / (1 + self._occurrences)) + 1).astype(np.float32)
        return rarity

    @cached_property
    def _weights(self) -> Vector:
        """Weight of each stem of each row; the squares of a row sum up to 1 (TF-IDF with logarithms, length 1)."""
        raw = LOGARITHMS[self.counts] * self._rarity[self.stems]
        lengths = np.sqrt(_sums(raw * raw, self.starts))
        weights: Vector = raw / np.repeat(lengths, np.diff(self.starts))
        return weights.astype(np.float32)

    @cached_property
    def _mean(self) -> Vector:
        """Mean of all vectors, drawn to the general mean while there are few."""
        total = CENTRE_COUNTS * self.centre.astype(np.float64)
        for begin in range(0, len(self.vectors), ROWS_AT_ONCE):
            part = slice(begin, begin + ROWS_AT_ONCE)
            total += self.scales[part] @ self.vectors[part].astype(np.float32)
        mean: Vector = (total / (CENTRE_COUNTS + np.count_nonzero(self.scales))).astype(np.float32)
        return mean

    @cached_property
    def _distances(self) -> Vector:
        """Distance of each vector from the mean; 1 where there is none, so that it can be divided by."""
        found = np.ones(len(self.vectors), dtype=np.float32)
        for begin in range(0, len(self.vectors), ROWS_AT_ONCE):
            part = slice(begin, begin + ROWS_AT_ONCE)
            there = self.vectors[part].astype(np.float32) * self.scales[part, None] - self._mean
            found[part] = np.where(self.scales[part] > 0, np.linalg.norm(there, axis=1), 1)
        return found

    def _meaning(self, vector: Vector) -> Vector:
        """Return the cosine of each vector with ``vector``, both seen from the mean; 0 where there is none."""
        wanted = vector - self._mean
        return self.nearness(wanted / (np.linalg.norm(wanted) or 1))

    def nearness(self, wanted: Vector) -> Vector:
        """Return the cosine of each vector, seen from the mean, with a direction of length 1; 0 where there is none.

        One part after the other, so that the small numbers never exist in full precision all at once.
        """
        found = np.zeros(len(self.vectors), dtype=np.float32)
        for begin in range(0, len(self.vectors), ROWS_AT_ONCE):
            part = slice(begin, begin + ROWS_AT_ONCE)
            found[part] = (self.vectors[part].astype(np.float32) @ wanted) * self.scales[part]
        found -= np.where(self.scales > 0, self._mean @ wanted, 0).astype(np.float32)
        cosines: Vector = np.where(self.scales > 0, found / self._distances, 0).astype(np.float32)
        return cosines

    def _words(self, bag: Bag) -> Vector:
        """Return the cosine of each row's stem weights with those of ``bag``."""
        unknown = np.log(1 + len(self.idea_ids)) + 1
        squares, wanted = 0.0, np.zeros(self.size, dtype=np.float32)
        for stem in sorted(bag):
            number = self.vocabulary.get(stem, self.size)
            often = float(LOGARITHMS[min(bag[stem], MOST_COUNT)])
            if number < self.size:
                wanted[number] = often * self._rarity[number]
            # A stem that no idea has makes the text less alike to all of them.
            squares += (often * (float(self._rarity[number]) if number < self.size else unknown)) ** 2
        if not squares:
            return np.zeros(len(self.idea_ids), dtype=np.float32)
        return _sums(self._weights * wanted[self.stems], self.starts) / np.float32(np.sqrt(squares))


# A word that comes again says less than when it first came.
LOGARITHMS = np.concatenate([[0], 1 + np.log(np.arange(1, MOST_COUNT + 1))]).astype(np.float32)


def _sums(values: Vector, starts: Numbers) -> Vector:
    """Return the sum of ``values`` from each start up to the next one."""
    found = np.zeros(len(starts) - 1, dtype=np.float32)
    filled = np.flatnonzero(np.diff(starts))
    if len(filled):
        found[filled] = np.add.reduceat(values, starts[filled])
    return found
