"""Addresses of our own pages for places that no visitor may bend: letters, receipts, the command line."""

from typing import Any
from urllib.parse import urlsplit

from flask import current_app


def page_url(endpoint: str, *, language: str, **values: Any) -> str:
    """Return the absolute address of a page in ``language``, below ``BASE_URL``.

    Raises ``werkzeug.routing.BuildError`` for an endpoint or values that no route has.
    """
    return _built(endpoint, {**values, "language": language})


def short_url(endpoint: str, **values: Any) -> str:
    """Return the absolute address of something that has no language, below ``BASE_URL``."""
    return _built(endpoint, values)


def typed(url: str) -> str:
    """Return ``url`` as people type it: without the scheme, which browsers add by themselves."""
    return url.partition("://")[2].rstrip("/") or url


def _built(endpoint: str, values: dict[str, Any]) -> str:
    base = urlsplit(current_app.config["BASE_URL"])
    # Bound to a name instead of taken from a request: nothing a visitor sends can change where a letter leads.
    pages = current_app.url_map.bind(base.netloc, script_name=base.path or "/", url_scheme=base.scheme)
    return pages.build(endpoint, values, force_external=True)
