"""The page on which quotes are added to a statement, taken out and put in order."""

from dataclasses import replace

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from werkzeug.exceptions import BadRequest
from werkzeug.wrappers import Response

from participation.accounts.guard import current_actor, desk_only
from participation.kit import clock
from participation.kit.db import db, transaction
from participation.kit.forms import UNPROCESSABLE
from participation.kit.numbers import asked_number
from participation.kit.permissions import Refused
from participation.multilingual import gettext as _
from participation.processes.queries import process_by_slug
from participation.strategy.statements.forms import PlaceForm, QuoteForm
from participation.strategy.statements.queries import statement_of
from participation.strategy.statements.quote_pages import found_in, quotes_page, sources_of_idea, ticked_words
from participation.strategy.statements.quotes import Difference
from participation.strategy.statements.quoting import QuoteDiffers, drop_quote, quote_source, raise_quote
from participation.strategy.statements.service import Overtaken

blueprint = Blueprint("quoting", __name__)
Page = str | tuple[str, int] | Response
CONFLICT = 409
LONGEST_QUERY = 200


@blueprint.route("/desk/processes/<slug>/statements/<int:statement_id>/quotes", methods=["GET", "POST"])
@desk_only
def quotes(slug: str, statement_id: int) -> Page:
    """Show the quotes of a statement and the ideas that more can be taken from; add the words that were chosen."""
    chosen, form = asked_number("idea"), QuoteForm()
    if chosen is None or not form.validate_on_submit():
        return _page(slug, statement_id, form, status=UNPROCESSABLE if form.errors else 200)
    process = process_by_slug(db.session(), slug)
    statement_of(db.session(), process.id, statement_id)
    pasted = form.words.data or ""
    try:
        place = found_in(sources_of_idea(db.session(), chosen), pasted)
        with transaction() as session:
            quote_source(
                session,
                current_actor(),
                statement_id=statement_id,
                kind=place.kind,
                source_id=place.source_id,
                pasted=pasted,
                now=clock.now(),
            )
    except QuoteDiffers as problem:
        form.words.errors = [_("These words do not stand in the original like this.")]
        return _page(slug, statement_id, form, difference=problem.difference, status=UNPROCESSABLE)
    except Refused as problem:
        form.words.errors = [str(problem.reason)]
        return _page(slug, statement_id, form, status=UNPROCESSABLE)
    flash(_("The quote is added."), "success")
    return redirect(url_for(".quotes", slug=slug, statement_id=statement_id, idea=chosen, _anchor="quotes"), 303)


@blueprint.post("/desk/processes/<slug>/statements/<int:statement_id>/quotes/<any(remove, raise):change>")
@desk_only
def change(slug: str, statement_id: int, change: str) -> Page:
    """Take a quote out, or put it before the one above it."""
    process = process_by_slug(db.session(), slug)
    statement_of(db.session(), process.id, statement_id)
    form = PlaceForm()
    if not form.validate() or form.quote is None:
        raise BadRequest
    make = drop_quote if change == "remove" else raise_quote
    try:
        with transaction() as session:
            make(session, current_actor(), statement_id=statement_id, place=form.quote, now=clock.now())
    except Overtaken:
        # Somebody else took it out already, which is as it was wanted.
        flash(_("This quote is not there any more."), "info")
    else:
        flash(_("The quote is taken out.") if change == "remove" else _("The quote stands further up now."), "success")
    return redirect(url_for(".quotes", slug=slug, statement_id=statement_id, _anchor="quotes"), 303)


def _page(
    slug: str, statement_id: int, form: QuoteForm, *, difference: Difference | None = None, status: int = 200
) -> Page:
    process = process_by_slug(db.session(), slug)
    row = statement_of(db.session(), process.id, statement_id)
    page = quotes_page(
        db.session(),
        current_actor(),
        process,
        row,
        language=g.language,
        chosen=asked_number("idea"),
        query=(request.args.get("q") or "").strip()[:LONGEST_QUERY],
        before=asked_number("before"),
    )
    if difference is not None:
        page = replace(page, difference=difference)
    ticked = request.args.getlist("passage")
    if ticked and request.method == "GET":
        form.words.data = ticked_words(page.sources, ticked)
    return render_template("strategy/quotes.html", page=page, form=form, place_form=PlaceForm(formdata=None)), status
