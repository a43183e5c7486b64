"""Changing an idea as long as nobody else has voted or commented."""

from dataclasses import dataclass

from flask import Blueprint, g, redirect, render_template, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from participation.accounts.guard import current_actor, signed_in_only
from participation.ideas.editing import edit_idea
from participation.ideas.models import Idea, IdeaState
from participation.ideas.policies import may_edit
from participation.ideas.queries import aspect_ids_of, facts_about, idea_in, principle_ids_of
from participation.ideas.revisions import TextChanged
from participation.kit import clock
from participation.kit.db import db, transaction
from participation.kit.forms import UNPROCESSABLE
from participation.kit.permissions import Missing, Refused, require
from participation.multilingual import direction, pick
from participation.multilingual import gettext as _
from participation.principles.queries import aspects_of, districts_of, fields_of, principles_of
from participation.processes.outline import ProcessOutline
from participation.proposing.edit_forms import EditForm
from participation.proposing.hints import Hint, hints_at
from participation.proposing.place import visible_process
from participation.receipts.models import ReceiptKind
from participation.receipts.thanks import say_with_receipt

blueprint = Blueprint("editing", __name__)
CONFLICT = 409
Answer = Response | tuple[str, int]


@dataclass(frozen=True, slots=True)
class StandsThere:
    """What the idea says now, where that is not what the form was opened on."""

    title: str
    text: str
    language: str
    dir: str


@dataclass(frozen=True, slots=True)
class EditPage:
    """Everything the form for changing an idea shows around its fields."""

    idea_id: int
    title: str
    language: str
    dir: str
    idea_url: str
    ideas_url: str
    process_title: str
    process_url: str
    leaves_public: bool
    is_waiting: bool
    hints: tuple[Hint, ...]
    stands_there: StandsThere | None = None


@blueprint.get("/processes/<slug>/ideas/<int:idea_id>/edit")
@signed_in_only
def edit(slug: str, idea_id: int) -> str:
    """Show the form for changing an idea."""
    session = db.session()
    process = visible_process(slug)
    idea = _own_idea(session, process, idea_id)
    require(may_edit(current_actor(), process, facts_about(session, current_actor(), idea), now=clock.now()))
    form = _offer(session, EditForm(), process)
    principle_ids = principle_ids_of(session, [idea.id])[idea.id]
    form.show_idea(idea, principle_ids=principle_ids, aspect_ids=aspect_ids_of(session, idea.id))
    return render_template("proposing/edit.html", page=_page(process, idea), form=form)


@blueprint.post("/processes/<slug>/ideas/<int:idea_id>/edit")
@signed_in_only
def save(slug: str, idea_id: int) -> Answer:
    """Take the change; whatever is wrong, the form comes back with everything that was typed."""
    session = db.session()
    process = visible_process(slug)
    idea = _own_idea(session, process, idea_id)
    form = _offer(session, EditForm(), process)
    if form.validate():
        try:
            return _saved(process, idea_id, form)
        except TextChanged as problem:
            return _changed_elsewhere(process, idea_id, form, problem)
        except Refused as problem:
            form.form_errors.append(str(problem.reason))
    form.prepare()
    return render_template("proposing/edit.html", page=_page(process, idea), form=form), UNPROCESSABLE


def _saved(process: ProcessOutline, idea_id: int, form: EditForm) -> Response:
    with transaction() as session:
        was_public = idea_in(session, process.id, idea_id).state is IdeaState.PUBLISHED
        idea = edit_idea(
            session,
            current_actor(),
            process=process,
            idea_id=idea_id,
            draft=form.written(),
            revision=form.opened_on,
            opened_at=form.opened_at,
            now=clock.now(),
        )
    if was_public and idea.state is IdeaState.IN_REVIEW:
        done = _("Your change is saved. Your idea is public again when a moderator has read it.")
    else:
        done = _("Your change is saved.")
    say_with_receipt(done, ReceiptKind.IDEA, idea_id)
    return redirect(url_for("browse.idea", slug=process.slug, idea_id=idea_id), 303)


def _changed_elsewhere(process: ProcessOutline, idea_id: int, form: EditForm, problem: TextChanged) -> Answer:
    idea = idea_in(db.session(), process.id, idea_id)
    form.form_errors.append(str(problem.reason))
    # Whoever sends this again has seen both texts.
    form.revision.data = str(idea.revision)
    form.prepare()
    page = _page(process, idea, StandsThere(idea.title, idea.text, idea.language, direction(idea.language)))
    return render_template("proposing/edit.html", page=page, form=form), CONFLICT


def _own_idea(session: Session, process: ProcessOutline, idea_id: int) -> Idea:
    idea = idea_in(session, process.id, idea_id)
    # To everybody else this page does not exist, so that nobody learns of ideas that are not public.
    if not facts_about(session, current_actor(), idea).is_author:
        raise Missing
    return idea


def _offer(session: Session, form: EditForm, process: ProcessOutline) -> EditForm:
    return form.offer_choices(
        principles=principles_of(session, process.framework_id),
        districts=districts_of(session, process.framework_id),
        fields=fields_of(session, process.framework_id),
        aspects=aspects_of(session, process.framework_id),
        shown_in=g.language,
    )


def _page(process: ProcessOutline, idea: Idea, stands_there: StandsThere | None = None) -> EditPage:
    return EditPage(
        idea_id=idea.id,
        title=idea.title,
        language=idea.language,
        dir=direction(idea.language),
        idea_url=url_for("browse.idea", slug=process.slug, idea_id=idea.id),
        ideas_url=url_for("browse.ideas", slug=process.slug),
        process_title=pick(process.title, g.language),
        process_url=url_for("browse.process", slug=process.slug),
        leaves_public=idea.state is IdeaState.PUBLISHED and process.reviews_first(clock.now()),
        is_waiting=idea.state is IdeaState.IN_REVIEW,
        hints=hints_at(idea.title, idea.text, idea.language),
        stands_there=stands_there,
    )
