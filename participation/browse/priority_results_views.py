"""Route of the results of giving points."""

import re

from flask import render_template, request
from werkzeug.exceptions import BadRequest

from participation.accounts.guard import public
from participation.browse.priority_results import Place, priority_results_page
from participation.browse.results_shared import blueprint, visible_process
from participation.browse.shared import shared_page
from participation.kit import clock
from participation.kit.db import db

NUMBER = re.compile(r"[0-9]{1,18}", re.ASCII)
# Points are compared as 32 bits, ids as 64.
PLACE = re.compile(r"([0-9]{1,9})-([0-9]{1,18})", re.ASCII)


@blueprint.get("/processes/<slug>/results/priorities")
@public
@shared_page
def priorities(slug: str) -> str:
    """Show which ideas people give their points to, and how they spread them."""
    process = visible_process(slug)
    page = priority_results_page(db.session(), process, phase_id=_phase_id(), after=_after(), now=clock.now())
    return render_template("browse/results_priorities.html", page=page)


def _phase_id() -> int | None:
    value = request.args.get("phase")
    if value is None:
        return None
    if not NUMBER.fullmatch(value):
        raise BadRequest
    return int(value)


def _after() -> Place | None:
    value = request.args.get("after")
    if value is None:
        return None
    place = PLACE.fullmatch(value)
    if place is None:
        raise BadRequest
    return int(place[1]), int(place[2])
