"""The language of a page is the first part of its address; what was chosen is remembered for addresses without one."""

from typing import Any

from flask import Flask, g, redirect, request, url_for
from werkzeug.routing import BaseConverter
from werkzeug.wrappers import Response

from participation.accounts.guard import own_language, public
from participation.api.problems import ROOT as API
from participation.kit.destinations import own_path
from participation.multilingual import negotiate

PREFIX = "/<lang:language>"
COOKIE = "language"
"""Only the switch sets it, and it holds nothing but one of our own codes."""
REMEMBERED = 365 * 24 * 3600


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
        response = redirect(url_for("browse.front", language=own_language() or g.language))
        response.headers["Vary"] = "Accept-Language, Cookie"
        return response

    @app.get(f"{PREFIX}/language", endpoint="languages.choose")
    @public
    def choose() -> Response:
        # No page on its own: it notes what somebody without an account chose and leads on to the same page.
        to = own_path(request.args.get("to")) or "/"
        response = redirect(f"{request.script_root}/{g.language}{to}", 303)
        response.headers["Cache-Control"] = "no-store"
        response.set_cookie(
            COOKIE,
            g.language,
            max_age=REMEMBERED,
            path=request.script_root or "/",
            secure=app.config["SESSION_COOKIE_SECURE"],
            httponly=True,
            samesite="Lax",
        )
        return response


def _language_of_path(offered: tuple[str, ...]) -> str | None:
    """Return the language that the address begins with, though there is nothing at it."""
    first = request.path.lstrip("/").partition("/")[0]
    return first if first in offered else None


def negotiated_language(app: Flask) -> str:
    """Return the language that was chosen here before, or the offered one that the browser likes best.

    Programs that read the interface are not people who chose something: only what they accept counts.
    """
    offered = app.config["LANGUAGES"]
    chosen = request.cookies.get(COOKIE)
    if chosen in offered and not request.path.startswith(API):
        return str(chosen)
    accepted = [code for code, _quality in request.accept_languages]
    return negotiate(accepted, offered, app.config["BABEL_DEFAULT_LOCALE"])
