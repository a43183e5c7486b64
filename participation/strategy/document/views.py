"""Where the statements are brought into order, and where readers say that they have read a version."""

from dataclasses import dataclass

from flask import Blueprint, abort, flash, g, redirect, render_template, url_for
from werkzeug.wrappers import Response

from participation.accounts.guard import current_actor, desk_only, signed_in_only
from participation.kit import clock
from participation.kit.db import db, transaction
from participation.kit.forms import UNPROCESSABLE
from participation.kit.permissions import Missing
from participation.multilingual import Phrase, phrase
from participation.multilingual import gettext as _
from participation.processes.outline import ProcessOutline
from participation.processes.policies import may_see_process
from participation.processes.queries import process_by_slug
from participation.processes.workplace import Workplace, workplace
from participation.strategy.document.forms import OrderForm, SeenForm, order_form
from participation.strategy.document.queries import OrderedStatement, statements_in_order
from participation.strategy.document.service import OrderChanged, mark_seen, reorder_statements
from participation.strategy.models import StatementState

blueprint = Blueprint("documents", __name__)
Page = str | tuple[str, int] | Response
BAD, CONFLICT = 400, 409


@dataclass(frozen=True, slots=True)
class OrderRow:
    """A statement with its place, counted from 1."""

    id: int
    number: int
    text: Phrase
    state: StatementState
    place: int


@dataclass(frozen=True, slots=True)
class OrderPage:
    """The statements in the order of the document."""

    workplace: Workplace
    rows: tuple[OrderRow, ...]


@blueprint.route("/desk/processes/<slug>/statements/order", methods=["GET", "POST"])
@desk_only
def order(slug: str) -> Page:
    """Bring the statements into another order."""
    process = process_by_slug(db.session(), slug)
    statements = statements_in_order(db.session(), process.id)
    form = order_form(statements)
    if not form.is_submitted():
        _show(form, statements)
    if not form.validate_on_submit():
        answer = _page(process, statements, form)
        return (answer, UNPROCESSABLE) if form.errors else answer
    try:
        with transaction() as session:
            changed = reorder_statements(
                session,
                current_actor(),
                process_id=process.id,
                wanted=form.wanted_ids,
                seen=form.seen_ids,
                now=clock.now(),
            )
    except OrderChanged:
        return _overtaken(process)
    if changed:
        flash(_("The order is saved; the document has a new version if public statements moved."), "success")
    else:
        flash(_("Nothing was changed."), "info")
    return redirect(url_for(".order", slug=slug), 303)


@blueprint.post("/processes/<slug>/strategy/seen")
@signed_in_only
def seen(slug: str) -> Response:
    """Remember which version somebody has read."""
    process = process_by_slug(db.session(), slug)
    if not may_see_process(current_actor(), process):
        raise Missing
    form = SeenForm()
    if not form.validate():
        abort(BAD)
    with transaction() as session:
        mark_seen(session, current_actor(), process_id=process.id, number=form.version, now=clock.now())
    flash(_("Noted. Next time you see here what changed since this version."), "success")
    return redirect(url_for("documents.document", slug=slug), 303)


def _overtaken(process: ProcessOutline) -> Page:
    """Show the order as it is by now with the places that were asked for."""
    statements = statements_in_order(db.session(), process.id)
    form = order_form(statements)
    form.seen.data = _ids(statements)
    form.form_errors.append(_("A colleague changed the list meanwhile. Please look at the places and save again."))
    return _page(process, statements, form), CONFLICT


def _show(form: OrderForm, statements: tuple[OrderedStatement, ...]) -> None:
    form.seen.data = _ids(statements)
    for place, one in enumerate(statements, start=1):
        form.place_of(one.id).data = place


def _ids(statements: tuple[OrderedStatement, ...]) -> str:
    return ",".join(str(one.id) for one in statements)


def _page(process: ProcessOutline, statements: tuple[OrderedStatement, ...], form: OrderForm) -> str:
    rows = tuple(
        OrderRow(one.id, one.number, phrase(one.text, g.language), one.state, place)
        for place, one in enumerate(statements, start=1)
    )
    page = OrderPage(workplace(current_actor(), process, g.language), rows)
    return render_template("strategy/order.html", page=page, form=form)
