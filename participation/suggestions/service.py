"""Asking for suggestions, keeping what was computed, and dropping what must not be kept."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from participation.activity.models import Job, JobState
from participation.activity.service import enqueue
from participation.kit.dialect import locked
from participation.processes.models import Process
from participation.suggestions.models import SuggestionRun

SUGGESTIONS_JOB = "suggestions"
SETTLES = timedelta(seconds=2)
"""A change waits so long for others that come with it."""
KEPT_RESULTS = 20
KEPT_RUNS = 500


def queue_suggestions(session: Session, process_id: int, *, now: datetime, not_before: datetime | None = None) -> None:
    """Have suggestions computed soon, unless that waits already; one that is due later then comes sooner.

    One that is under way may have read the board before the change, so that another one is queued beside it.
    """
    due = max(now + SETTLES, not_before or now)
    waiting = select(Job).where(Job.kind == SUGGESTIONS_JOB, Job.state == JobState.WAITING, Job.attempts == 0)
    for job in session.scalars(locked(waiting)):
        if job.payload == {"process_id": process_id}:
            job.available_at = min(job.available_at, due)
            return
    enqueue(session, SUGGESTIONS_JOB, {"process_id": process_id}, now=now).available_at = due


def store_run(session: Session, process_id: int, values: dict[str, Any]) -> int:
    """Keep a finished run and return its number; the results of all but the last twenty are dropped."""
    session.execute(locked(select(Process.id).where(Process.id == process_id)))
    own = SuggestionRun.process_id == process_id
    number = (session.scalar(select(func.max(SuggestionRun.number)).where(own)) or 0) + 1
    session.add(SuggestionRun(process_id=process_id, number=number, **values))
    session.flush()
    old = update(SuggestionRun).where(own, SuggestionRun.number <= number - KEPT_RESULTS)
    session.execute(old.where(SuggestionRun.result.is_not(None)).values(result=None))
    session.execute(delete(SuggestionRun).where(own, SuggestionRun.number <= number - KEPT_RUNS))
    return number


def forget_results(session: Session, process_id: int) -> None:
    """Drop all results of a process: words that were taken out of an idea must not live on among its reasons."""
    own = update(SuggestionRun).where(SuggestionRun.process_id == process_id, SuggestionRun.result.is_not(None))
    session.execute(own.values(result=None))
