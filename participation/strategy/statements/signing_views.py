"""Pages on which a second person signs statements off or sends them back, and on which revisions are compared."""

from flask import Blueprint, flash, g, redirect, render_template, url_for
from werkzeug.wrappers import Response

from participation.accounts.guard import current_actor, desk_only
from participation.kit import clock
from participation.kit.db import db, transaction
from participation.kit.forms import UNPROCESSABLE
from participation.kit.permissions import Refused
from participation.multilingual import gettext as _
from participation.processes.queries import process_by_slug
from participation.strategy.statements.forms import SendBackForm, SignOffForm
from participation.strategy.statements.pages import revisions_page, sign_off_page
from participation.strategy.statements.queries import statement_of
from participation.strategy.statements.service import Overtaken, send_back, sign_off

blueprint = Blueprint("signing", __name__)
Page = str | tuple[str, int] | Response
CONFLICT = 409
NOTHING_READ = "-"


@blueprint.route("/desk/processes/<slug>/statements/<int:statement_id>/sign-off", methods=["GET", "POST"])
@desk_only
def sign(slug: str, statement_id: int) -> Page:
    """Show what a second person agrees to, and let them sign it off."""
    form = SignOffForm()
    if not form.validate_on_submit():
        return _page(
            slug, statement_id, form, SendBackForm(formdata=None), status=UNPROCESSABLE if form.errors else 200
        )
    process = process_by_slug(db.session(), slug)
    statement_of(db.session(), process.id, statement_id)
    try:
        with transaction() as session:
            sign_off(
                session,
                current_actor(),
                statement_id=statement_id,
                now=clock.now(),
                note=form.note.data or "",
                # Whoever does not say which words were read has read none.
                seen=form.seen.data or NOTHING_READ,
            )
    except Overtaken:
        form.form_errors.append(_("Somebody changed this statement since you opened it. Please read it again."))
        form.seen.data = None
        return _page(slug, statement_id, form, SendBackForm(formdata=None), status=CONFLICT)
    except Refused as problem:
        form.form_errors.append(str(problem.reason))
        return _page(slug, statement_id, form, SendBackForm(formdata=None), status=CONFLICT)
    flash(_("The statement is signed off and public."), "success")
    return redirect(url_for("strategy.statement", slug=slug, statement_id=statement_id), 303)


@blueprint.post("/desk/processes/<slug>/statements/<int:statement_id>/send-back")
@desk_only
def back(slug: str, statement_id: int) -> Page:
    """Send a submitted statement back to its writers."""
    form = SendBackForm()
    if not form.validate_on_submit():
        return _page(slug, statement_id, SignOffForm(formdata=None), form, status=UNPROCESSABLE)
    process = process_by_slug(db.session(), slug)
    statement_of(db.session(), process.id, statement_id)
    with transaction() as session:
        send_back(session, current_actor(), statement_id=statement_id, remark=form.remark.data or "", now=clock.now())
    flash(_("The statement is back with its writers."), "success")
    return redirect(url_for("strategy.statement", slug=slug, statement_id=statement_id), 303)


@blueprint.get("/desk/processes/<slug>/statements/<int:statement_id>/revisions")
@desk_only
def revisions(slug: str, statement_id: int) -> Page:
    """Show the revisions of a statement and what is new in each."""
    process = process_by_slug(db.session(), slug)
    row = statement_of(db.session(), process.id, statement_id)
    page = revisions_page(db.session(), current_actor(), process, row, language=g.language, now=clock.now())
    return render_template("strategy/revisions.html", page=page)


def _page(slug: str, statement_id: int, form: SignOffForm, back_form: SendBackForm, *, status: int) -> Page:
    process = process_by_slug(db.session(), slug)
    row = statement_of(db.session(), process.id, statement_id)
    page = sign_off_page(db.session(), current_actor(), process, row, language=g.language, now=clock.now())
    form.seen.data = form.seen.data or page.seen
    return render_template("strategy/sign_off.html", page=page, form=form, back_form=back_form), status
