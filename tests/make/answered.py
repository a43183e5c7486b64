"""Builders of what the city is asked, answers and does."""

from collections.abc import Collection
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from participation.accounts.actor import SYSTEM
from participation.curation.bundling.service import bundle_ideas
from participation.kit import clock
from participation.strategy.answering.measures import MeasureDraft, StepDraft, begin_measure, report_step
from participation.strategy.answering.referrals import refer
from participation.strategy.answering.service import AnswerDraft, answer_subject
from participation.strategy.answering.subjects import Subject, SubjectKind
from participation.strategy.models import Answer, AnswerOutcome, Measure, MeasureState
from tests.make.places import text

DEPARTMENT = "Office for parks"


def bundle(session: Session, ideas: Collection[int]) -> int:
    """Return the id of the bundle that these ideas are in."""
    return bundle_ideas(session, SYSTEM, idea_ids=ideas, now=clock.now()).id


def answer(
    session: Session,
    *,
    idea_id: int | None = None,
    bundle_id: int | None = None,
    statement_id: int | None = None,
    outcome: AnswerOutcome = AnswerOutcome.YES,
    words: str = "We will do it",
    department: str = DEPARTMENT,
    due_on: date | None = None,
    at: datetime | None = None,
) -> int:
    """Return the id of the city's answer to an idea, a bundle or a statement."""
    subject = _subject(idea_id, bundle_id, statement_id)
    draft = AnswerDraft(outcome, department, text(words), due_on)
    return answer_subject(session, SYSTEM, subject=subject, draft=draft, now=at or clock.now()).id


def referral(
    session: Session,
    *,
    idea_id: int | None = None,
    bundle_id: int | None = None,
    statement_id: int | None = None,
    department: str = DEPARTMENT,
    due_on: date | None = None,
    at: datetime | None = None,
) -> int:
    """Return the id of a referral that waits for an answer, by default for another week."""
    now = at or clock.now()
    due = due_on or now.date() + timedelta(days=7)
    subject = _subject(idea_id, bundle_id, statement_id)
    return refer(session, SYSTEM, subject=subject, department=department, due_on=due, now=now).id


def measure(
    session: Session,
    answer_id: int,
    *,
    title: str = "New benches",
    department: str = DEPARTMENT,
    due_on: date | None = None,
    at: datetime | None = None,
) -> int:
    """Return the id of a measure after an answer, by default due in a month."""
    now = at or clock.now()
    due = due_on or now.date() + timedelta(days=30)
    draft = MeasureDraft(text(title), department, due, text("We look for places"))
    process_id = session.get_one(Answer, answer_id).process_id
    return begin_measure(session, SYSTEM, process_id=process_id, answer_id=answer_id, draft=draft, now=now).id


def step(
    session: Session,
    measure_id: int,
    state: MeasureState,
    *,
    words: str = "It goes on",
    due_on: date | None = None,
    at: datetime | None = None,
) -> int:
    """Return the id of a step of a measure."""
    process_id = session.get_one(Measure, measure_id).process_id
    draft = StepDraft(state, text(words), due_on)
    now = at or clock.now()
    return report_step(session, SYSTEM, process_id=process_id, measure_id=measure_id, draft=draft, now=now).id


def _subject(idea_id: int | None, bundle_id: int | None, statement_id: int | None) -> Subject:
    if idea_id is not None:
        return Subject(SubjectKind.IDEA, idea_id)
    if bundle_id is not None:
        return Subject(SubjectKind.BUNDLE, bundle_id)
    if statement_id is None:
        raise ValueError("it needs something that it is about")
    return Subject(SubjectKind.STATEMENT, statement_id)
