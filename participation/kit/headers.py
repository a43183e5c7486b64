"""Security and cache headers of every response."""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from flask import Flask, Response, current_app, g, make_response, request

View = TypeVar("View", bound=Callable[..., Any])
FRAMED = frozenset({200, 304})
"""Only what there is may stand in a frame elsewhere; pages that say no may not."""

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "media-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), browsing-topics=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "X-Frame-Options": "DENY",
}


def framed_policy(ancestors: str) -> str:
    """Return the policy of a page that ``ancestors`` may show in a frame: it draws, and does nothing else."""
    return (
        "default-src 'none'; style-src 'self'; img-src 'self' data:; font-src 'self'; form-action 'none'; "
        f"base-uri 'none'; frame-ancestors {ancestors}"
    )


def may_be_framed(view: View) -> View:
    """Let other sites, those in ``EMBED_ANCESTORS``, show a view in a frame; everything else stands in none."""

    @wraps(view)
    def inner(*args: Any, **kwargs: Any) -> Any:
        g.may_be_framed = True
        return view(*args, **kwargs)

    return inner  # type: ignore[return-value]  # the same arguments and answers


def unnoticed(view: View) -> View:
    """Keep codes where they are: nothing is stored on the way, found by search engines or told to the next site."""

    @wraps(view)
    def inner(*args: Any, **kwargs: Any) -> Response:
        response: Response = make_response(view(*args, **kwargs))
        response.headers["Cache-Control"] = "private, no-store"
        response.headers["Referrer-Policy"] = "no-referrer"
        response.headers["X-Robots-Tag"] = "noindex"
        return response

    return inner  # type: ignore[return-value]  # the same arguments, and an answer that Flask takes


def init_headers(app: Flask) -> None:
    """Add the headers to every response of ``app``; pages are private unless a view said otherwise."""
    secure = str(app.config["PUBLIC_URL"]).startswith("https://")

    @app.after_request
    def add_headers(response: Response) -> Response:
        if g.get("may_be_framed") and response.status_code in FRAMED:
            _open_to_frames(response)
        else:
            for name, value in HEADERS.items():
                response.headers.setdefault(name, value)
        if secure:
            response.headers.setdefault("Strict-Transport-Security", "max-age=31536000")
        if "Cache-Control" not in response.headers:
            personal = request.cookies.get(app.config["SESSION_COOKIE_NAME"]) or request.method != "GET"
            response.headers["Cache-Control"] = "private, no-store" if personal else "private, no-cache"
        return response


def _open_to_frames(response: Response) -> None:
    for name, value in HEADERS.items():
        if name != "X-Frame-Options":
            response.headers.setdefault(name, value)
    response.headers["Content-Security-Policy"] = framed_policy(current_app.config["EMBED_ANCESTORS"])
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
