"""Routes of voting in a row that show something; what answers are sent to lies in ``voting.row_views``."""

from flask import redirect, render_template
from werkzeug.wrappers import Response

from participation.accounts.guard import current_actor, public
from participation.browse.shared import holds_until, outline_of, shared_page
from participation.browse.vote_row import end_page, row_page
from participation.kit import clock
from participation.kit.db import db
from participation.kit.numbers import asked_number
from participation.kit.permissions import Missing
from participation.processes.models import Capability
from participation.processes.outline import ProcessOutline
from participation.processes.policies import is_possible, may_see_process
from participation.voting.priority_views import blueprint
from participation.voting.row_views import next_url

# The pages belong to voting; whoever registers its routes takes them with these.
__all__ = ["blueprint"]


@blueprint.get("/processes/<slug>/vote")
@public
def row(slug: str) -> str | Response:
    """Lead to the next idea of the row, or say that there is none left, or that nobody can vote now."""
    process, actor, now = _visible_process(slug), current_actor(), clock.now()
    after, left = asked_number("after"), asked_number("left")
    if is_possible(process, Capability.VOTE, now=now):
        url = next_url(db.session(), actor, process, now=now, after=after, left=left)
        if url is not None:
            return redirect(url)
    return render_template("voting/row_end.html", page=end_page(db.session(), actor, process, now=now))


@blueprint.get("/processes/<slug>/vote/<int:idea_id>")
@public
@shared_page
def row_idea(slug: str, idea_id: int) -> str:
    """Show one idea of the row."""
    page = row_page(db.session(), current_actor(), _visible_process(slug), idea_id, now=clock.now())
    return render_template("voting/row.html", page=page)


def _visible_process(slug: str) -> ProcessOutline:
    process = outline_of(slug)
    if not may_see_process(current_actor(), process):
        raise Missing
    holds_until(process.next_change(clock.now()))
    return process
