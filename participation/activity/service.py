"""Recording events, putting jobs into the queue, and which handlers an event goes to."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from participation.activity.events import Event
from participation.activity.models import Delivery, Job, LogEntry, RecordedEvent

Handler = Callable[[Any], None]
_subscriptions: dict[str, tuple[Handler, ...]] = {}


def subscribe(handlers: Mapping[type[Event], tuple[Handler, ...]]) -> None:
    """Set the one table that says which functions react to which event."""
    _subscriptions.clear()
    _subscriptions.update({kind.__name__: functions for kind, functions in handlers.items()})


def handler_name(handler: Handler) -> str:
    """Return the name under which deliveries to ``handler`` are kept."""
    return f"{handler.__module__}.{handler.__qualname__}"


def handler_by_name(event: str, name: str) -> Handler | None:
    """Return the handler of ``event`` called ``name``, or ``None`` when it is no longer subscribed."""
    return next((h for h in _subscriptions.get(event, ()) if handler_name(h) == name), None)


def record(
    session: Session, event: Event, *, account_id: int | None, now: datetime, delay: timedelta = timedelta(0)
) -> None:
    """Write ``event`` to the log and queue a delivery for each of its handlers, in the running transaction.

    With a ``delay`` handlers hear of it only so much later.
    """
    name = type(event).__name__
    if event.logged:
        session.add(LogEntry(at=now, account_id=account_id, action=name, payload=event.payload()))
    handlers = _subscriptions.get(name, ())
    if not handlers:
        return
    recorded = RecordedEvent(name=name, payload=event.payload(), recorded_at=now)
    session.add(recorded)
    session.flush()
    session.add_all(
        Delivery(event_id=recorded.id, handler=handler_name(handler), available_at=now + delay) for handler in handlers
    )


def enqueue(session: Session, kind: str, payload: dict[str, Any], *, now: datetime) -> Job:
    """Put a long job into the queue, in the running transaction, and return it."""
    job = Job(kind=kind, payload=payload, available_at=now, requested_at=now)
    session.add(job)
    session.flush()
    return job
