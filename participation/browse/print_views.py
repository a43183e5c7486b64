"""Routes of the pages made for paper."""

from flask import Blueprint, render_template

from participation.accounts.guard import current_actor, public
from participation.browse.print_pages import process_sheet, statement_sheet
from participation.browse.shared import holds_until, outline_of, shared_page
from participation.kit import clock
from participation.kit.db import db
from participation.kit.permissions import Missing
from participation.processes.outline import ProcessOutline
from participation.processes.policies import may_see_process

blueprint = Blueprint("printing", __name__)


@blueprint.get("/processes/<slug>/print")
@public
@shared_page
def process(slug: str) -> str:
    """Show a process on paper."""
    outline = _visible(slug)
    page = process_sheet(db.session(), current_actor(), outline, now=clock.now())
    return render_template("browse/print_process.html", page=page, sheet=page.sheet)


@blueprint.get("/processes/<slug>/statements/<int:statement_id>/print")
@public
@shared_page
def statement(slug: str, statement_id: int) -> str:
    """Show a statement on paper with everything it rests on."""
    outline = _visible(slug)
    page = statement_sheet(db.session(), outline, statement_id, now=clock.now())
    return render_template("browse/print_statement.html", page=page, sheet=page.sheet)


def _visible(slug: str) -> ProcessOutline:
    outline = outline_of(slug)
    if not may_see_process(current_actor(), outline):
        raise Missing
    holds_until(outline.next_change(clock.now()))
    return outline
