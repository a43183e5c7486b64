"""The page of results that shows who took part when, and what ideas are about."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from flask import url_for
from sqlalchemy.orm import Session

from participation.browse.filters import address
from participation.browse.pages import Stat
from participation.browse.results_parts import Bars, amount_heads, amount_rows, by_principle, taken, totals
from participation.browse.results_shared import PARTICIPATION, ResultsFrame, results_frame
from participation.browse.shared import remembered
from participation.browse.surroundings import entries_around
from participation.browse.timelines import Timeline, process_timeline
from participation.demographics.queries import characteristics_of
from participation.insights.figures import FEWEST_BUSY, Activity, Amount, Figures
from participation.listings.names import Entry
from participation.multilingual import gettext as _
from participation.multilingual import ngettext
from participation.multilingual.moments import percent as in_percent
from participation.processes.outline import ProcessOutline
from participation.processes.policies import may_see_results


@dataclass(frozen=True, slots=True)
class ParticipationPage:
    """Who did how much when, and about what; ``votes_reason`` says why votes are only counted by day."""

    frame: ResultsFrame
    note: str
    figures: tuple[Stat, ...]
    timeline: Timeline | None
    principles: Bars | None
    fields: Bars | None
    districts: Bars | None
    districts_note: str
    activity: tuple[str, ...]
    votes_reason: str
    method_url: str


def participation_page(session: Session, process: ProcessOutline, *, now: datetime) -> ParticipationPage:
    """Return who did how much when, and about what."""
    permission = may_see_results(process, now=now)
    found, shows_votes = taken(session, process), bool(permission)
    lead = _("When people took part, and what their ideas are about. This says nothing about how anybody voted.")
    frame = results_frame(process, PARTICIPATION, now, lead=lead, governed=False)
    figures = found.figures
    if figures is None:
        return ParticipationPage(frame, found.note, (), None, None, None, None, "", (), "", "")
    entries = entries_around(process)
    ideas_url = url_for("browse.ideas", slug=process.slug)
    expected = _expected(session, process, entries.districts, figures)
    return ParticipationPage(
        frame=frame,
        note=found.note,
        figures=totals(figures),
        timeline=process_timeline(process, figures.days, now),
        principles=by_principle(process, figures, shows_votes=shows_votes),
        fields=Bars(
            _("Ideas can name one field of action."),
            amount_heads(_("Field of action"), shows_votes=shows_votes),
            amount_rows(
                entries.fields,
                figures.fields,
                _("No field named"),
                url=lambda entry: address(ideas_url, {"field": entry.key}),
                shows_votes=shows_votes,
            ),
        )
        if entries.fields
        else None,
        districts=Bars(
            _("The diamond shows how many ideas there would be if ideas were spread like residents.")
            if expected
            else _("Ideas can name the district that they are about."),
            amount_heads(_("District"), shows_votes=shows_votes),
            amount_rows(
                entries.districts,
                figures.districts,
                _("No district named"),
                url=lambda entry: address(ideas_url, {"district": entry.key}),
                shows_votes=shows_votes,
                expected=expected,
            ),
        )
        if entries.districts
        else None,
        districts_note=""
        if expected
        else _("How many people live in each district is not known here, so ideas cannot be held against it."),
        activity=_activity(figures.activity, figures.total.votes),
        votes_reason="" if permission else str(permission.reason),
        method_url=url_for("methods.method", method="figures"),
    )


def _expected(
    session: Session, process: ProcessOutline, districts: tuple[Entry, ...], figures: Figures
) -> Mapping[int, float] | None:
    """Return how many ideas each district would have if those that name one were spread like residents.

    ``None`` where the share of residents is not known for every district.
    """
    keys = {entry.key for entry in districts}
    shares: dict[str, float] = remembered(
        ("residents", process.framework_id),
        lambda: next(
            (
                known
                for characteristic in characteristics_of(session, process.framework_id)
                if (known := {one.key: one.residents for one in characteristic.options if one.residents is not None})
                and keys <= known.keys()
            ),
            {},
        ),
    )
    located = sum(figures.districts.get(entry.id, Amount()).ideas for entry in districts)
    total = sum(shares[key] for key in keys) if shares else 0
    if not total:
        return None
    return {entry.id: located * shares[entry.key] / total for entry in districts}


def _activity(activity: Activity, votes: int) -> tuple[str, ...]:
    if activity.voters < FEWEST_BUSY:
        # Of a few it would say how much each of them did.
        return ()
    half = ngettext(
        "Half of those who voted did so on %(num)s idea or more.",
        "Half of those who voted did so on %(num)s ideas or more.",
        activity.median,
    )
    if not activity.busiest:
        return (half,)
    share = in_percent(activity.busiest_votes / votes)
    return half, _("The most active tenth gave %(share)s of all votes.", share=share)
