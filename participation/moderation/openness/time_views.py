"""How long decisions take moderators, in sum, where that is measured at all."""

from dataclasses import dataclass

from flask import Blueprint, g, render_template, url_for

from participation.accounts.guard import current_actor, moderators_only
from participation.kit.db import db
from participation.moderation.openness.times import FEWEST_TIMES, MedianTime, median_times
from participation.moderation.words import kind_label
from participation.multilingual import gettext as _
from participation.multilingual import ngettext
from participation.multilingual.moments import number
from participation.processes.queries import process_by_slug
from participation.processes.workplace import Workplace, workplace

blueprint = Blueprint("times", __name__)
MINUTE = 60


@dataclass(frozen=True, slots=True)
class StaffTimePage:
    """The median time of each kind of decision; ``edit_url`` is where admins switch counting on or off."""

    workplace: Workplace
    is_measured: bool
    rows: tuple[tuple[str, ...], ...]
    fewest: str
    method_url: str
    edit_url: str


@blueprint.get("/desk/processes/<slug>/staff-time")
@moderators_only
def overview(slug: str) -> str:
    """Show how long decisions take, by kind."""
    process = process_by_slug(db.session(), slug)
    place = workplace(current_actor(), process, g.language)
    page = StaffTimePage(
        workplace=place,
        is_measured=process.measures_time,
        rows=tuple(_row(one) for one in median_times(db.session(), process.id)),
        fewest=number(FEWEST_TIMES),
        method_url=url_for("methods.method", method="moderation"),
        edit_url=url_for("processes.edit", slug=slug) if place.rights.edits else "",
    )
    return render_template("moderation/staff_time.html", page=page)


def _row(one: MedianTime) -> tuple[str, ...]:
    return str(kind_label(one.kind)), number(one.decisions), "–" if one.seconds is None else _about(one.seconds)


def _about(seconds: int) -> str:
    if seconds < 2 * MINUTE:
        return ngettext("%(num)s second", "%(num)s seconds", seconds)
    return _("%(minutes)s minutes", minutes=number(round(seconds / MINUTE, 1)))
