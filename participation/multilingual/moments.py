"""Points in time in words: in the reader's language and the city's time zone."""

from datetime import datetime, timedelta
from typing import Any

from flask_babel import format_datetime, format_number, to_user_timezone
from flask_babel.speaklater import LazyString


def moment(value: datetime) -> str:
    """Return day and time, for example "3 May 2026, 18:00"."""
    return str(format_datetime(value, "d. MMMM y, HH:mm" if _is_german() else "d MMMM y, HH:mm"))


def day(value: datetime) -> str:
    """Return the day, for example "3 May 2026"."""
    return str(format_datetime(value, "d. MMMM y" if _is_german() else "d MMMM y"))


def deadline(value: datetime) -> str:
    """Return the moment at which something ends; midnight belongs to the day that ends with it, as 24:00."""
    local = to_user_timezone(value)
    if (local.hour, local.minute) != (0, 0):
        return moment(value)
    return f"{day(value - timedelta(minutes=1))}, 24:00"


def lazy_moment(value: datetime, *, is_end: bool = False) -> Any:
    """Return ``moment(value)`` as a string that finds its language when it is shown."""
    return LazyString(deadline if is_end else moment, value)


def number(value: float) -> str:
    """Return ``value`` with the reader's separators."""
    return str(format_number(value))


def _is_german() -> bool:
    from flask_babel import get_locale

    return str(get_locale()).startswith("de")
