"""What entries about the city's answers, measures and statements are about, and which days come near for its staff."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from participation.curation.models import BundleMember
from participation.ideas.models import Idea, IdeaState
from participation.kit.schema import Translated
from participation.notifications.models import EntryKind
from participation.notifications.queries import Entry
from participation.notifications.reminding import days_near
from participation.strategy.answering.along import authors_among
from participation.strategy.answering.subjects import Subject, SubjectKind, subject_of
from participation.strategy.models import (
    Answer,
    AnswerOutcome,
    Measure,
    MeasureState,
    MeasureStep,
    Statement,
    StatementState,
)


@dataclass(frozen=True, slots=True)
class Root:
    """What an entry goes back to: an idea, ideas that say the same, or a statement.

    ``idea_id`` leads to the page where it stands, for a bundle that of the first idea in it; it is ``None`` for a
    statement. ``statement`` is ``None`` while that is not public. ``authors`` are those of the readers asked for who
    wrote one of the ideas; all others agreed with one.
    """

    subject: Subject
    idea_id: int | None
    statement: Translated | None
    authors: frozenset[int]


@dataclass(frozen=True, slots=True)
class AnswerFact:
    """What the city answered to what the reader wrote or agreed with."""

    idea_id: int | None
    root: Root
    outcome: AnswerOutcome
    department: str
    text: Translated
    due_on: date | None


@dataclass(frozen=True, slots=True)
class MeasureFact:
    """How something goes that the city does after such an answer."""

    idea_id: int | None
    root: Root
    measure_id: int
    title: Translated
    state: MeasureState
    text: Translated
    due_on: date


@dataclass(frozen=True, slots=True)
class StatementFact:
    """A public statement that goes back to what the reader wrote or agreed with."""

    idea_id: None
    root: Root


@dataclass(frozen=True, slots=True)
class DueFact:
    """How many days come near or are over in a process, and the first of them."""

    idea_id: None
    days: int
    first: date


def _answers(session: Session, entries: list[Entry], _now: datetime) -> Mapping[int, AnswerFact]:
    answers = list(session.scalars(select(Answer).where(Answer.id.in_({entry.subject_id for entry in entries}))))
    roots = _roots(session, {row.id: subject_of(row) for row in answers}, entries)
    return {
        row.id: AnswerFact(roots[row.id].idea_id, roots[row.id], row.outcome, row.department, row.text, row.due_on)
        for row in answers
    }


def _measures(session: Session, entries: list[Entry], _now: datetime) -> Mapping[int, MeasureFact]:
    rows = session.execute(
        select(MeasureStep, Measure, Answer)
        .join(Measure, Measure.id == MeasureStep.measure_id)
        .join(Answer, Answer.id == Measure.answer_id)
        .where(MeasureStep.id.in_({entry.subject_id for entry in entries}))
    ).all()
    roots = _roots(session, {step.id: subject_of(answer) for step, _measure, answer in rows}, entries)
    return {
        step.id: MeasureFact(
            idea_id=roots[step.id].idea_id,
            root=roots[step.id],
            measure_id=measure.id,
            title=measure.title,
            state=step.state,
            text=step.text,
            due_on=measure.due_on,
        )
        for step, measure, _answer in rows
    }


def _statements(session: Session, entries: list[Entry], _now: datetime) -> Mapping[int, StatementFact]:
    subjects = {entry.subject_id: Subject(SubjectKind.STATEMENT, entry.subject_id) for entry in entries}
    return {id_: StatementFact(None, root) for id_, root in _roots(session, subjects, entries).items()}


def _roots(session: Session, subjects: Mapping[int, Subject], entries: Iterable[Entry]) -> dict[int, Root]:
    """Return what each fact goes back to, with at most two statements for each kind of subject."""
    readers = {entry.account_id for entry in entries}
    ids = {kind: {one.id for one in subjects.values() if one.kind is kind} for kind in SubjectKind}
    authors: dict[Subject, set[int]] = {}
    for kind, some in ids.items():
        for subject_id, account_id in authors_among(session, kind, some, readers):
            authors.setdefault(Subject(kind, subject_id), set()).add(account_id)
    texts = _public_texts(session, ids[SubjectKind.STATEMENT])
    first = _first_ideas(session, ids[SubjectKind.BUNDLE])

    def root(subject: Subject) -> Root:
        idea_id = {SubjectKind.IDEA: subject.id, SubjectKind.BUNDLE: first.get(subject.id)}.get(subject.kind)
        text = texts.get(subject.id) if subject.kind is SubjectKind.STATEMENT else None
        return Root(subject, idea_id, text, frozenset(authors.get(subject, ())))

    return {fact_id: root(subject) for fact_id, subject in subjects.items()}


def _public_texts(session: Session, statement_ids: set[int]) -> dict[int, Translated]:
    if not statement_ids:
        return {}
    public = Statement.state == StatementState.PUBLISHED
    rows = session.execute(select(Statement.id, Statement.text).where(Statement.id.in_(statement_ids), public))
    return {row[0]: row[1] for row in rows}


def _first_ideas(session: Session, bundle_ids: set[int]) -> dict[int, int]:
    if not bundle_ids:
        return {}
    rows = session.execute(
        select(BundleMember.bundle_id, func.min(BundleMember.idea_id))
        .join(Idea, Idea.id == BundleMember.idea_id)
        .where(BundleMember.bundle_id.in_(bundle_ids), BundleMember.ended_at.is_(None))
        .where(Idea.state == IdeaState.PUBLISHED)
        .group_by(BundleMember.bundle_id)
    )
    return {row[0]: row[1] for row in rows}


def _days_of(kind: EntryKind) -> Callable[[Session, list[Entry], datetime], Mapping[int, DueFact]]:
    def read(session: Session, entries: list[Entry], _now: datetime) -> Mapping[int, DueFact]:
        near = days_near(session, kind, {entry.process_id or 0 for entry in entries})
        return {
            entry.subject_id: DueFact(None, *near[entry.process_id]) for entry in entries if entry.process_id in near
        }

    return read


CITY_READERS: Mapping[EntryKind, Callable[[Session, list[Entry], datetime], Mapping[int, Any]]] = {
    EntryKind.ANSWER: _answers,
    EntryKind.MEASURE: _measures,
    EntryKind.STATEMENT: _statements,
    EntryKind.REFERRAL_DUE: _days_of(EntryKind.REFERRAL_DUE),
    EntryKind.PROMISE_DUE: _days_of(EntryKind.PROMISE_DUE),
    EntryKind.MEASURE_DUE: _days_of(EntryKind.MEASURE_DUE),
}
"""How what entries of these kinds are about is read."""
