"""Giving points to ideas: the page, and taking what was typed there."""

from flask import flash, redirect, render_template, request, url_for
from werkzeug.exceptions import BadRequest
from werkzeug.wrappers import Response

from participation.accounts.guard import current_actor, public, signed_in_only
from participation.kit import clock
from participation.kit.db import db, transaction
from participation.kit.forms import UNPROCESSABLE, opened_at
from participation.kit.numbers import asked_number, whole_number
from participation.kit.permissions import Missing, require
from participation.multilingual import gettext as _
from participation.multilingual import ngettext
from participation.processes.models import Capability
from participation.processes.outline import ProcessOutline
from participation.processes.policies import may_see_process
from participation.processes.queries import participant_of, process_by_slug
from participation.texts import single_line, without_controls
from participation.voting.policies import may_give_points
from participation.voting.priorities import PointsRefused, TooManyPoints, give_points
from participation.voting.priority_form import PointsForm, TooManyFields
from participation.voting.priority_page import CHOICES, MOST_CHOICES, QUERY_LONGEST, priorities_page
from participation.voting.priority_queries import own_points
from participation.voting.views import blueprint

# The pages belong to voting; whoever registers its routes takes them with these.
__all__ = ["blueprint"]


@blueprint.get("/processes/<slug>/priorities")
@public
def priorities(slug: str) -> str:
    """Show the ideas one gives points to, and others one could."""
    return _page(_visible(slug), PointsForm(), _query(request.args.get("q", "")), asked_number("idea"))


@blueprint.post("/processes/<slug>/priorities")
@signed_in_only
def prioritise(slug: str) -> Response | tuple[str, int] | str:
    """Store the points typed beside ideas; with another button keep them on the page and show more to choose from."""
    process, query = _visible(slug), _query(request.form.get("q", ""))
    try:
        form = PointsForm.sent(request.form)
    except TooManyFields:
        raise BadRequest from None
    if "search" in request.form or "show" in request.form:
        return _page(process, form, query, most=_most())
    opened = opened_at(request.form.get("opened", ""))
    require(may_give_points(current_actor(), process, now=clock.now(), opened_at=opened))
    _check(process, form)
    if not form.errors:
        try:
            with transaction() as session:
                give_points(
                    session, current_actor(), slug=slug, points=form.points(), opened_at=opened, now=clock.now()
                )
        except PointsRefused as problem:
            form.problems[problem.idea_id] = str(problem.reason)
        except TooManyPoints as problem:
            form.form_errors.append(str(problem.reason))
    if form.errors:
        return _page(process, form, query), UNPROCESSABLE
    flash(_said(process), "success")
    return redirect(url_for(".priorities", slug=slug, q=query or None), 303)


def _check(process: ProcessOutline, form: PointsForm) -> None:
    phase = process.phase_for(Capability.PRIORITISE, clock.now())
    if phase is not None:
        form.check(_stored(process, phase.id), in_all=phase.points, on_one=phase.points_most)


def _said(process: ProcessOutline) -> str:
    phase = process.phase_for(Capability.PRIORITISE, clock.now())
    left = phase.points - sum(_stored(process, phase.id).values()) if phase else 0
    if not left:
        return _("Your points are stored. You have given all of them.")
    return ngettext(
        "Your points are stored. You have %(num)s left.", "Your points are stored. You have %(num)s left.", left
    )


def _stored(process: ProcessOutline, phase_id: int) -> dict[int, int]:
    session = db.session()
    participant = participant_of(session, process_id=process.id, account_id=current_actor().account_id)
    return own_points(session, phase_id=phase_id, participant_id=participant.id if participant else None)


def _page(process: ProcessOutline, form: PointsForm, query: str, wanted: int | None = None, most: int = CHOICES) -> str:
    page = priorities_page(
        db.session(),
        current_actor(),
        process,
        form=form,
        query=query,
        wanted=wanted,
        now=clock.now(),
        most=most,
        opened=_still_good(request.form.get("opened", "")),
    )
    return render_template("voting/priorities.html", page=page)


def _still_good(opened: str) -> str:
    """Return the moment of opening that came with a form, so that it does not become later with every attempt."""
    return opened if opened_at(opened) else ""


def _visible(slug: str) -> ProcessOutline:
    process = process_by_slug(db.session(), slug)
    if not may_see_process(current_actor(), process):
        raise Missing
    return process


def _query(typed: str) -> str:
    return single_line(without_controls(typed))[:QUERY_LONGEST].strip()


def _most() -> int:
    number = whole_number(request.form.get("show", str(CHOICES)), digits=3)
    if number is None:
        raise BadRequest
    return min(number, MOST_CHOICES)
