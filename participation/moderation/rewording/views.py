"""Where moderators decide about suggested wordings, correct what readers are shown, and take it down."""

from flask import Blueprint, flash, redirect, render_template, url_for
from werkzeug.exceptions import BadRequest
from werkzeug.wrappers import Response

from participation.accounts.guard import current_actor, moderators_only
from participation.kit import clock
from participation.kit.db import db, transaction
from participation.kit.forms import UNPROCESSABLE
from participation.kit.permissions import Refused
from participation.moderation.queue.whereabouts import CASE, QUEUE, after_deciding
from participation.moderation.returning import back_to_case
from participation.moderation.rewording.forms import (
    ACCEPT,
    REFUSE,
    CorrectionForm,
    SuggestionDecisionForm,
    TakeDownForm,
    UndoForm,
)
from participation.moderation.rewording.page import RewordingPage, rewording_page
from participation.moderation.rewording.service import accept, refuse
from participation.moderation.rewording.service import undo as undo_decision
from participation.moderation.text_blocks.service import TextBlockView, blocks_for, texts_of
from participation.multilingual import gettext as _
from participation.processes.outline import ProcessOutline
from participation.processes.queries import process_by_slug
from participation.wordings.suggesting.deciding import Corrected, correct_wording, take_down_wording

blueprint = Blueprint("rewording", __name__)
OK, CONFLICT = 200, 409
JUST_DECIDED = "reworded"
"""Under this name the address of the queue says what was decided last, so that it can be taken back there."""
Page = str | tuple[str, int] | Response


@blueprint.get("/desk/processes/<slug>/wordings/<int:wording_id>")
@moderators_only
def wording(slug: str, wording_id: int) -> Page:
    """Show one wording with everything that can be done about it."""
    _process, page, blocks = _page(slug, wording_id)
    return _shown(page, blocks)


@blueprint.post("/desk/processes/<slug>/wordings/<int:wording_id>/decision")
@moderators_only
def decide(slug: str, wording_id: int) -> Page:
    """Accept or refuse a suggestion."""
    process, page, blocks = _page(slug, wording_id)
    form = SuggestionDecisionForm().offer(blocks)
    fine = form.validate()
    if form.decision.data not in (ACCEPT, REFUSE) or form.back.errors:
        # No button of ours sends it.
        raise BadRequest
    if not fine:
        return _shown(page, blocks, decision=form, status=UNPROCESSABLE)
    try:
        url = _decided(process, wording_id, form, blocks)
    except Refused as problem:
        form.form_errors.append(str(problem.reason))
        return _shown(_page(slug, wording_id)[1], blocks, decision=form, status=CONFLICT)
    if form.back.data not in (QUEUE, CASE):
        is_accepted = form.decision.data == ACCEPT
        flash(_("Readers are shown this wording now.") if is_accepted else _("The suggestion is refused."), "success")
    return redirect(url, 303)


@blueprint.post("/desk/processes/<slug>/wordings/<int:wording_id>/undo")
@moderators_only
def undo(slug: str, wording_id: int) -> Page:
    """Take back what one has just decided about a suggestion."""
    process, form = process_by_slug(db.session(), slug), UndoForm()
    if not form.validate():
        raise BadRequest
    actor, now = current_actor(), clock.now()
    onwards = None
    try:
        with transaction() as session:
            undo_decision(session, actor, process_id=process.id, wording_id=wording_id, now=now)
            onwards = back_to_case(session, actor, process, form, now=now)
    except Refused as problem:
        flash(problem.reason, "warning")
    else:
        flash(_("Taken back: everything stands as before."), "success")
    return redirect(onwards or url_for(".wording", slug=slug, wording_id=wording_id), 303)


@blueprint.post("/desk/processes/<slug>/wordings/<int:wording_id>/correction")
@moderators_only
def correct(slug: str, wording_id: int) -> Page:
    """Put another wording in the place of the one that is shown."""
    _process, page, blocks = _page(slug, wording_id)
    form = CorrectionForm().fit(has_title=bool(page.original.title))
    if form.validate():
        corrected = Corrected(form.written_title, form.text.data or "")
        try:
            with transaction() as session:
                better = correct_wording(
                    session, current_actor(), wording_id=wording_id, corrected=corrected, now=clock.now()
                ).id
        except Refused as problem:
            form.form_errors.append(str(problem.reason))
            page = _page(slug, wording_id)[1]
        else:
            flash(_("Readers are shown your wording now."), "success")
            return redirect(url_for(".wording", slug=slug, wording_id=better), 303)
    return _shown(page, blocks, correction=form, status=UNPROCESSABLE)


@blueprint.post("/desk/processes/<slug>/wordings/<int:wording_id>/removal")
@moderators_only
def take_down(slug: str, wording_id: int) -> Page:
    """Take a wording down, so that readers see the original."""
    _process, page, blocks = _page(slug, wording_id)
    form = TakeDownForm()
    if form.validate():
        try:
            with transaction() as session:
                take_down_wording(
                    session, current_actor(), wording_id=wording_id, reason=form.reason.data or "", now=clock.now()
                )
        except Refused as problem:
            form.form_errors.append(str(problem.reason))
            page = _page(slug, wording_id)[1]
        else:
            flash(_("The wording is taken down: readers see the original."), "success")
            return redirect(url_for(".wording", slug=slug, wording_id=wording_id), 303)
    return _shown(page, blocks, removal=form, status=UNPROCESSABLE)


def _decided(
    process: ProcessOutline, wording_id: int, form: SuggestionDecisionForm, blocks: tuple[TextBlockView, ...]
) -> str:
    """Take the decision, and return where to go on."""
    actor, now = current_actor(), clock.now()
    with transaction() as session:
        if form.decision.data == ACCEPT:
            accept(session, actor, process_id=process.id, wording_id=wording_id, now=now)
        else:
            refuse(
                session,
                actor,
                process_id=process.id,
                wording_id=wording_id,
                reason=form.reason.data or "",
                block_texts=texts_of(form.chosen(blocks)),
                now=now,
            )
        back, place = form.back.data, form.place.data
        if back not in (QUEUE, CASE):
            return url_for(".wording", slug=process.slug, wording_id=wording_id)
        url = after_deciding(session, actor, process, back=back, place=place, case_id=form.case_id, now=now)
    return f"{url}{'&' if '?' in url else '?'}{JUST_DECIDED}={wording_id}"


def _page(slug: str, wording_id: int) -> tuple[ProcessOutline, RewordingPage, tuple[TextBlockView, ...]]:
    session = db.session()
    process = process_by_slug(session, slug)
    blocks = blocks_for(session, process.id)
    return process, rewording_page(session, current_actor(), process, wording_id, blocks), blocks


def _shown(
    page: RewordingPage,
    blocks: tuple[TextBlockView, ...],
    *,
    decision: SuggestionDecisionForm | None = None,
    correction: CorrectionForm | None = None,
    removal: TakeDownForm | None = None,
    status: int = OK,
) -> Page:
    """Show a wording with a form for each thing that can be done, one of them perhaps as it came back."""
    begun = CorrectionForm(formdata=None).fit(has_title=bool(page.original.title))
    forms = {
        "decision": (decision or SuggestionDecisionForm(formdata=None).offer(blocks)).prepare(),
        "correction": correction or begun.fill(title=page.seen.title, text=page.seen.text),
        "removal": removal or TakeDownForm(formdata=None),
    }
    answer = render_template("moderation/wording.html", page=page, **forms)
    return (answer, status) if status != OK else answer
