"""The route of the matrix of statements × criteria and values as a file, for everybody."""

from flask import Response, g

from participation.accounts.guard import current_actor, public
from participation.exports.matrix import KINDS, matrix_file
from participation.exports.views import blueprint
from participation.kit import clock
from participation.kit.db import db
from participation.kit.permissions import Missing
from participation.processes.policies import may_see_process
from participation.processes.queries import process_by_slug

__all__ = ["blueprint"]


@blueprint.get("/processes/<slug>/matrix.<any(csv, xlsx, json):file_format>")
@public
def matrix(slug: str, file_format: str) -> Response:
    """Hand out the matrix as a file."""
    process = process_by_slug(db.session(), slug)
    if not may_see_process(current_actor(), process):
        raise Missing
    wanted = KINDS[file_format]
    content = wanted.write(matrix_file(db.session(), process, g.language, now=clock.now()))
    response = Response(content, mimetype=wanted.mimetype)
    response.headers.set("Content-Disposition", "attachment", filename=f"{slug}-matrix.{file_format}")
    response.headers["Cache-Control"] = "no-cache"
    return response
