"""Routes of the methods: how figures and orders are worked out."""

from flask import Blueprint, g, render_template

from participation.accounts.guard import public
from participation.browse.methods import last_run, method_lines, method_page
from participation.kit.db import db

blueprint = Blueprint("methods", __name__)


@blueprint.get("/methods")
@public
def overview() -> str:
    """List all methods."""
    return render_template("browse/methods.html", methods=method_lines(g.language))


@blueprint.get("/methods/<method>")
@public
def method(method: str) -> str:
    """Show what one method is for, how it works, what it rests on and where it ends."""
    page = method_page(method, g.language)
    return render_template("browse/method.html", page=page, last_run=last_run(db.session(), method))
