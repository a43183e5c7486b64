"""Absolute addresses in answers: of the interface itself, and of the pages for people."""

from typing import Any
from urllib.parse import urlsplit

from flask import current_app, g
from werkzeug.routing import MapAdapter

from participation.api.shapes import Wording
from participation.multilingual import Phrase


def data_url(endpoint: str, **values: Any) -> str:
    """Return where something is to be found in this interface."""
    return _places().build(f"api.{endpoint}", values, force_external=True)


def reader_url(endpoint: str, **values: Any) -> str:
    """Return the address of a page for people, in the language of the answer."""
    return _places().build(endpoint, {**values, "language": g.language}, force_external=True)


def wording(phrase: Phrase) -> Wording:
    """Return a text with its language as answers have it."""
    return Wording(phrase.text, phrase.language)


def _places() -> MapAdapter:
    if "api_places" not in g:
        base = urlsplit(current_app.config["BASE_URL"])
        # Bound to a name instead of taken from a request: nothing a visitor sends can change where a link leads.
        g.api_places = current_app.url_map.bind(base.netloc, script_name=base.path or "/", url_scheme=base.scheme)
    places: MapAdapter = g.api_places
    return places
