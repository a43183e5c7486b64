"""Routes of the living document: a version of it, what changed between two, and all its versions."""

from flask import render_template, request
from werkzeug.exceptions import BadRequest

from participation.accounts.guard import current_actor, public
from participation.browse.document_changes import changes_page, versions_page
from participation.browse.document_page import VIEWS, document_page
from participation.browse.shared import holds_until, outline_of, shared_page
from participation.kit import clock
from participation.kit.db import db
from participation.kit.numbers import asked_number
from participation.kit.permissions import Missing
from participation.processes.outline import ProcessOutline
from participation.processes.policies import may_see_process
from participation.strategy.document.views import blueprint

__all__ = ["blueprint"]
DIGITS = 9


@blueprint.get("/processes/<slug>/strategy")
@public
@shared_page
def document(slug: str) -> str:
    """Show a version of the document, or what changed since another one."""
    process = _visible(slug)
    number, since = asked_number("version", digits=DIGITS), asked_number("since", digits=DIGITS)
    view = request.args.get("by")
    if view not in (None, *VIEWS):
        raise BadRequest
    if since is not None:
        changes = changes_page(db.session(), process, since=since, number=number)
        return render_template("browse/document_changes.html", page=changes)
    page = document_page(db.session(), current_actor(), process, number=number, view=view, now=clock.now())
    return render_template("browse/document.html", page=page)


@blueprint.get("/processes/<slug>/strategy/versions")
@public
@shared_page
def versions(slug: str) -> str:
    """List all versions of the document, each with what it changed."""
    process = _visible(slug)
    page = versions_page(db.session(), process, before=asked_number("before", digits=DIGITS))
    return render_template("browse/document_versions.html", page=page)


def _visible(slug: str) -> ProcessOutline:
    process = outline_of(slug)
    if not may_see_process(current_actor(), process):
        raise Missing
    holds_until(process.next_change(clock.now()))
    return process
