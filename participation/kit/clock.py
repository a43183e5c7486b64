"""The present moment and the city's time zone."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo


def now() -> datetime:
    """Return the present moment in UTC."""
    return datetime.now(UTC)


def zone(name: str) -> ZoneInfo:
    """Return the time zone called ``name``, for example ``Europe/Berlin``."""
    return ZoneInfo(name)


def today(name: str) -> date:
    """Return the present day in the time zone called ``name``."""
    return now().astimezone(zone(name)).date()


def midnight(name: str) -> datetime:
    """Return the moment at which the present day ends in the time zone called ``name``."""
    return datetime.combine(today(name) + timedelta(days=1), time.min, zone(name)).astimezone(UTC)
