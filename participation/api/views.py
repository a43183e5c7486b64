"""All addresses of the interface, its description for programs, and the way to the page that explains it."""

from typing import Any

from flask import Flask, g, redirect, url_for
from werkzeug.wrappers import Response

from participation.accounts.guard import public
from participation.api import discussion, ideas, lineages, processes, statements, themes
from participation.api.blueprint import PREFIX, reading
from participation.api.document import SOURCE_LANGUAGE, document, init_api
from participation.api.outcome_shapes import Document

PARTS = (processes, ideas, discussion, themes, statements, lineages)
"""The modules that declare the addresses."""


@reading(f"{PREFIX}/openapi.json", Document, finds=False)
def openapi(_asked: dict[str, Any]) -> dict[str, Any]:
    """Return the description of the interface."""
    g.language = SOURCE_LANGUAGE
    return document()


def register(app: Flask) -> None:
    """Add the interface to ``app``, and the short address of the page that explains it."""
    init_api(app)

    @app.get("/api", endpoint="interface.root")
    @public
    def root() -> Response:
        response = redirect(url_for("interface.documentation", language=g.language))
        response.headers["Vary"] = "Accept-Language"
        return response
