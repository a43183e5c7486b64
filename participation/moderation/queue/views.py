"""Working on a case without deciding: holding, assigning, noting, taking the next one, taking a decision back."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from flask import Blueprint, Response, abort, flash, g, jsonify, redirect, render_template, request
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as AnyResponse

from participation.accounts.actor import Actor
from participation.accounts.guard import current_actor, moderators_only
from participation.cases.models import Case
from participation.kit import clock
from participation.kit.db import db, transaction
from participation.kit.forms import UNPROCESSABLE
from participation.kit.permissions import Refused, found
from participation.moderation.models import Decision
from participation.moderation.queue.forms import NOBODY, AssignForm, NoteForm, PlaceForm
from participation.moderation.queue.holds import assign as assign_case
from participation.moderation.queue.holds import hold as hold_case
from participation.moderation.queue.holds import next_case
from participation.moderation.queue.holds import release as release_case
from participation.moderation.queue.listing import cases_about
from participation.moderation.queue.notes import write_note
from participation.moderation.queue.whereabouts import QUEUE, Whereabouts, whereabouts_in
from participation.moderation.subjects import subject_of
from participation.moderation.undoing import undo_decision
from participation.multilingual import gettext as _
from participation.processes.outline import ProcessOutline
from participation.processes.queries import process_by_slug
from participation.processes.workplace import workplace

blueprint = Blueprint("queue", __name__)
CONFLICT = 409
Answer = AnyResponse | tuple[Response, int] | tuple[str, int]


@blueprint.post("/desk/processes/<slug>/cases/<int:case_id>/hold")
@moderators_only
def hold(slug: str, case_id: int) -> Answer:
    """Keep a case to oneself for ten minutes, or for ten more."""
    return _work_on(slug, case_id, hold_case)


@blueprint.post("/desk/processes/<slug>/cases/<int:case_id>/release")
@moderators_only
def release(slug: str, case_id: int) -> Answer:
    """Let others work on a case again."""
    return _work_on(slug, case_id, release_case)


@blueprint.post("/desk/processes/<slug>/cases/<int:case_id>/assign")
@moderators_only
def assign(slug: str, case_id: int) -> Answer:
    """Give a case to oneself, to a colleague or to nobody."""
    form = AssignForm()
    if not form.validate():
        abort(400)

    def give(session: Session, actor: Actor, *, process_id: int, case_id: int, now: datetime) -> Case:
        to = actor.account_id if form.is_me else form.account_id
        return assign_case(session, actor, process_id=process_id, case_id=case_id, account_id=to, now=now)

    said = _("The case belongs to nobody in particular now.") if form.to.data == NOBODY else _("The case is assigned.")
    return _work_on(slug, case_id, give, said=said)


@blueprint.post("/desk/processes/<slug>/cases/<int:case_id>/notes")
@moderators_only
def note(slug: str, case_id: int) -> Answer:
    """Write a note for colleagues."""
    process, form = _process(slug), NoteForm()
    where = _where(process, form)
    case = db.session().get(Case, case_id)
    found(case if case and case.process_id == process.id else None)
    if not form.validate():
        frame = workplace(current_actor(), process, g.language)
        page = render_template("moderation/note.html", form=form, workplace=frame, case_id=case_id, where=where)
        return page, UNPROCESSABLE
    with transaction() as session:
        text = form.text.data or ""
        write_note(session, current_actor(), process_id=process.id, case_id=case_id, text=text, now=clock.now())
    flash(_("The note is saved."), "success")
    return redirect(_back(where, form, case_id), 303)


@blueprint.post("/desk/processes/<slug>/queue/next")
@moderators_only
def take_next(slug: str) -> Answer:
    """Go to the first case that nobody else works on, and hold it."""
    process, form = _process(slug), _place_form()
    where = _where(process, form)
    with transaction() as session:
        case = next_case(session, current_actor(), process_id=process.id, wanted=where.wanted, now=clock.now())
        case_id = case.id if case else None
    if case_id is None:
        flash(_("There is nothing left that nobody else works on."), "info")
        return redirect(where.queue_url(), 303)
    return redirect(_back(where, form, case_id), 303)


@blueprint.post("/desk/processes/<slug>/decisions/<int:decision_id>/undo")
@moderators_only
def undo(slug: str, decision_id: int) -> Answer:
    """Take one's own decision back, and go to the case that is open again."""
    process, form = _process(slug), _place_form()
    where = _where(process, form)
    decision = db.session().get(Decision, decision_id)
    kind, number = subject_of(found(decision if decision and decision.process_id == process.id else None))
    try:
        with transaction() as session:
            undo_decision(session, current_actor(), decision_id=decision_id, now=clock.now())
            cases = cases_about(session, kind=kind, subject_id=number, now=clock.now())
    except Refused as problem:
        flash(problem.reason, "warning")
        return redirect(where.queue_url(), 303)
    flash(_("Taken back: everything stands as before."), "success")
    if not cases:
        return redirect(where.queue_url(), 303)
    return redirect(_back(where, form, cases[0]), 303)


def _work_on(slug: str, case_id: int, work: Callable[..., Any], said: str = "") -> Answer:
    process, form = _process(slug), _place_form()
    try:
        with transaction() as session:
            work(session, current_actor(), process_id=process.id, case_id=case_id, now=clock.now())
    except Refused as problem:
        if _asks_for_json():
            return jsonify(reason=str(problem.reason)), CONFLICT
        flash(problem.reason, "warning")
        return redirect(_back(_where(process, form), form, case_id), 303)
    if _asks_for_json():
        return jsonify(case=case_id)
    if said:
        flash(said, "success")
    return redirect(_back(_where(process, form), form, case_id), 303)


def _process(slug: str) -> ProcessOutline:
    return process_by_slug(db.session(), slug)


def _place_form() -> PlaceForm:
    form = PlaceForm()
    if not form.validate():
        abort(400)
    return form


def _where(process: ProcessOutline, form: PlaceForm) -> Whereabouts:
    return whereabouts_in(db.session(), process, form.place.data)


def _back(where: Whereabouts, form: PlaceForm, case_id: int) -> str:
    return where.queue_url(case_id) if form.back.data == QUEUE else where.case_url(case_id)


def _asks_for_json() -> bool:
    return request.accept_mimetypes.best == "application/json"
