"""Ideas and addenda as moderators wait for them: the case that a new or changed text opens, and when it is over."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from participation.cases.models import CaseKind, SubjectKind
from participation.cases.service import READING, CaseSubject, close_cases, open_case
from participation.ideas.models import Addendum, Idea
from participation.processes.outline import ProcessOutline


def subject_of(thing: Idea | Addendum) -> CaseSubject:
    """Return an idea or addendum as cases know it."""
    if isinstance(thing, Idea):
        return CaseSubject(thing.process_id, SubjectKind.IDEA, thing.id, thing.id, thing.language)
    return CaseSubject(thing.process_id, SubjectKind.ADDENDUM, thing.id, thing.idea_id, thing.language)


def ask_for_reading(session: Session, thing: Idea | Addendum, *, process: ProcessOutline, now: datetime) -> None:
    """Ask moderators to read a new or changed text, before it is public or after, as the phase says."""
    open_case(session, CaseKind.REVIEW, subject_of(thing), due_at=process.review_due(now), now=now)


def stop_waiting(session: Session, idea_id: int, *, now: datetime) -> None:
    """Close what waits only because somebody should read an idea or its addenda: they were taken back."""
    addenda = session.scalars(select(Addendum.id).where(Addendum.idea_id == idea_id)).all()
    close_cases(session, SubjectKind.IDEA, [idea_id], kinds=READING, now=now)
    if addenda:
        close_cases(session, SubjectKind.ADDENDUM, addenda, kinds=READING, now=now)
