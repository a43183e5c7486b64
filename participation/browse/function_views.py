"""Routes of the functions: how each works and how it could be misused."""

from flask import Blueprint, g, render_template

from participation.accounts.guard import public
from participation.browse.functions import function_lines, function_page

blueprint = Blueprint("functions", __name__)


@blueprint.get("/functions")
@public
def overview() -> str:
    """List all functions."""
    return render_template("browse/functions.html", functions=function_lines(g.language))


@blueprint.get("/functions/<function>")
@public
def function(function: str) -> str:
    """Show how one function works, step by step, and how it could be misused."""
    return render_template("browse/function.html", page=function_page(function, g.language))
