"""The results of a process at a glance."""

from dataclasses import dataclass
from datetime import datetime

from flask import g, url_for
from sqlalchemy.orm import Session

from participation.browse.filters import address
from participation.browse.pages import Stat
from participation.browse.results_parts import (
    Bars,
    Intervals,
    by_principle,
    intervals,
    listed,
    taken,
    totals,
    verdict,
    verdicts,
)
from participation.browse.results_shared import GROUPS, IDEAS, OVERVIEW, PARTICIPATION, ResultsFrame, results_frame
from participation.browse.shared import remembered
from participation.browse.timelines import Timeline, process_timeline
from participation.listings.ideas import Sort
from participation.listings.statements import StatementLine, published_statements
from participation.multilingual import gettext as _
from participation.multilingual import ngettext, pick
from participation.multilingual.moments import number
from participation.opinions.queries import latest_run
from participation.processes.outline import ProcessOutline
from participation.processes.policies import may_see_results

FIRST = 3


@dataclass(frozen=True, slots=True)
class GroupsTeaser:
    """What the opinion groups are in one sentence, and where all about them stands."""

    text: str
    url: str


@dataclass(frozen=True, slots=True)
class OverviewPage:
    """The results at a glance; ``intervals``, ``verdicts`` and ``groups`` are empty while results are hidden."""

    frame: ResultsFrame
    note: str
    hidden: str
    figures: tuple[Stat, ...]
    verdict: str
    verdicts: Bars | None
    intervals: tuple[Intervals, ...]
    groups: GroupsTeaser | None
    timeline: Timeline | None
    participation_url: str
    method_url: str
    principles: Bars | None
    map_url: str
    statements: tuple[StatementLine, ...]
    statements_url: str


def overview_page(session: Session, process: ProcessOutline, *, now: datetime) -> OverviewPage:
    """Return what happened in a process and what its votes say, at a glance."""
    permission = may_see_results(process, now=now)
    found = taken(session, process)
    figures = found.figures
    statements_url = url_for("browse.statements", slug=process.slug)
    shown = figures if permission else None
    return OverviewPage(
        frame=results_frame(process, OVERVIEW, now, lead=pick(process.question, g.language), governed=False),
        note=found.note,
        hidden="" if permission else str(permission.reason),
        figures=totals(figures) if figures else (),
        verdict=verdict(shown) if shown else "",
        verdicts=verdicts(shown) if shown else None,
        intervals=_highlights(session, process, now) if shown and shown.total.votes else (),
        groups=_groups(session, process) if shown else None,
        timeline=process_timeline(process, figures.days, now) if figures else None,
        participation_url=url_for(PARTICIPATION, slug=process.slug),
        method_url=url_for("methods.method", method="figures"),
        principles=by_principle(process, figures, shows_votes=bool(permission)) if figures else None,
        map_url=url_for("leitbild.overview", slug=process.slug),
        statements=tuple(published_statements(session, process.id, g.language, base_url=statements_url))[:FIRST],
        statements_url=statements_url,
    )


def _highlights(session: Session, process: ProcessOutline, now: datetime) -> tuple[Intervals, ...]:
    url = url_for(IDEAS, slug=process.slug)
    wanted = ((Sort.AGREEMENT, _("What finds most agreement")), (Sort.CONTESTED, _("What is most contested")))
    return tuple(
        intervals(
            title,
            listed(session, process, sort, size=FIRST, now=now).cards,
            address(url, {"sort": sort.value}),
        )
        for sort, title in wanted
    )


def _groups(session: Session, process: ProcessOutline) -> GroupsTeaser | None:
    run = remembered(("run", process.slug), lambda: latest_run(session, process.id))
    if run is None or len(run.result.groups) < 2:
        return None
    text = _(
        "%(people)s people can be told apart in %(groups)s by how they voted. %(shared)s",
        people=number(run.result.people),
        groups=ngettext("%(num)s group", "%(num)s groups", len(run.result.groups)),
        shared=ngettext(
            "All of them are of one mind about %(num)s idea.",
            "All of them are of one mind about %(num)s ideas.",
            len(run.result.consensus),
        ),
    )
    return GroupsTeaser(text, url_for(GROUPS, slug=process.slug))
