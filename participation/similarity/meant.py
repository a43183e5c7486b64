"""What a search means, whatever its words and language: the ideas that are near to it, found without making it wait.

A few words say less than an idea, and in which language they are is most of what a vector of them holds. So they are
seen from words that mean nothing much in the same language, and ideas, as always, from the mean of all of them.
"""

import threading
from collections import OrderedDict
from collections.abc import Sequence

import numpy as np
from sqlalchemy import ColumnElement
from sqlalchemy.orm import Session

from participation.similarity.memory import memories
from participation.similarity.queries import Candidate, SimilarIdea, shown_ideas
from participation.similarity.snapshot import Snapshot
from participation.similarity.words import Bag
from participation.texts.stems import fold
from participation.texts.vectors import Encoder, Vector, encoder, unit

METHOD = "meaning of a search 1"
NEAR = 0.24
"""From this cosine on an idea is offered. Found with 40 searches in ten languages among the 81 demo ideas: 27 are
answered by one that is offered, 25 by the first, and none of 11 about anything else leads anywhere. Seen from the mean
of the ideas alone it would be 23 of 40, with twice as many ideas offered, and 3 of 11."""
MOST = 4
NUMBERS = {"near": NEAR, "offered": MOST}
SPARE = 100
"""How many near ideas are looked at: some are not public, or are found by their words anyway."""
SHORTEST = 3
LONGEST = 120
KEPT = 500
"""How many searches are kept with their vector, so that the next page of one costs nothing."""

# The same in all languages of the interface: what somebody might say who says nothing in particular.
NOTHING_MUCH = (
    ("Was sich hier ändern soll", "Idee"),
    ("What should change here", "idea"),
    ("Burada ne değişmeli", "fikir"),
    ("ما الذي يجب أن يتغير هنا", "فكرة"),
    ("Що тут має змінитися", "ідея"),
    ("Что здесь должно измениться", "идея"),
    ("Co powinno się tu zmienić", "pomysł"),
    ("Ce ar trebui să se schimbe aici", "idee"),
    ("Какво трябва да се промени тук", "идея"),
    ("Ce qui devrait changer ici", "idée"),
)


class NotNow(Exception):
    """What a search means cannot be said at once: ideas are being read, or somebody else is being served."""


class Directions:
    """Turns searches into directions; one at a time, so that pages have the processor. Safe between threads."""

    def __init__(self) -> None:
        self._busy = threading.Lock()
        self._method = ""
        self._grounds: Vector | None = None
        self._kept: OrderedDict[str, Vector] = OrderedDict()

    def of(self, used: Encoder, query: str) -> Vector:
        """Return the direction of ``query``, of length 1; raises ``NotNow`` instead of waiting for anything."""
        if not self._busy.acquire(blocking=False):
            raise NotNow
        # The lock is given back by whoever works with it last.
        if self._grounds is None or self._method != used.method:
            threading.Thread(target=self._prepare, args=(used,), daemon=True, name="prepare meanings").start()
            raise NotNow
        try:
            return self._direction(used, self._grounds, query)
        finally:
            self._busy.release()

    def prepare(self, used: Encoder) -> None:
        """Make ready, however long that takes."""
        with self._busy:
            self._make_ready(used)

    def forget(self) -> None:
        """Forget everything."""
        with self._busy:
            self._grounds = None
            self._kept.clear()

    def _prepare(self, used: Encoder) -> None:
        try:
            self._make_ready(used)
        finally:
            self._busy.release()

    def _make_ready(self, used: Encoder) -> None:
        grounds = [sum(used.encode("", one) for one in several) / len(several) for several in NOTHING_MUCH]
        self._kept.clear()
        self._grounds, self._method = np.array(grounds, dtype=np.float32), used.method

    def _direction(self, used: Encoder, grounds: Vector, query: str) -> Vector:
        key = fold(query)
        if key in self._kept:
            self._kept.move_to_end(key)
            return self._kept[key]
        vector = used.encode("", query)
        likest = int(np.argmax((grounds @ vector) / np.linalg.norm(grounds, axis=1)))
        found = unit(vector - grounds[likest])
        self._kept[key] = found
        while len(self._kept) > KEPT:
            self._kept.popitem(last=False)
        return found


directions = Directions()


def ideas_meant(
    session: Session, *, process_id: int, query: str, wanted: Sequence[ColumnElement[bool]], most: int = MOST
) -> tuple[SimilarIdea, ...]:
    """Return the ideas of a process whose meaning is near to ``query``, of those that are ``wanted``, nearest first.

    Nothing without vectors, and for a query of a letter or two. Raises ``NotNow`` where that cannot be said at once;
    what is missing is made meanwhile, so asking again in some seconds helps.
    """
    used = encoder()
    if used is None or len(fold(query)) < SHORTEST:
        return ()
    snapshot = memories.of(session, process_id).snapshot_if_there()
    if snapshot is None:
        raise NotNow
    near = nearest(snapshot, directions.of(used, query[:LONGEST]))
    return shown_ideas(session, wanted, snapshot, Bag(), near, most)


def nearest(snapshot: Snapshot, direction: Vector) -> list[Candidate]:
    """Return the ideas of a snapshot from ``NEAR`` on, the nearest first; ids decide ties."""
    cosines = np.round(snapshot.nearness(direction).astype(np.float64), 4)
    chosen = np.flatnonzero(cosines >= NEAR)
    order = chosen[np.lexsort((snapshot.idea_ids[chosen], -cosines[chosen]))][:SPARE]
    return [
        Candidate(int(snapshot.idea_ids[row]), int(snapshot.revisions[row]), float(cosines[row]), float(cosines[row]))
        for row in order
    ]
