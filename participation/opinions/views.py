"""Asking for the opinion groups to be worked out at once."""

from flask import Blueprint, flash, redirect, url_for
from werkzeug.wrappers import Response

from participation.accounts.guard import current_actor, staff_only
from participation.kit import clock
from participation.kit.db import transaction
from participation.multilingual import gettext as _
from participation.opinions.service import request_run
from participation.processes.queries import process_by_slug

blueprint = Blueprint("opinions", __name__)


@blueprint.post("/desk/processes/<slug>/votes/run")
@staff_only
def run(slug: str) -> Response:
    """Put a run into the queue."""
    with transaction() as session:
        process_id = process_by_slug(session, slug).id
        request_run(session, current_actor(), process_id=process_id, now=clock.now())
    flash(_("The opinion groups will be worked out now. The result appears on this page."), "success")
    return redirect(url_for("desk.votes", slug=slug), 303)
