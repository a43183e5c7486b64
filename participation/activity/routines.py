"""What the worker does by the clock: claimed by one, run outside any transaction, failures kept and tried again."""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from flask import current_app
from sqlalchemy import select, update

from participation.activity.models import Routine
from participation.activity.pace import LEASE, back_off
from participation.kit import clock
from participation.kit.db import db, transaction
from participation.kit.dialect import insert_missing, locked

LATE = timedelta(hours=1)
"""How long after its time a routine that has not run points to a worker that does not."""

Beat = Callable[[], None]
"""Says that a routine is still alive; long ones call it every minute at the latest."""

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Nightly:
    """Every night at this time of day, in the city's time zone."""

    hour: int
    minute: int = 0

    def after(self, moment: datetime, zone: ZoneInfo) -> datetime:
        """Return the first such time after ``moment``."""
        local = moment.astimezone(zone)
        due = local.replace(hour=self.hour, minute=self.minute, second=0, microsecond=0)
        if due <= local:
            due = (due.replace(tzinfo=None) + timedelta(days=1)).replace(tzinfo=zone)
        return due.astimezone(moment.tzinfo)


@dataclass(frozen=True, slots=True)
class Every:
    """Again and again with so many minutes in between."""

    minutes: int

    def after(self, moment: datetime, _zone: ZoneInfo) -> datetime:
        """Return the moment that lies so many minutes after ``moment``."""
        return moment + timedelta(minutes=self.minutes)


@dataclass(frozen=True, slots=True)
class Task:
    """A function and when it runs; one that is run again must do no harm."""

    when: Nightly | Every
    run: Callable[[Beat], None]


@dataclass(frozen=True, slots=True)
class Trouble:
    """A routine that fails, or that nobody runs though its time has come."""

    name: str
    error: str
    due_at: datetime


class LeaseLost(Exception):
    """Another worker has taken the routine over."""


class _Lease:
    """The claim on a routine; calling it renews it."""

    def __init__(self, name: str, until: datetime) -> None:
        self.name = name
        self.until = until

    def __call__(self) -> None:
        self.move(clock.now() + LEASE)

    def move(self, due_at: datetime, **values: object) -> None:
        """Set when the routine is due next; raises ``LeaseLost`` when somebody else decides about that now."""
        own = (Routine.name == self.name) & (Routine.due_at == self.until)
        with transaction() as session:
            changed = session.execute(
                update(Routine).where(own).values(due_at=due_at, **values).returning(Routine.name),
                execution_options={"synchronize_session": False},
            ).all()
        if not changed:
            raise LeaseLost(self.name)
        self.until = due_at


def run_due_routines(tasks: Mapping[str, Task]) -> int:
    """Run everything that is due by the clock; return how many routines were tried.

    A routine met for the first time waits for its next time, so that a new version starts quietly.
    """
    if not tasks:
        return 0
    now = clock.now()
    # Asked without a lock first: an idle worker must not take the write lock twice a second.
    known = dict(db.session.execute(select(Routine.name, Routine.due_at)).all())
    db.session.rollback()
    if missing := tasks.keys() - known.keys():
        _schedule({name: tasks[name] for name in missing}, now)
    due = [name for name in tasks if name in known and known[name] <= now]
    return sum(_run(name, tasks[name]) for name in due)


def troubles(tasks: Mapping[str, Task], now: datetime) -> list[Trouble]:
    """Return the routines that something is wrong with, by name."""
    rows = db.session.scalars(select(Routine).where(Routine.name.in_(tasks)).order_by(Routine.name))
    return [
        Trouble(row.name, row.last_error or "", row.due_at) for row in rows if row.last_error or row.due_at < now - LATE
    ]


def _schedule(tasks: Mapping[str, Task], now: datetime) -> None:
    rows = [
        {"name": name, "due_at": task.when.after(now, _zone()), "attempts": 0} for name, task in sorted(tasks.items())
    ]
    with transaction() as session:
        insert_missing(session, Routine, rows, key=["name"])


def _run(name: str, task: Task) -> int:
    claimed = _claim(name)
    if claimed is None:
        return 0
    lease, attempts = claimed
    try:
        task.run(lease)
    except LeaseLost:
        db.session.rollback()
    except Exception as problem:
        logger.exception("routine %s failed", name)
        db.session.rollback()
        now = clock.now()
        error = f"{type(problem).__name__}: {problem}"[:500]
        again = min(now + back_off(attempts), max(task.when.after(now, _zone()), now + back_off(1)))
        _end(lease, again, attempts=attempts, last_error=error)
    else:
        db.session.rollback()
        now = clock.now()
        _end(lease, task.when.after(now, _zone()), attempts=0, done_at=now, last_error=None)
    return 1


def _claim(name: str) -> tuple[_Lease, int] | None:
    """Return the lease on a routine that is still due, and which attempt this is."""
    now = clock.now()
    with transaction() as session:
        still_due = (Routine.name == name) & (Routine.due_at <= now)
        row = session.scalar(locked(select(Routine).where(still_due), skip_locked=True))
        if row is None:
            return None
        row.attempts += 1
        row.due_at = now + LEASE
        return _Lease(name, row.due_at), row.attempts


def _end(lease: _Lease, due_at: datetime, **values: object) -> None:
    try:
        lease.move(due_at, **values)
    except LeaseLost:
        logger.warning("routine %s was taken over by another worker", lease.name)


def _zone() -> ZoneInfo:
    return clock.zone(current_app.config["TIMEZONE"])
