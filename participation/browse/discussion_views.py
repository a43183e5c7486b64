"""Routes of the pages around a discussion."""

from typing import Any

from flask import Blueprint, redirect, render_template, request

from participation.accounts.guard import current_actor, public
from participation.browse.discussion import cursor_in
from participation.browse.discussion_pages import (
    arguments_page,
    discussion_marks,
    history_page,
    thread_page,
)
from participation.browse.shared import holds_until, marked_page, outline_of
from participation.kit import clock
from participation.kit.db import db
from participation.kit.permissions import Missing
from participation.processes.outline import ProcessOutline
from participation.processes.policies import may_see_process

blueprint = Blueprint("discussion", __name__)


@blueprint.get("/processes/<slug>/ideas/<int:idea_id>/comments/<int:comment_id>")
@public
@marked_page(discussion_marks)
def comment(slug: str, idea_id: int, comment_id: int) -> Any:
    """Show the thread that a comment began, or lead to the place where an answer stands."""
    outline = _visible_process(slug)
    cursor = cursor_in(request.args)
    page = thread_page(db.session(), current_actor(), outline, idea_id, comment_id, cursor=cursor, now=clock.now())
    return redirect(page, 302) if isinstance(page, str) else render_template("browse/thread.html", page=page)


@blueprint.get("/processes/<slug>/ideas/<int:idea_id>/arguments")
@public
@marked_page(discussion_marks)
def arguments(slug: str, idea_id: int) -> str:
    """Show what speaks for an idea and what against it, side by side."""
    outline = _visible_process(slug)
    page = arguments_page(
        db.session(), current_actor(), outline, idea_id, arguments=request.args.to_dict(), now=clock.now()
    )
    return render_template("browse/arguments.html", page=page)


@blueprint.get("/processes/<slug>/ideas/<int:idea_id>/comments/<int:comment_id>/history")
@public
@marked_page(discussion_marks)
def history(slug: str, idea_id: int, comment_id: int) -> str:
    """Show what a comment said before its author changed it."""
    outline = _visible_process(slug)
    page = history_page(db.session(), current_actor(), outline, idea_id, comment_id, now=clock.now())
    return render_template("browse/comment_history.html", page=page)


def _visible_process(slug: str) -> ProcessOutline:
    outline = outline_of(slug)
    if not may_see_process(current_actor(), outline):
        raise Missing
    holds_until(outline.next_change(clock.now()))
    return outline
