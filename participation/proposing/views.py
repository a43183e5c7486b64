"""The steps from a first sentence to a submitted idea; each is an ordinary page with an ordinary form."""

from dataclasses import dataclass

from flask import Blueprint, flash, g, jsonify, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from participation.accounts.guard import current_actor, public, signed_in_only
from participation.ideas.models import Idea, IdeaState
from participation.kit import clock
from participation.kit.db import db, transaction
from participation.kit.forms import KEY, UNPROCESSABLE
from participation.kit.limits import limited
from participation.kit.permissions import Missing, Refused
from participation.multilingual import gettext as _
from participation.multilingual import language_name
from participation.multilingual.moments import moment
from participation.principles.queries import aspects_of, districts_of, fields_of, principles_of
from participation.processes.outline import ProcessOutline
from participation.proposing import pages, service
from participation.proposing.forms import DetailsForm, LanguageForm, PrinciplesForm, TextForm
from participation.proposing.frame import step_url
from participation.proposing.place import link_preset, own_draft, visible_process
from participation.proposing.preview import preview_page
from participation.proposing.queries import DraftView, text_mark
from participation.proposing.service import ChangedElsewhere, Incomplete, KeyTaken, SubmittedAlready
from participation.proposing.steps import Step
from participation.receipts.models import ReceiptKind
from participation.receipts.thanks import say_with_receipt
from participation.similarity.queries import similar_ideas

blueprint = Blueprint("proposing", __name__)
Answer = str | tuple[str, int] | Response
CONFLICT = 409


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """What another window wrote into the draft meanwhile."""

    title: str
    text: str


@blueprint.get("/processes/<slug>/ideas/new")
@public
def new(slug: str) -> str:
    """Show the first step, or what it takes, or why it is closed."""
    process = visible_process(slug)
    page = _new_page(process)
    # Without a form to send there is no token either, so that reading opens no session.
    form = TextForm().offer(shown_in=g.language).prepare() if page.may_write else None
    return render_template("proposing/new.html", page=page, form=form)


@blueprint.post("/processes/<slug>/ideas/new")
@signed_in_only
def begin(slug: str) -> Answer:
    """Begin a draft; whatever is wrong, the form comes back with everything that was typed."""
    process = visible_process(slug)
    form = TextForm().offer(shown_in=g.language)
    answer = _keep(process, form, form.submission_key.data or "")
    if isinstance(answer, Response):
        return answer
    page = render_template("proposing/new.html", page=_new_page(process), form=form.prepare(), elsewhere=answer)
    return page, UNPROCESSABLE


@blueprint.get("/processes/<slug>/drafts/<key>/text")
@signed_in_only
def text(slug: str, key: str) -> str:
    """Show the text of a draft."""
    process = visible_process(slug)
    draft = own_draft(process, key)
    form = _text_form(draft).show(draft)
    page = pages.text_page(current_actor(), process, draft, clock.now())
    return render_template("proposing/text.html", page=page, form=form)


@blueprint.post("/processes/<slug>/drafts/<key>/text")
@signed_in_only
def keep_text(slug: str, key: str) -> Answer:
    """Keep the text of a draft; whatever is wrong, the form comes back with everything that was typed."""
    process = visible_process(slug)
    if not KEY.fullmatch(key):
        raise Missing
    form = TextForm().offer(shown_in=g.language)
    answer = _keep(process, form, key)
    if isinstance(answer, Response):
        return answer
    try:
        draft = own_draft(process, key)
    except Missing:
        # It was deleted in another window, or after 90 days: what was typed now stays all the same.
        page = render_template("proposing/new.html", page=_new_page(process), form=form.prepare(), elsewhere=answer)
        return page, UNPROCESSABLE
    shown = pages.text_page(current_actor(), process, draft, clock.now())
    return render_template("proposing/text.html", page=shown, form=form.prepare(), elsewhere=answer), UNPROCESSABLE


@blueprint.post("/processes/<slug>/drafts/autosave")
@signed_in_only
def autosave(slug: str) -> Response | tuple[Response, int]:
    """Keep what somebody is still writing, finished or not; answers in JSON with a sentence for the writer."""
    process = visible_process(slug)
    form = TextForm().offer(shown_in=g.language).loosely()
    if not form.validate():
        return jsonify(message=""), UNPROCESSABLE
    key = form.submission_key.data or ""
    try:
        _write(process, form, key)
    except Refused as problem:
        return jsonify(message=str(problem.reason)), CONFLICT
    saved = _("Saved as a draft: %(moment)s", moment=moment(clock.now()))
    return jsonify(message=saved, url=step_url(slug, key, Step.TEXT))


@blueprint.get("/processes/<slug>/drafts/<key>/principles")
@signed_in_only
def principles(slug: str, key: str) -> str:
    """Show the principles with their explanations, and what might fit."""
    process = visible_process(slug)
    draft = own_draft(process, key)
    entries = principles_of(db.session(), process.framework_id)
    form = PrinciplesForm().offer(entries, language=g.language).show(draft)
    page = pages.principles_page(db.session(), current_actor(), process, draft, entries, clock.now())
    return render_template("proposing/principles.html", page=page, form=form)


@blueprint.post("/processes/<slug>/drafts/<key>/principles")
@signed_in_only
def keep_principles(slug: str, key: str) -> Answer:
    """Keep the chosen principles."""
    process = visible_process(slug)
    draft = own_draft(process, key)
    entries = principles_of(db.session(), process.framework_id)
    form = PrinciplesForm().offer(entries, language=g.language)
    if not (form.loosely() if _leaving() else form).validate():
        page = pages.principles_page(db.session(), current_actor(), process, draft, entries, clock.now())
        return render_template("proposing/principles.html", page=page, form=form), UNPROCESSABLE
    with transaction() as session:
        service.choose_principles(
            session,
            current_actor(),
            process_id=process.id,
            key=key,
            principle_ids=form.principle_ids,
            not_sure=form.not_sure,
            now=clock.now(),
        )
    return _onwards(process, key, Step.DETAILS)


@blueprint.get("/processes/<slug>/drafts/<key>/details")
@signed_in_only
def details(slug: str, key: str) -> str:
    """Show what else can be said."""
    process = visible_process(slug)
    draft = own_draft(process, key)
    form = _details_form(process).show(draft)
    page = pages.details_page(current_actor(), process, draft, clock.now())
    return render_template("proposing/details.html", page=page, form=form)


@blueprint.post("/processes/<slug>/drafts/<key>/details")
@signed_in_only
def keep_details(slug: str, key: str) -> Answer:
    """Keep what else was said; where no idea is similar, that step is skipped."""
    process = visible_process(slug)
    draft = own_draft(process, key)
    form = _details_form(process)
    if not form.validate():
        page = pages.details_page(current_actor(), process, draft, clock.now())
        return render_template("proposing/details.html", page=page, form=form), UNPROCESSABLE
    with transaction() as session:
        service.keep_details(
            session,
            current_actor(),
            process_id=process.id,
            key=key,
            district_id=form.district_id,
            field_id=form.field_id,
            aspect_ids=form.aspect_ids,
            now=clock.now(),
        )
    if _leaving() or _has_similar(process, draft):
        return _onwards(process, key, Step.SIMILAR)
    flash(_("No other idea says something similar, so that step is skipped."), "info")
    return _onwards(process, key, Step.PREVIEW)


@blueprint.get("/processes/<slug>/drafts/<key>/preview")
@signed_in_only
def preview(slug: str, key: str) -> str:
    """Show the idea as it will look."""
    process = visible_process(slug)
    return _preview(process, own_draft(process, key))


@blueprint.post("/processes/<slug>/drafts/<key>/language")
@signed_in_only
def choose_language(slug: str, key: str) -> Answer:
    """Keep the language that the author says the text is in."""
    process = visible_process(slug)
    draft = own_draft(process, key)
    form = LanguageForm().offer(shown_in=g.language)
    if not form.validate():
        return _preview(process, draft, form=form), UNPROCESSABLE
    with transaction() as session:
        service.choose_language(
            session, current_actor(), process_id=process.id, key=key, language=form.language.data, now=clock.now()
        )
    return redirect(step_url(slug, key, Step.PREVIEW), 303)


@blueprint.post("/processes/<slug>/drafts/<key>/submit")
@signed_in_only
@limited("idea")
def submit(slug: str, key: str) -> Answer:
    """Turn the draft into an idea; where something is missing, lead there."""
    process = visible_process(slug)
    draft = own_draft(process, key)
    try:
        with transaction() as session:
            idea = service.submit_draft(session, current_actor(), process_id=process.id, key=key, now=clock.now())
    except Incomplete as problem:
        flash(str(problem.reason), "warning")
        return redirect(step_url(slug, key, problem.step), 303)
    except Refused as problem:
        return _preview(process, draft, problem=str(problem.reason)), UNPROCESSABLE
    if idea.state is IdeaState.IN_REVIEW:
        thanks = _("Thank you! Your idea will be published when a moderator has read it.")
    else:
        thanks = _("Thank you! Your idea is published.")
    say_with_receipt(thanks, ReceiptKind.IDEA, idea.id)
    return _to_idea(slug, idea.id)


@blueprint.post("/processes/<slug>/drafts/<key>/delete")
@signed_in_only
def delete(slug: str, key: str) -> Response:
    """Delete a draft for good."""
    process = visible_process(slug)
    own_draft(process, key)
    with transaction() as session:
        service.delete_draft(session, current_actor(), process_id=process.id, key=key)
    flash(_("Your draft is deleted."), "success")
    return redirect(url_for("proposing.new", slug=slug), 303)


def _keep(process: ProcessOutline, form: TextForm, key: str) -> Response | Elsewhere | None:
    """Return where to go after keeping a text; ``None`` or what another window wrote when the form must come back."""
    if not (form.loosely() if _leaving() else form).validate():
        return None
    try:
        _write(process, form, key)
    except ChangedElsewhere as problem:
        form.form_errors.append(str(problem.reason))
        # Whoever has seen both texts may overwrite the other one.
        form.seen.data = text_mark(problem.title, problem.text)
        return Elsewhere(problem.title, problem.text)
    except SubmittedAlready as problem:
        idea = db.session().get_one(Idea, problem.idea_id)
        if (idea.title, idea.text) == (form.title.data, form.text.data):
            return _to_idea(process.slug, idea.id)
        form.form_errors.append(str(problem.reason))
        form.submission_key.data = ""
        return None
    except KeyTaken as problem:
        form.form_errors.append(str(problem.reason))
        form.submission_key.data = ""
        return None
    except Refused as problem:
        form.form_errors.append(str(problem.reason))
        return None
    return _onwards(process, key, Step.PRINCIPLES)


def _write(process: ProcessOutline, form: TextForm, key: str) -> None:
    # Finding out the language takes a moment, so it is done before the transaction begins.
    written = form.written(default_language=g.language)
    preset = link_preset(db.session(), process).preset
    with transaction() as session:
        service.keep_text(
            session,
            current_actor(),
            process_id=process.id,
            key=key,
            written=written,
            writing=form.writing,
            preset=preset,
            now=clock.now(),
        )


def _onwards(process: ProcessOutline, key: str, step: Step) -> Response:
    """Go to the next step, or away with the promise that everything is kept."""
    if not _leaving():
        return redirect(step_url(process.slug, key, step), 303)
    flash(_("Saved. You find your draft here whenever you want to go on."), "success")
    return redirect(url_for("proposing.new", slug=process.slug), 303)


def _leaving() -> bool:
    return "leave" in request.form


def _to_idea(slug: str, idea_id: int) -> Response:
    return redirect(url_for("browse.idea", slug=slug, idea_id=idea_id), 303)


def _new_page(process: ProcessOutline) -> pages.NewPage:
    preset = link_preset(db.session(), process)
    return pages.new_page(
        db.session(), current_actor(), process, preset=preset.arguments, titles=preset.titles, now=clock.now()
    )


def _text_form(draft: DraftView) -> TextForm:
    found_out = "" if draft.language_chosen else language_name(draft.language, shown_in=g.language)
    return TextForm().offer(shown_in=g.language, found_out=found_out)


def _details_form(process: ProcessOutline) -> DetailsForm:
    session = db.session()
    return DetailsForm().offer(
        districts=districts_of(session, process.framework_id),
        fields=fields_of(session, process.framework_id),
        aspects=aspects_of(session, process.framework_id),
        language=g.language,
    )


def _has_similar(process: ProcessOutline, draft: DraftView) -> bool:
    found = similar_ideas(
        db.session(),
        current_actor(),
        process_id=process.id,
        title=draft.title,
        text=draft.text,
        language=draft.language,
        limit=1,
    )
    return bool(found)


def _preview(process: ProcessOutline, draft: DraftView, *, form: LanguageForm | None = None, problem: str = "") -> str:
    page = preview_page(db.session(), current_actor(), process, draft, clock.now())
    if form is None:
        form = LanguageForm(language=draft.language).offer(shown_in=g.language)
    return render_template("proposing/preview.html", page=page, form=form, problem=problem)
