"""What entries about barriers are about: one report, or how many have to be answered soon."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask import current_app
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from participation.accessibility.codes import barrier_code
from participation.accessibility.models import BarrierReport, BarrierState
from participation.notifications.models import EntryKind
from participation.notifications.queries import Entry

AHEAD = timedelta(days=3)
"""So long before a report has to be answered staff are reminded of it."""


@dataclass(frozen=True, slots=True)
class BarrierFact:
    """A report of a barrier; ``code`` is for whoever reported it, the account ``reporter``."""

    idea_id: None
    id: int
    reporter: int | None
    code: str
    page: str
    due_at: datetime
    interim: str
    interim_language: str
    answer: str
    answer_language: str
    is_answered: bool
    is_removed: bool


@dataclass(frozen=True, slots=True)
class BarriersDueFact:
    """How many reports have to be answered soon, or are late already, and the first such day."""

    idea_id: None
    reports: int
    first: datetime


def _reports(session: Session, entries: list[Entry], _now: datetime) -> Mapping[int, BarrierFact]:
    # Whoever reported it cannot be told from staff any more once that is erased.
    known = BarrierReport.contact_erased_at.is_(None)
    rows = session.scalars(
        select(BarrierReport).where(BarrierReport.id.in_({entry.subject_id for entry in entries}), known)
    )
    return {row.id: _fact(row) for row in rows}


def _fact(row: BarrierReport) -> BarrierFact:
    return BarrierFact(
        idea_id=None,
        id=row.id,
        reporter=row.account_id,
        code=barrier_code(current_app.config["SECRET_KEY"], row.submission_key or ""),
        page=row.page,
        due_at=row.due_at,
        interim=row.interim,
        interim_language=row.interim_language,
        answer=row.answer,
        answer_language=row.answer_language,
        is_answered=row.state is BarrierState.ANSWERED,
        is_removed=row.is_removed,
    )


def _due(session: Session, entries: list[Entry], now: datetime) -> Mapping[int, BarriersDueFact]:
    near = (BarrierReport.state == BarrierState.OPEN) & (BarrierReport.due_at <= now + AHEAD)
    number, first = session.execute(select(func.count(), func.min(BarrierReport.due_at)).where(near)).one()
    return {entry.subject_id: BarriersDueFact(None, number, first) for entry in entries} if number else {}


BARRIER_READERS: Mapping[EntryKind, Callable[[Session, list[Entry], datetime], Mapping[int, Any]]] = {
    EntryKind.BARRIER: _reports,
    EntryKind.BARRIER_DUE: _due,
}
"""How what entries of these kinds are about is read."""
