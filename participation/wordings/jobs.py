"""What the worker does about wordings: asking when texts become public, letting go, sending, dropping."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from flask import current_app
from sqlalchemy import delete, exists, or_, select
from sqlalchemy.orm import Session

from participation.activity.models import Job, JobState
from participation.activity.service import enqueue
from participation.activity.worker import Progress
from participation.cases.models import SubjectKind
from participation.kit import clock
from participation.kit.db import db, transaction
from participation.processes.models import Process
from participation.wordings import errands
from participation.wordings.models import Errand, ErrandState, ProviderHealth
from participation.wordings.providers.provider import Provider
from participation.wordings.providers.registry import configured
from participation.wordings.sending import do_next
from participation.wordings.service import call_off, drop_machine_wordings
from participation.wordings.subjects import Subject, next_texts

ERRANDS_JOB = "errands"
WORDINGS_JOB = "wordings"
ROUND = timedelta(seconds=10)
"""So long errands are done at a stretch: whatever else the worker has to do comes in between."""
TEXTS_AT_ONCE = 50
DROPPED_AT_ONCE = 100
KEPT = timedelta(days=2)


def look_at_idea(event: Any) -> None:
    """Ask for the wordings of an idea and of what stands below it, or let go of them: as public as it is now."""
    with transaction() as session:
        errands.look_at_idea(session, event.idea_id, languages=_languages(), now=clock.now())
        _queue_errands(session)


def look_at_comment(event: Any) -> None:
    """Ask for the wordings of a comment, or let go of them."""
    _look_at((SubjectKind.COMMENT, event.comment_id))


def look_at_addendum(event: Any) -> None:
    """Ask for the wordings of an addendum, or let go of them."""
    _look_at((SubjectKind.ADDENDUM, event.addendum_id))


def look_at_process(event: Any) -> None:
    """Queue asking for everything in a process, or dropping it: its provider was chosen, or something was imported."""
    with transaction() as session:
        queue_wordings(session, event.process_id)


def queue_missing(beat: Callable[[], None]) -> None:
    """Queue asking for everything in each process that has a provider, and let go, whatever was missed."""
    for process_id in db.session.scalars(select(Process.id).where(Process.translator != "").order_by(Process.id)).all():
        beat()
        with transaction() as session:
            queue_wordings(session, process_id)
    swept = DROPPED_AT_ONCE
    while swept == DROPPED_AT_ONCE:
        beat()
        with transaction() as session:
            swept = errands.sweep(session, most=DROPPED_AT_ONCE)
    with transaction() as session:
        old = (Job.kind == ERRANDS_JOB, Job.state == JobState.DONE, Job.finished_at < clock.now() - KEPT)
        session.execute(delete(Job).where(*old))


def ask_providers(beat: Callable[[], None]) -> None:
    """Queue doing errands where some are due: those that were put off, and those of a provider whose break is over."""
    if current_app.config["TRANSLATORS"]:
        beat()
        with transaction() as session:
            _queue_errands(session)


def run_wordings(payload: dict[str, Any], progress: Progress) -> None:
    """Ask for every wording that a process lacks; drop those of machines where it has no provider (any more)."""
    process_id = int(payload["process_id"])
    chosen = db.session.scalar(select(Process.translator).where(Process.id == process_id))
    db.session.rollback()
    if chosen is None:
        return
    if not chosen:
        _drop(process_id, progress)
        return
    fill_process(process_id, progress)
    with transaction() as session:
        _queue_errands(session)


def fill_process(process_id: int, report: Callable[[int], None]) -> int:
    """Ask for every wording that a process lacks and return how many texts were looked at; ``report`` is told."""
    after: Subject | None = None
    looked = 0
    while texts := next_texts(db.session(), process_id, after, TEXTS_AT_ONCE):
        db.session.rollback()
        with transaction() as session:
            errands.ask_for(session, texts, languages=_languages(), now=clock.now())
        after, looked = texts[-1].subject, looked + len(texts)
        report(looked)
    db.session.rollback()
    return looked


def run_errands(_payload: dict[str, Any], progress: Progress) -> None:
    """Do errands for a while, of every provider that is configured; queue the rest."""
    end, done = clock.now() + ROUND, 0
    open_ones = list(_providers().values())
    while open_ones and clock.now() < end:
        for provider in tuple(open_ones):
            progress(done := done + 1)
            if not do_next(provider, current_app.config["TIMEZONE"]):
                open_ones.remove(provider)
    if open_ones:
        with transaction() as session:
            _queue_errands(session)


def queue_wordings(session: Session, process_id: int) -> None:
    """Queue the long job for a process, unless it is waiting already."""
    _enqueue_once(session, WORDINGS_JOB, {"process_id": process_id})


def _look_at(subject: Subject) -> None:
    with transaction() as session:
        errands.look_at_one(session, subject, languages=_languages(), now=clock.now())
        _queue_errands(session)


def _drop(process_id: int, report: Callable[[int], None]) -> None:
    with transaction() as session:
        call_off(session, process_id, now=clock.now())
    dropped = 0
    while True:
        with transaction() as session:
            count = drop_machine_wordings(session, process_id, most=DROPPED_AT_ONCE)
        if not count:
            return
        report(dropped := dropped + count)


def _queue_errands(session: Session) -> None:
    """Queue doing errands where some are due for a provider that is configured and not resting."""
    names, now = sorted(current_app.config["TRANSLATORS"]), clock.now()
    if not names:
        return
    resting = exists().where(ProviderHealth.name == Process.translator, ProviderHealth.resumes_at > now)
    ready = select(Process.id).where(Process.translator.in_(names), ~resting)
    due = (
        Errand.state == ErrandState.WAITING,
        Errand.next_at <= now,
        or_(Errand.claimed_until.is_(None), Errand.claimed_until <= now),
        Errand.process_id.in_(ready),
    )
    if session.scalar(select(Errand.id).where(*due).limit(1)) is not None:
        _enqueue_once(session, ERRANDS_JOB, {})


def _enqueue_once(session: Session, kind: str, payload: dict[str, Any]) -> None:
    waiting = select(Job.payload).where(Job.kind == kind, Job.state == JobState.WAITING, Job.attempts == 0)
    if payload not in session.scalars(waiting).all():
        enqueue(session, kind, payload, now=clock.now())


def _providers() -> dict[str, Provider]:
    return configured(current_app.config["TRANSLATORS"])


def _languages() -> tuple[str, ...]:
    languages: tuple[str, ...] = current_app.config["LANGUAGES"]
    return languages
