"""What is waited for in a process: answers, what was promised until a day, measures; counted, listed, overdue first."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, or_, select
from sqlalchemy.orm import Session, aliased

from participation.strategy.answering.following import (
    UNFINISHED,
    MeasureView,
    ReferralView,
    measure_views,
    referral_rows,
    referral_view,
)
from participation.strategy.answering.subjects import SubjectKind, is_public
from participation.strategy.models import Answer, AnswerOutcome, Measure, MeasureState, Referral

PAGE = 20


@dataclass(frozen=True, slots=True)
class FollowUp:
    """How much is waited for in a process; ``answers`` counts what was answered by its latest outcome."""

    referrals: int = 0
    referrals_overdue: int = 0
    answers: Mapping[AnswerOutcome, int] = field(default_factory=dict)
    promises_overdue: int = 0
    measures: Mapping[MeasureState, int] = field(default_factory=dict)
    measures_overdue: int = 0

    @property
    def answered(self) -> int:
        """How many ideas, bundles and statements have an answer."""
        return sum(self.answers.values())

    @property
    def measures_open(self) -> int:
        """How many measures are not finished."""
        return sum(self.measures.get(state, 0) for state in UNFINISHED)

    @property
    def overdue(self) -> int:
        """How much is overdue of all kinds."""
        return self.referrals_overdue + self.promises_overdue + self.measures_overdue

    @property
    def is_empty(self) -> bool:
        """Whether nothing was ever referred, answered or begun."""
        return not (self.referrals or self.answered or self.measures)


@dataclass(frozen=True, slots=True)
class DepartmentLoad:
    """What a department is asked for and does; overdue is among the others."""

    department: str
    referrals: int = 0
    referrals_overdue: int = 0
    measures: int = 0
    measures_overdue: int = 0


def follow_ups(session: Session, process_ids: Iterable[int], *, today: date) -> dict[int, FollowUp]:
    """Return how much is waited for in each process, with the same few statements for any number of them."""
    ids = list(process_ids)
    waiting = _grouped(
        session,
        select(Referral.process_id, func.count(), _sum(Referral.due_on < today))
        .where(Referral.process_id.in_(ids), Referral.closed_at.is_(None), is_public(Referral))
        .group_by(Referral.process_id),
    )
    late = _sum(promise_overdue(today))
    answered: dict[int, dict[AnswerOutcome, int]] = {id_: {} for id_ in ids}
    promises: dict[int, int] = dict.fromkeys(ids, 0)
    for process_id, outcome, count, overdue in session.execute(
        select(Answer.process_id, Answer.outcome, func.count(), late)
        .where(Answer.process_id.in_(ids), is_latest(), is_public(Answer))
        .group_by(Answer.process_id, Answer.outcome)
    ):
        answered[process_id][outcome] = count
        promises[process_id] += int(overdue)
    measures: dict[int, dict[MeasureState, int]] = {id_: {} for id_ in ids}
    behind: dict[int, int] = dict.fromkeys(ids, 0)
    for process_id, state, count, overdue in session.execute(
        select(Measure.process_id, Measure.state, func.count(), _sum(measure_overdue(today)))
        .join(Answer, Answer.id == Measure.answer_id)
        .where(Measure.process_id.in_(ids), is_public(Answer))
        .group_by(Measure.process_id, Measure.state)
    ):
        measures[process_id][state] = count
        behind[process_id] += int(overdue)
    return {
        id_: FollowUp(*waiting.get(id_, (0, 0)), answered[id_], promises[id_], measures[id_], behind[id_])
        for id_ in ids
    }


def loads(session: Session, process_id: int, *, today: date) -> list[DepartmentLoad]:
    """Return what each department is asked for and does that is not finished; those with most overdue first."""
    referred = _grouped(
        session,
        select(Referral.department, func.count(), _sum(Referral.due_on < today))
        .where(Referral.process_id == process_id, Referral.closed_at.is_(None), is_public(Referral))
        .group_by(Referral.department),
    )
    doing = _grouped(
        session,
        select(Measure.department, func.count(), _sum(Measure.due_on < today))
        .join(Answer, Answer.id == Measure.answer_id)
        .where(Measure.process_id == process_id, Measure.state.in_(UNFINISHED), is_public(Answer))
        .group_by(Measure.department),
    )
    found = [
        DepartmentLoad(name, *referred.get(name, (0, 0)), *doing.get(name, (0, 0))) for name in {*referred, *doing}
    ]
    return sorted(found, key=lambda load: (-load.referrals_overdue - load.measures_overdue, load.department))


def waiting_referrals(session: Session, process_id: int, *, after: int | None = None, size: int) -> list[ReferralView]:
    """Return up to ``size`` open referrals about what is public, the soonest first, from behind the one ``after``."""
    statement = referral_rows().where(
        Referral.process_id == process_id, Referral.closed_at.is_(None), is_public(Referral)
    )
    if after is not None:
        statement = statement.where(_behind(Referral, after))
    rows = session.execute(statement.order_by(Referral.due_on, Referral.id).limit(size))
    return [referral_view(row) for row in rows]


def unfinished_measures(
    session: Session, process_id: int, language: str, *, after: int | None = None, size: int
) -> list[MeasureView]:
    """Return up to ``size`` measures that go on, the soonest first, from behind the one ``after``."""
    statement = _measures(process_id).where(Measure.state.in_(UNFINISHED))
    if after is not None:
        statement = statement.where(_behind(Measure, after))
    rows = session.scalars(statement.order_by(Measure.due_on, Measure.id).limit(size))
    return measure_views(session, rows, language)


def ended_measures(
    session: Session, process_id: int, language: str, *, before: int | None = None, size: int
) -> list[MeasureView]:
    """Return up to ``size`` measures that are done or were stopped, those begun last first, from below ``before``."""
    statement = _measures(process_id).where(Measure.state.not_in(UNFINISHED))
    if before is not None:
        statement = statement.where(Measure.id < before)
    rows = session.scalars(statement.order_by(Measure.id.desc()).limit(size))
    return measure_views(session, rows, language)


def latest_answers(session: Session, process_id: int, *, before: int | None = None, size: int) -> list[Answer]:
    """Return up to ``size`` answers that hold, the latest first, from below ``before``."""
    statement = select(Answer).where(Answer.process_id == process_id, is_latest(), is_public(Answer))
    if before is not None:
        statement = statement.where(Answer.id < before)
    return list(session.scalars(statement.order_by(Answer.id.desc()).limit(size)))


def late_promises(session: Session, process_id: int, *, today: date, size: int) -> list[Answer]:
    """Return up to ``size`` answers whose day is over while nothing has been reported, the longest overdue first."""
    statement = select(Answer).where(
        Answer.process_id == process_id, is_latest(), is_public(Answer), promise_overdue(today)
    )
    return list(session.scalars(statement.order_by(Answer.due_on, Answer.id).limit(size)))


def is_latest() -> ColumnElement[bool]:
    """Return the condition that no other answer follows an answer."""
    later = aliased(Answer)
    follows = or_(
        later.answered_at > Answer.answered_at, and_(later.answered_at == Answer.answered_at, later.id > Answer.id)
    )
    return and_(
        *(
            ~select(later.id).where(getattr(later, column) == getattr(Answer, column), follows).exists()
            for column in (f"{kind.value}_id" for kind in SubjectKind)
        )
    )


def promise_overdue(today: date) -> ColumnElement[bool]:
    """Return the condition that the day which an answer names is over and no measure followed; those count instead."""
    return and_(
        Answer.due_on < today,
        Answer.outcome != AnswerOutcome.NO,
        ~select(Measure.id).where(Measure.answer_id == Answer.id).exists(),
    )


def measure_overdue(today: date) -> ColumnElement[bool]:
    """Return the condition that the day of a measure is over and it is not finished."""
    return and_(Measure.due_on < today, Measure.state.in_(UNFINISHED))


def _measures(process_id: int) -> Any:
    return (
        select(Measure)
        .join(Answer, Answer.id == Measure.answer_id)
        .where(Measure.process_id == process_id, is_public(Answer))
    )


def _behind(table: Any, after: int) -> ColumnElement[bool]:
    """Return the condition that a row comes after the one with the number ``after``, by day and number."""
    day = select(table.due_on).where(table.id == after).scalar_subquery()
    return or_(table.due_on > day, and_(table.due_on == day, table.id > after))


def _grouped(session: Session, statement: Any) -> dict[Any, tuple[int, int]]:
    return {key: (count, int(overdue)) for key, count, overdue in session.execute(statement)}


def _sum(condition: ColumnElement[bool]) -> Any:
    return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)
