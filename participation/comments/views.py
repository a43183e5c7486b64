"""Writing, changing and deleting comments, and marking them as helpful."""

from datetime import timedelta

from flask import Blueprint, current_app, flash, g, jsonify, redirect, render_template, request, url_for
from werkzeug.exceptions import BadRequest
from werkzeug.wrappers import Response

from participation.accounts.guard import current_actor, signed_in_only
from participation.comments.changes import edit_comment, may_change, own_comment, withdraw_comment
from participation.comments.forms import CommentForm
from participation.comments.marks import mark_helpful
from participation.comments.models import Comment, CommentState
from participation.comments.pages import new_page, page_about
from participation.comments.queries import stands_in_front
from participation.comments.service import write_comment
from participation.kit import clock
from participation.kit.db import db, transaction
from participation.kit.destinations import own_path
from participation.kit.forms import UNPROCESSABLE, opened_at
from participation.kit.limits import limited
from participation.kit.numbers import asked_number
from participation.kit.permissions import Refused, require
from participation.multilingual import gettext as _
from participation.multilingual import ngettext
from participation.receipts.models import ReceiptKind
from participation.receipts.thanks import say_with_receipt
from participation.texts import detect_language

blueprint = Blueprint("comments", __name__)
CHOICES = {"yes": True, "no": False}


@blueprint.get("/processes/<slug>/ideas/<int:idea_id>/comments/new")
@signed_in_only
def new(slug: str, idea_id: int) -> str:
    """Show the form for a comment, or for an answer to the comment named by ``answer_to``."""
    page = new_page(slug, idea_id, _answered())
    require(page.permission)
    return render_template("comments/new.html", page=page, form=CommentForm().offer(page.voices).prepare())


@blueprint.post("/processes/<slug>/ideas/<int:idea_id>/comments")
@signed_in_only
@limited("comment")
def write(slug: str, idea_id: int) -> Response | tuple[str, int]:
    """Take the comment; whatever is wrong, the form comes back with everything that was typed."""
    parent_id = _answered()
    form = CommentForm()
    if form.validate():
        try:
            return _written(slug, idea_id, parent_id, form)
        except Refused as problem:
            form.form_errors.append(str(problem.reason))
    page = new_page(slug, idea_id, parent_id)
    return render_template("comments/new.html", page=page, form=form.offer(page.voices).prepare()), UNPROCESSABLE


@blueprint.get("/processes/<slug>/ideas/<int:idea_id>/comments/<int:comment_id>/edit")
@signed_in_only
def edit(slug: str, idea_id: int, comment_id: int) -> str:
    """Show the form with which an author changes a comment."""
    comment = _own_comment(slug, idea_id, comment_id)
    require(may_change(db.session(), current_actor(), slug=slug, comment=comment, window=_window(), now=clock.now()))
    form = CommentForm().fill(text=comment.text, stance=comment.stance).prepare()
    return render_template("comments/edit.html", page=page_about(slug, comment, "comments.save"), form=form)


@blueprint.post("/processes/<slug>/ideas/<int:idea_id>/comments/<int:comment_id>/edit")
@signed_in_only
def save(slug: str, idea_id: int, comment_id: int) -> Response | tuple[str, int]:
    """Take the changed comment; whatever is wrong, the form comes back with everything that was typed."""
    _own_comment(slug, idea_id, comment_id)
    form = CommentForm()
    if form.validate():
        try:
            return _saved(slug, comment_id, form)
        except Refused as problem:
            form.form_errors.append(str(problem.reason))
    page = page_about(slug, _own_comment(slug, idea_id, comment_id), "comments.save")
    return render_template("comments/edit.html", page=page, form=form.prepare()), UNPROCESSABLE


@blueprint.get("/processes/<slug>/ideas/<int:idea_id>/comments/<int:comment_id>/delete")
@signed_in_only
def delete(slug: str, idea_id: int, comment_id: int) -> str:
    """Ask whether a comment shall really be deleted."""
    comment = _own_comment(slug, idea_id, comment_id)
    return render_template("comments/delete.html", page=page_about(slug, comment, "comments.withdraw"))


@blueprint.post("/processes/<slug>/ideas/<int:idea_id>/comments/<int:comment_id>/delete")
@signed_in_only
def withdraw(slug: str, idea_id: int, comment_id: int) -> Response:
    """Delete an own comment and return to the discussion."""
    _own_comment(slug, idea_id, comment_id)
    with transaction() as session:
        withdraw_comment(session, current_actor(), slug=slug, comment_id=comment_id, now=clock.now())
    flash(_("Your comment is deleted."), "success")
    return redirect(url_for("browse.idea", slug=slug, idea_id=idea_id, _anchor="comments"), 303)


@blueprint.post("/processes/<slug>/ideas/<int:idea_id>/comments/<int:comment_id>/helpful")
@signed_in_only
def mark(slug: str, idea_id: int, comment_id: int) -> Response:
    """Mark a comment as helpful or take the mark back, and return to it; scripts get the new figures instead."""
    choice = CHOICES.get(request.form.get("helpful", ""))
    if choice is None:
        raise BadRequest
    with transaction() as session:
        count = mark_helpful(
            session,
            current_actor(),
            slug=slug,
            idea_id=idea_id,
            comment_id=comment_id,
            helpful=choice,
            opened_at=opened_at(request.form.get("opened", "")),
            now=clock.now(),
        )
    done = _("Marked as helpful.") if choice else _("Your mark is taken back.")
    if request.accept_mimetypes.best == "application/json":
        label = ngettext("%(num)s person found this helpful", "%(num)s people found this helpful", count)
        return jsonify(marked=choice, count=count, label=label if count else "", announcement=f"{done} {label}")
    flash(done, "success")
    back = own_path(request.form.get("back")) or url_for("browse.idea", slug=slug, idea_id=idea_id)
    return redirect(f"{back.partition('#')[0]}#comment-{comment_id}", 303)


def _written(slug: str, idea_id: int, parent_id: int | None, form: CommentForm) -> Response:
    text = form.text.data or ""
    actor = current_actor()
    with transaction() as session:
        comment = write_comment(
            session,
            actor,
            slug=slug,
            idea_id=idea_id,
            parent_id=parent_id,
            text=text,
            language=detect_language(text, default=g.language),
            stance=form.chosen_stance,
            voice=form.chosen_voice,
            submission_key=form.submission_key.data or "",
            opened_at=form.opened_at,
            now=clock.now(),
        )
        in_front = stands_in_front(session, actor, process_id=comment.process_id, comment=comment)
    if comment.state is CommentState.IN_REVIEW:
        thanks = _("Thank you! Your comment will be published when a moderator has read it.")
    else:
        thanks = _("Thank you! Your comment is published.")
    say_with_receipt(thanks, ReceiptKind.COMMENT, comment.id)
    anchor = f"comment-{comment.id}"
    if in_front:
        return redirect(url_for("browse.idea", slug=slug, idea_id=idea_id, _anchor=anchor), 303)
    return redirect(_permalink(slug, comment), 303)


def _saved(slug: str, comment_id: int, form: CommentForm) -> Response:
    text = form.text.data or ""
    with transaction() as session:
        comment = edit_comment(
            session,
            current_actor(),
            slug=slug,
            comment_id=comment_id,
            text=text,
            language=detect_language(text, default=g.language),
            stance=form.chosen_stance,
            window=_window(),
            opened_at=form.opened_at,
            now=clock.now(),
        )
    if comment.state is CommentState.IN_REVIEW:
        done = _("Your comment is changed. It will be published when a moderator has read it.")
    else:
        done = _("Your comment is changed.")
    say_with_receipt(done, ReceiptKind.COMMENT, comment.id)
    return redirect(_permalink(slug, comment), 303)


def _permalink(slug: str, comment: Comment) -> str:
    return url_for(
        "discussion.comment",
        slug=slug,
        idea_id=comment.idea_id,
        comment_id=comment.id,
        _anchor=f"comment-{comment.id}",
    )


def _own_comment(slug: str, idea_id: int, comment_id: int) -> Comment:
    return own_comment(db.session(), current_actor(), slug=slug, idea_id=idea_id, comment_id=comment_id)


def _window() -> timedelta:
    return timedelta(minutes=current_app.config["COMMENT_EDIT_MINUTES"])


def _answered() -> int | None:
    """Return the comment that the address names; raises ``BadRequest`` for anything but a number."""
    return asked_number("answer_to") if request.args.get("answer_to") else None
