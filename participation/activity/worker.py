"""The worker's side of outbox and queue: claim with a lease, run outside any transaction, mark done."""

import logging
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select, update

from participation.activity.events import revive
from participation.activity.models import Delivery, DeliveryState, Job, JobState, RecordedEvent
from participation.activity.pace import LEASE, MOST_ATTEMPTS, back_off
from participation.activity.routines import Task, run_due_routines
from participation.activity.service import handler_by_name
from participation.kit import clock
from participation.kit.db import db, transaction
from participation.kit.dialect import locked

BATCH = 50
IDLE_SECONDS = 0.5

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Progress:
    """What a running job reports to and asks: heartbeat with a figure, and whether it shall stop."""

    job_id: int

    def __call__(self, done: int) -> None:
        """Store how far the job is and renew its lease; raises ``JobCancelled`` when it shall stop."""
        with transaction() as session:
            job = session.get_one(Job, self.job_id)
            if job.state is JobState.CANCELLED:
                raise JobCancelled
            job.progress = done
            job.available_at = clock.now() + LEASE


class JobCancelled(Exception):
    """Somebody called the job off."""


JobRunner = Callable[[dict[str, Any], Progress], None]


NO_ROUTINES: Mapping[str, Task] = {}


def work_once(jobs: Mapping[str, JobRunner], routines: Mapping[str, Task] = NO_ROUTINES) -> int:
    """Handle everything that is due now, then return how many deliveries, jobs and routines were handled."""
    handled = 0
    while count := deliver_due() + run_due_job(jobs) + run_due_routines(routines):
        handled += count
    return handled


def work(jobs: Mapping[str, JobRunner], stop: threading.Event, routines: Mapping[str, Task] = NO_ROUTINES) -> None:
    """Handle what is due, again and again, until ``stop`` is set; what is running is finished first."""
    while not stop.is_set():
        try:
            busy = deliver_due() + run_due_job(jobs) + run_due_routines(routines)
        except Exception:
            # The database may be away for a moment; the worker outlives that.
            logger.exception("worker round failed")
            busy = 0
        if not busy:
            stop.wait(IDLE_SECONDS)


def deliver_due() -> int:
    """Deliver one batch of due events; return how many were tried."""
    now = clock.now()
    due = (Delivery.state == DeliveryState.WAITING) & (Delivery.available_at <= now)
    # Asked without a lock first: an idle worker must not take the write lock twice a second.
    waiting = db.session.scalar(select(Delivery.id).where(due).limit(1))
    db.session.rollback()
    if waiting is None:
        return 0
    with transaction() as session:
        rows = session.execute(
            locked(
                select(Delivery, RecordedEvent)
                .join(RecordedEvent, RecordedEvent.id == Delivery.event_id)
                .where(due)
                .order_by(Delivery.available_at, Delivery.id)
                .limit(BATCH),
                skip_locked=True,
            )
        ).all()
        claimed = []
        for delivery, recorded in rows:
            delivery.attempts += 1
            delivery.available_at = now + LEASE
            claimed.append((delivery.id, delivery.handler, delivery.attempts, recorded.name, recorded.payload))
    for place, (delivery_id, handler, attempts, name, payload) in enumerate(claimed):
        if clock.now() >= now + LEASE / 2:
            # Whatever waits until the lease is over would be delivered by two workers.
            _give_back([claim[0] for claim in claimed[place:]])
            return place
        _deliver(delivery_id, handler, attempts, name, payload)
    return len(claimed)


def _give_back(delivery_ids: list[int]) -> None:
    values = {"attempts": Delivery.attempts - 1, "available_at": clock.now()}
    with transaction() as session:
        session.execute(update(Delivery).where(Delivery.id.in_(delivery_ids)).values(values))


def _deliver(delivery_id: int, handler: str, attempts: int, name: str, payload: dict[str, Any]) -> None:
    function = handler_by_name(name, handler)
    error = None if function else f"nobody handles {name} as {handler}"
    if function:
        try:
            function(revive(name, payload))
        except Exception as problem:
            logger.exception("delivery %s of %s failed", delivery_id, name)
            error = f"{type(problem).__name__}: {problem}"[:500]
        db.session.rollback()
    now = clock.now()
    if error is None:
        values: dict[str, Any] = {"state": DeliveryState.DONE, "done_at": now}
    elif attempts >= MOST_ATTEMPTS:
        values = {"state": DeliveryState.DEAD, "last_error": error}
    else:
        values = {"available_at": now + back_off(attempts), "last_error": error}
    with transaction() as session:
        own = (Delivery.id == delivery_id) & (Delivery.state == DeliveryState.WAITING)
        session.execute(update(Delivery).where(own).values(**values))


def run_due_job(jobs: Mapping[str, JobRunner]) -> int:
    """Run one due job to its end; return 1, or 0 when none is due."""
    now = clock.now()
    due = (Job.state == JobState.WAITING) & (Job.available_at <= now)
    waiting = db.session.scalar(select(Job.id).where(due).limit(1))
    db.session.rollback()
    if waiting is None:
        return 0
    with transaction() as session:
        statement = select(Job).where(due).order_by(Job.available_at, Job.id).limit(1)
        job = session.scalar(locked(statement, skip_locked=True))
        if job is None:
            return 0
        job.attempts += 1
        job.available_at = now + LEASE
        job_id, kind, payload, attempts = job.id, job.kind, dict(job.payload), job.attempts
    values = _run(jobs, job_id, kind, payload, attempts)
    with transaction() as session:
        session.execute(update(Job).where(Job.id == job_id, Job.state == JobState.WAITING).values(**values))
    return 1


def _run(
    jobs: Mapping[str, JobRunner], job_id: int, kind: str, payload: dict[str, Any], attempts: int
) -> dict[str, Any]:
    finished: datetime = clock.now()
    try:
        jobs[kind](payload, Progress(job_id))
    except JobCancelled:
        db.session.rollback()
        return {"finished_at": finished}
    except Exception as problem:
        logger.exception("job %s (%s) failed", job_id, kind)
        db.session.rollback()
        error = f"{type(problem).__name__}: {problem}"[:500]
        if attempts >= MOST_ATTEMPTS:
            return {"state": JobState.FAILED, "last_error": error, "finished_at": clock.now()}
        return {"available_at": clock.now() + back_off(attempts), "last_error": error}
    db.session.rollback()
    return {"state": JobState.DONE, "finished_at": clock.now()}
