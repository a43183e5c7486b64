"""The present moment and the city's time zone."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo


def now() -> datetime:
    """Return the present moment in UTC."""
    return datetime.now(UTC)


def zone(name: str) -> ZoneInfo:
    """Return the time zone called ``name``, for example ``Europe/Berlin``."""
    return ZoneInfo(name)
