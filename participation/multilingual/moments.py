"""Points in time in words: in the reader's language and the city's time zone."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any

from babel import Locale
from babel.dates import format_date, format_skeleton
from flask_babel import format_number, format_percent, get_locale, get_timezone
from flask_babel.speaklater import LazyString

from participation.kit import clock


def moment(value: datetime) -> str:
    """Return day and time, for example "3 May 2026, 18:00"."""
    local = _local(value)
    return f"{_day(local.date(), str(get_locale()))}, {local:%H:%M}"


def day(value: datetime) -> str:
    """Return the day, for example "3 May 2026"."""
    return _day(_local(value).date(), str(get_locale()))


def days() -> Callable[[datetime], str]:
    """Return what says ``day`` for many moments of one page, so that language and time zone are looked up once."""
    locale, zone = str(get_locale()), clock.zone(str(get_timezone()))
    return lambda value: _day(value.astimezone(zone).date(), locale)


def clock_time(value: datetime) -> str:
    """Return the time of day, for example "18:00"."""
    return f"{_local(value):%H:%M}"


def deadline(value: datetime) -> str:
    """Return the moment at which something ends; midnight belongs to the day that ends with it, as 24:00."""
    local = _local(value)
    if (local.hour, local.minute) != (0, 0):
        return moment(value)
    return f"{day(value - timedelta(minutes=1))}, 24:00"


def lazy_moment(value: datetime, *, is_end: bool = False) -> Any:
    """Return ``moment(value)`` as a string that finds its language when it is shown."""
    return LazyString(deadline if is_end else moment, value)


def number(value: float) -> str:
    """Return ``value`` with the reader's separators."""
    return str(format_number(value))


def percent(share: float) -> str:
    """Return a share from 0 to 1 in whole percent, for example "82 %"."""
    return str(format_percent(share))


def calendar_day(value: date) -> str:
    """Return a day of the calendar, for example "3 May 2026"."""
    return _day(value, str(get_locale()))


def short_day(value: date) -> str:
    """Return a day without its year, for example "3 May"; for axes of plots."""
    return str(format_skeleton("MMMd", value, locale=get_locale()))


def short_month(value: date) -> str:
    """Return a month with its year, for example "May 2026"; for axes of plots."""
    return str(format_skeleton("yMMM", value, locale=get_locale()))


def _local(value: datetime) -> datetime:
    # Flask-Babel's own way goes through pytz and takes twenty times as long.
    return value.astimezone(clock.zone(str(get_timezone())))


@lru_cache(maxsize=4096)
def _day(value: date, language: str) -> str:
    locale = Locale.parse(language)
    # The long form of English is American, and that of Arabic the same as this.
    return format_date(value, "d MMMM y" if locale.language in {"en", "ar"} else "long", locale=locale)
