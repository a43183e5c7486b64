"""What authors do below and with their own idea: adding something to it, taking it back."""

from dataclasses import dataclass

from flask import Blueprint, flash, g, redirect, render_template, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from participation.accounts.guard import current_actor, signed_in_only
from participation.ideas.addenda import add_addendum
from participation.ideas.forms import AddendumForm, WithdrawalForm
from participation.ideas.models import Idea, IdeaState
from participation.ideas.policies import MOST_ADDENDA, IdeaFacts, may_add, may_withdraw
from participation.ideas.queries import facts_about, idea_in
from participation.ideas.withdrawal import withdraw_idea
from participation.kit import clock
from participation.kit.db import db, transaction
from participation.kit.forms import UNPROCESSABLE
from participation.kit.limits import limited
from participation.kit.permissions import Missing, Refused, require
from participation.multilingual import direction, pick
from participation.multilingual import gettext as _
from participation.processes.outline import ProcessOutline
from participation.processes.policies import may_see_process
from participation.processes.queries import process_by_slug
from participation.processes.reading import RULES, reading_of, what_happens_to_it
from participation.receipts.models import ReceiptKind
from participation.receipts.thanks import say_with_receipt
from participation.texts import detect_language

blueprint = Blueprint("ideas", __name__)
Answer = Response | tuple[str, int]


@dataclass(frozen=True, slots=True)
class OwnIdeaPage:
    """A page about an own idea: what it says, where it hangs, and how much may still be added."""

    idea_id: int
    title: str
    text: str
    language: str
    dir: str
    url: str
    ideas_url: str
    process_title: str
    process_url: str
    licence: str
    reading: str
    rules_url: str
    addenda_left: int


@blueprint.get("/processes/<slug>/ideas/<int:idea_id>/addenda/new")
@signed_in_only
def new_addendum(slug: str, idea_id: int) -> str:
    """Show the form for adding something below an idea."""
    process, idea, facts = _own_idea(db.session(), slug, idea_id)
    require(may_add(current_actor(), process, facts, now=clock.now()))
    form = AddendumForm().prepare()
    return render_template("ideas/addendum.html", page=_page(process, idea, facts), form=form)


@blueprint.post("/processes/<slug>/ideas/<int:idea_id>/addenda/new")
@signed_in_only
@limited("comment")
def add(slug: str, idea_id: int) -> Answer:
    """Take the addendum; whatever is wrong, the form comes back with everything that was typed."""
    process, idea, facts = _own_idea(db.session(), slug, idea_id)
    form = AddendumForm()
    if form.validate():
        try:
            return _added(process, idea_id, form, default_language=idea.language)
        except Refused as problem:
            form.form_errors.append(str(problem.reason))
    page = _page(process, idea, facts)
    return render_template("ideas/addendum.html", page=page, form=form.prepare()), UNPROCESSABLE


@blueprint.get("/processes/<slug>/ideas/<int:idea_id>/withdrawal")
@signed_in_only
def withdrawal(slug: str, idea_id: int) -> str:
    """Ask whether the author really wants to take the idea back."""
    process, idea, facts = _own_idea(db.session(), slug, idea_id)
    require(may_withdraw(current_actor(), process, facts))
    form = WithdrawalForm().offer().prepare()
    return render_template("ideas/withdrawal.html", page=_page(process, idea, facts), form=form)


@blueprint.post("/processes/<slug>/ideas/<int:idea_id>/withdrawal")
@signed_in_only
def withdraw(slug: str, idea_id: int) -> Answer:
    """Take the idea back for good."""
    process, idea, facts = _own_idea(db.session(), slug, idea_id)
    form = WithdrawalForm().offer()
    if not form.validate():
        page = _page(process, idea, facts)
        return render_template("ideas/withdrawal.html", page=page, form=form.prepare()), UNPROCESSABLE
    with transaction() as session:
        withdraw_idea(session, current_actor(), process=process, idea_id=idea_id, reason=form.chosen, now=clock.now())
    flash(_("Your idea is withdrawn."), "success")
    return redirect(url_for("browse.idea", slug=slug, idea_id=idea_id), 303)


def _added(process: ProcessOutline, idea_id: int, form: AddendumForm, *, default_language: str) -> Response:
    text = form.text.data or ""
    with transaction() as session:
        addendum = add_addendum(
            session,
            current_actor(),
            process=process,
            idea_id=idea_id,
            text=text,
            language=detect_language(text, default=default_language),
            submission_key=form.submission_key.data or "",
            opened_at=form.opened_at,
            now=clock.now(),
        )
    if addendum.state is IdeaState.IN_REVIEW:
        thanks = _("Thank you! Your addendum will be published when a moderator has read it.")
    else:
        thanks = _("Thank you! Your addendum is published.")
    say_with_receipt(thanks, ReceiptKind.ADDENDUM, addendum.id)
    return redirect(url_for("browse.idea", slug=process.slug, idea_id=idea_id, _anchor=f"addendum-{addendum.id}"), 303)


def _own_idea(session: Session, slug: str, idea_id: int) -> tuple[ProcessOutline, Idea, IdeaFacts]:
    process = process_by_slug(session, slug)
    if not may_see_process(current_actor(), process):
        raise Missing
    idea = idea_in(session, process.id, idea_id)
    facts = facts_about(session, current_actor(), idea)
    # To everybody else these pages do not exist, so that nobody learns of ideas that are not public.
    if not facts.is_author:
        raise Missing
    return process, idea, facts


def _page(process: ProcessOutline, idea: Idea, facts: IdeaFacts) -> OwnIdeaPage:
    return OwnIdeaPage(
        idea_id=idea.id,
        title=idea.title,
        text=idea.text,
        language=idea.language,
        dir=direction(idea.language),
        url=url_for("browse.idea", slug=process.slug, idea_id=idea.id),
        ideas_url=url_for("browse.ideas", slug=process.slug),
        process_title=pick(process.title, g.language),
        process_url=url_for("browse.process", slug=process.slug),
        licence=pick(process.licence, g.language),
        reading=what_happens_to_it(reading_of(process, g.language, clock.now())),
        rules_url=url_for("browse.process", slug=process.slug, _anchor=RULES),
        addenda_left=MOST_ADDENDA - facts.addenda,
    )
