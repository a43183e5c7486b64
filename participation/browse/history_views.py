"""The route of the history of an idea."""

from flask import Blueprint, render_template

from participation.accounts.guard import current_actor, public
from participation.browse.history_page import history_marks, history_page
from participation.browse.shared import holds_until, marked_page, outline_of
from participation.kit import clock
from participation.kit.db import db
from participation.kit.numbers import asked_number
from participation.kit.permissions import Missing
from participation.processes.policies import may_see_process

blueprint = Blueprint("history", __name__)


@blueprint.get("/processes/<slug>/ideas/<int:idea_id>/history")
@public
@marked_page(history_marks)
def idea(slug: str, idea_id: int) -> str:
    """Show all public revisions of an idea and what changed between them."""
    process = outline_of(slug)
    if not may_see_process(current_actor(), process):
        raise Missing
    holds_until(process.next_change(clock.now()))
    page = history_page(db.session(), current_actor(), process, idea_id, before=asked_number("before", digits=9))
    return render_template("browse/history.html", page=page)
