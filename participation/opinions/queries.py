"""Reading stored runs of the opinion groups, and what goes on with the next one."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import Text, cast, select
from sqlalchemy.orm import Session

from participation.activity.models import Job, JobState
from participation.activity.pace import back_off
from participation.kit import clock
from participation.opinions.charting import own_place
from participation.opinions.models import GroupRun
from participation.opinions.results import GroupResult, Robustness

GROUPS_JOB = "opinion groups"
IN_MEMORY = 16
LOOKED_AT = 200


@dataclass(frozen=True, slots=True)
class RunSummary:
    """One finished run without its result."""

    number: int
    method: str
    min_votes: int
    matrix_sha256: str
    votes: int
    people: int
    ideas: int
    groups: int
    started_at: datetime
    finished_at: datetime


@dataclass(frozen=True, slots=True)
class GroupRunView:
    """A finished run and what it found."""

    summary: RunSummary
    result: GroupResult
    robustness: Robustness


@dataclass(frozen=True, slots=True)
class RunState:
    """What goes on: whether a run waits or works right now, and the failure if the last attempt was one."""

    waiting: bool
    working: bool
    failed_at: datetime | None
    problem: str | None


@dataclass(frozen=True, slots=True)
class OwnPlace:
    """Where one's own votes are on the map; ``group`` is ``None`` with fewer than ``needed`` votes."""

    x: float
    y: float
    votes: int
    needed: int
    group: int | None


def latest_run(session: Session, process_id: int) -> GroupRunView | None:
    """Return the last finished run of a process; ``None`` while there is none. One query."""
    row = session.execute(
        select(*_SUMMARY, cast(GroupRun.result, Text), cast(GroupRun.robustness, Text))
        .where(GroupRun.process_id == process_id)
        .order_by(GroupRun.number.desc())
        .limit(1)
    ).one_or_none()
    if row is None:
        return None
    return GroupRunView(_summary(row), _result(row[-2]), _robustness(row[-1]))


def recent_runs(session: Session, process_id: int) -> tuple[RunSummary, ...]:
    """Return the kept runs of a process, latest first; one query."""
    rows = session.execute(select(*_SUMMARY).where(GroupRun.process_id == process_id).order_by(GroupRun.number.desc()))
    return tuple(_summary(row) for row in rows)


def run_state(session: Session, process_id: int) -> RunState:
    """Return what goes on with the runs of a process; two queries."""
    jobs = session.execute(
        select(Job.payload, Job.state, Job.attempts, Job.available_at, Job.finished_at, Job.last_error)
        .where(Job.kind == GROUPS_JOB, Job.state.in_((JobState.WAITING, JobState.FAILED)))
        .order_by(Job.id.desc())
        .limit(LOOKED_AT)
    )
    job = next((one for one in jobs if one.payload == {"process_id": process_id}), None)
    finished = session.scalar(
        select(GroupRun.finished_at).where(GroupRun.process_id == process_id).order_by(GroupRun.number.desc()).limit(1)
    )
    if job is None:
        return RunState(waiting=False, working=False, failed_at=None, problem=None)
    waits = job.state is JobState.WAITING
    # A worker that is at it keeps its claim in the future; a failure waits there for its next try.
    working = waits and job.attempts > 0 and job.last_error is None and job.available_at > clock.now()
    failed_at = job.finished_at or (job.available_at - back_off(job.attempts)) if job.last_error else None
    if failed_at is None or (finished is not None and finished > failed_at):
        return RunState(waits and not working, working, None, None)
    return RunState(waits, False, failed_at, job.last_error)


def place_of(run: GroupRunView, own_votes: Mapping[int, int]) -> OwnPlace:
    """Return where somebody is who votes like this (idea id → 1 agree, 0 unsure, -1 disagree); nothing is stored."""
    x, y, known, group = own_place(run.result, own_votes)
    needed = min(run.summary.min_votes, run.summary.ideas)
    return OwnPlace(x, y, known, needed, group if known >= needed else None)


_SUMMARY = (
    GroupRun.number,
    GroupRun.method,
    GroupRun.parameters,
    GroupRun.matrix_sha256,
    GroupRun.votes,
    GroupRun.people,
    GroupRun.ideas,
    GroupRun.groups,
    GroupRun.started_at,
    GroupRun.finished_at,
)


def _summary(row: Any) -> RunSummary:
    return RunSummary(
        number=row.number,
        method=row.method,
        min_votes=int(row.parameters["min_votes"]),
        matrix_sha256=row.matrix_sha256,
        votes=row.votes,
        people=row.people,
        ideas=row.ideas,
        groups=row.groups,
        started_at=row.started_at,
        finished_at=row.finished_at,
    )


# Reading a large result takes longer than fetching it; what it says depends on nothing but its text.
@lru_cache(maxsize=IN_MEMORY)
def _result(content: str) -> GroupResult:
    return GroupResult.from_json(json.loads(content))


@lru_cache(maxsize=IN_MEMORY)
def _robustness(content: str) -> Robustness:
    return Robustness.from_json(json.loads(content))
