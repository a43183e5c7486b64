"""Where moderators look at ideas that may say the same, put them together, or keep two of them apart."""

from dataclasses import dataclass

from flask import flash, g, redirect, render_template, url_for
from werkzeug.exceptions import BadRequest
from werkzeug.wrappers import Response

from participation.accounts.guard import current_actor, moderators_only
from participation.curation.bundling.candidates import (
    NEARLY_EQUAL,
    VERY_ALIKE,
    CandidateGroup,
    Candidates,
    bundle_candidates,
)
from participation.curation.bundling.forms import PairForm
from participation.curation.bundling.refusals import RefusedPair, offer_pair_again, refuse_pair, refused_lately
from participation.curation.bundling.views import blueprint
from participation.kit import clock
from participation.kit.db import db, transaction
from participation.kit.numbers import asked_number
from participation.multilingual import gettext as _
from participation.processes.queries import process_by_slug
from participation.processes.workplace import Workplace, workplace

__all__ = ["blueprint"]

REFUSED_SHOWN = 10


@dataclass(frozen=True, slots=True)
class CandidatesPage:
    """Groups of ideas that may say the same; none of them while the process ``suggests`` nothing."""

    workplace: Workplace
    suggests: bool
    groups: tuple[CandidateGroup, ...]
    number: int
    refused: tuple[RefusedPair, ...]
    previous_url: str
    next_url: str


@blueprint.get("/desk/processes/<slug>/bundles/candidates")
@moderators_only
def candidates(slug: str) -> str:
    """Show ideas that may say the same, with what makes them alike."""
    session, asked = db.session(), asked_number("page") or 1
    process = process_by_slug(session, slug)
    found = bundle_candidates(session, process.id, page=asked) if process.suggests else Candidates((), 0, 1, 1)
    page = CandidatesPage(
        workplace=workplace(current_actor(), process, g.language),
        suggests=process.suggests,
        groups=found.groups,
        number=found.number,
        refused=tuple(refused_lately(session, process.id, most=REFUSED_SHOWN)),
        previous_url=url_for(".candidates", slug=slug, page=found.page - 1) if found.page > 1 else "",
        next_url=url_for(".candidates", slug=slug, page=found.page + 1) if found.page < found.pages else "",
    )
    return render_template("curation/bundle_candidates.html", page=page, how_alike=how_alike)


@blueprint.post("/desk/processes/<slug>/bundles/refusals")
@moderators_only
def refuse(slug: str) -> Response:
    """Keep two ideas apart: they are not offered together any more."""
    process, form = process_by_slug(db.session(), slug), PairForm()
    if not form.validate():
        raise BadRequest
    one, other = form.idea_ids
    with transaction() as session:
        refuse_pair(session, current_actor(), process_id=process.id, one=one, other=other, now=clock.now())
    flash(_("These two are not offered together any more. You can take that back below."), "success")
    return redirect(url_for(".candidates", slug=slug), 303)


@blueprint.post("/desk/processes/<slug>/bundles/refusals/undo")
@moderators_only
def offer_again(slug: str) -> Response:
    """Offer two ideas together again."""
    process, form = process_by_slug(db.session(), slug), PairForm()
    if not form.validate():
        raise BadRequest
    one, other = form.idea_ids
    with transaction() as session:
        offer_pair_again(session, current_actor(), process_id=process.id, one=one, other=other, now=clock.now())
    flash(_("These two can be offered together again."), "success")
    return redirect(url_for(".candidates", slug=slug), 303)


def how_alike(score: float) -> str:
    """Return a likeness in words."""
    if score >= NEARLY_EQUAL:
        return _("nearly the same words and meaning")
    return _("very alike") if score >= VERY_ALIKE else _("alike")
