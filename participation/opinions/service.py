"""Asking for a run of the opinion groups, and keeping what it found."""

from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from participation.accounts.actor import Actor
from participation.activity.models import Job, JobState
from participation.activity.service import enqueue, record
from participation.kit.dialect import locked
from participation.kit.permissions import require
from participation.opinions.events import GroupRunRequested
from participation.opinions.models import GroupRun
from participation.opinions.policies import may_check_votes
from participation.opinions.queries import GROUPS_JOB
from participation.processes.models import Process
from participation.processes.queries import process_by_id
from participation.processes.service import touch

KEPT_RUNS = 20


def request_run(session: Session, actor: Actor, *, process_id: int, now: datetime) -> None:
    """Have the opinion groups computed as soon as the worker is free; asking twice is the same as once.

    Raises ``Missing`` for an unknown process and ``Refused`` for anybody but staff.
    """
    require(may_check_votes(actor, process_by_id(session, process_id).id))
    queue_run(session, process_id, now=now)
    record(session, GroupRunRequested(process_id), account_id=actor.account_id, now=now)


def queue_run(session: Session, process_id: int, *, now: datetime) -> None:
    """Queue a run, unless one waits or is under way; one that waits for another try after a failure comes at once."""
    waiting = select(Job).where(Job.kind == GROUPS_JOB, Job.state == JobState.WAITING)
    for job in session.scalars(locked(waiting)):
        if job.payload == {"process_id": process_id}:
            if job.last_error is not None:
                job.available_at = min(job.available_at, now)
            return
    enqueue(session, GROUPS_JOB, {"process_id": process_id}, now=now)


def store_run(session: Session, process_id: int, values: dict[str, Any], *, after: int) -> tuple[str, ...]:
    """Keep a finished run, and only the last twenty; return the digests of the votes that these were made of.

    ``after`` is the number of the run that this one was held against, 0 for none. Where another worker has stored one
    since, that one stays and this one is dropped: nobody has looked whether the two differ by enough people.
    """
    session.execute(locked(select(Process.id).where(Process.id == process_id)))
    own = GroupRun.process_id == process_id
    number = (session.scalar(select(func.max(GroupRun.number)).where(own)) or 0) + 1
    if number == after + 1:
        session.add(GroupRun(process_id=process_id, number=number, **values))
        session.flush()
        session.execute(delete(GroupRun).where(own, GroupRun.number <= number - KEPT_RUNS))
        touch(session, process_id)
    return tuple(session.scalars(select(GroupRun.matrix_sha256).where(own)))
