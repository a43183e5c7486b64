"""Checks of the board: filings against its history, the history against itself."""

from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from participation.curation.board.places import MAIN, NOT_THERE, TOUCHES
from participation.curation.models import Board, BoardChange, Cluster, Filing, FilingOrigin
from participation.ideas.models import Idea
from participation.provenance.verifying.breaks import Break, BreakKind
from participation.provenance.verifying.facts import Facts

Moves = Mapping[int, Mapping[tuple[int, int], tuple[int, int]]]
"""For each change of the board: idea and theme, and how strongly the one belonged to the other before and after."""
MOST_NAMED = 10


def board_breaks(session: Session, facts: Facts) -> Iterator[Break]:
    """Yield where filings, their history and the board itself do not fit."""
    changes = list(
        session.execute(
            select(BoardChange.number, BoardChange.details, BoardChange.undoes)
            .where(BoardChange.process_id == facts.process.id)
            .order_by(BoardChange.number)
        )
    )
    moves: Moves = {
        row.number: {(idea, theme): (before, after) for idea, theme, before, after in row.details.get("moves", ())}
        for row in changes
    }
    yield from _numbers(session, facts, list(moves))
    yield from _undone(changes, moves)
    yield from _elsewhere(session, facts)
    yield from _filings(session, facts, moves)


def _numbers(session: Session, facts: Facts, numbers: list[int]) -> Iterator[Break]:
    last = numbers[-1] if numbers else 0
    for number in sorted(set(range(1, last + 1)) - set(numbers)):
        yield Break(BreakKind.HISTORY_GAP, {"change": number}, "it is missing in the history of the board")
    version = session.scalar(select(Board.version).where(Board.process_id == facts.process.id)) or 0
    if version != last:
        says = f"the board says that it is at {version}, its latest change is {last}"
        yield Break(BreakKind.BOARD_BEHIND_HISTORY, {"board": facts.process.id}, says)


def _undone(changes: list[Any], moves: Moves) -> Iterator[Break]:
    for row in changes:
        if row.undoes is not None and (row.undoes not in moves or row.undoes >= row.number):
            says = f"it takes back change {row.undoes}, which does not come before it"
            yield Break(BreakKind.UNDO_OF_NOTHING, {"change": row.number}, says)


def _elsewhere(session: Session, facts: Facts) -> Iterator[Break]:
    """Yield filings whose theme or idea is of this process while the other one is not, or is missing."""
    rows = session.execute(
        select(Filing.id, Filing.cluster_id, Filing.idea_id)
        .outerjoin(Cluster, Cluster.id == Filing.cluster_id)
        .outerjoin(Idea, Idea.id == Filing.idea_id)
        .where(
            or_(Cluster.process_id == facts.process.id, Idea.process_id == facts.process.id),
            func.coalesce(Cluster.process_id, 0) != func.coalesce(Idea.process_id, 0),
        )
        .order_by(Filing.id)
    )
    for row in rows:
        says = "theme and idea are not of one process, or one of them is missing"
        yield Break(BreakKind.FILING_ELSEWHERE, {"filing": row.id, "theme": row.cluster_id, "idea": row.idea_id}, says)


def _filings(session: Session, facts: Facts, moves: Moves) -> Iterator[Break]:
    rows = session.execute(
        select(
            Filing.id,
            Filing.cluster_id,
            Filing.idea_id,
            Filing.is_main,
            Filing.origin,
            Filing.filed_by,
            Filing.begun_in,
            Filing.ended_in,
            Filing.ended_at,
        )
        .join(Cluster, Cluster.id == Filing.cluster_id)
        .where(Cluster.process_id == facts.process.id)
        .order_by(Filing.id)
    )
    begun, ended = set(), set()
    for row in rows:
        about = {"filing": row.id, "theme": row.cluster_id, "idea": row.idea_id}
        pair = (row.idea_id, row.cluster_id)
        begun.add((row.begun_in, pair))
        ended.add((row.ended_in, pair))
        if row.ended_at is None and facts.clusters[row.cluster_id] is not None:
            yield Break(BreakKind.FILING_IN_REMOVED_THEME, about, "it holds, though the theme was removed")
        if row.origin is FilingOrigin.SUGGESTED and row.filed_by is None:
            yield Break(BreakKind.SUGGESTION_WITHOUT_PERSON, about, "a suggestion was taken up, and by nobody")
        strength = MAIN if row.is_main else TOUCHES
        if row.begun_in and moves.get(row.begun_in, {}).get(pair, (0, NOT_THERE))[1] != strength:
            says = f"it is said to have begun with change {row.begun_in}, which says something else"
            yield Break(BreakKind.FILING_UNLIKE_HISTORY, about, says)
        if row.ended_in and moves.get(row.ended_in, {}).get(pair, (NOT_THERE, 0))[0] != strength:
            says = f"it is said to have ended with change {row.ended_in}, which says something else"
            yield Break(BreakKind.FILING_UNLIKE_HISTORY, about, says)
    for number, of_change in moves.items():
        for pair, (before, after) in of_change.items():
            if (after != NOT_THERE and (number, pair) not in begun) or (
                before != NOT_THERE and (number, pair) not in ended
            ):
                about = {"change": number, "theme": pair[1], "idea": pair[0]}
                yield Break(BreakKind.HISTORY_WITHOUT_FILING, about, "what it says about this idea nothing else says")
