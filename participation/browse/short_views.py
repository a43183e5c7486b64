"""Short addresses that people type from paper: they lead to the page in the language that the browser likes best."""

from flask import Blueprint, redirect, url_for
from werkzeug.wrappers import Response

from participation.accounts.guard import public
from participation.kit.db import db
from participation.kit.permissions import found
from participation.strategy.statements.queries import public_slug

blueprint = Blueprint("short", __name__)


@blueprint.get("/p/<slug>")
@public
def process(slug: str) -> Response:
    """Lead to a process; whether there is one, its own address says."""
    return _lead(url_for("browse.process", slug=slug))


@blueprint.get("/s/<int:statement_id>")
@public
def statement(statement_id: int) -> Response:
    """Lead to a statement that is or was public."""
    slug = found(public_slug(db.session(), statement_id))
    return _lead(url_for("browse.statement", slug=slug, statement_id=statement_id))


def _lead(url: str) -> Response:
    response = redirect(url)
    response.headers["Vary"] = "Accept-Language"
    return response
