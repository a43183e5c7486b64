"""The page of results that says which ideas people give their points to, and how they spread them."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import current_app, g, url_for
from sqlalchemy.orm import Session

from participation.browse.filters import address
from participation.browse.results_shared import PRIORITIES, ResultsFrame, Tab, results_frame
from participation.browse.translations import carried, shown_here
from participation.kit.permissions import found
from participation.listings.translated import ShownWordings, title_in, written_idea
from participation.multilingual import gettext as _
from participation.multilingual import ngettext, pick
from participation.multilingual.moments import day, number
from participation.processes.models import Capability
from participation.processes.outline import PhaseOutline, ProcessOutline
from participation.processes.policies import is_possible
from participation.voting.priority_queries import (
    PointFigures,
    RankedIdea,
    ideas_with_few,
    people_with_points,
    ranked_ideas,
)
from participation.voting.queries import FEWEST_VOTES

PAGE = 20
SHADES = 4

Place = tuple[int, int]
"""Points and id of the last idea of a page."""


@dataclass(frozen=True, slots=True)
class Part:
    """The part of a bar that people gave with just so many points each; places in percent, shades from 1 to 4."""

    x: float
    width: float
    shade: int


@dataclass(frozen=True, slots=True)
class PriorityLine:
    """An idea with its points; ``spread`` says how many people gave how many, ``cells`` the same for a table."""

    id: int
    title: str
    language: str
    dir: str
    url: str
    points: str
    people: str
    spread: str
    parts: tuple[Part, ...]
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PriorityResultsPage:
    """The ideas with most points; ``closed`` says why there is nothing yet, ``few`` what is not shown."""

    frame: ResultsFrame
    phases: tuple[Tab, ...]
    rules: str
    closed: str
    people: int
    lines: tuple[PriorityLine, ...]
    headings: tuple[str, ...]
    few: str
    fewest: int
    next_url: str
    first_url: str
    give_url: str
    method_url: str


def priority_results_page(
    session: Session, process: ProcessOutline, *, phase_id: int | None, after: Place | None, now: datetime
) -> PriorityResultsPage:
    """Return the page about the phase with this id, or the latest one; raises ``Missing`` for any other.

    ``after`` is the place behind which the page begins.
    """
    begun = [one for one in process.phases if Capability.PRIORITISE in one.allows and one.starts_at <= now]
    phase = found(next((one for one in begun if one.id == phase_id), None)) if phase_id else next(reversed(begun), None)
    frame = results_frame(process, PRIORITIES, now)
    possible = is_possible(process, Capability.PRIORITISE, now=now)
    shown = phase if phase and not frame.hidden else None
    ranked = _ranked(session, process, shown, after) if shown else []
    lines, following = ranked[:PAGE], ranked[PAGE:]
    wordings = shown_here(session, (written_idea(one.id, one.language) for one in lines))
    top = lines[0].figures.points if lines else 0
    return PriorityResultsPage(
        frame=frame,
        phases=_phases(process, begun, phase),
        rules=_rules(phase) if phase else "",
        closed="" if phase else str(possible.reason or ""),
        people=people_with_points(session, phase.id) if phase else 0,
        lines=tuple(_line(process, idea, wordings, top, shown.points_most) for idea in lines) if shown else (),
        headings=_headings(shown.points_most) if shown else (),
        few=_few(ideas_with_few(session, process.id, shown.id, fewest=FEWEST_VOTES)) if shown and not after else "",
        fewest=FEWEST_VOTES,
        next_url=_further(process, phase, lines[-1]) if phase and following else "",
        first_url=url_for(PRIORITIES, slug=process.slug, phase=phase_id) if after else "",
        give_url=url_for("voting.priorities", slug=process.slug) if possible else "",
        method_url=_method_url(),
    )


def _ranked(session: Session, process: ProcessOutline, phase: PhaseOutline, after: Place | None) -> list[RankedIdea]:
    return ranked_ideas(session, process.id, phase.id, fewest=FEWEST_VOTES, after=after, most=PAGE + 1)


def _phases(process: ProcessOutline, begun: list[PhaseOutline], chosen: PhaseOutline | None) -> tuple[Tab, ...]:
    if len(begun) < 2:
        return ()
    return tuple(
        Tab(pick(one.title, g.language), url_for(PRIORITIES, slug=process.slug, phase=one.id), one is chosen)
        for one in begun
    )


def _rules(phase: PhaseOutline) -> str:
    span = _("%(start)s to %(end)s", start=day(phase.starts_at), end=day(phase.ends_at - timedelta(seconds=1)))
    each = ngettext("Each person has %(num)s point.", "Each person has %(num)s points.", phase.points)
    most = ngettext(
        "At most %(num)s point can go to one idea.", "At most %(num)s points can go to one idea.", phase.points_most
    )
    return f"{span}. {each} {most}"


def _line(process: ProcessOutline, idea: RankedIdea, wordings: ShownWordings, top: int, most: int) -> PriorityLine:
    figures, title = idea.figures, title_in(wordings, idea.id, idea.title, idea.language)
    return PriorityLine(
        id=idea.id,
        title=title.text,
        language=title.language,
        dir=title.dir,
        url=url_for("browse.idea", slug=process.slug, idea_id=idea.id),
        points=ngettext("%(points)s point", "%(points)s points", figures.points, points=number(figures.points)),
        people=ngettext(
            "from %(people)s person", "from %(people)s people", figures.people, people=number(figures.people)
        ),
        spread=_in_words(figures),
        parts=_parts(figures, top, most),
        cells=(
            number(figures.points),
            number(figures.people),
            *(number(_gave(figures, n)) for n in range(1, most + 1)),
        ),
    )


def _gave(figures: PointFigures, points: int) -> int:
    return figures.spread[points - 1] if points <= len(figures.spread) else 0


def _in_words(figures: PointFigures) -> str:
    """Return how many people gave how many points each, most points first."""
    given = [(points, people) for points, people in enumerate(figures.spread, start=1) if people]
    return " · ".join(
        ngettext("%(people)s gave %(num)s point", "%(people)s gave %(num)s points", points, people=number(people))
        for points, people in reversed(given)
    )


def _parts(figures: PointFigures, top: int, most: int) -> tuple[Part, ...]:
    """Return the bar of an idea, those who gave most first, where ``top`` points are as wide as the drawing."""
    parts, x = [], 0.0
    for points in range(len(figures.spread), 0, -1):
        width = 100 * points * figures.spread[points - 1] / top
        if width:
            parts.append(Part(round(x, 2), round(width, 2), max(1, -(-points * SHADES // most))))
            x += width
    return tuple(parts)


def _headings(most: int) -> tuple[str, ...]:
    gave = (
        ngettext("People who gave %(num)s point", "People who gave %(num)s points", points)
        for points in range(1, most + 1)
    )
    return (_("Points"), _("People"), *gave)


def _few(ideas: int) -> str:
    if not ideas:
        return ""
    return ngettext(
        "%(ideas)s idea got points from fewer than %(fewest)s people; its numbers are not shown yet.",
        "%(ideas)s ideas got points from fewer than %(fewest)s people; their numbers are not shown yet.",
        ideas,
        ideas=number(ideas),
        fewest=FEWEST_VOTES,
    )


def _further(process: ProcessOutline, phase: PhaseOutline, last: RankedIdea) -> str:
    here = {"phase": str(phase.id), "after": f"{last.figures.points}-{last.id}", **carried()}
    return address(url_for(PRIORITIES, slug=process.slug), here)


def _method_url() -> str:
    return url_for("methods.method", method="priorities") if "methods.method" in current_app.view_functions else ""
