"""One step on the board: taken while it is locked, written down with what it takes to undo it."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from participation.accounts.actor import Actor
from participation.activity.service import record
from participation.curation.board.places import MAIN, NOT_THERE, Move
from participation.curation.events import BoardChanged
from participation.curation.models import Board, BoardChange, BoardChangeKind, Cluster, Filing, FilingOrigin
from participation.ideas.policies import may_moderate
from participation.kit.db import in_batches, read_rows
from participation.kit.dialect import insert_missing, locked
from participation.kit.permissions import Missing, Refused, require
from participation.multilingual import lazy as _l
from participation.processes.service import touch

WORDING = ("title", "description", "label")

InUse = Callable[[Session, Collection[int]], Collection[int]]
"""Returns on which of these clusters a statement rests; statements lie above this package, so callers hand it in."""


@dataclass(frozen=True, slots=True)
class Done:
    """What came of a step: its number, ``None`` where nothing changed; the board's version; the ideas that moved."""

    number: int | None
    version: int
    moved: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Because:
    """How filings come about, and why."""

    origin: FilingOrigin = FilingOrigin.HAND
    reason: str = ""


@dataclass(slots=True)
class Step:
    """A step that is being taken; ``finish`` writes it down if anything changed."""

    session: Session
    actor: Actor
    board: Board
    kind: BoardChangeKind
    now: datetime
    undoes: int | None = None
    moves: list[Move] = field(default_factory=list)
    clusters: list[dict[str, Any]] = field(default_factory=list)
    more: dict[str, Any] = field(default_factory=dict)

    @property
    def process_id(self) -> int:
        """The process whose board it is."""
        return self.board.process_id

    @property
    def number(self) -> int:
        """The number that the step gets."""
        return self.board.version + 1

    def move(self, moves: Sequence[Move], because: Mapping[tuple[int, int], Because], *, otherwise: Because) -> None:
        """Let ideas stand elsewhere; ``because`` says of single pairs of idea and cluster why, ``otherwise`` of all."""
        self.moves += moves
        self._end([(move.idea_id, move.cluster_id) for move in moves if move.before != NOT_THERE])
        rows = [
            self._filing(move, because.get((move.idea_id, move.cluster_id), otherwise))
            for move in moves
            if move.after != NOT_THERE
        ]
        for start in range(0, len(rows), _ROWS_AT_ONCE):
            self.session.execute(insert(Filing), rows[start : start + _ROWS_AT_ONCE])
        if moves:
            _forget(self.session)

    def describe(self, cluster: Cluster, **changes: Any) -> None:
        """Change a cluster itself and remember what was there; what stays the same is no change."""
        before = {name: _plain(getattr(cluster, name)) for name in changes}
        after = {name: _plain(value) for name, value in changes.items()}
        differing = [name for name in changes if before[name] != after[name]]
        if not differing:
            return
        for name in differing:
            setattr(cluster, name, after[name])
        self._note(cluster, {name: before[name] for name in differing}, {name: after[name] for name in differing})

    def take_off(self, cluster: Cluster, *, into: int | None = None) -> None:
        """Take a cluster off the board; ``into`` is the one that it was merged into."""
        before = {"removed": False, "merged_into": cluster.merged_into}
        cluster.removed_at, cluster.merged_into = self.now, into
        self._note(cluster, before, {"removed": True, "merged_into": into})

    def put_on(self, cluster: Cluster, *, is_new: bool = False) -> None:
        """Put a cluster on the board: one that was there before, or a new one, whose wording belongs to the step."""
        before = {"removed": True, "merged_into": cluster.merged_into}
        cluster.removed_at, cluster.merged_into = None, None
        wording = {name: _plain(getattr(cluster, name)) for name in WORDING} if is_new else {}
        self._note(cluster, before, {"removed": False, "merged_into": None, **wording})

    def _note(self, cluster: Cluster, before: dict[str, Any], after: dict[str, Any]) -> None:
        cluster.version = self.number
        self.clusters.append({"id": cluster.id, "before": before, "after": after})

    def finish(self) -> Done:
        """Write the step down and return what came of it."""
        moved = tuple(sorted({move.idea_id for move in self.moves}))
        if not (self.moves or self.clusters or self.more):
            return Done(None, self.board.version)
        self.board.version = self.number
        details = {"moves": [list(move) for move in self.moves], "clusters": self.clusters, **self.more}
        change = BoardChange(
            process_id=self.process_id,
            number=self.board.version,
            kind=self.kind,
            details={name: value for name, value in details.items() if value},
            undoes=self.undoes,
            done_by=self.actor.account_id,
            done_at=self.now,
        )
        self.session.add(change)
        self.session.flush()
        touch(self.session, self.process_id)
        event = BoardChanged(self.process_id, change.number)
        record(self.session, event, account_id=self.actor.account_id, now=self.now)
        return Done(change.number, change.number, moved)

    def _end(self, pairs: Sequence[tuple[int, int]]) -> None:
        wanted = set(pairs)
        ended = {"ended_at": self.now, "ended_by": self.actor.account_id, "ended_in": self.number}
        held = select(Filing.id, Filing.idea_id, Filing.cluster_id).where(Filing.ended_at.is_(None))
        for batch in in_batches(sorted({idea_id for idea_id, _cluster_id in pairs})):
            rows = read_rows(self.session, held.where(Filing.idea_id.in_(batch)))
            ids = [row.id for row in rows if (row.idea_id, row.cluster_id) in wanted]
            for some in in_batches(ids):
                statement = update(Filing).where(Filing.id.in_(some)).values(ended)
                self.session.execute(statement, execution_options={"synchronize_session": False})

    def _filing(self, move: Move, because: Because) -> dict[str, Any]:
        return {
            "cluster_id": move.cluster_id,
            "idea_id": move.idea_id,
            "is_main": move.after == MAIN,
            "origin": because.origin,
            "reason": because.reason,
            "filed_by": self.actor.account_id,
            "filed_at": self.now,
            "begun_in": self.number,
        }


_ROWS_AT_ONCE = 1000


def begin(session: Session, actor: Actor, process_id: int, kind: BoardChangeKind, now: datetime) -> Step:
    """Lock the board for a step of somebody who may change it and return the step; raises ``Refused``."""
    require(may_moderate(actor, process_id))
    return Step(session, actor, lock_board(session, process_id), kind, now)


def lock_board(session: Session, process_id: int) -> Board:
    """Return the board of a process, locked until the transaction ends; always before ideas, clusters and bundles."""
    insert_missing(session, Board, {"process_id": process_id, "version": 0}, key=["process_id"])
    statement = locked(select(Board).where(Board.process_id == process_id))
    board: Board = session.scalars(statement.execution_options(populate_existing=True)).one()
    return board


def process_of(session: Session, cluster_id: int) -> int:
    """Return the process of a cluster, whether it was removed or not; raises ``Missing``."""
    process_id = session.scalar(select(Cluster.process_id).where(Cluster.id == cluster_id))
    if process_id is None:
        raise Missing
    return process_id


def lock_clusters(session: Session, process_id: int, cluster_ids: Iterable[int]) -> dict[int, Cluster]:
    """Return those of the clusters that are on the board of the process, locked against new statements on them."""
    on_board = (
        Cluster.process_id == process_id,
        Cluster.removed_at.is_(None),
        Cluster.id.in_(sorted(set(cluster_ids))),
    )
    statement = locked(select(Cluster).where(*on_board).order_by(Cluster.id))
    rows = session.scalars(statement.execution_options(populate_existing=True))
    return {cluster.id: cluster for cluster in rows}


def refuse_in_use(session: Session, cluster_ids: Collection[int], in_use: InUse) -> None:
    """Raise ``Refused`` if a statement rests on one of these clusters, which must be locked."""
    if cluster_ids and in_use(session, cluster_ids):
        raise Refused(_l("A statement rests on this theme. Change the statement first."))


def _forget(session: Session) -> None:
    """Let filings be read anew: they were changed past the session."""
    for row in list(session.identity_map.values()):
        if isinstance(row, Filing):
            session.expire(row)


def _plain(value: Any) -> Any:
    return dict(value) if isinstance(value, dict) else value
