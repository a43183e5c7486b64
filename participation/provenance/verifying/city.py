"""Checks of what the city answers and does: answers, referrals and measures lead to something, and to the right one."""

from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from participation.curation.models import Bundle
from participation.provenance.verifying.breaks import Break, BreakKind
from participation.provenance.verifying.facts import Facts
from participation.strategy.answering.subjects import SubjectKind, subject_of
from participation.strategy.models import (
    Answer,
    AnswerOutcome,
    Measure,
    MeasureStep,
    Referral,
    ReferralEnd,
    StatementState,
)


def city_breaks(session: Session, facts: Facts) -> Iterator[Break]:
    """Yield what is wrong with answers, referrals and measures of a process."""
    subjects = _subjects(session, facts)
    answers = {row.id: row for row in session.scalars(select(Answer).where(Answer.process_id == facts.process.id))}
    for answer in answers.values():
        yield from _answer(facts, answer, subjects)
    for referral in session.scalars(
        select(Referral).where(Referral.process_id == facts.process.id).order_by(Referral.id)
    ):
        yield from _referral(referral, answers, subjects)
    yield from _measures(session, facts, answers)


def _subjects(session: Session, facts: Facts) -> Mapping[SubjectKind, set[int]]:
    """Return everything in a process that can be answered."""
    return {
        SubjectKind.IDEA: set(facts.ideas),
        SubjectKind.BUNDLE: set(session.scalars(select(Bundle.id).where(Bundle.process_id == facts.process.id))),
        SubjectKind.STATEMENT: set(facts.statements),
    }


def _answer(facts: Facts, answer: Answer, subjects: Mapping[SubjectKind, set[int]]) -> Iterator[Break]:
    subject = subject_of(answer)
    about = {"answer": answer.id, subject.kind.value: subject.id}
    if subject.id not in subjects[subject.kind]:
        yield Break(BreakKind.ANSWER_ELSEWHERE, about, "it answers something that is not of its process")
    elif not _was_public(facts, subject.kind, subject.id):
        yield Break(BreakKind.ANSWER_TO_UNPUBLISHED, about, "it answers something that was never public")


def _was_public(facts: Facts, kind: SubjectKind, id_: int) -> bool:
    """Return whether something was ever public; what was hidden or withdrawn later keeps its answer."""
    if kind is SubjectKind.STATEMENT:
        return facts.statements[id_].state is not StatementState.DRAFT
    if kind is SubjectKind.BUNDLE:
        return True
    return facts.ideas[id_].was_public


def _referral(
    referral: Referral, answers: Mapping[int, Answer], subjects: Mapping[SubjectKind, set[int]]
) -> Iterator[Break]:
    subject = subject_of(referral)
    about = {"referral": referral.id, subject.kind.value: subject.id}
    if subject.id not in subjects[subject.kind]:
        yield Break(BreakKind.REFERRAL_ELSEWHERE, about, "it is about something that is not of its process")
    answer = answers.get(referral.answer_id) if referral.answer_id is not None else None
    if referral.closed_at is None:
        if referral.answer_id is not None:
            yield Break(BreakKind.REFERRAL_WITHOUT_ANSWER, about, "it waits, and has an answer")
    elif referral.ended_as is None or (referral.ended_as is ReferralEnd.ANSWERED and answer is None):
        yield Break(BreakKind.REFERRAL_WITHOUT_ANSWER, about, "it is closed, and nobody answered")
    elif answer is not None and subject_of(answer) != subject:
        yield Break(
            BreakKind.REFERRAL_WITHOUT_ANSWER, about, f"answer {answer.id} closed it, which is about another one"
        )


def _measures(session: Session, facts: Facts, answers: Mapping[int, Answer]) -> Iterator[Break]:
    measures = list(session.scalars(select(Measure).where(Measure.process_id == facts.process.id).order_by(Measure.id)))
    last: dict[int, Any] = {}
    ours = select(Measure.id).where(Measure.process_id == facts.process.id)
    for step in session.execute(
        select(MeasureStep.measure_id, MeasureStep.state)
        .where(MeasureStep.measure_id.in_(ours))
        .order_by(MeasureStep.id)
    ):
        last[step.measure_id] = step.state
    for measure in measures:
        about = {"measure": measure.id, "answer": measure.answer_id}
        answer = answers.get(measure.answer_id)
        if answer is None:
            yield Break(BreakKind.MEASURE_ELSEWHERE, about, "it follows from no answer of its process")
        elif answer.outcome is AnswerOutcome.NO:
            yield Break(BreakKind.MEASURE_AFTER_REFUSAL, about, "it follows from an answer that says no")
        if last.get(measure.id, measure.state) is not measure.state:
            says = f"it is said to be {measure.state.value}, its last step says {last[measure.id].value}"
            yield Break(BreakKind.MEASURE_UNLIKE_STEPS, about, says)
