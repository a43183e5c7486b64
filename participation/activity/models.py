"""Tables of the log, the outbox and the job queue."""

import enum
from datetime import datetime
from typing import Any

from sqlalchemy import Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from participation.kit.schema import Base, UtcDateTime, big_id, named_enum, reference


class DeliveryState(enum.Enum):
    """How far the delivery of one event to one handler has come."""

    WAITING = "waiting"
    DONE = "done"
    DEAD = "dead"


class JobState(enum.Enum):
    """How far a long job has come."""

    WAITING = "waiting"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


class RecordedEvent(Base):
    """Something that happened, written in the transaction in which it happened."""

    __tablename__ = "recorded_event"

    id: Mapped[int] = big_id()
    name: Mapped[str] = mapped_column(String(80))
    payload: Mapped[dict[str, Any]]
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Delivery(Base):
    """One event on its way to one handler; claiming it moves ``available_at`` to the end of the lease."""

    __tablename__ = "delivery"
    __table_args__ = (Index("ix_delivery_due", "state", "available_at"),)

    id: Mapped[int] = big_id()
    event_id: Mapped[int] = reference("recorded_event.id", index=True)
    handler: Mapped[str] = mapped_column(String(160))
    state: Mapped[DeliveryState] = mapped_column(named_enum(DeliveryState), default=DeliveryState.WAITING)
    attempts: Mapped[int] = mapped_column(default=0)
    available_at: Mapped[datetime] = mapped_column(UtcDateTime)
    last_error: Mapped[str | None] = mapped_column(Text)
    done_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Job(Base):
    """A long piece of work with progress; a heartbeat keeps moving ``available_at`` while it runs."""

    __tablename__ = "job"
    __table_args__ = (Index("ix_job_due", "state", "available_at"),)

    id: Mapped[int] = big_id()
    kind: Mapped[str] = mapped_column(String(80))
    payload: Mapped[dict[str, Any]]
    state: Mapped[JobState] = mapped_column(named_enum(JobState), default=JobState.WAITING)
    attempts: Mapped[int] = mapped_column(default=0)
    progress: Mapped[int] = mapped_column(default=0)
    available_at: Mapped[datetime] = mapped_column(UtcDateTime)
    requested_at: Mapped[datetime] = mapped_column(UtcDateTime)
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    last_error: Mapped[str | None] = mapped_column(Text)


class LogEntry(Base):
    """Who did what when; written once, never changed. No entry says who voted what."""

    __tablename__ = "log_entry"

    id: Mapped[int] = big_id()
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    # A plain number, no foreign key: the log lies below accounts and outlives them.
    account_id: Mapped[int | None]
    action: Mapped[str] = mapped_column(String(80))
    payload: Mapped[dict[str, Any]]


class Routine(Base):
    """Something the worker does again and again; ``due_at`` is when next, and the end of the lease while it runs."""

    __tablename__ = "routine"

    name: Mapped[str] = mapped_column(String(80), primary_key=True)
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    attempts: Mapped[int] = mapped_column(default=0)
    done_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    last_error: Mapped[str | None] = mapped_column(Text)
