"""Writing a comment or an answer to one."""

from dataclasses import dataclass

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from werkzeug.exceptions import BadRequest
from werkzeug.wrappers import Response

from participation.accounts.guard import current_actor, signed_in_only
from participation.comments.forms import CommentForm
from participation.comments.models import Comment, CommentState
from participation.comments.policies import may_comment
from participation.comments.service import write_comment
from participation.ideas.policies import may_see_idea
from participation.ideas.queries import idea_in
from participation.kit import clock
from participation.kit.db import db, transaction
from participation.kit.forms import UNPROCESSABLE
from participation.kit.permissions import Missing, Refused, require
from participation.multilingual import direction, pick
from participation.multilingual import gettext as _
from participation.processes.queries import process_by_slug
from participation.texts import detect_language

blueprint = Blueprint("comments", __name__)


@dataclass(frozen=True, slots=True)
class NewCommentPage:
    """The page with nothing but the comment form, and what is being answered."""

    idea_title: str
    idea_language: str
    idea_url: str
    process_title: str
    process_url: str
    action: str
    licence: str
    answered_text: str
    answered_language: str
    answered_dir: str


@blueprint.get("/processes/<slug>/ideas/<int:idea_id>/comments/new")
@signed_in_only
def new(slug: str, idea_id: int) -> str:
    """Show the form for a comment, or for an answer to the comment named by ``answer_to``."""
    parent_id = _answered()
    page = _page(slug, idea_id, parent_id)
    return render_template("comments/new.html", page=page, form=CommentForm().prepare())


@blueprint.post("/processes/<slug>/ideas/<int:idea_id>/comments")
@signed_in_only
def write(slug: str, idea_id: int) -> Response | tuple[str, int]:
    """Take the comment; whatever is wrong, the form comes back with everything that was typed."""
    parent_id = _answered()
    form = CommentForm()
    if form.validate():
        try:
            return _written(slug, idea_id, parent_id, form)
        except Refused as problem:
            form.form_errors.append(str(problem.reason))
    page = _page(slug, idea_id, parent_id)
    return render_template("comments/new.html", page=page, form=form.prepare()), UNPROCESSABLE


def _written(slug: str, idea_id: int, parent_id: int | None, form: CommentForm) -> Response:
    text = form.text.data or ""
    language = detect_language(text, default=g.language)
    with transaction() as session:
        comment = write_comment(
            session,
            current_actor(),
            slug=slug,
            idea_id=idea_id,
            parent_id=parent_id,
            text=text,
            language=language,
            submission_key=form.submission_key.data or "",
            opened_at=form.opened_at,
            now=clock.now(),
        )
    if comment.state is CommentState.IN_REVIEW:
        flash(_("Thank you! Your comment will be published when a moderator has read it."), "success")
    else:
        flash(_("Thank you! Your comment is published."), "success")
    return redirect(url_for("browse.idea", slug=slug, idea_id=idea_id, _anchor=f"comment-{comment.id}"), 303)


def _answered() -> int | None:
    """Return the comment that the address names; raises ``BadRequest`` for anything but a number."""
    value = request.args.get("answer_to", "")
    if not value:
        return None
    if not (value.isascii() and value.isdigit() and len(value) < 19):
        raise BadRequest
    return int(value)


def _page(slug: str, idea_id: int, parent_id: int | None) -> NewCommentPage:
    session = db.session()
    process = process_by_slug(session, slug)
    idea = idea_in(session, process.id, idea_id)
    actor = current_actor()
    if not may_see_idea(actor, state=idea.state, process_id=process.id, is_author=False):
        raise Missing
    if request.method == "GET":
        require(may_comment(actor, process, idea.state, now=clock.now()))
    parent = session.get(Comment, parent_id) if parent_id else None
    if parent and (parent.idea_id != idea_id or parent.state is not CommentState.PUBLISHED):
        parent = None
    return NewCommentPage(
        idea_title=idea.title,
        idea_language=idea.language,
        idea_url=url_for("browse.idea", slug=slug, idea_id=idea_id),
        process_title=pick(process.title, g.language),
        process_url=url_for("browse.process", slug=slug),
        action=url_for("comments.write", slug=slug, idea_id=idea_id, answer_to=parent_id),
        licence=pick(process.licence, g.language),
        answered_text=parent.text if parent else "",
        answered_language=parent.language if parent else "",
        answered_dir=direction(parent.language) if parent else "ltr",
    )
