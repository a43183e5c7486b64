"""What the worker does about signals: looking at what begins to wait, and at everything when a list changes."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from participation.activity.models import Job, JobState, LogEntry
from participation.activity.service import enqueue
from participation.activity.worker import Progress
from participation.cases.models import Case, CaseKind, SubjectKind
from participation.cases.service import CaseSubject, open_case
from participation.comments.models import Comment, CommentState, Voice
from participation.ideas.models import Idea, IdeaState
from participation.kit import clock
from participation.kit.db import db, transaction
from participation.processes.models import REVIEW_HOURS
from participation.signals.findings import REPEATED_DAYS, SIGNAL_DAYS, hints_in
from participation.signals.service import LOOKED_AT, forget_signals, look_at
from participation.signals.similar import forget_sketches
from participation.texts.language import detect_language

SIGNALS_JOB = "signals"
CASES_AT_ONCE = 20
TEXTS_AT_ONCE = 200
FORGOTTEN_AT_ONCE = 500
IMPORTS = ("IdeasImported", "CommentsImported")
IMPORTS_OF = timedelta(hours=36)


def look_at_case(event: Any) -> None:
    """Look at the text that a case is about, and keep what a program sees in it."""
    get_ready()
    with transaction() as session:
        look_at(session, event.case_id, now=clock.now())


def look_at_redacted(event: Any) -> None:
    """Look again at an idea from which passages were taken out, and at its addenda: what was seen may be gone."""
    get_ready()
    with transaction() as session:
        waiting = select(Case.id).where(
            Case.idea_id == event.idea_id,
            Case.subject_kind.in_((SubjectKind.IDEA, SubjectKind.ADDENDUM)),
            Case.closed_at.is_(None),
        )
        for case_id in session.scalars(waiting.order_by(Case.id)).all():
            look_at(session, case_id, now=clock.now())


def look_anew(event: Any) -> None:
    """Queue looking at everything that waits where a list of words has changed."""
    with transaction() as session:
        queue_looking(session, event.process_id)


def look_at_what_came(event: Any) -> None:
    """Queue looking at what an import made public: nobody has read it here."""
    with transaction() as session:
        queue_looking(session, event.process_id, published=True)


def look_at_last_imports(beat: Callable[[], None]) -> None:
    """Queue looking at what the imports of the last day made public: at their beginning not all of it was there."""
    since = clock.now() - IMPORTS_OF
    statement = select(LogEntry.payload).where(LogEntry.action.in_(IMPORTS), LogEntry.at > since)
    process_ids = {payload["process_id"] for payload in db.session.scalars(statement)}
    db.session.rollback()
    for process_id in sorted(process_ids):
        beat()
        with transaction() as session:
            queue_looking(session, process_id, published=True)


def run_looking(payload: dict[str, Any], progress: Progress) -> None:
    """Look at everything that waits in a process (``None``: in all), or at what is public there and never waited."""
    get_ready()
    if payload.get("published"):
        look_for_hints(payload["process_id"], progress)
        return
    last, done = 0, 0
    while ids := _next_cases(payload["process_id"], last):
        with transaction() as session:
            for case_id in ids:
                look_at(session, case_id, now=clock.now())
        last, done = ids[-1], done + len(ids)
        progress(done)


def queue_looking(session: Session, process_id: int | None, *, published: bool = False) -> None:
    """Queue looking at everything that waits in a process, or at what never did, unless that is waiting already."""
    payload = {"process_id": process_id, "published": published}
    waiting = select(Job.payload).where(Job.kind == SIGNALS_JOB, Job.state == JobState.WAITING, Job.attempts == 0)
    if payload not in session.scalars(waiting).all():
        enqueue(session, SIGNALS_JOB, payload, now=clock.now())


def look_for_hints(process_id: int, report: Callable[[int], None]) -> int:
    """Open a case for every public text that never waited and may hold personal data, or another language than it says.

    Return how many texts were looked at; ``report`` is told again and again.
    """
    looked = 0
    for kind in (SubjectKind.IDEA, SubjectKind.COMMENT):
        last = 0
        while texts := _next_texts(kind, process_id, last):
            found = [subject for subject, text in texts if hints_in(text, subject.language)]
            _open_hints(found, now=clock.now())
            last, looked = texts[-1][0].id, looked + len(texts)
            report(looked)
    return looked


def forget_what_is_over(beat: Callable[[], None]) -> None:
    """Delete the signals and sketches of what was decided long ago: nothing is compared with it any more."""
    for days, forget in ((REPEATED_DAYS, forget_sketches), (SIGNAL_DAYS, forget_signals)):
        forgotten = FORGOTTEN_AT_ONCE
        while forgotten == FORGOTTEN_AT_ONCE:
            beat()
            with transaction() as session:
                before = clock.now() - timedelta(days=days)
                forgotten = forget(session, before=before, most=FORGOTTEN_AT_ONCE)


def get_ready() -> None:
    """Load what looking at a text needs, before a transaction is opened: the model of languages takes a moment."""
    detect_language("What language is this in?", default="")


def _open_hints(subjects: list[CaseSubject], *, now: datetime) -> None:
    for start in range(0, len(subjects), CASES_AT_ONCE):
        with transaction() as session:
            for subject in subjects[start : start + CASES_AT_ONCE]:
                due_at = now + timedelta(hours=REVIEW_HOURS)
                case = open_case(session, CaseKind.HINT, subject, due_at=due_at, now=now)
                look_at(session, case.id, now=now)


def _next_cases(process_id: int | None, last: int) -> list[int]:
    statement = select(Case.id).where(Case.id > last, Case.closed_at.is_(None), Case.kind.in_(LOOKED_AT))
    if process_id is not None:
        statement = statement.where(Case.process_id == process_id)
    ids = list(db.session.scalars(statement.order_by(Case.id).limit(CASES_AT_ONCE)))
    db.session.rollback()
    return ids


def _next_texts(kind: SubjectKind, process_id: int, last: int) -> list[tuple[CaseSubject, str]]:
    """Return the next public texts that never were a case, with what they say."""
    is_idea = kind is SubjectKind.IDEA
    table: Any = Idea if is_idea else Comment
    says = Idea.title + "\n" + Idea.text if is_idea else Comment.text
    is_public = Idea.state == IdeaState.PUBLISHED if is_idea else Comment.state == CommentState.PUBLISHED
    statement = (
        select(table.id, table.id if is_idea else Comment.idea_id, table.language, says)
        .where(table.process_id == process_id, table.id > last, is_public)
        .where(~exists().where(Case.subject_kind == kind, Case.subject_id == table.id))
        .order_by(table.id)
        .limit(TEXTS_AT_ONCE)
    )
    if not is_idea:
        # Official voices are read by nobody first; that they name people is their work.
        statement = statement.where(Comment.voice == Voice.RESIDENT)
    rows = db.session.execute(statement).all()
    db.session.rollback()
    return [
        (CaseSubject(process_id, kind, text_id, idea_id, language), text) for text_id, idea_id, language, text in rows
    ]
