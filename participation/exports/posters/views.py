"""Routes of the posters; each is drawn when somebody asks for it, and kept until something on it changes."""

import re
import threading
from functools import cache
from typing import Any

from flask import Blueprint, Response, current_app, request
from werkzeug.exceptions import ServiceUnavailable
from werkzeug.wrappers import Response as BaseResponse

from participation.accounts.guard import current_actor, is_anonymous_reading, public
from participation.exports.posters.content import process_sheet, statement_sheet
from participation.exports.posters.sheet import Sheet
from participation.exports.posters.typeset import digest, poster_data, typeset
from participation.kit import clock
from participation.kit.cache import CachedPage, PageCache
from participation.kit.db import db
from participation.kit.limits import spend
from participation.kit.logo import Logo, city_logo
from participation.kit.permissions import Missing
from participation.processes.outline import ProcessOutline
from participation.processes.policies import may_see_process
from participation.processes.queries import process_by_slug

blueprint = Blueprint("posters", __name__)
MIMETYPE = "application/pdf"
KEPT_SECONDS = 24 * 3600
WAIT_SECONDS = 10
LINES = re.compile(r'\bd="([^"]+)"')
# One at a time: a sheet takes a processor for itself, and readers of pages shall not wait for it.
_drawing = threading.Lock()


@blueprint.get("/processes/<slug>/poster.pdf")
@public
def process(slug: str) -> BaseResponse:
    """Hand out the poster of a process."""
    outline = _visible(slug)
    return _answer(process_sheet(db.session(), outline, now=clock.now()), f"{slug}-poster.pdf")


@blueprint.get("/processes/<slug>/statements/<int:statement_id>/poster.pdf")
@public
def statement(slug: str, statement_id: int) -> BaseResponse:
    """Hand out the poster of a public statement."""
    outline = _visible(slug)
    sheet = statement_sheet(db.session(), outline, statement_id, now=clock.now())
    return _answer(sheet, f"{slug}-statement-{statement_id}-poster.pdf")


def _visible(slug: str) -> ProcessOutline:
    outline = process_by_slug(db.session(), slug)
    if not may_see_process(current_actor(), outline):
        raise Missing
    return outline


def _answer(sheet: Sheet, name: str) -> BaseResponse:
    logo, skyline = city_logo(current_app.config["CITY_LOGO"]), _skyline()
    data = poster_data(sheet)
    mark = digest(data, logo, skyline)
    memory: PageCache = current_app.extensions["page_cache"]
    key, now = ("poster", mark), clock.now().timestamp()
    page = memory.get(key, now)
    if page is None and mark not in request.if_none_match:
        page = CachedPage(_drawn(data, logo, skyline), mark, now + KEPT_SECONDS, mimetype=MIMETYPE)
        memory.put(key, page)
    response = Response(page.body if page else b"", mimetype=MIMETYPE)
    response.headers.set("Content-Disposition", "inline", filename=name)
    response.set_etag(mark)
    if is_anonymous_reading():
        response.headers["Cache-Control"] = "no-cache"
        response.headers["Vary"] = "Cookie"
    return response.make_conditional(request)


def _drawn(data: dict[str, Any], logo: Logo | None, skyline: str) -> bytes:
    spend("poster", current_actor().account_id)
    if not _drawing.acquire(timeout=WAIT_SECONDS):
        raise ServiceUnavailable(retry_after=WAIT_SECONDS)
    try:
        return typeset(data, logo=logo, skyline=skyline)
    finally:
        _drawing.release()


@cache
def _skyline() -> str:
    """Return the lines of the city that the pages show, as one SVG path."""
    drawn: Any = current_app.jinja_env.get_template("components/skyline.html").module
    found = LINES.search(str(drawn.skyline()))
    return found.group(1) if found else ""
