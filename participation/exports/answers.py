"""What the city answered and does, and who is asked, as rows of an export: what everybody may read of it."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session

from participation.exports.code_words import CodeWords
from participation.exports.document import AnswerRow, MeasureRow, ReferralRow, StepRow
from participation.exports.moments import to_the_second
from participation.exports.wording import Words
from participation.multilingual import pick
from participation.strategy.answering.follow_up import is_latest, measure_overdue, promise_overdue
from participation.strategy.answering.following import referral_rows as referrals_read
from participation.strategy.answering.following import referral_view
from participation.strategy.answering.subjects import is_public, subject_of
from participation.strategy.models import Answer, Measure, MeasureStep, Referral

BATCH = 500


def answer_rows(session: Session, process_id: int, said: Words, language: str, *, today: date) -> Iterator[AnswerRow]:
    """Yield the answers to what is public, in the order in which they were given."""
    latest = is_latest()
    flags = latest.label("latest"), and_(latest, promise_overdue(today)).label("overdue")
    wanted = select(Answer, *flags).where(Answer.process_id == process_id, is_public(Answer))
    for answer, is_last, is_overdue in _in_batches(session, wanted, Answer.id):
        subject = subject_of(answer)
        yield AnswerRow(
            id=str(answer.id),
            kind=subject.kind.value,
            target_id=str(subject.id),
            department=answer.department,
            outcome=said.outcomes[answer.outcome],
            outcome_code=answer.outcome.value,
            text=pick(answer.text, language),
            text_in=answer.text,
            answered_at=to_the_second(answer.answered_at),
            due_on=answer.due_on,
            is_latest=bool(is_last),
            is_overdue=bool(is_overdue),
        )


def measure_rows(
    session: Session, process_id: int, said: CodeWords, language: str, *, today: date
) -> Iterator[MeasureRow]:
    """Yield what the city does after such answers, in the order in which it was begun; two queries for each batch."""
    wanted = (
        select(Measure, measure_overdue(today).label("overdue"))
        .join(Answer, Answer.id == Measure.answer_id)
        .where(Measure.process_id == process_id, is_public(Answer))
    )
    for batch in _batches(session, wanted, Measure.id):
        steps = _steps(session, [measure.id for measure, _overdue in batch])
        for measure, is_overdue in batch:
            own = steps.get(measure.id, [])
            yield MeasureRow(
                id=str(measure.id),
                answer_id=str(measure.answer_id),
                title=pick(measure.title, language),
                title_in=measure.title,
                department=measure.department,
                state=said.measures[measure.state],
                state_code=measure.state.value,
                due_on=measure.due_on,
                first_due_on=next((step.due_on for step in own if step.due_on), measure.due_on),
                is_overdue=bool(is_overdue),
                steps=tuple(_step(step, said, language) for step in own),
            )


def referral_rows(session: Session, process_id: int, *, today: date) -> Iterator[ReferralRow]:
    """Yield who is asked for an answer about what is public and has not given one, the longest asked first."""
    wanted = referrals_read().where(
        Referral.process_id == process_id, Referral.closed_at.is_(None), is_public(Referral)
    )
    for row in _in_batches(session, wanted, Referral.id):
        view = referral_view(row)
        yield ReferralRow(
            id=str(view.id),
            kind=view.subject.kind.value,
            target_id=str(view.subject.id),
            department=view.department,
            due_on=view.due_on,
            first_due_on=view.first_due_on,
            referred_at=to_the_second(view.referred_at),
            is_overdue=view.is_overdue(today),
        )


def answering_counts(session: Session, process_id: int) -> dict[str, int]:
    """Return how many rows that will be, by what the document calls them."""
    wanted = {
        "answers": select(Answer.id).where(Answer.process_id == process_id, is_public(Answer)),
        "measures": select(Measure.id)
        .join(Answer, Answer.id == Measure.answer_id)
        .where(Measure.process_id == process_id, is_public(Answer)),
        "referrals": select(Referral.id).where(
            Referral.process_id == process_id, Referral.closed_at.is_(None), is_public(Referral)
        ),
    }
    return {
        name: session.scalar(select(func.count()).select_from(statement.subquery())) or 0
        for name, statement in wanted.items()
    }


def _step(step: MeasureStep, said: CodeWords, language: str) -> StepRow:
    return StepRow(
        state=said.measures[step.state],
        state_code=step.state.value,
        text=pick(step.text, language),
        text_in=step.text,
        due_on=step.due_on,
        reported_at=to_the_second(step.reported_at),
    )


def _steps(session: Session, measure_ids: Sequence[int]) -> dict[int, list[MeasureStep]]:
    found: dict[int, list[MeasureStep]] = {}
    wanted = select(MeasureStep).where(MeasureStep.measure_id.in_(measure_ids)).order_by(MeasureStep.id)
    for step in session.scalars(wanted):
        found.setdefault(step.measure_id, []).append(step)
    return found


def _in_batches(session: Session, wanted: Any, key: Any) -> Iterator[Any]:
    for batch in _batches(session, wanted, key):
        yield from batch


def _batches(session: Session, wanted: Any, key: Any) -> Iterator[Sequence[Any]]:
    """Yield what ``wanted`` finds, ordered by a number; nothing is kept of a batch that was read."""
    after = 0
    while batch := session.execute(wanted.where(key > after).order_by(key).limit(BATCH)).all():
        yield batch
        first = batch[-1][0]
        after = first if isinstance(first, int) else first.id
