"""What all pages of results share: their blueprint, their head with its tabs, and whether figures may be shown yet."""

from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, g, url_for

from participation.accounts.guard import current_actor
from participation.browse.shared import holds_until, outline_of
from participation.kit import clock
from participation.kit.permissions import Missing
from participation.multilingual import lazy as _l
from participation.multilingual import pick
from participation.processes.models import Capability
from participation.processes.outline import ProcessOutline
from participation.processes.policies import may_see_process, may_see_results

blueprint = Blueprint("results", __name__)

OVERVIEW = "results.overview"
IDEAS = "results.ideas"
PARTICIPATION = "results.participation"
GROUPS = "results.groups"
PRIORITIES = "results.priorities"
PEOPLE = "results.people"
CHECK = "results.check"
# Title of the page, its name in the row of tabs, and what a process must allow in some phase for there to be anything.
PAGES = {
    OVERVIEW: (_l("Results"), _l("Overview"), None),
    IDEAS: (_l("Agreement per idea"), _l("Ideas"), Capability.VOTE),
    GROUPS: (_l("Opinion groups"), _l("Opinion groups"), Capability.VOTE),
    PRIORITIES: (_l("Priorities"), _l("Priorities"), Capability.PRIORITISE),
    PARTICIPATION: (_l("Participation"), _l("Participation"), None),
    PEOPLE: (_l("Who takes part"), _l("Who takes part"), None),
    CHECK: (_l("Check the figures"), _l("Check"), Capability.VOTE),
}


@dataclass(frozen=True, slots=True)
class Tab:
    """A link to one of the pages of results."""

    label: str
    url: str
    current: bool


@dataclass(frozen=True, slots=True)
class ResultsFrame:
    """Head of a page of results; ``hidden`` says why figures are not shown yet, and is empty where they are."""

    title: str
    lead: str
    process_title: str
    process_url: str
    overview_url: str
    is_overview: bool
    tabs: tuple[Tab, ...]
    hidden: str


def results_tabs(process: ProcessOutline, current: str) -> tuple[Tab, ...]:
    """Return the tabs of a process: pages about what no phase of it allows are left out."""
    return tuple(
        Tab(str(label), url_for(endpoint, slug=process.slug), endpoint == current)
        for endpoint, (_title, label, needed) in PAGES.items()
        if needed is None or _ever(process, needed) or endpoint == current
    )


def results_frame(
    process: ProcessOutline, current: str, now: datetime, *, lead: str = "", governed: bool = True
) -> ResultsFrame:
    """Return the head of the page ``current`` (an endpoint).

    ``governed`` pages show figures of votes or points, and so nothing while ``may_see_results`` says no.
    """
    permission = may_see_results(process, now=now)
    return ResultsFrame(
        title=str(PAGES[current][0]),
        lead=lead,
        process_title=pick(process.title, g.language),
        process_url=url_for("browse.process", slug=process.slug),
        overview_url=url_for(OVERVIEW, slug=process.slug),
        is_overview=current == OVERVIEW,
        tabs=results_tabs(process, current),
        hidden="" if permission or not governed else str(permission.reason),
    )


def visible_process(slug: str) -> ProcessOutline:
    """Return the process whose results are asked for; raises ``Missing``. The page changes with its phases."""
    process, now = outline_of(slug), clock.now()
    if not may_see_process(current_actor(), process):
        raise Missing
    holds_until(process.next_change(now))
    return process


def _ever(process: ProcessOutline, capability: Capability) -> bool:
    return any(capability in phase.allows for phase in process.phases)
