"""Editorial texts that ideas are held against, as numbers kept in memory: the wordings of the principles."""

import logging
import threading
from collections import OrderedDict
from dataclasses import dataclass, replace
from weakref import WeakKeyDictionary

import numpy as np
from sqlalchemy import Engine
from sqlalchemy.engine import Connection
from sqlalchemy.orm import Session

from participation.similarity.snapshot import Entry, Snapshot
from participation.similarity.words import bag_of
from participation.texts.vectors import Encoder, Vector, encoder, unit

MOST_KEPT = 8
WAIT_SECONDS = 1.0
"""How long somebody waits for the vectors of a framework; until they are there, words have to do."""

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Wording:
    """What is said about an entry of a framework in one language."""

    entry_id: int
    language: str
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Reference:
    """Entries of a framework as numbers: each wording a row of ``snapshot``, each entry a row of ``vectors``."""

    wordings: tuple[Wording, ...]
    snapshot: Snapshot
    rows: dict[int, tuple[int, ...]]
    centre: Vector
    vectors: Vector | None = None


class _Prepared:
    """A reference and the thread that makes its vectors; safe between threads."""

    def __init__(self, wordings: tuple[Wording, ...], used: Encoder | None) -> None:
        self.wordings = wordings
        self.method = used.method if used else None
        entries = [Entry(row, 1, bag_of(one.title, one.text, one.language)) for row, one in enumerate(wordings)]
        rows: dict[int, tuple[int, ...]] = {}
        for row, one in enumerate(wordings):
            rows[one.entry_id] = (*rows.get(one.entry_id, ()), row)
        centre = used.centre if used else np.zeros(0, dtype=np.float32)
        self.reference = Reference(wordings, Snapshot.empty().with_entries(entries), rows, centre)
        self.maker: threading.Thread | None = None
        if used:
            self.maker = threading.Thread(target=self._make, args=(used,), daemon=True, name="read framework")
            self.maker.start()

    def now(self) -> Reference:
        """Return the reference, with its vectors unless they take longer than somebody wants to wait."""
        if self.maker:
            self.maker.join(WAIT_SECONDS)
        return self.reference

    def _make(self, used: Encoder) -> None:
        try:
            made = [used.encode(one.title, one.text) for one in self.wordings]
        except Exception:
            logger.exception("the framework's vectors cannot be made")
            return
        means = [unit(np.mean([made[row] for row in rows], axis=0)) for rows in self.reference.rows.values()]
        vectors = np.stack([unit(mean - used.centre) for mean in means])
        self.reference = replace(self.reference, vectors=vectors)


_kept: WeakKeyDictionary[Engine, OrderedDict[int, _Prepared]] = WeakKeyDictionary()
_lock = threading.Lock()


def reference_of(session: Session, framework_id: int, wordings: tuple[Wording, ...]) -> Reference:
    """Return the entries of a framework as numbers, made anew when a wording has changed."""
    bind = session.get_bind()
    engine = bind.engine if isinstance(bind, Connection) else bind
    used = encoder()
    with _lock:
        kept = _kept.setdefault(engine, OrderedDict())
        found = kept.get(framework_id)
        if found is None or found.wordings != wordings or found.method != (used.method if used else None):
            found = kept[framework_id] = _Prepared(wordings, used)
        kept.move_to_end(framework_id)
        while len(kept) > MOST_KEPT:
            kept.popitem(last=False)
    return found.now()
