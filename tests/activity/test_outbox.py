"""The outbox: recorded with the change, delivered at least once, put off when it fails, never doubled on purpose."""

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import func, select

from participation.activity import worker
from participation.activity.events import Event, revive
from participation.activity.models import Delivery, DeliveryState, LogEntry, RecordedEvent
from participation.activity.service import handler_name, record, subscribe
from participation.activity.worker import LEASE, MOST_ATTEMPTS, back_off, deliver_due, work, work_once
from participation.handlers import HANDLERS
from participation.kit import clock
from participation.kit.db import transaction
from tests.conftest import Sessions
from tests.pages import queries

START = datetime(2026, 5, 3, 12, 0, tzinfo=UTC)
Travel = time_machine.Traveller


@dataclass(frozen=True, slots=True)
class BenchPainted(Event):
    """Something happened to a bench."""

    bench_id: int


@dataclass(frozen=True, slots=True)
class NobodyCares(Event):
    """Nobody listens."""

    bench_id: int


class Tried:
    """What the handlers of this module did; ``problem`` makes ``fails`` fail."""

    seen: list[tuple[str, int]]
    problem: Exception | None
    lock = threading.Lock()


def notes(event: BenchPainted) -> None:
    """Note the event."""
    with Tried.lock:
        Tried.seen.append(("notes", event.bench_id))


def fails(event: BenchPainted) -> None:
    """Fail as long as there is a problem."""
    Tried.seen.append(("fails", event.bench_id))
    if Tried.problem:
        raise Tried.problem


@pytest.fixture(autouse=True)
def handlers() -> Iterator[Callable[..., None]]:
    """Set which handlers hear of ``BenchPainted``; afterwards the product's own table is back."""
    Tried.seen, Tried.problem = [], None
    subscribe({BenchPainted: (notes,)})
    yield lambda *functions: subscribe({BenchPainted: functions})
    subscribe(HANDLERS)


@pytest.fixture
def clock_at() -> Iterator[Travel]:
    """Stop the clock at ``START``."""
    with time_machine.travel(START, tick=False) as travel:
        yield travel


def paint(app: Flask, *numbers: int) -> None:
    """Record that these benches were painted."""
    with app.app_context(), transaction() as session:
        for number in numbers:
            record(session, BenchPainted(number), account_id=7, now=clock.now())


def deliver(app: Flask) -> int:
    """Let a worker go round once."""
    with app.app_context():
        return deliver_due()


def deliveries(database: Sessions) -> list[tuple[str, DeliveryState, int]]:
    """Return handler, state and attempts of all deliveries."""
    with database() as session:
        rows = session.scalars(select(Delivery).order_by(Delivery.id))
        return [(row.handler.rpartition(".")[2], row.state, row.attempts) for row in rows]


def test_an_event_is_written_with_the_change_or_not_at_all(app: Flask, database: Sessions) -> None:
    def change_of_mind() -> None:
        with app.app_context(), transaction() as session:
            record(session, BenchPainted(1), account_id=7, now=START)
            session.flush()
            raise RuntimeError

    with pytest.raises(RuntimeError):
        change_of_mind()
    with database() as session:
        for table in (RecordedEvent, Delivery, LogEntry):
            assert session.scalar(select(func.count()).select_from(table)) == 0
    assert deliver(app) == 0
    paint(app, 2)
    with database() as session:
        assert [(row.name, row.payload) for row in session.scalars(select(RecordedEvent))] == [
            ("BenchPainted", {"bench_id": 2})
        ]
        logged = session.scalars(select(LogEntry)).one()
        assert (logged.action, logged.account_id, logged.payload) == ("BenchPainted", 7, {"bench_id": 2})


def test_each_handler_gets_it_once(app: Flask, database: Sessions, handlers: Callable[..., None]) -> None:
    handlers(notes, fails)
    paint(app, 1, 2)
    assert deliver(app) == 4
    assert deliver(app) == 0
    assert Tried.seen == [("notes", 1), ("fails", 1), ("notes", 2), ("fails", 2)]
    assert deliveries(database) == [(name, DeliveryState.DONE, 1) for name in ("notes", "fails") * 2]


def test_an_event_without_handlers_is_only_logged(app: Flask, database: Sessions) -> None:
    with app.app_context(), transaction() as session:
        record(session, NobodyCares(1), account_id=None, now=START)
    with database() as session:
        assert session.scalar(select(func.count()).select_from(LogEntry)) == 1
        assert session.scalar(select(func.count()).select_from(RecordedEvent)) == 0
    assert deliver(app) == 0


def test_a_handler_runs_outside_any_transaction_and_may_have_its_own(app: Flask, database: Sessions) -> None:
    def writes(event: BenchPainted) -> None:
        with transaction() as session:
            record(session, NobodyCares(event.bench_id), account_id=None, now=START)

    subscribe({BenchPainted: (writes,)})
    paint(app, 3)
    assert deliver(app) == 1
    with database() as session:
        assert list(session.scalars(select(LogEntry.action).order_by(LogEntry.id))) == ["BenchPainted", "NobodyCares"]


def test_a_failing_handler_is_put_off_longer_each_time_and_then_dead(
    app: Flask, database: Sessions, handlers: Callable[..., None], clock_at: Travel
) -> None:
    handlers(fails, notes)
    Tried.problem = ValueError("out of paint")
    paint(app, 1)
    waits = []
    for attempt in range(1, MOST_ATTEMPTS + 1):
        assert deliver(app) == (2 if attempt == 1 else 1)
        assert deliver(app) == 0
        with database() as session:
            row = session.scalars(select(Delivery).order_by(Delivery.id)).first()
            assert row.attempts == attempt
            assert row.last_error == "ValueError: out of paint"
            if attempt == MOST_ATTEMPTS:
                break
            assert row.state is DeliveryState.WAITING
            waits.append(row.available_at - clock.now())
        clock_at.shift(waits[-1] - timedelta(seconds=1))
        assert deliver(app) == 0, "not before its time"
        clock_at.shift(timedelta(seconds=1))
    assert waits == [back_off(attempt) for attempt in range(1, MOST_ATTEMPTS)]
    assert waits[:3] == [timedelta(seconds=10), timedelta(seconds=40), timedelta(seconds=160)]
    assert back_off(50) == timedelta(hours=6)
    clock_at.shift(timedelta(days=30))
    assert deliver(app) == 0, "dead letters wait for people"
    assert deliveries(database) == [("fails", DeliveryState.DEAD, MOST_ATTEMPTS), ("notes", DeliveryState.DONE, 1)]
    assert Tried.seen.count(("notes", 1)) == 1, "one handler's trouble is not another's"


def test_a_handler_that_recovers_is_done(
    app: Flask, database: Sessions, handlers: Callable[..., None], clock_at: Travel
) -> None:
    handlers(fails)
    Tried.problem = ValueError("rain")
    paint(app, 1)
    deliver(app)
    Tried.problem = None
    clock_at.shift(back_off(1))
    assert deliver(app) == 1
    assert deliveries(database) == [("fails", DeliveryState.DONE, 2)]


def test_a_failing_handler_leaves_nothing_open(app: Flask, database: Sessions) -> None:
    def half(event: BenchPainted) -> None:
        with transaction() as session:
            record(session, NobodyCares(event.bench_id), account_id=None, now=START)
            session.flush()
            raise ValueError("half done")

    subscribe({BenchPainted: (half,)})
    paint(app, 1)
    assert deliver(app) == 1
    with database() as session:
        assert list(session.scalars(select(LogEntry.action))) == ["BenchPainted"]
    paint(app, 2)


def test_a_handler_that_is_gone_is_an_error_to_be_seen(
    app: Flask, database: Sessions, handlers: Callable[..., None]
) -> None:
    paint(app, 1)
    handlers()
    deliver(app)
    with database() as session:
        row = session.scalars(select(Delivery)).one()
    assert row.state is DeliveryState.WAITING
    assert row.last_error == f"nobody handles BenchPainted as {handler_name(notes)}"


def test_the_lease_of_a_crashed_worker_expires(
    app: Flask, database: Sessions, monkeypatch: pytest.MonkeyPatch, clock_at: Travel
) -> None:
    """A worker that dies between claiming and delivering leaves rows with a lease behind, and nothing else."""

    class Crash(BaseException):
        pass

    def dies(*_: object) -> None:
        raise Crash

    paint(app, 1)
    with monkeypatch.context() as patch:
        patch.setattr(worker, "_deliver", dies)
        with pytest.raises(Crash):
            deliver(app)
    assert deliver(app) == 0, "it is claimed"
    clock_at.shift(LEASE - timedelta(seconds=1))
    assert deliver(app) == 0
    clock_at.shift(timedelta(seconds=1))
    assert deliver(app) == 1
    assert Tried.seen == [("notes", 1)]
    assert deliveries(database) == [("notes", DeliveryState.DONE, 2)]


def test_a_slow_worker_gives_back_what_it_cannot_do_in_time(app: Flask, database: Sessions, clock_at: Travel) -> None:
    """A claim of many that takes longer than the lease would be delivered by two workers."""

    def slow(event: BenchPainted) -> None:
        Tried.seen.append(("slow", event.bench_id))
        clock_at.shift(LEASE / 4)
        if event.bench_id == 1:
            # Another worker meanwhile finds nothing to do.
            assert deliver_due() == 0

    subscribe({BenchPainted: (slow,)})
    paint(app, *range(1, 11))
    rounds = []
    while count := deliver(app):
        rounds.append(count)
    assert sorted(Tried.seen) == [("slow", number) for number in range(1, 11)]
    assert max(rounds) <= 4
    assert {(state, attempts) for _name, state, attempts in deliveries(database)} == {(DeliveryState.DONE, 1)}


def test_a_late_failure_does_not_undo_another_workers_success(
    app: Flask, database: Sessions, monkeypatch: pytest.MonkeyPatch, clock_at: Travel
) -> None:
    def overtaken(event: BenchPainted) -> None:
        Tried.seen.append(("overtaken", event.bench_id))
        if len(Tried.seen) == 1:
            clock_at.shift(LEASE)
            assert deliver_due() == 1
            raise ValueError("too late")

    monkeypatch.setattr(worker, "MOST_ATTEMPTS", 1)
    subscribe({BenchPainted: (overtaken,)})
    paint(app, 1)
    deliver(app)
    assert deliveries(database) == [("overtaken", DeliveryState.DONE, 2)]


def test_two_workers_share_the_work_without_doubling(
    app: Flask, database: Sessions, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker, "BATCH", 7)
    paint(app, *range(200))
    barrier, by_worker, failures = threading.Barrier(3), [0, 0, 0], list[Exception]()

    def one(place: int) -> None:
        barrier.wait()
        try:
            with app.app_context():
                while count := deliver_due():
                    by_worker[place] += count
        except Exception as problem:  # noqa: BLE001  # told to the test, which is another thread
            failures.append(problem)

    threads = [threading.Thread(target=one, args=(place,)) for place in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    while deliver(app):
        pass
    assert failures == []
    assert sorted(Tried.seen) == [("notes", number) for number in range(200)]
    assert set(deliveries(database)) == {("notes", DeliveryState.DONE, 1)}
    assert sum(by_worker) <= 200


def test_work_once_handles_what_follows_too(app: Flask) -> None:
    def repeats(event: BenchPainted) -> None:
        Tried.seen.append(("repeats", event.bench_id))
        if event.bench_id < 3:
            paint(app, event.bench_id + 1)

    subscribe({BenchPainted: (repeats,)})
    paint(app, 1)
    with app.app_context():
        assert work_once({}) == 3
    assert Tried.seen == [("repeats", number) for number in (1, 2, 3)]


def test_a_worker_survives_a_failing_round_and_stops_when_told(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker, "IDLE_SECONDS", 0.01)
    stop, rounds = threading.Event(), list[int]()

    def trouble(_jobs: object) -> int:
        rounds.append(1)
        if len(rounds) == 1:
            raise OSError("the database is away")
        stop.set()
        return 0

    monkeypatch.setattr(worker, "run_due_job", trouble)
    with app.app_context():
        work({}, stop)
    assert len(rounds) == 2


def test_an_idle_worker_only_looks(app: Flask) -> None:
    with app.app_context(), queries(app) as statements:
        assert work_once({}) == 0
    assert [sql.split()[0] for sql in statements] == ["SELECT", "SELECT"]
    assert [sql for sql in statements if "FOR UPDATE" in sql] == []


def test_events_come_back_as_they_were() -> None:
    assert revive("BenchPainted", BenchPainted(4).payload()) == BenchPainted(4)
    with pytest.raises(KeyError):
        revive("NeverHeardOf", {})
