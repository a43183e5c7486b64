"""Computing the opinion groups in the worker: by the clock where votes have changed, or when staff ask for it."""

import platform
from collections.abc import Callable
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
from flask import current_app
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from participation.activity.worker import Progress
from participation.kit import clock
from participation.kit.db import begin_snapshot, db, transaction
from participation.kit.suppression import K
from participation.opinions.archive import drop_others, keep_matrix, kept_matrix, matrix_folder, matrix_path
from participation.opinions.campaigns import Moments, read_moments
from participation.opinions.freshness import Mark, is_due, mark_now, people_changed
from participation.opinions.grouping import METHOD, MIN_VOTES, find_groups
from participation.opinions.matrix import VoteMatrix, read_votes
from participation.opinions.models import GroupRun
from participation.opinions.outcome import outcome
from participation.opinions.queries import GROUPS_JOB
from participation.opinions.robustness import VERSION, robustness_of
from participation.opinions.service import queue_run, store_run
from participation.processes.queries import all_processes

__all__ = ["GROUPS_JOB", "queue_due_runs", "run_groups"]


def queue_due_runs(beat: Callable[[], None]) -> None:
    """Queue a run for every process in which votes have changed, unless its last run was only just now."""
    if not can_compute():
        return
    session = db.session()
    for process in all_processes(session):
        beat()
        now = clock.now()
        mark, last = mark_now(session, process.id, now), last_run(session, process.id)
        due = mark is not None and is_due(process, last, mark, now)
        session.rollback()
        if due:
            with transaction() as writing:
                queue_run(writing, process.id, now=now)


def run_groups(payload: dict[str, Any], progress: Progress) -> None:
    """Compute the opinion groups of a process and keep the result; the one before stays if anything goes wrong.

    Where the votes of fewer than ten people have changed since the last result, that one stays as well: what changes
    between two results would tell how those few voted.
    """
    process_id, started_at = int(payload["process_id"]), clock.now()
    steps = _Steps(progress)
    mark, votes, moments = _read(process_id, started_at, steps)
    if mark is None:
        return
    last = last_run(db.session(), process_id)
    db.session.rollback()
    folder = matrix_folder()
    if last is not None and _differs_little(last, votes, folder):
        with transaction() as session:
            session.execute(update(GroupRun).where(GroupRun.id == last.id).values(mark=str(mark)))
        return
    steps()
    grouping = find_groups(votes)
    steps()
    result = outcome(votes, grouping)
    steps()
    robustness = robustness_of(votes, moments, grouping, min_votes=MIN_VOTES, beat=steps)
    digest = votes.digest()
    # Before the result can be seen: each one that is shown can be computed again.
    keep_matrix(matrix_path(folder, process_id, digest), votes)
    values = {
        "method": METHOD,
        "parameters": parameters(),
        "mark": str(mark),
        "matrix_sha256": digest,
        "votes": len(votes.sides),
        "people": len(votes.people),
        "ideas": votes.shape[1],
        "groups": len(result.groups),
        "result": result.to_json(),
        "robustness": robustness.to_json(),
        "started_at": started_at,
        "finished_at": clock.now(),
    }
    with transaction() as session:
        digests = store_run(session, process_id, values, after=last.number if last else 0)
    drop_others(folder, process_id, digests)


def can_compute() -> bool:
    """Return whether what it takes (the extra ``analysis``) is installed and not switched off."""
    from importlib.util import find_spec

    return current_app.config["ANALYSIS"] != "off" and find_spec("sklearn") is not None


def parameters() -> dict[str, Any]:
    """Return what a result rests on besides the votes: the same gives the same, to the last digit."""
    libraries = {name: version(name) for name in ("numpy", "scipy", "scikit-learn")}
    return {"min_votes": MIN_VOTES, "robustness": VERSION, "machine": platform.machine(), "libraries": libraries}


def last_run(session: Session, process_id: int) -> GroupRun | None:
    """Return the last run of a process as it is stored."""
    return session.scalar(
        select(GroupRun).where(GroupRun.process_id == process_id).order_by(GroupRun.number.desc()).limit(1)
    )


class _Steps:
    """Counts the steps of a run and reports them: each report renews the worker's claim."""

    def __init__(self, progress: Callable[[int], None]) -> None:
        self.progress = progress
        self.done = 0

    def __call__(self) -> None:
        self.done += 1
        self.progress(self.done)


def _read(process_id: int, now: datetime, beat: Callable[[], None]) -> tuple[Mark | None, VoteMatrix, Moments]:
    with Session(db.engine) as session:
        begin_snapshot(session)
        mark = mark_now(session, process_id, now)
        votes = read_votes(session, process_id)
        beat()
        return mark, votes, read_moments(session, process_id, votes)


def _differs_little(last: GroupRun, votes: VoteMatrix, folder: Path) -> bool:
    if (last.method, last.parameters) != (METHOD, parameters()):
        return False
    try:
        before = kept_matrix(matrix_path(folder, last.process_id, last.matrix_sha256))
    except (OSError, ValueError):
        return False
    changed = people_changed(before, votes)
    return changed < K if changed else np.array_equal(before.ideas, votes.ideas)
