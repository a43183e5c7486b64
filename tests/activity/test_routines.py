"""What the worker does by the clock: when, by whom, and what happens to failures."""

import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from participation.activity.models import Routine
from participation.activity.pace import LEASE, back_off
from participation.activity.routines import Beat, Every, LeaseLost, Nightly, Task, run_due_routines, troubles
from participation.activity.worker import work_once
from participation.handlers import ROUTINES
from participation.kit import clock
from participation.kit.db import db, transaction
from tests.conftest import Sessions
from tests.pages import queries

START = datetime(2026, 5, 3, 12, 0, tzinfo=UTC)
BERLIN = ZoneInfo("Europe/Berlin")
HOUR = timedelta(hours=1)
Travel = time_machine.Traveller


class Ran:
    """What the routines of this module did; ``problem`` makes them fail."""

    times: list[datetime]
    problem: Exception | None
    lock = threading.Lock()


def note(_beat: Beat) -> None:
    """Note the time, and fail as long as there is a problem."""
    with Ran.lock:
        Ran.times.append(clock.now())
    if Ran.problem:
        raise Ran.problem


HOURLY = {"note": Task(Every(60), note)}


@pytest.fixture(autouse=True)
def clock_at() -> Iterator[Travel]:
    """Stop the clock at ``START``."""
    Ran.times, Ran.problem = [], None
    with time_machine.travel(START, tick=False) as travel:
        yield travel


def run(app: Flask, tasks: dict[str, Task]) -> int:
    """Let a worker look once."""
    with app.app_context():
        return run_due_routines(tasks)


def routine(database: Sessions, name: str = "note") -> Routine:
    """Return a routine as it stands."""
    with database() as session:
        return session.get_one(Routine, name)


@pytest.mark.parametrize(
    ("when", "moment", "following"),
    [
        (Every(60), "2026-05-03T12:00+00:00", "2026-05-03T13:00+00:00"),
        (Nightly(3, 10), "2026-05-03T12:00+00:00", "2026-05-04T01:10+00:00"),
        (Nightly(3, 10), "2026-05-04T01:09:59+00:00", "2026-05-04T01:10+00:00"),
        (Nightly(3, 10), "2026-05-04T01:10+00:00", "2026-05-05T01:10+00:00"),
        (Nightly(3, 10), "2026-01-31T12:00+00:00", "2026-02-01T02:10+00:00"),
        # The nights in which the clock is changed.
        (Nightly(3, 10), "2026-10-24T12:00+00:00", "2026-10-25T02:10+00:00"),
        (Nightly(3, 10), "2026-03-28T12:00+00:00", "2026-03-29T01:10+00:00"),
        (Nightly(2, 30), "2026-03-28T12:00+00:00", "2026-03-29T01:30+00:00"),
    ],
)
def test_when_next(when: Every | Nightly, moment: str, following: str) -> None:
    assert when.after(datetime.fromisoformat(moment), BERLIN) == datetime.fromisoformat(following)


def test_a_routine_runs_when_its_time_has_come_and_then_at_the_next(
    app: Flask, database: Sessions, clock_at: Travel
) -> None:
    assert run(app, HOURLY) == 0, "it waits for its first time"
    clock_at.shift(HOUR - timedelta(seconds=1))
    assert run(app, HOURLY) == 0
    clock_at.shift(timedelta(seconds=1))
    assert run(app, HOURLY) == 1
    assert run(app, HOURLY) == 0
    row = routine(database)
    assert (row.due_at, row.done_at, row.last_error, row.attempts) == (START + 2 * HOUR, START + HOUR, None, 0)
    clock_at.shift(5 * HOUR)
    assert run(app, HOURLY) == 1, "what was missed is done once, not five times"
    assert Ran.times == [START + HOUR, START + 6 * HOUR]


def test_a_failure_is_kept_and_tried_again(app: Flask, database: Sessions, clock_at: Travel) -> None:
    run(app, HOURLY)
    clock_at.shift(HOUR)
    Ran.problem = ValueError("no paper")
    for attempt in (1, 2, 3):
        assert run(app, HOURLY) == 1
        row = routine(database)
        assert (row.last_error, row.attempts, row.done_at) == ("ValueError: no paper", attempt, None)
        assert row.due_at == clock.now() + back_off(attempt)
        with app.app_context():
            assert [(one.name, one.error) for one in troubles(HOURLY, clock.now())] == [
                ("note", "ValueError: no paper")
            ]
        clock_at.shift(back_off(attempt))
    Ran.problem = None
    assert run(app, HOURLY) == 1
    row = routine(database)
    assert (row.last_error, row.attempts, row.done_at) == (None, 0, clock.now())
    with app.app_context():
        assert troubles(HOURLY, clock.now()) == []


def test_a_failure_waits_no_longer_than_the_next_regular_time(app: Flask, database: Sessions, clock_at: Travel) -> None:
    run(app, HOURLY)
    clock_at.shift(HOUR)
    Ran.problem = ValueError("no paper")
    for _ in range(12):
        assert run(app, HOURLY) == 1
        due_at = routine(database).due_at
        assert due_at <= clock.now() + HOUR
        clock_at.move_to(due_at)


def test_a_worker_that_does_not_run_is_noticed(app: Flask, clock_at: Travel) -> None:
    run(app, HOURLY)
    clock_at.shift(HOUR + timedelta(minutes=59))
    with app.app_context():
        assert troubles(HOURLY, clock.now()) == []
    clock_at.shift(timedelta(minutes=2))
    with app.app_context():
        assert [(one.name, one.error) for one in troubles(HOURLY, clock.now())] == [("note", "")]
        assert troubles({}, clock.now()) == [], "what is no routine any more is no trouble"


def test_two_workers_never_run_the_same_one_twice(app: Flask, clock_at: Travel) -> None:
    tasks = {f"note {number}": Task(Every(60), note) for number in range(8)}
    run(app, tasks)
    clock_at.shift(HOUR)
    barrier, counts, failures = threading.Barrier(3), list[int](), list[Exception]()

    def one() -> None:
        barrier.wait()
        try:
            with app.app_context():
                counts.append(run_due_routines(tasks))
        except Exception as problem:  # noqa: BLE001  # told to the test, which is another thread
            failures.append(problem)

    threads = [threading.Thread(target=one) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert failures == []
    assert (sum(counts), len(Ran.times)) == (8, 8)


def test_a_long_one_keeps_its_claim_by_its_beat(app: Flask, database: Sessions, clock_at: Travel) -> None:
    others: list[int] = []

    def long(beat: Beat) -> None:
        for _ in range(4):
            clock_at.shift(LEASE - timedelta(seconds=1))
            others.append(run(app, HOURLY_LONG))
            beat()

    HOURLY_LONG = {"long": Task(Every(60), long)}  # noqa: N806  # a table like that of the product
    run(app, HOURLY_LONG)
    clock_at.shift(HOUR)
    assert run(app, HOURLY_LONG) == 1
    assert others == [0, 0, 0, 0]
    assert routine(database, "long").done_at == clock.now()


def test_the_claim_of_a_crashed_worker_ends(app: Flask, clock_at: Travel) -> None:
    class Crash(BaseException):
        pass

    def dies(_beat: Beat) -> None:
        raise Crash

    tasks = {"note": Task(Every(60), dies)}
    run(app, tasks)
    clock_at.shift(HOUR)
    with pytest.raises(Crash):
        run(app, tasks)
    assert run(app, HOURLY) == 0
    clock_at.shift(LEASE)
    assert run(app, HOURLY) == 1


def test_who_lost_the_claim_stops_and_leaves_the_schedule_alone(
    app: Flask, database: Sessions, clock_at: Travel
) -> None:
    def slow(beat: Beat) -> None:
        clock_at.shift(LEASE + timedelta(seconds=1))
        assert run(app, HOURLY) == 1
        with pytest.raises(LeaseLost):
            beat()
        beat()

    run(app, HOURLY)
    clock_at.shift(HOUR)
    assert run(app, {"note": Task(Every(60), slow)}) == 1
    assert len(Ran.times) == 1
    row = routine(database)
    assert (row.done_at, row.due_at, row.last_error) == (clock.now(), clock.now() + HOUR, None)


def test_a_routine_runs_outside_any_transaction(app: Flask, clock_at: Travel) -> None:
    def writes(_beat: Beat) -> None:
        assert not db.session().info.get("writing")
        with transaction() as session:
            assert session.scalars(select(Routine.name)).all() == ["writes"]

    tasks = {"writes": Task(Every(60), writes)}
    run(app, tasks)
    clock_at.shift(HOUR)
    assert run(app, tasks) == 1


def test_the_worker_runs_them_and_an_idle_one_only_looks(app: Flask, clock_at: Travel) -> None:
    with app.app_context():
        work_once({}, HOURLY)
        with queries(app) as statements:
            assert work_once({}, HOURLY) == 0
        assert [sql.split()[0] for sql in statements] == ["SELECT"] * 3
        clock_at.shift(HOUR)
        assert work_once({}, HOURLY) == 1
    assert len(Ran.times) == 1


def test_the_routines_of_the_product_run(app: Flask, database: Sessions, clock_at: Travel) -> None:
    with app.app_context():
        work_once({}, ROUTINES)
        clock_at.shift(timedelta(days=1))
        assert work_once({}, ROUTINES) == len(ROUTINES)
    with database() as session:
        rows = session.scalars(select(Routine)).all()
        assert {row.name for row in rows} == set(ROUTINES)
        assert [row.last_error for row in rows] == [None] * len(ROUTINES)
