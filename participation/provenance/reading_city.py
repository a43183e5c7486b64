"""Reading what the city answered and does, for a lineage: one query for each kind of record."""

from collections import defaultdict
from collections.abc import Collection
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from participation.kit.db import in_batches
from participation.provenance.lineage import AnswerRecord, MeasureRecord, ReferralRecord, StepRecord
from participation.strategy.answering.subjects import is_public, subject_of
from participation.strategy.models import Answer, Measure, MeasureStep, Referral


def answers_to(
    session: Session, *, ideas: Any, bundles: Collection[int], statements: Collection[int]
) -> tuple[AnswerRecord, ...]:
    """Return the answers to public ideas, bundles and statements, the oldest first."""
    rows = session.scalars(
        select(Answer).where(_about(Answer, ideas, bundles, statements)).order_by(Answer.answered_at, Answer.id)
    )
    return tuple(
        AnswerRecord(row.id, subject_of(row), row.outcome, row.department, row.text, row.answered_at, row.due_on)
        for row in rows
    )


def open_referrals(
    session: Session, *, ideas: Any, bundles: Collection[int], statements: Collection[int]
) -> tuple[ReferralRecord, ...]:
    """Return where a department has been asked and has not answered, the most urgent first."""
    rows = session.scalars(
        select(Referral)
        .where(_about(Referral, ideas, bundles, statements), Referral.closed_at.is_(None))
        .order_by(Referral.due_on, Referral.id)
    )
    return tuple(ReferralRecord(row.id, subject_of(row), row.department, row.due_on, row.referred_at) for row in rows)


def measures_after(session: Session, answer_ids: Collection[int]) -> tuple[MeasureRecord, ...]:
    """Return the measures that follow from the answers, each with its steps."""
    measures: list[Measure] = []
    steps: dict[int, list[StepRecord]] = defaultdict(list)
    for ids in in_batches(answer_ids):
        measures += session.scalars(select(Measure).where(Measure.answer_id.in_(ids)).order_by(Measure.id))
        of_answers = select(Measure.id).where(Measure.answer_id.in_(ids))
        rows = select(MeasureStep).where(MeasureStep.measure_id.in_(of_answers)).order_by(MeasureStep.id)
        for step in session.scalars(rows):
            steps[step.measure_id].append(StepRecord(step.id, step.measure_id, step.state, step.text, step.reported_at))
    return tuple(
        MeasureRecord(
            id=row.id,
            answer_id=row.answer_id,
            title=row.title,
            department=row.department,
            state=row.state,
            due_on=row.due_on,
            made_at=row.made_at,
            steps=tuple(steps[row.id]),
        )
        for row in measures
    )


def _about(table: Any, ideas: Any, bundles: Collection[int], statements: Collection[int]) -> ColumnElement[bool]:
    one_of_these = or_(table.idea_id.in_(ideas), table.bundle_id.in_(bundles), table.statement_id.in_(statements))
    return and_(one_of_these, is_public(table))
