"""Where authors read decisions about what they wrote and object to them, and where the desk answers."""

from datetime import timedelta

from flask import Blueprint, current_app, flash, g, redirect, render_template, url_for
from werkzeug.exceptions import BadRequest
from werkzeug.wrappers import Response

from participation.accounts.guard import current_actor, moderators_only, signed_in_only
from participation.kit import clock
from participation.kit.db import db, transaction
from participation.kit.forms import UNPROCESSABLE
from participation.kit.limits import limited
from participation.kit.numbers import asked_number
from participation.kit.permissions import Refused
from participation.moderation.appeals.decision_page import DecisionPage, own_decision_page, own_decisions_page
from participation.moderation.appeals.forms import AnswerForm, AppealForm
from participation.moderation.appeals.page import appeal_page, appeals_page
from participation.moderation.appeals.queries import appealed
from participation.moderation.appeals.service import answer_appeal, submit_appeal, withdraw_appeal
from participation.moderation.models import AppealOutcome
from participation.moderation.terms import terms
from participation.multilingual import gettext as _
from participation.multilingual.moments import deadline
from participation.processes.queries import process_by_slug
from participation.texts import detect_language

blueprint = Blueprint("appeals", __name__)
CONFLICT = 409


@blueprint.get("/my/decisions")
@signed_in_only
def decisions() -> str:
    """List what was decided about the reader's contributions."""
    page = own_decisions_page(
        db.session(), current_actor(), before=asked_number("before"), undo=terms().undo, now=clock.now()
    )
    return render_template("moderation/own_decisions.html", page=page)


@blueprint.get("/my/decisions/<int:decision_id>")
@signed_in_only
def decision(decision_id: int) -> str:
    """Show one decision with its reasons, and how to object."""
    return render_template("moderation/own_decision.html", page=_own(decision_id), form=AppealForm())


@blueprint.post("/my/decisions/<int:decision_id>/appeal")
@signed_in_only
@limited("appeal")
def submit(decision_id: int) -> Response | tuple[str, int]:
    """Take an objection; whatever is wrong, the page comes back with everything that was typed."""
    form, status = AppealForm(), UNPROCESSABLE
    if form.validate():
        text = form.text.data or ""
        try:
            with transaction() as session:
                appeal = submit_appeal(
                    session,
                    current_actor(),
                    decision_id=decision_id,
                    text=text,
                    language=detect_language(text, default=g.language),
                    answer_within=timedelta(days=current_app.config["APPEAL_ANSWER_DAYS"]),
                    now=clock.now(),
                )
        except Refused as problem:
            form.form_errors.append(str(problem.reason))
            status = CONFLICT
        else:
            flash(_("Thank you. You get an answer by %(moment)s.", moment=deadline(appeal.due_at)), "success")
            return redirect(url_for(".decision", decision_id=decision_id), 303)
    return render_template("moderation/own_decision.html", page=_own(decision_id), form=form), status


@blueprint.post("/my/decisions/<int:decision_id>/appeal/withdrawal")
@signed_in_only
def withdraw(decision_id: int) -> Response:
    """Take an own objection back."""
    with transaction() as session:
        withdraw_appeal(session, current_actor(), decision_id=decision_id, now=clock.now())
    flash(_("Your objection is taken back."), "success")
    return redirect(url_for(".decision", decision_id=decision_id), 303)


@blueprint.get("/desk/processes/<slug>/appeals")
@moderators_only
def overview(slug: str) -> str:
    """List the objections of a process."""
    session = db.session()
    page = appeals_page(session, current_actor(), process_by_slug(session, slug), now=clock.now())
    return render_template("moderation/appeals.html", page=page)


@blueprint.get("/desk/processes/<slug>/appeals/<int:appeal_id>")
@moderators_only
def appeal(slug: str, appeal_id: int) -> str:
    """Show one objection with the earlier decision and who may answer."""
    session = db.session()
    page = appeal_page(session, current_actor(), process_by_slug(session, slug), appeal_id, now=clock.now())
    return render_template("moderation/appeal.html", page=page, form=AnswerForm())


@blueprint.post("/desk/processes/<slug>/appeals/<int:appeal_id>")
@moderators_only
def answer(slug: str, appeal_id: int) -> Response | tuple[str, int]:
    """Answer an objection: the decision stays, or it is changed."""
    process = process_by_slug(db.session(), slug)
    appealed(db.session(), process.id, appeal_id)
    form, status = AnswerForm(), UNPROCESSABLE
    if form.validate():
        try:
            with transaction() as session:
                answer_appeal(
                    session,
                    current_actor(),
                    appeal_id=appeal_id,
                    outcome=form.chosen,
                    answer=form.answer.data or "",
                    now=clock.now(),
                )
        except Refused as problem:
            form.form_errors.append(str(problem.reason))
            status = CONFLICT
        else:
            done = {
                AppealOutcome.UPHELD: _("The decision stays. The author is told why."),
                AppealOutcome.CHANGED: _("The decision is changed. The author is told why."),
            }
            flash(done[form.chosen], "success")
            return redirect(url_for(".appeal", slug=slug, appeal_id=appeal_id), 303)
    elif form.outcome.errors:
        # No button of ours sends it.
        raise BadRequest
    page = appeal_page(db.session(), current_actor(), process, appeal_id, now=clock.now())
    return render_template("moderation/appeal.html", page=page, form=form), status


def _own(decision_id: int) -> DecisionPage:
    return own_decision_page(db.session(), current_actor(), decision_id, undo=terms().undo, now=clock.now())
