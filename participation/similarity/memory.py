"""The snapshots that this process keeps in memory, and how they are kept up with the database."""

import logging
import threading
from collections import OrderedDict
from collections.abc import Mapping
from datetime import datetime, timedelta
from weakref import WeakKeyDictionary

from sqlalchemy import Engine, select
from sqlalchemy.engine import Connection
from sqlalchemy.orm import Session

from participation.ideas.models import Idea
from participation.kit import clock
from participation.processes.models import Process
from participation.similarity.models import IdeaVector
from participation.similarity.snapshot import Entry, Snapshot
from participation.similarity.words import bag_of
from participation.texts.vectors import encoder, unpack

MOST_PROCESSES = 8
"""How many processes are kept; the one asked for longest ago makes room."""
WAIT_SECONDS = 3.0
"""How long somebody waits for a process to be read for the first time; it goes on being read without them."""
OVERLAP = 300
"""How many ids are looked at again each time: who took a number first may commit last."""
REVISED_OVERLAP = timedelta(minutes=5)
LOOK_THROUGH = timedelta(minutes=10)
"""How often all ideas are compared with those in memory, to find what is gone and whatever else was missed."""
AT_ONCE = 500

logger = logging.getLogger(__name__)


class ProcessMemory:
    """The newest snapshot of one process; safe between threads.

    It reads committed rows only, in sessions of its own: nothing that is rolled back later gets into it.
    """

    def __init__(self, engine: Engine, process_id: int) -> None:
        self.engine = engine
        self.process_id = process_id
        self._lock = threading.Lock()
        self._starting = threading.Lock()
        self._loader: threading.Thread | None = None
        self._snapshot: Snapshot | None = None
        self._method: str | None = None
        self._created: datetime | None = None
        self._newest_idea = 0
        self._newest_vector = 0
        self._newest_revised: datetime | None = None
        self._looked_through: datetime | None = None

    def snapshot(self) -> Snapshot | None:
        """Return a snapshot of now; ``None`` while the process is still being read for the first time."""
        if self._snapshot is None:
            loader = self._load()
            loader.join(WAIT_SECONDS)
            return self._snapshot
        return self.snapshot_at_last()

    def snapshot_if_there(self) -> Snapshot | None:
        """Return a snapshot of now, and ``None`` where the process has to be read first: that begins, unwaited for."""
        if self._snapshot is None:
            self._load()
            return None
        return self.snapshot_at_last()

    def snapshot_at_last(self) -> Snapshot:
        """Return a snapshot of now, however long that takes."""
        with self._lock, Session(self.engine) as session:
            return self._refresh(session)

    def _load(self) -> threading.Thread:
        with self._starting:
            if self._loader is None or not self._loader.is_alive():
                self._loader = threading.Thread(target=self._first_time, daemon=True, name="read ideas")
                self._loader.start()
            return self._loader

    def _first_time(self) -> None:
        try:
            with self._lock, Session(self.engine) as session:
                self._refresh(session)
        except Exception:
            # Whoever asks next tries again; nobody is waiting for an answer here.
            logger.exception("ideas of process %s cannot be read", self.process_id)

    def _refresh(self, session: Session) -> Snapshot:
        used = encoder()
        method = used.method if used else None
        created = session.scalar(select(Process.created_at).where(Process.id == self.process_id))
        snapshot = self._snapshot
        if snapshot is None or (created, method) != (self._created, self._method):
            snapshot = Snapshot.empty(used.centre if used else None)
            self._newest_idea = self._newest_vector = 0
            self._newest_revised = self._looked_through = None
        now = clock.now()
        if self._looked_through is None or not timedelta() <= now - self._looked_through < LOOK_THROUGH:
            snapshot = self._look_through(session, snapshot)
            self._looked_through = now
        else:
            snapshot = self._add_ideas(session, snapshot, self._changed(session))
        if method is not None:
            snapshot = self._add_vectors(session, snapshot, method)
        self._snapshot, self._created, self._method = snapshot, created, method
        return snapshot

    def _look_through(self, session: Session, snapshot: Snapshot) -> Snapshot:
        """Return a snapshot of all ideas there are, whatever was known before."""
        rows = session.execute(
            select(Idea.id, Idea.revision).where(Idea.process_id == self.process_id).order_by(Idea.id)
        )
        revisions = dict(rows.all())
        gone = snapshot.rows.keys() - revisions.keys()
        self._newest_vector = 0
        return self._add_ideas(session, snapshot.without(gone), revisions)

    def _changed(self, session: Session) -> dict[int, int]:
        """Return ideas that may be new or revised, with their revision."""
        own = (Idea.process_id == self.process_id) & (Idea.id > self._newest_idea - OVERLAP)
        found = dict(session.execute(select(Idea.id, Idea.revision).where(own)).all())
        since = self._newest_revised - REVISED_OVERLAP if self._newest_revised else None
        revised = (Idea.process_id == self.process_id) & (
            Idea.revised_at > since if since else Idea.revised_at.is_not(None)
        )
        found |= dict(session.execute(select(Idea.id, Idea.revision).where(revised)).all())
        return found

    def _add_ideas(self, session: Session, snapshot: Snapshot, revisions: Mapping[int, int]) -> Snapshot:
        wanted = sorted(idea_id for idea_id, revision in revisions.items() if snapshot.revision(idea_id) != revision)
        columns = select(Idea.id, Idea.revision, Idea.title, Idea.text, Idea.language, Idea.revised_at)
        entries: list[Entry] = []
        for begin in range(0, len(wanted), AT_ONCE):
            for row in session.execute(columns.where(Idea.id.in_(wanted[begin : begin + AT_ONCE])).order_by(Idea.id)):
                entries.append(Entry(row.id, row.revision, bag_of(row.title, row.text, row.language)))
                self._newest_idea = max(self._newest_idea, row.id)
                if row.revised_at and (self._newest_revised is None or row.revised_at > self._newest_revised):
                    self._newest_revised = row.revised_at
        if any(snapshot.revision(entry.idea_id) is not None for entry in entries):
            # The vector of the new revision may have been seen already.
            self._newest_vector = 0
        return snapshot.with_entries(entries)

    def _add_vectors(self, session: Session, snapshot: Snapshot, method: str) -> Snapshot:
        newer = (
            select(IdeaVector.id, IdeaVector.idea_id, IdeaVector.revision)
            .where(IdeaVector.process_id == self.process_id, IdeaVector.method == method)
            .where(IdeaVector.id > (self._newest_vector - OVERLAP if self._newest_vector else 0))
            .order_by(IdeaVector.id)
        )
        rows = session.execute(newer).all()
        wanted = [row.id for row in rows if snapshot.lacks_vector(row.idea_id, row.revision)]
        made_of: dict[int, int] = {}
        packed: list[bytes] = []
        for begin in range(0, len(wanted), AT_ONCE):
            some = select(IdeaVector.idea_id, IdeaVector.revision, IdeaVector.vector).where(
                IdeaVector.id.in_(wanted[begin : begin + AT_ONCE])
            )
            for row in session.execute(some):
                made_of[row.idea_id] = row.revision
                packed.append(row.vector)
        self._newest_vector = max((row.id for row in rows), default=self._newest_vector)
        return snapshot.with_vectors(made_of, *unpack(packed)) if packed else snapshot


class Memories:
    """What this process keeps, by database and process."""

    def __init__(self) -> None:
        self._kept: WeakKeyDictionary[Engine, OrderedDict[int, ProcessMemory]] = WeakKeyDictionary()
        self._lock = threading.Lock()

    def of(self, session: Session, process_id: int) -> ProcessMemory:
        """Return what is kept of a process in the database of ``session``."""
        bind = session.get_bind()
        engine = bind.engine if isinstance(bind, Connection) else bind
        with self._lock:
            kept = self._kept.setdefault(engine, OrderedDict())
            if process_id not in kept:
                kept[process_id] = ProcessMemory(engine, process_id)
            kept.move_to_end(process_id)
            while len(kept) > MOST_PROCESSES:
                kept.popitem(last=False)
            return kept[process_id]

    def forget(self) -> None:
        """Forget everything."""
        with self._lock:
            self._kept.clear()


memories = Memories()


def snapshot_of(session: Session, process_id: int) -> Snapshot | None:
    """Return the ideas of a process as they are now; ``None`` while they are being read for the first time.

    Calling it beforehand makes sure that nobody has to wait for that.
    """
    return memories.of(session, process_id).snapshot()
