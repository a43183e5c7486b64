"""The route of the matrix of statements × criteria and values."""

from flask import Blueprint, render_template

from participation.accounts.guard import current_actor, public
from participation.browse.matrix_page import matrix_page, reasons_page
from participation.browse.shared import holds_until, outline_of, shared_page
from participation.kit import clock
from participation.kit.db import db
from participation.kit.numbers import asked_number
from participation.kit.permissions import Missing
from participation.processes.policies import may_see_process

blueprint = Blueprint("matrix", __name__)
DIGITS = 9


@blueprint.get("/processes/<slug>/matrix")
@public
@shared_page
def overview(slug: str) -> str:
    """Show the matrix, or what is said about one statement and why."""
    process = outline_of(slug)
    if not may_see_process(current_actor(), process):
        raise Missing
    holds_until(process.next_change(clock.now()))
    statement_id = asked_number("statement")
    if statement_id is not None:
        page = reasons_page(db.session(), process, statement_id)
        return render_template("browse/matrix_reasons.html", page=page)
    number = asked_number("page", digits=DIGITS)
    table = matrix_page(db.session(), process, page=1 if number is None else number)
    return render_template("browse/matrix.html", page=table)
