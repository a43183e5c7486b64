"""Routes of what other people show on their own pages, in a frame: no cookie, no form, no script."""

from flask import Blueprint, render_template

from participation.accounts.actor import ANONYMOUS
from participation.accounts.guard import public
from participation.browse.embed_pages import process_frame, statement_frame
from participation.browse.shared import holds_until, outline_of, shared_page
from participation.kit import clock
from participation.kit.db import db
from participation.kit.headers import may_be_framed
from participation.kit.permissions import Missing
from participation.kit.sessions import without_cookies
from participation.processes.outline import ProcessOutline
from participation.processes.policies import may_see_process

blueprint = Blueprint("embeds", __name__)


@blueprint.get("/embed/processes/<slug>")
@public
@may_be_framed
@without_cookies
@shared_page
def process(slug: str) -> str:
    """Show what a process asks and until when."""
    outline = _visible(slug)
    return render_template("browse/embed_process.html", page=process_frame(db.session(), outline, now=clock.now()))


@blueprint.get("/embed/processes/<slug>/statements/<int:statement_id>")
@public
@may_be_framed
@without_cookies
@shared_page
def statement(slug: str, statement_id: int) -> str:
    """Show a statement with the figures behind it and what the city answers."""
    outline = _visible(slug)
    page = statement_frame(db.session(), outline, statement_id, now=clock.now())
    return render_template("browse/embed_statement.html", page=page)


def _visible(slug: str) -> ProcessOutline:
    outline = outline_of(slug)
    # Nobody is signed in within a frame elsewhere: what is for the desk only has none.
    if not may_see_process(ANONYMOUS, outline):
        raise Missing
    holds_until(outline.next_change(clock.now()))
    return outline
