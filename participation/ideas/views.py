"""Proposing an idea."""

from dataclasses import dataclass

from flask import Blueprint, flash, g, redirect, render_template, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from participation.accounts.guard import current_actor, public, signed_in_only
from participation.ideas.forms import IdeaForm
from participation.ideas.models import IdeaState
from participation.ideas.policies import may_submit
from participation.ideas.service import IdeaDraft, submit_idea
from participation.kit import clock
from participation.kit.db import db, transaction
from participation.kit.forms import UNPROCESSABLE
from participation.kit.permissions import Missing, Refused
from participation.multilingual import gettext as _
from participation.multilingual import pick
from participation.multilingual.moments import deadline
from participation.principles.queries import EntryView, districts_of, fields_of, principles_of
from participation.processes.models import Capability
from participation.processes.outline import ProcessOutline
from participation.processes.policies import is_possible, may_see_process
from participation.processes.queries import process_by_slug

blueprint = Blueprint("ideas", __name__)


@dataclass(frozen=True, slots=True)
class PrincipleChoice:
    """A principle as it is explained beside its box."""

    id: int
    title: str
    explanation: str
    pictogram: str


@dataclass(frozen=True, slots=True)
class NewIdeaPage:
    """Everything the proposal form shows."""

    process_title: str
    process_url: str
    question: str
    licence: str
    advice: str
    open_until: str
    review_first: bool
    principles: tuple[PrincipleChoice, ...]
    closed_reason: str
    may_submit: bool
    sign_in_url: str


@blueprint.get("/processes/<slug>/ideas/new")
@public
def new(slug: str) -> str:
    """Show the proposal form, or why there is none."""
    session = db.session()
    process = process_by_slug(session, slug)
    if not may_see_process(current_actor(), process):
        raise Missing
    page = _page(session, process)
    # Without a form to send there is no token either, so that reading opens no session.
    form = _offer(session, IdeaForm(meta={"csrf": page.may_submit}), process).prepare()
    form.language.data = g.language
    return render_template("ideas/new.html", page=page, form=form, process=slug)


@blueprint.post("/processes/<slug>/ideas/new")
@signed_in_only
def submit(slug: str) -> Response | tuple[str, int]:
    """Take the proposal; whatever is wrong, the form comes back with everything that was typed."""
    session = db.session()
    process = process_by_slug(session, slug)
    if not may_see_process(current_actor(), process):
        raise Missing
    form = _offer(session, IdeaForm(), process)
    if form.validate():
        draft = IdeaDraft(
            title=form.title.data or "",
            text=form.text.data or "",
            language=form.language.data,
            principle_ids=form.principle_ids,
            district_id=form.district_id,
            field_id=form.field_id,
        )
        try:
            return _submitted(slug, process, draft, form)
        except Refused as problem:
            form.form_errors.append(str(problem.reason))
    page = render_template("ideas/new.html", page=_page(session, process), form=form.prepare(), process=slug)
    return page, UNPROCESSABLE


def _submitted(slug: str, process: ProcessOutline, draft: IdeaDraft, form: IdeaForm) -> Response:
    with transaction() as session:
        idea = submit_idea(
            session,
            current_actor(),
            process_id=process.id,
            draft=draft,
            submission_key=form.submission_key.data or "",
            opened_at=form.opened_at,
            now=clock.now(),
        )
    if idea.state is IdeaState.IN_REVIEW:
        flash(_("Thank you! Your idea will be published when a moderator has read it."), "success")
    else:
        flash(_("Thank you! Your idea is published."), "success")
    return redirect(url_for("browse.idea", slug=slug, idea_id=idea.id), 303)


def _offer(session: Session, form: IdeaForm, process: ProcessOutline) -> IdeaForm:
    return form.offer(
        principles=[(str(entry.id), pick(entry.title, g.language)) for entry in _principles(session, process)],
        districts=districts_of(session, process.framework_id),
        fields=fields_of(session, process.framework_id),
        language=g.language,
    )


def _principles(session: Session, process: ProcessOutline) -> tuple[EntryView, ...]:
    if "principles" not in g:
        g.principles = principles_of(session, process.framework_id)
    entries: tuple[EntryView, ...] = g.principles
    return entries


def _page(session: Session, process: ProcessOutline) -> NewIdeaPage:
    now = clock.now()
    actor = current_actor()
    until = process.open_until(Capability.PROPOSE, now)
    possible = is_possible(process, Capability.PROPOSE, now=now)
    here = url_for("ideas.new", slug=process.slug)
    return NewIdeaPage(
        process_title=pick(process.title, g.language),
        process_url=url_for("browse.process", slug=process.slug),
        question=pick(process.question, g.language),
        licence=pick(process.licence, g.language),
        advice=pick(process.advice, g.language),
        open_until=deadline(until) if until else "",
        review_first=process.reviews_first(now),
        principles=tuple(
            PrincipleChoice(
                entry.id, pick(entry.title, g.language), pick(entry.explanation, g.language), entry.pictogram
            )
            for entry in _principles(session, process)
        ),
        closed_reason="" if possible else str(possible.reason),
        may_submit=bool(may_submit(actor, process, now=now)),
        sign_in_url=url_for("accounts.sign_in", next=here),
    )
