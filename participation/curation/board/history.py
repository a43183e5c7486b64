"""Who did what on the board and when, the latest first."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, or_, select, union
from sqlalchemy.orm import Session, aliased

from participation.accounts.actor import Actor
from participation.accounts.models import Account
from participation.curation.board.places import MAIN, NOT_THERE
from participation.curation.board.queries import cluster_names
from participation.curation.models import BoardChange, BoardChangeKind, Filing
from participation.ideas.models import Idea, IdeaState
from participation.ideas.policies import may_moderate
from participation.kit.db import read_rows
from participation.kit.permissions import found
from participation.kit.schema import Translated

HISTORY_PAGE = 50
MOST_NAMED = 50


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """One step on the board.

    ``ideas`` are the first of the ``idea_count`` that moved, ``into`` and ``out_of`` the themes that they came to and
    left; a theme that became the main one of an idea is among the former. ``clusters`` are the themes that were
    changed themselves, ``fields`` what of them. ``by`` is an address, empty for the installation.
    """

    number: int
    kind: BoardChangeKind
    by: str
    is_own: bool
    at: datetime
    undone_at: datetime | None
    undoes: int | None
    undoes_kind: BoardChangeKind | None
    ideas: tuple[int, ...]
    idea_count: int
    into: tuple[int, ...]
    out_of: tuple[int, ...]
    clusters: tuple[int, ...]
    fields: tuple[str, ...]
    origin: str
    may_undo: bool


@dataclass(frozen=True, slots=True)
class Titled:
    """What an idea is called."""

    title: str
    language: str


@dataclass(frozen=True, slots=True)
class History:
    """Some steps, whether older ones follow, and what the themes and the first ideas in them are called.

    Ideas that their authors took back have no title.
    """

    lines: tuple[HistoryLine, ...]
    has_more: bool
    names: dict[int, Translated]
    titles: dict[int, Titled]


def history(
    session: Session,
    actor: Actor,
    process_id: int,
    *,
    before: int | None = None,
    size: int = HISTORY_PAGE,
    kind: BoardChangeKind | None = None,
    by: int | None = None,
    idea_id: int | None = None,
    cluster_id: int | None = None,
) -> History:
    """Return steps on the board, the latest first, from behind the number ``before``; of one account, idea or theme."""
    conditions = [BoardChange.process_id == process_id]
    if before is not None:
        conditions.append(BoardChange.number < before)
    if kind is not None:
        conditions.append(BoardChange.kind == kind)
    if by is not None:
        conditions.append(BoardChange.done_by == by)
    if idea_id is not None:
        conditions.append(BoardChange.number.in_(_numbers(Filing.idea_id == idea_id)))
    if cluster_id is not None:
        numbers = BoardChange.number.in_(_numbers(Filing.cluster_id == cluster_id))
        conditions.append(or_(numbers, BoardChange.number.in_(_about(session, process_id, cluster_id))))
    statement = _changes().where(*conditions).order_by(BoardChange.number.desc()).limit(size + 1)
    lines = [_line(row, actor, process_id) for row in read_rows(session, statement)]
    return named(session, process_id, lines[:size], has_more=len(lines) > size)


def line_of(session: Session, actor: Actor, process_id: int, number: int) -> HistoryLine:
    """Return one step; raises ``Missing``."""
    statement = _changes().where(BoardChange.process_id == process_id, BoardChange.number == number)
    return _line(found(read_rows(session, statement).one_or_none()), actor, process_id)


def lines_after(session: Session, actor: Actor, process_id: int, since: int, most: int) -> list[HistoryLine]:
    """Return the first steps after ``since``, at most ``most``, the first one first."""
    later = (BoardChange.process_id == process_id, BoardChange.number > since)
    statement = _changes().where(*later).order_by(BoardChange.number).limit(most)
    return [_line(row, actor, process_id) for row in read_rows(session, statement)]


def named(session: Session, process_id: int, lines: Collection[HistoryLine], *, has_more: bool) -> History:
    """Return steps with what their themes and ideas are called."""
    clusters = {one for line in lines for one in (*line.clusters, *line.into, *line.out_of)}
    ideas = sorted({one for line in lines for one in line.ideas[:MOST_TITLES]})
    names = cluster_names(session, process_id, clusters)
    return History(tuple(lines), has_more, names, _titles(session, process_id, ideas))


MOST_TITLES = 3
_ONLY_IDEAS = (BoardChangeKind.FILE, BoardChangeKind.ORDER)


def _changes() -> Select[*tuple[Any, ...]]:
    undone = aliased(BoardChange)
    return (
        select(
            BoardChange.number,
            BoardChange.kind,
            BoardChange.details,
            BoardChange.undoes,
            BoardChange.done_by,
            BoardChange.done_at,
            BoardChange.undone_at,
            func.coalesce(Account.email, "").label("by"),
            undone.kind.label("undoes_kind"),
        )
        .outerjoin(Account, Account.id == BoardChange.done_by)
        .outerjoin(undone, (undone.process_id == BoardChange.process_id) & (undone.number == BoardChange.undoes))
    )


def _line(row: Any, actor: Actor, process_id: int) -> HistoryLine:
    moves, clusters = row.details.get("moves", ()), row.details.get("clusters", ())
    ideas = sorted({move[0] for move in moves})
    noted = row.details.get("note")
    return HistoryLine(
        number=row.number,
        kind=row.kind,
        by=row.by,
        is_own=row.done_by is not None and row.done_by == actor.account_id,
        at=row.done_at,
        undone_at=row.undone_at,
        undoes=row.undoes,
        undoes_kind=row.undoes_kind,
        ideas=tuple(ideas[:MOST_NAMED]),
        idea_count=len(ideas),
        into=_clusters([*row.details.get("into", ()), *(move[1] for move in moves if _is_into(move))]),
        out_of=_clusters([*row.details.get("from", ()), *(move[1] for move in moves if move[3] == NOT_THERE)]),
        clusters=_clusters([*(one["id"] for one in clusters), *([noted["cluster"]] if noted else [])]),
        fields=tuple(sorted({name for one in clusters for name in one["after"]})),
        origin=row.details.get("origin", ""),
        may_undo=row.undone_at is None and bool(may_moderate(actor, process_id)),
    )


def _is_into(move: list[int]) -> bool:
    _idea, _cluster, before, after = move
    return after != NOT_THERE and (before == NOT_THERE or after == MAIN)


def _clusters(ids: Iterable[int]) -> tuple[int, ...]:
    return tuple(dict.fromkeys(ids))


def _numbers(filings: Any) -> Any:
    begun = select(Filing.begun_in).where(filings)
    return union(begun, select(Filing.ended_in).where(filings, Filing.ended_in.is_not(None)))


def _about(session: Session, process_id: int, cluster_id: int) -> list[int]:
    """Return the steps that changed a theme itself, or that are a note about it."""
    parts = [BoardChange.details[name] for name in ("clusters", "note", "into", "from")]
    steps = select(BoardChange.number, *parts).where(
        BoardChange.process_id == process_id, BoardChange.kind.not_in(_ONLY_IDEAS)
    )
    return [
        number
        for number, clusters, note, into, out_of in read_rows(session, steps)
        if cluster_id in {*(one["id"] for one in clusters or ()), *(into or ()), *(out_of or ())}
        or (note and note["cluster"] == cluster_id)
    ]


def _titles(session: Session, process_id: int, idea_ids: list[int]) -> dict[int, Titled]:
    if not idea_ids:
        return {}
    # What an author took back has no words any more, here neither.
    inside = (Idea.process_id == process_id, Idea.id.in_(idea_ids), Idea.state != IdeaState.WITHDRAWN)
    rows = read_rows(session, select(Idea.id, Idea.title, Idea.language).where(*inside))
    return {idea_id: Titled(title, language) for idea_id, title, language in rows}
