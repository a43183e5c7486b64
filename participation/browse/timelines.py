"""What happened when: the days of a process put together into columns that fit a page, with its phases below them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from flask import current_app, g

from participation.browse.phases import timeline as phase_steps
from participation.insights.figures import DayCount
from participation.insights.plots import Column, Stretch, Tick, columns, levels, percent, scale, spread
from participation.insights.steps import Step, step_over
from participation.kit import clock
from participation.multilingual import gettext as _
from participation.multilingual.moments import number
from participation.processes.outline import ProcessOutline

AXIS_LABELS = 4


@dataclass(frozen=True, slots=True)
class Panel:
    """One kind of contribution over time; ``desc`` says in words what is to be seen."""

    label: str
    note: str
    desc: str
    columns: tuple[Column, ...]
    ticks: tuple[Tick, ...]


@dataclass(frozen=True, slots=True)
class Legend:
    """What a number or sign in a plot stands for."""

    label: str
    text: str


@dataclass(frozen=True, slots=True)
class PlotTable:
    """The numbers of a plot as a table."""

    caption: str
    headings: tuple[Any, ...]
    rows: tuple[tuple[Any, ...], ...]


@dataclass(frozen=True, slots=True)
class Timeline:
    """All that the plot over time shows; ``each`` says what one column stands for."""

    each: str
    panels: tuple[Panel, ...]
    axis: tuple[Tick, ...]
    stretches: tuple[Stretch, ...]
    legend: tuple[Legend, ...]
    table: PlotTable


def process_timeline(process: ProcessOutline, days: Mapping[date, DayCount], now: datetime) -> Timeline | None:
    """Return what happened over time, in days, weeks, months or years; ``None`` where nothing has."""
    if not days:
        return None
    zone = clock.zone(current_app.config["TIMEZONE"])
    starts = [start for phase in process.phases if (start := phase.starts_at.astimezone(zone).date()) <= max(days)]
    first, last = min(*starts, *days, max(days)), _last_day(process, days, now)
    step = step_over(first, last)
    begins = step.begins(first, last)
    sums = step.sums(begins, days)
    labels = {
        "votes": _("Votes"),
        "comments": _("Comments"),
        "ideas": _("Ideas"),
        "people": _("New people"),
    }
    series = {name: [getattr(sums[begin], name) for begin in begins] for name in labels}
    shown = [name for name in labels if any(series[name])]
    return Timeline(
        each=step.each,
        panels=tuple(_panel(labels[name], step, begins, series[name]) for name in shown),
        axis=_axis(step, begins),
        stretches=_stretches(process, begins[0], step.following(begins[-1])),
        legend=_legend(process, begins[0], step.following(begins[-1])),
        table=PlotTable(
            caption=step.each,
            headings=(_("Time"), *({"label": labels[name], "numeric": True} for name in shown)),
            rows=tuple(
                (step.name(begin), *(number(series[name][place]) for name in shown))
                for place, begin in enumerate(begins)
                if any(series[name][place] for name in shown)
            ),
        ),
    )


def _last_day(process: ProcessOutline, days: Mapping[date, DayCount], now: datetime) -> date:
    """Return the last day with anything, or today where the process still goes on: a quiet week shows, too."""
    zone = clock.zone(current_app.config["TIMEZONE"])
    possible = [phase.ends_at for phase in process.phases if phase.allows]
    if possible and max(possible) > now:
        return max(*days, now.astimezone(zone).date())
    return max(days)


def _panel(label: str, step: Step, begins: list[date], values: list[int]) -> Panel:
    top = scale(max(values))
    most = max(values)
    total = _("%(number)s in all", number=number(sum(values)))
    return Panel(
        label=label,
        note=total,
        desc=_(
            "%(total)s. Most at this time: %(time)s, %(number)s.",
            total=total,
            time=step.name(begins[values.index(most)]),
            number=number(most),
        ),
        columns=columns(values, top[-1]),
        ticks=levels(top, [number(value) for value in top]),
    )


def _axis(step: Step, begins: list[date]) -> tuple[Tick, ...]:
    """Return a few labels, each at the left edge of its column; one that would run over the end ends there."""
    ticks = []
    for place in spread(len(begins), AXIS_LABELS):
        at = percent(place, len(begins))
        ticks.append(Tick(at, step.short(begins[place]), "end" if at > 85 else "middle" if at > 10 else "start"))
    return tuple(ticks)


def _stretches(process: ProcessOutline, first: date, end: date) -> tuple[Stretch, ...]:
    """Return the phases between ``first`` and ``end``, numbered as in the legend."""
    days = (end - first).days
    found = []
    for place, begin, over in _phase_days(process, first, end):
        x, width = percent((begin - first).days, days), percent((over - begin).days, days)
        found.append(Stretch(x, width, round(x + width / 2, 2), number(place + 1)))
    return tuple(found)


def _legend(process: ProcessOutline, first: date, end: date) -> tuple[Legend, ...]:
    steps = phase_steps(process, g.language, clock.now())
    return tuple(
        Legend(number(place + 1), f"{steps[place].title} ({steps[place].dates})")
        for place, _begin, _over in _phase_days(process, first, end)
    )


def _phase_days(process: ProcessOutline, first: date, end: date) -> list[tuple[int, date, date]]:
    """Return place, first day and the day after the last one of each phase that is seen."""
    zone = clock.zone(current_app.config["TIMEZONE"])
    found = []
    for place, phase in enumerate(process.phases):
        begin = max(first, phase.starts_at.astimezone(zone).date())
        over = min(end, (phase.ends_at - timedelta(seconds=1)).astimezone(zone).date() + timedelta(days=1))
        if begin < over:
            found.append((place, begin, over))
    return found
