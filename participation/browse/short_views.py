"""Short addresses that people type from paper: they lead to the page in the reader's language."""

from flask import Blueprint, g, redirect, url_for
from werkzeug.wrappers import Response

from participation.accounts.guard import own_language, public
from participation.kit.db import db
from participation.kit.permissions import found
from participation.strategy.statements.queries import public_slug

blueprint = Blueprint("short", __name__)


@blueprint.get("/p/<slug>")
@public
def process(slug: str) -> Response:
    """Lead to a process; whether there is one, its own address says."""
    return _lead(url_for("browse.process", slug=slug, language=_language()))


@blueprint.get("/s/<int:statement_id>")
@public
def statement(statement_id: int) -> Response:
    """Lead to a statement that is or was public."""
    slug = found(public_slug(db.session(), statement_id))
    return _lead(url_for("browse.statement", slug=slug, statement_id=statement_id, language=_language()))


def _language() -> str:
    return own_language() or str(g.language)


def _lead(url: str) -> Response:
    response = redirect(url)
    response.headers["Vary"] = "Accept-Language, Cookie"
    return response
