"""The queue of long jobs: progress, calling off, the lease, and what happens to a failure."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from participation.activity.models import Job, JobState
from participation.activity.service import enqueue
from participation.activity.worker import LEASE, MOST_ATTEMPTS, Progress, back_off, run_due_job, work_once
from participation.kit import clock
from participation.kit.db import transaction
from tests.conftest import Sessions

START = datetime(2026, 5, 3, 12, 0, tzinfo=UTC)
Travel = time_machine.Traveller


@pytest.fixture(autouse=True)
def clock_at() -> Iterator[Travel]:
    """Stop the clock at ``START``."""
    with time_machine.travel(START, tick=False) as travel:
        yield travel


def ask(app: Flask, kind: str = "count", **payload: Any) -> int:
    """Put a job into the queue and return its id."""
    with app.app_context(), transaction() as session:
        return enqueue(session, kind, payload, now=clock.now()).id


def run(app: Flask, jobs: dict[str, Any]) -> int:
    """Let a worker look for a job once."""
    with app.app_context():
        return run_due_job(jobs)


def job(database: Sessions, job_id: int) -> Job:
    """Return the job as it stands."""
    with database() as session:
        return session.get_one(Job, job_id)


def test_a_job_runs_once_and_shows_how_far_it_is(app: Flask, database: Sessions, clock_at: Travel) -> None:
    seen: list[Any] = []

    def count(payload: dict[str, Any], progress: Progress) -> None:
        for number in range(1, payload["to"] + 1):
            clock_at.shift(timedelta(seconds=60))
            progress(number)
            row = job(database, progress.job_id)
            seen.append((row.progress, row.available_at - clock.now()))

    job_id = ask(app, to=3)
    assert run(app, {"count": count}) == 1
    assert run(app, {"count": count}) == 0
    assert seen == [(number, LEASE) for number in (1, 2, 3)], "each report renews the lease"
    row = job(database, job_id)
    assert (row.state, row.progress, row.attempts) == (JobState.DONE, 3, 1)
    assert row.finished_at == START + timedelta(minutes=3)


def test_rolling_back_takes_the_job_along(app: Flask) -> None:
    def change_of_mind() -> None:
        with app.app_context(), transaction() as session:
            enqueue(session, "count", {}, now=START)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        change_of_mind()
    assert run(app, {}) == 0


def test_jobs_run_in_the_order_of_asking(app: Flask) -> None:
    order: list[int] = []
    for number in range(4):
        ask(app, number=number)
    with app.app_context():
        assert work_once({"count": lambda payload, _progress: order.append(payload["number"])}) == 4
    assert order == [0, 1, 2, 3]


def cancel(app: Flask, job_id: int) -> None:
    """Call a job off."""
    with app.app_context(), transaction() as session:
        session.get_one(Job, job_id).state = JobState.CANCELLED


def test_a_job_that_is_called_off_stops_at_its_next_report(app: Flask, database: Sessions) -> None:
    steps: list[int] = []

    def count(_payload: dict[str, Any], progress: Progress) -> None:
        for number in range(10):
            steps.append(number)
            if number == 2:
                cancel(app, progress.job_id)
            progress(number)

    job_id = ask(app)
    assert run(app, {"count": count}) == 1
    assert steps == [0, 1, 2]
    row = job(database, job_id)
    assert (row.state, row.progress) == (JobState.CANCELLED, 1)
    assert run(app, {"count": count}) == 0


def test_a_job_called_off_before_it_starts_never_runs(app: Flask) -> None:
    cancel(app, ask(app))
    assert run(app, {}) == 0


def test_calling_off_wins_over_finishing(app: Flask, database: Sessions) -> None:
    job_id = ask(app)
    run(app, {"count": lambda _payload, progress: cancel(app, progress.job_id)})
    assert job(database, job_id).state is JobState.CANCELLED


def test_a_failing_job_is_tried_again_later_and_given_up_in_the_end(
    app: Flask, database: Sessions, clock_at: Travel
) -> None:
    def fails(_payload: dict[str, Any], _progress: Progress) -> None:
        raise ValueError("no paper")

    job_id = ask(app)
    for attempt in range(1, MOST_ATTEMPTS + 1):
        assert run(app, {"count": fails}) == 1
        assert run(app, {"count": fails}) == 0
        row = job(database, job_id)
        assert (row.attempts, row.last_error) == (attempt, "ValueError: no paper")
        if attempt < MOST_ATTEMPTS:
            assert (row.state, row.available_at) == (JobState.WAITING, clock.now() + back_off(attempt))
            clock_at.shift(back_off(attempt))
    assert row.state is JobState.FAILED
    assert row.finished_at == clock.now()


def test_an_unknown_kind_is_a_failure_like_any_other(app: Flask, database: Sessions) -> None:
    job_id = ask(app, "nonsense")
    assert run(app, {}) == 1
    assert job(database, job_id).last_error == "KeyError: 'nonsense'"


def test_the_job_of_a_crashed_worker_comes_back_when_its_lease_is_over(
    app: Flask, database: Sessions, clock_at: Travel
) -> None:
    class Crash(BaseException):
        pass

    def dies(_payload: dict[str, Any], progress: Progress) -> None:
        progress(5)
        raise Crash

    job_id = ask(app)
    with pytest.raises(Crash):
        run(app, {"count": dies})
    assert run(app, {"count": dies}) == 0
    clock_at.shift(LEASE - timedelta(seconds=1))
    assert run(app, {"count": dies}) == 0
    clock_at.shift(timedelta(seconds=1))
    assert run(app, {"count": lambda _payload, _progress: None}) == 1
    row = job(database, job_id)
    assert (row.state, row.attempts) == (JobState.DONE, 2)


def test_a_running_job_holds_no_lock(app: Flask, database: Sessions) -> None:
    """Others write while it runs, and it sees what they wrote."""
    other: list[int] = []

    def watches(_payload: dict[str, Any], progress: Progress) -> None:
        other.append(ask(app, "later"))
        progress(1)
        with database() as session:
            assert session.scalars(select(Job.id).where(Job.kind == "later")).all() == other

    ask(app)
    assert run(app, {"count": watches}) == 1
