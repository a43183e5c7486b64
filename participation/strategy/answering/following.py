"""Reading who is asked for an answer until when, and how the measures go that follow answers."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import bindparam, or_, select
from sqlalchemy.orm import Session

from participation.kit.db import read_rows
from participation.multilingual import Phrase, phrase
from participation.multilingual import lazy as _l
from participation.strategy.answering.answers import THROUGH_STATEMENTS, WITH_OTHERS
from participation.strategy.answering.subjects import Subject, about, subject_of
from participation.strategy.models import Measure, MeasureState, MeasureStep, Referral, Statement, StatementState

MEASURE_STATES: Mapping[MeasureState, Any] = {
    MeasureState.PLANNED: _l("Planned"),
    MeasureState.RUNNING: _l("Under way"),
    MeasureState.DONE: _l("Done"),
    MeasureState.STOPPED: _l("Stopped"),
}
"""What a state of a measure is called, in the order in which it is offered."""
UNFINISHED = (MeasureState.PLANNED, MeasureState.RUNNING)


@dataclass(frozen=True, slots=True)
class ReferralView:
    """A department is asked for an answer until a day; ``first_due_on`` is the day that was named at first."""

    id: int
    subject: Subject
    department: str
    due_on: date
    first_due_on: date
    referred_at: datetime

    def is_overdue(self, today: date) -> bool:
        """Return whether the day is over."""
        return self.due_on < today


@dataclass(frozen=True, slots=True)
class StepView:
    """What happened with a measure; ``due_on`` is set where the day was moved with it, and in the first step."""

    id: int
    state: MeasureState
    text: Phrase
    due_on: date | None
    reported_at: datetime


@dataclass(frozen=True, slots=True)
class MeasureView:
    """Something that the city does after an answer, with its steps, the latest first."""

    id: int
    answer_id: int
    title: Phrase
    department: str
    state: MeasureState
    due_on: date
    steps: tuple[StepView, ...]

    @property
    def first_due_on(self) -> date:
        """The day that was named at first."""
        return next((step.due_on for step in reversed(self.steps) if step.due_on), self.due_on)

    def is_overdue(self, today: date) -> bool:
        """Return whether the day is over and the measure is not."""
        return self.state in UNFINISHED and self.due_on < today


_REFERRAL = (
    Referral.id,
    Referral.idea_id,
    Referral.bundle_id,
    Referral.statement_id,
    Referral.department,
    Referral.due_on,
    Referral.first_due_on,
    Referral.referred_at,
)
_PUBLIC = select(Statement.id).where(Statement.id == Referral.statement_id, Statement.state == StatementState.PUBLISHED)
# Asked with every idea page, so it stands ready.
_AROUND_IDEA: Any = (
    select(*_REFERRAL)
    .where(
        Referral.closed_at.is_(None),
        or_(
            Referral.idea_id == bindparam("idea_id"),
            Referral.bundle_id.in_(WITH_OTHERS),
            Referral.statement_id.in_(THROUGH_STATEMENTS) & _PUBLIC.exists(),
        ),
    )
    .order_by(Referral.due_on, Referral.id)
)


def referrals_around(session: Session, idea_id: int) -> tuple[ReferralView, ...]:
    """Return who is asked about an idea, its bundle, and the public statements that rest on it; soonest first."""
    return tuple(referral_view(row) for row in read_rows(session, _AROUND_IDEA, {"idea_id": idea_id}))


def referrals_of(session: Session, subjects: Iterable[Subject]) -> dict[Subject, ReferralView]:
    """Return who is asked about each subject at the moment; subjects of which nobody is asked are left out."""
    statement = select(*_REFERRAL).where(about(Referral, subjects), Referral.closed_at.is_(None))
    views = [referral_view(row) for row in session.execute(statement)]
    return {view.subject: view for view in views}


def referral_rows() -> Any:
    """Return the statement whose rows ``referral_view`` takes."""
    return select(*_REFERRAL)


def referral_view(row: Any) -> ReferralView:
    """Return a row of ``referral_rows`` for reading."""
    return ReferralView(row.id, subject_of(row), row.department, row.due_on, row.first_due_on, row.referred_at)


def measures_after(session: Session, answer_ids: Iterable[int], language: str) -> dict[int, tuple[MeasureView, ...]]:
    """Return what follows from each of the answers, those begun first at the beginning; others are left out."""
    rows = list(session.scalars(select(Measure).where(Measure.answer_id.in_(list(answer_ids))).order_by(Measure.id)))
    found: dict[int, tuple[MeasureView, ...]] = {}
    for view in measure_views(session, rows, language):
        found[view.answer_id] = (*found.get(view.answer_id, ()), view)
    return found


def measure_views(session: Session, rows: Iterable[Measure], language: str) -> list[MeasureView]:
    """Return measures with their steps, in the order of ``rows``."""
    measures = list(rows)
    steps: dict[int, list[StepView]] = {measure.id: [] for measure in measures}
    if measures:
        wanted = select(MeasureStep).where(MeasureStep.measure_id.in_(steps)).order_by(MeasureStep.id.desc())
        for step in session.scalars(wanted):
            view = StepView(step.id, step.state, phrase(step.text, language), step.due_on, step.reported_at)
            steps[step.measure_id].append(view)
    return [
        MeasureView(
            id=row.id,
            answer_id=row.answer_id,
            title=phrase(row.title, language),
            department=row.department,
            state=row.state,
            due_on=row.due_on,
            steps=tuple(steps[row.id]),
        )
        for row in measures
    ]
