"""Days put together into days, weeks, months or years, so that a plot over time has no more columns than fit a page."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from participation.insights.figures import DayCount
from participation.multilingual import gettext as _
from participation.multilingual.moments import calendar_day, short_day, short_month

MOST_COLUMNS = 62


@dataclass(frozen=True, slots=True)
class Step:
    """A length of time that one column stands for: where the one with a day in it begins, and the next one."""

    each: str
    begin: Callable[[date], date]
    following: Callable[[date], date]
    name: Callable[[date], str]
    short: Callable[[date], str]

    def begins(self, first: date, last: date) -> list[date]:
        """Return where each column from the one with ``first`` to the one with ``last`` begins."""
        begins = [self.begin(first)]
        while (following := self.following(begins[-1])) <= last:
            begins.append(following)
        return begins

    def sums(self, begins: list[date], days: Mapping[date, DayCount]) -> dict[date, DayCount]:
        """Return what happened in each column; every one of ``days`` has to be in one of them."""
        sums = dict.fromkeys(begins, DayCount())
        for day, count in days.items():
            sums[self.begin(day)] += count
        return sums


def step_over(first: date, last: date, most: int = MOST_COLUMNS) -> Step:
    """Return the shortest step that needs at most about ``most`` columns from ``first`` to ``last``."""
    length = (last - first).days + 1
    if length <= most:
        return Step(_("Per day"), lambda day: day, lambda day: day + timedelta(days=1), calendar_day, short_day)
    if length <= 7 * (most - 1):
        return Step(
            _("Per week"),
            lambda day: day - timedelta(days=day.weekday()),
            lambda day: day + timedelta(days=7),
            lambda day: _("Week from %(day)s", day=calendar_day(day)),
            short_day,
        )
    if length <= 30 * (most - 1):
        return Step(_("Per month"), _first_of_month, _next_month, short_month, short_month)
    return Step(
        _("Per year"),
        lambda day: day.replace(month=1, day=1),
        lambda day: day.replace(year=day.year + 1),
        lambda day: str(day.year),
        lambda day: str(day.year),
    )


def _first_of_month(day: date) -> date:
    return day.replace(day=1)


def _next_month(day: date) -> date:
    return _first_of_month(day.replace(day=1) + timedelta(days=31))
