"""The ideas of a process as rows of numbers, kept in memory from one run to the next."""

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from weakref import WeakKeyDictionary

import numpy as np
from sqlalchemy import Engine
from sqlalchemy.engine import Connection
from sqlalchemy.orm import Session

from participation.similarity.snapshot import FEW
from participation.suggestions.features import Array, Features
from participation.suggestions.space import Space, Whole, basis_of, find_space
from participation.texts.vectors import DIMENSIONS, encoder, unpack

MOST_PROCESSES = 4
"""How many processes are kept; the one computed longest ago makes room. Each takes about 6 kB for an idea."""
FREQUENT_SHARE = 8
"""A word that more than one in so many ideas have is not named as a reason."""

ReadTexts = Callable[[Sequence[int]], Mapping[int, Features]]


@dataclass(frozen=True, slots=True)
class Known:
    """An idea as it is stored: its revision, and its packed vector, empty where there is none or none is wanted."""

    idea_id: int
    revision: int
    vector: bytes


@dataclass(frozen=True)
class Ground:
    """Ideas in the order of their ids, what they are told apart by, and where they lie."""

    idea_ids: Whole
    texts: tuple[Features, ...]
    space: Space
    places: Array

    def weight(self, stem: str) -> float:
        """Return how telling a stem is; 0 for one that many ideas have."""
        column = self.space.stems.columns.get(stem)
        if column is None:
            return 0.0
        often = int(self.space.stems.among[column])
        return (
            0.0 if often > max(FEW, self.space.stems.texts / FREQUENT_SHARE) else float(self.space.stems.rarity[column])
        )

    def share(self, stem: str) -> float:
        """Return the share of ideas that have a stem."""
        column = self.space.stems.columns.get(stem)
        return 0.0 if column is None else float(self.space.stems.among[column]) / self.space.stems.texts

    @cached_property
    def rows(self) -> dict[int, int]:
        """Row of each idea."""
        return {idea_id: row for row, idea_id in enumerate(self.idea_ids.tolist())}


class Memory:
    """What is kept of one process: texts by revision, the space with what it was made of, and where ideas lie in it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._texts: dict[int, tuple[int, Features]] = {}
        self._made_of = ""
        self._space: Space | None = None
        self._places: dict[int, tuple[Known, Array]] = {}
        self._last: tuple[tuple[Known, ...], Ground] | None = None

    def ground(self, known: Sequence[Known], read: ReadTexts, *, with_meaning: bool) -> Ground:
        """Return the ground of these ideas; ``read`` is asked for the texts of those that are new or have changed."""
        with self._lock:
            ideas = tuple(known)
            if self._last is None or self._last[0] != ideas:
                self._last = (ideas, self._made(ideas, read, with_meaning=with_meaning))
            return self._last[1]

    def _made(self, known: tuple[Known, ...], read: ReadTexts, *, with_meaning: bool) -> Ground:
        there = {one.idea_id for one in known}
        self._texts = {idea_id: text for idea_id, text in self._texts.items() if idea_id in there}
        missing = [one for one in known if self._texts.get(one.idea_id, (None,))[0] != one.revision]
        found = read([one.idea_id for one in missing])
        self._texts |= {one.idea_id: (one.revision, found[one.idea_id]) for one in missing}
        texts = tuple(self._texts[one.idea_id][1] for one in known)
        ids = np.array([one.idea_id for one in known], dtype=np.int64)
        space = self._found(known, texts, basis_of(ids), with_meaning=with_meaning)
        return Ground(ids, texts, space, self._placed(known, texts, space))

    def _found(
        self, known: tuple[Known, ...], texts: tuple[Features, ...], basis: Whole, *, with_meaning: bool
    ) -> Space:
        chosen = [known[row] for row in basis]
        made_of = digest_of(chosen)
        if self._space is None or made_of != self._made_of:
            used = encoder() if with_meaning else None
            vectors = vectors_of([one.vector for one in chosen]) if used else None
            self._space = find_space([texts[row] for row in basis], vectors, used.centre if used else None)
            self._made_of, self._places = made_of, {}
        return self._space

    def _placed(self, known: tuple[Known, ...], texts: tuple[Features, ...], space: Space) -> Array:
        kept = self._places
        new = [row for row, one in enumerate(known) if one.idea_id not in kept or kept[one.idea_id][0] != one]
        vectors = vectors_of([known[row].vector for row in new]) if space.mean is not None else None
        placed = space.place([texts[row] for row in new], vectors)
        self._places = {one.idea_id: kept[one.idea_id] for one in known if one.idea_id in kept}
        self._places |= {known[row].idea_id: (known[row], place) for row, place in zip(new, placed, strict=True)}
        return np.array([self._places[one.idea_id][1] for one in known], dtype=np.float32).reshape(len(known), -1)


class Memories:
    """What this process of the server keeps, by database, process and whether meaning is compared."""

    def __init__(self) -> None:
        self._kept: WeakKeyDictionary[Engine, OrderedDict[tuple[int, bool], Memory]] = WeakKeyDictionary()
        self._lock = threading.Lock()

    def of(self, session: Session, process_id: int, *, with_meaning: bool) -> Memory:
        """Return what is kept of a process in the database of ``session``."""
        bind = session.get_bind()
        engine = bind.engine if isinstance(bind, Connection) else bind
        with self._lock:
            kept = self._kept.setdefault(engine, OrderedDict())
            key = (process_id, with_meaning)
            memory = kept.setdefault(key, Memory())
            kept.move_to_end(key)
            while len(kept) > MOST_PROCESSES:
                kept.popitem(last=False)
            return memory

    def forget(self) -> None:
        """Forget everything."""
        with self._lock:
            self._kept.clear()


grounds = Memories()


def digest_of(known: Sequence[Known]) -> str:
    """Return the SHA-256 of ideas: their ids, revisions and vectors."""
    content = hashlib.sha256()
    for one in known:
        content.update(b"%d %d %d\n" % (one.idea_id, one.revision, len(one.vector)))
        content.update(one.vector)
    return content.hexdigest()


def vectors_of(packed: Sequence[bytes]) -> Array:
    """Return stored vectors of length 1 as rows, zeros where one is empty."""
    found = np.zeros((len(packed), DIMENSIONS), dtype=np.float32)
    there = [row for row, one in enumerate(packed) if one]
    if there:
        numbers, scales = unpack([packed[row] for row in there])
        found[there] = numbers.astype(np.float32) * scales[:, None]
    return found
