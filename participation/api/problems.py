"""What the interface answers when something cannot be done: problem details (RFC 9457) in the reader's language."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any

from flask import Response, current_app, g, json, request

from participation.api.describing import Says
from participation.kit.links import page_url

ROOT = "/api/"
MIMETYPE = "application/problem+json"
KINDS: Mapping[int, str] = {
    400: "wrong-parameter",
    403: "not-now",
    404: "not-found",
    405: "only-reading",
    429: "too-many-requests",
    503: "try-again",
    500: "unexpected",
}
"""What a kind of problem is called, by its status; the documentation has a paragraph about each under this name."""
SAFE = ("GET", "HEAD", "OPTIONS")
EXPOSED = (
    "Content-Language, ETag, Link, RateLimit-Limit, RateLimit-Policy, RateLimit-Remaining, RateLimit-Reset, Retry-After"
)
DAY = 24 * 3600


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with one parameter of the address."""

    parameter: Annotated[str, Says("The name of the parameter.", "limit")]
    detail: Annotated[str, Says("What is wrong with it.", "Please give a number from 1 to 100.")]


@dataclass(frozen=True, slots=True)
class Problem:
    """Why something could not be done (RFC 9457)."""

    type: Annotated[str, Says("Where this kind of problem is explained.", "https://example.org/de/api#wrong-parameter")]
    title: Annotated[str, Says("The kind of problem in a few words.", "The request was incomplete")]
    status: Annotated[int, Says("The HTTP status.", 400)]
    detail: Annotated[str, Says("What happened here.", "Something in the address was missing or wrong.")]
    errors: Annotated[tuple[Fault, ...], Says("Parameters that were wrong, if that was the problem.")]


def is_for_programs() -> bool:
    """Return whether whoever sends this request is to be answered with data, also at an unknown address."""
    return request.path.startswith(ROOT)


def problem(title: str, detail: str, status: int, faults: Iterable[Fault] = ()) -> Response:
    """Return the answer that says what could not be done and why."""
    body: dict[str, Any] = {
        "type": _type(status),
        "title": title,
        "status": status,
        "detail": detail,
        "errors": [{"parameter": fault.parameter, "detail": fault.detail} for fault in faults],
    }
    response = Response(as_json(body), status=status, mimetype=MIMETYPE)
    response.headers["Content-Language"] = g.language
    response.headers["Cache-Control"] = "no-store"
    response.vary.add("Accept-Language")
    return opened(response)


def as_json(body: Any) -> str:
    """Return ``body`` as JSON that stays harmless wherever it is shown: no tag can begin in it."""
    text: str = json.dumps(body, ensure_ascii=False, sort_keys=False, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def opened(response: Response) -> Response:
    """Let pages of any other site read an answer; only reading is open to them, and no cookie goes along."""
    if request.method in SAFE:
        response.headers["Access-Control-Allow-Origin"] = "*"
        response.headers["Access-Control-Expose-Headers"] = EXPOSED
        response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    if request.method == "OPTIONS":
        response.status_code = 204
        response.headers.pop("Content-Type", None)
        response.headers["Access-Control-Allow-Methods"] = ", ".join(SAFE)
        response.headers["Access-Control-Allow-Headers"] = "Accept-Language, If-None-Match"
        response.headers["Access-Control-Max-Age"] = str(DAY)
    return response


def _type(status: int) -> str:
    if status not in KINDS:
        return "about:blank"
    language = current_app.config["BABEL_DEFAULT_LOCALE"]
    return f"{page_url('interface.documentation', language=language)}#{KINDS[status]}"
