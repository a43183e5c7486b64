"""The language of a page is the first part of its address."""

from typing import Any

from flask import Flask, g, redirect, request, url_for
from werkzeug.routing import BaseConverter
from werkzeug.wrappers import Response

from participation.accounts.guard import public
from participation.multilingual import negotiate

PREFIX = "/<lang:language>"


def init_languages(app: Flask) -> None:
    """Teach ``app`` the ``lang`` converter and to carry the language from page to page."""
    offered = tuple(app.config["LANGUAGES"])

    class LanguageConverter(BaseConverter):
        """Matches the codes of the languages that the interface speaks."""

        regex = "|".join(offered)
        part_isolating = True

    app.url_map.converters["lang"] = LanguageConverter

    @app.url_value_preprocessor
    def take_language(_endpoint: str | None, values: dict[str, Any] | None) -> None:
        g.language = (values.pop("language", None) if values else None) or _language_of_path(offered)
        g.language = g.language or negotiated_language(app)

    @app.url_defaults
    def give_language(endpoint: str, values: dict[str, Any]) -> None:
        if "language" not in values and app.url_map.is_endpoint_expecting(endpoint, "language"):
            values["language"] = g.get("language") or app.config["BABEL_DEFAULT_LOCALE"]

    @app.get("/", endpoint="browse.root")
    @public
    def root() -> Response:
        response = redirect(url_for("browse.front", language=negotiated_language(app)))
        response.headers["Vary"] = "Accept-Language"
        return response


def _language_of_path(offered: tuple[str, ...]) -> str | None:
    """Return the language that the address begins with, though there is nothing at it."""
    first = request.path.lstrip("/").partition("/")[0]
    return first if first in offered else None


def negotiated_language(app: Flask) -> str:
    """Return the offered language that the browser likes best."""
    accepted = [code for code, _quality in request.accept_languages]
    return negotiate(accepted, app.config["LANGUAGES"], app.config["BABEL_DEFAULT_LOCALE"])
