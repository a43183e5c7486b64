"""Routes of what everybody may know of the moderation of a process: the page, and the same as files."""

import re

from flask import Blueprint, Response, current_app, render_template, request, stream_with_context
from werkzeug.exceptions import BadRequest

from participation.accounts.guard import public
from participation.browse.moderation_files import log_csv, log_json
from participation.browse.moderation_page import moderation_page
from participation.browse.results_shared import visible_process
from participation.browse.shared import shared_page
from participation.kit import clock
from participation.kit.db import db
from participation.moderation.terms import terms

blueprint = Blueprint("transparency", __name__)
HERE = "/processes/<slug>/moderation"
LINE = re.compile(r"w?[1-9]\d{0,17}", re.ASCII)
"""What a line of the log is called in an address."""


@blueprint.get(HERE)
@public
@shared_page
def process(slug: str) -> str:
    """Show the rules, how quickly things are decided, and the log of decisions."""
    page = moderation_page(db.session(), visible_process(slug), before=_asked_line(), now=clock.now())
    return render_template("browse/moderation.html", page=page)


@blueprint.get(f"{HERE}.<any(csv, json):file_format>")
@public
def files(slug: str, file_format: str) -> Response:
    """Hand out the log, as JSON together with the figures; it is sent while it is read, however long it is."""
    outline, now = visible_process(slug), clock.now()
    zone, settled = clock.zone(current_app.config["TIMEZONE"]), now - terms().undo
    if file_format == "csv":
        lines = log_csv(db.session(), outline, zone=zone, settled_before=settled)
        return Response(stream_with_context(lines), mimetype="text/csv")
    parts = log_json(db.session(), outline, zone=zone, settled_before=settled, now=now)
    return Response(stream_with_context(parts), mimetype="application/json")


def _asked_line() -> str | None:
    """Return behind which line of the log the page begins; raises ``BadRequest`` for what none is called."""
    before = request.args.get("before") or None
    if before is not None and not LINE.fullmatch(before):
        raise BadRequest
    return before
