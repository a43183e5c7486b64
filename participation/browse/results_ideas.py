"""The page of results that shows how much agreement each idea finds."""

from dataclasses import dataclass
from datetime import datetime

from flask import g, request, url_for
from sqlalchemy.orm import Session
from werkzeug.exceptions import BadRequest

from participation.browse.filters import Choice, Chosen, address, cursor_asked
from participation.browse.results_parts import Bars, Intervals, intervals, listed, taken, verdict, verdicts
from participation.browse.results_shared import IDEAS, ResultsFrame, results_frame
from participation.browse.surroundings import entries_around
from participation.browse.timelines import Panel, PlotTable
from participation.browse.translations import carried
from participation.insights.figures import CLASSES, Figures
from participation.insights.plots import Tick, columns, levels, scale
from participation.listings.ideas import Cursor, IdeaFilter, Sort
from participation.listings.names import Entry
from participation.multilingual import gettext as _
from participation.multilingual import ngettext, pick
from participation.multilingual.moments import number
from participation.multilingual.moments import percent as in_percent
from participation.processes.outline import ProcessOutline

PAGE = 20


@dataclass(frozen=True, slots=True)
class Histogram:
    """How many ideas find how much agreement."""

    title: str
    panels: tuple[Panel, ...]
    axis: tuple[Tick, ...]
    table: PlotTable


@dataclass(frozen=True, slots=True)
class Order:
    """An order that ideas can be looked at in."""

    label: str
    url: str
    current: bool


@dataclass(frozen=True, slots=True)
class PrincipleChoice:
    """The form that narrows the page down to the ideas of one principle."""

    action: str
    select: Choice
    sort: str
    chosen: tuple[Chosen, ...]


@dataclass(frozen=True, slots=True)
class IdeasPage:
    """Agreement per idea, a page at a time, and how all of it is spread."""

    frame: ResultsFrame
    note: str
    verdict: str
    verdicts: Bars | None
    histogram: Histogram | None
    choice: PrincipleChoice | None
    orders: tuple[Order, ...]
    ideas: Intervals | None
    method_url: str
    previous_url: str
    next_url: str


def ideas_page(session: Session, process: ProcessOutline, *, now: datetime) -> IdeasPage:
    """Return how much agreement each idea finds, in the order asked for; raises ``BadRequest`` for unknown ones."""
    lead = _("How many of those who took a side agree, with the span that chance leaves open.")
    frame = results_frame(process, IDEAS, now, lead=lead)
    sort, principle = _sort(), _principle(process)
    if frame.hidden:
        return IdeasPage(frame, "", "", None, None, None, (), None, "", "", "")
    found = taken(session, process)
    url = url_for(IDEAS, slug=process.slug)
    wanted = IdeaFilter(principle_id=principle.id if principle else None)
    page = listed(session, process, sort, wanted=wanted, size=PAGE, now=now, cursor=cursor_asked(sort))
    chosen = ({"principle": principle.key} if principle else {}) | carried()
    # What is known about all ideas would mislead beside some of them.
    figures = None if principle or _goes_on() else found.figures
    titles = {Sort.AGREEMENT: _("Most agreement first"), Sort.CONTESTED: _("Most contested first")}

    def place(name: str, cursor: Cursor | None) -> str:
        return address(url, {**chosen, "sort": sort.value, name: cursor.encode()}) if cursor else ""

    return IdeasPage(
        frame=frame,
        note=found.note,
        verdict=verdict(figures) if figures else "",
        verdicts=verdicts(figures) if figures else None,
        histogram=_histogram(figures) if figures else None,
        choice=_choice(process, url, sort, principle),
        orders=tuple(
            Order(label, address(url, {**chosen, "sort": kind.value}), kind is sort) for kind, label in titles.items()
        ),
        ideas=intervals(titles[sort], page.cards),
        method_url=url_for("methods.method", method="figures"),
        previous_url=place("before", page.previous),
        next_url=place("after", page.next),
    )


def _histogram(figures: Figures) -> Histogram | None:
    values = figures.shares
    if not any(values):
        return None
    top, width = scale(max(values)), 100 // CLASSES
    title = _("How much agreement ideas find")
    names = [
        _("%(low)s to %(high)s", low=in_percent(place * width / 100), high=in_percent((place + 1) * width / 100))
        for place in range(CLASSES)
    ]
    total = ngettext("%(num)s idea", "%(num)s ideas", sum(values))
    most = values.index(max(values))
    desc = _(
        "%(total)s. Most of them, %(number)s, find agreement of %(share)s.",
        total=total,
        number=number(values[most]),
        share=names[most],
    )
    panel = Panel(
        _("Ideas by the share that agrees"),
        total,
        desc,
        columns(values, top[-1]),
        levels(top, [number(value) for value in top]),
    )
    ends = ((0, "start"), (50, "middle"), (100, "end"))
    return Histogram(
        title,
        (panel,),
        tuple(Tick(at, in_percent(at / 100), anchor) for at, anchor in ends),
        PlotTable(
            title,
            (_("Share that agrees"), {"label": _("Ideas"), "numeric": True}),
            tuple((name, number(count)) for name, count in zip(names, values, strict=True)),
        ),
    )


def _choice(process: ProcessOutline, url: str, sort: Sort, principle: Entry | None) -> PrincipleChoice | None:
    principles = entries_around(process).principles
    if not principles:
        return None
    options = (("", _("All")), *((entry.key, pick(entry.title, g.language)) for entry in principles))
    chosen = Chosen(pick(principle.title, g.language), address(url, {"sort": sort.value})) if principle else None
    return PrincipleChoice(
        url,
        Choice("principle", _("Principle"), options, principle.key if principle else ""),
        sort.value,
        (chosen,) if chosen else (),
    )


def _principle(process: ProcessOutline) -> Entry | None:
    key = request.args.get("principle")
    if not key:
        return None
    found = next((entry for entry in entries_around(process).principles if entry.key == key), None)
    if found is None:
        raise BadRequest
    return found


def _goes_on() -> bool:
    return bool(request.args.get("after") or request.args.get("before"))


def _sort() -> Sort:
    asked = request.args.get("sort", Sort.AGREEMENT.value)
    if asked not in (Sort.AGREEMENT.value, Sort.CONTESTED.value):
        raise BadRequest
    return Sort(asked)
