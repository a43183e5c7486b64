"""Where moderators' decisions and tags arrive; what cannot be taken comes back on a page of its own."""

from dataclasses import dataclass

from flask import Blueprint, abort, flash, g, redirect, render_template, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from participation.accounts.guard import current_actor, moderators_only
from participation.comments.models import Comment
from participation.ideas.addenda import addendum_in
from participation.ideas.models import Idea
from participation.ideas.queries import idea_in, principle_ids_of
from participation.ideas.redaction import NotFound
from participation.ideas.service import tag_idea
from participation.kit import clock
from participation.kit.db import db, transaction
from participation.kit.forms import UNPROCESSABLE
from participation.kit.permissions import Refused, found
from participation.moderation.forms import (
    DECISIONS,
    IDEA,
    QUEUE,
    DecisionForm,
    IdeaDecisionForm,
    PrinciplesForm,
    RedactionForm,
    ReturnForm,
)
from participation.moderation.keys import decode, encode
from participation.moderation.models import DecisionKind
from participation.moderation.queries import WaitingKey, next_waiting
from participation.moderation.redaction_page import redaction_page
from participation.moderation.service import Subject, decide, redact
from participation.multilingual import gettext as _
from participation.multilingual import pick
from participation.principles.queries import principles_of
from participation.processes.outline import ProcessOutline
from participation.processes.queries import process_by_slug
from participation.processes.workplace import Workplace, workplace
from participation.receipts.signing import text_digest

blueprint = Blueprint("moderation", __name__)
CONFLICT = 409
PREVIEW = "preview"


@dataclass(frozen=True, slots=True)
class DecisionPage:
    """One contribution whose decision could not be taken as it was sent."""

    workplace: Workplace
    kind: str
    idea_id: int
    action: str
    title: str
    text: str
    language: str
    state: str
    revision: int = 1


@dataclass(frozen=True, slots=True)
class PrinciplesPage:
    """One idea whose principles could not be taken as they were sent."""

    workplace: Workplace
    idea_id: int
    title: str
    language: str


@blueprint.post("/desk/processes/<slug>/ideas/<int:idea_id>/decision")
@moderators_only
def decide_idea(slug: str, idea_id: int) -> Response | tuple[str, int]:
    """Publish, hide or restore an idea."""
    process = process_by_slug(db.session(), slug)
    idea = idea_in(db.session(), process.id, idea_id)
    key = WaitingKey(idea.submitted_at, "idea", idea.id)
    page = DecisionPage(
        workplace=workplace(current_actor(), process, g.language),
        kind="idea",
        idea_id=idea.id,
        action=url_for(".decide_idea", slug=slug, idea_id=idea_id),
        title=idea.title,
        text=idea.text,
        language=idea.language,
        state=idea.state.value,
        revision=idea.revision,
    )
    form = IdeaDecisionForm().offer(_principles(db.session(), process))
    return _decide(process, key, page, form)


@blueprint.post("/desk/processes/<slug>/comments/<int:comment_id>/decision")
@moderators_only
def decide_comment(slug: str, comment_id: int) -> Response | tuple[str, int]:
    """Publish, hide or restore a comment."""
    process = process_by_slug(db.session(), slug)
    comment = db.session().get(Comment, comment_id)
    comment = found(comment if comment and comment.process_id == process.id else None)
    key = WaitingKey(comment.submitted_at, "comment", comment.id)
    page = DecisionPage(
        workplace=workplace(current_actor(), process, g.language),
        kind="comment",
        idea_id=comment.idea_id,
        action=url_for(".decide_comment", slug=slug, comment_id=comment_id),
        title=found(db.session().get(Idea, comment.idea_id)).title,
        text=comment.text,
        language=comment.language,
        state=comment.state.value,
    )
    return _decide(process, key, page, DecisionForm())


@blueprint.post("/desk/processes/<slug>/addenda/<int:addendum_id>/decision")
@moderators_only
def decide_addendum(slug: str, addendum_id: int) -> Response | tuple[str, int]:
    """Publish, hide or restore an addendum."""
    process = process_by_slug(db.session(), slug)
    addendum = addendum_in(db.session(), process.id, addendum_id)
    key = WaitingKey(addendum.submitted_at, "addendum", addendum.id)
    page = DecisionPage(
        workplace=workplace(current_actor(), process, g.language),
        kind="addendum",
        idea_id=addendum.idea_id,
        action=url_for(".decide_addendum", slug=slug, addendum_id=addendum_id),
        title=found(db.session().get(Idea, addendum.idea_id)).title,
        text=addendum.text,
        language=addendum.language,
        state=addendum.state.value,
    )
    return _decide(process, key, page, DecisionForm())


@blueprint.get("/desk/processes/<slug>/ideas/<int:idea_id>/redaction")
@moderators_only
def redaction(slug: str, idea_id: int) -> str:
    """Show the form for taking passages out of an idea."""
    page = redaction_page(db.session(), current_actor(), process_by_slug(db.session(), slug), idea_id)
    return render_template("moderation/redaction.html", page=page, form=RedactionForm())


@blueprint.post("/desk/processes/<slug>/ideas/<int:idea_id>/redaction")
@moderators_only
def take_out(slug: str, idea_id: int) -> Response | tuple[str, int]:
    """Take passages out of an idea, or show first what would become of it."""
    process = process_by_slug(db.session(), slug)
    page = redaction_page(db.session(), current_actor(), process, idea_id)
    form = RedactionForm()
    if not form.validate():
        return render_template("moderation/redaction.html", page=page, form=form), UNPROCESSABLE
    try:
        if form.step.data == PREVIEW:
            page = redaction_page(db.session(), current_actor(), process, idea_id, passages=form.passages)
            return render_template("moderation/redaction.html", page=page, form=form), 200
        with transaction() as session:
            reason = form.reason.data or ""
            redact(session, current_actor(), idea_id=idea_id, passages=form.passages, reason=reason, now=clock.now())
    except NotFound as problem:
        form.complain(problem.passages, str(problem.reason))
        return render_template("moderation/redaction.html", page=page, form=form), UNPROCESSABLE
    except Refused as problem:
        form.form_errors.append(str(problem.reason))
        return render_template("moderation/redaction.html", page=page, form=form), UNPROCESSABLE
    flash(_("It is taken out, and the author will read your reason."), "success")
    return redirect(url_for("desk.idea", slug=slug, idea_id=idea_id), 303)


@blueprint.post("/desk/processes/<slug>/ideas/<int:idea_id>/principles")
@moderators_only
def tag(slug: str, idea_id: int) -> Response | tuple[str, int]:
    """Set the principles of an idea."""
    process = process_by_slug(db.session(), slug)
    idea = idea_in(db.session(), process.id, idea_id)
    form = PrinciplesForm().offer(_principles(db.session(), process))
    if not form.validate():
        page = PrinciplesPage(workplace(current_actor(), process, g.language), idea.id, idea.title, idea.language)
        return render_template("moderation/principles.html", page=page, form=form), UNPROCESSABLE
    with transaction() as session:
        tag_idea(session, current_actor(), idea_id=idea_id, principle_ids=form.principle_ids, now=clock.now())
    flash(_("The guiding principles of “%(title)s” are saved.", title=idea.title), "success")
    return _back(process, form, idea_id, f"idea-{idea_id}")


def _decide(
    process: ProcessOutline, key: WaitingKey, page: DecisionPage, form: DecisionForm
) -> Response | tuple[str, int]:
    if not form.validate():
        if form.decision.errors:
            # No button of ours sends it.
            abort(400)
        return render_template("moderation/decision.html", page=page, form=form), UNPROCESSABLE
    kind = DecisionKind(form.decision.data)
    revision = form.revision_read if isinstance(form, IdeaDecisionForm) else None
    digest = form.read.data or "" if key.kind == "comment" else ""
    subject = Subject(key.kind, key.id, revision, digest)
    try:
        with transaction() as session:
            if isinstance(form, IdeaDecisionForm) and form.tagging.data:
                _retag(session, key.id, form.principle_ids)
            decide(session, current_actor(), subject=subject, kind=kind, reason=form.reason.data or "", now=clock.now())
            following = next_waiting(session, process.id, after=key)
    except Refused as problem:
        # Somebody else was faster: what was typed stays, and the page shows the state and the text that hold now.
        if isinstance(form, IdeaDecisionForm):
            form.revision.data = str(page.revision)
        form.read.data = text_digest(page.text) if digest else ""
        form.form_errors.append(str(problem.reason))
        return render_template("moderation/decision.html", page=page, form=form), CONFLICT
    flash(_done(kind, key.kind, page.title), "success")
    anchor = f"{following.kind}-{following.id}" if following else "queue"
    return _back(process, form, page.idea_id, anchor if form.back.data == QUEUE else f"{key.kind}-{key.id}")


def _retag(session: Session, idea_id: int, principle_ids: tuple[int, ...]) -> None:
    if set(principle_ids_of(session, [idea_id])[idea_id]) != set(principle_ids):
        tag_idea(session, current_actor(), idea_id=idea_id, principle_ids=principle_ids, now=clock.now())


def _done(kind: DecisionKind, subject: str, title: str) -> str:
    if subject == "idea":
        sentences = {
            DecisionKind.PUBLISH: _("“%(title)s” is published.", title=title),
            DecisionKind.HIDE: _("“%(title)s” is hidden; the author will read your reason.", title=title),
            DecisionKind.RESTORE: _("“%(title)s” is public again.", title=title),
        }
    elif subject == "addendum":
        sentences = {
            DecisionKind.PUBLISH: _("The addendum to “%(title)s” is published.", title=title),
            DecisionKind.HIDE: _(
                "The addendum to “%(title)s” is hidden; its author will read the reason.", title=title
            ),
            DecisionKind.RESTORE: _("The addendum to “%(title)s” is public again.", title=title),
        }
    else:
        sentences = {
            DecisionKind.PUBLISH: _("The comment on “%(title)s” is published.", title=title),
            DecisionKind.HIDE: _("The comment on “%(title)s” is hidden; its author will read the reason.", title=title),
            DecisionKind.RESTORE: _("The comment on “%(title)s” is public again.", title=title),
        }
    return str(sentences[kind])


def _back(process: ProcessOutline, form: ReturnForm, idea_id: int, anchor: str) -> Response:
    if form.back.data == IDEA:
        return redirect(url_for("desk.idea", slug=process.slug, idea_id=idea_id, _anchor=anchor), 303)
    if form.back.data == DECISIONS:
        return redirect(url_for("desk.decisions", slug=process.slug), 303)
    after = encode(decode(form.after.data))
    return redirect(url_for("desk.queue", slug=process.slug, after=after, _anchor=anchor), 303)


def _principles(session: Session, process: ProcessOutline) -> list[tuple[int, str]]:
    return [(entry.id, pick(entry.title, g.language)) for entry in principles_of(session, process.framework_id)]
