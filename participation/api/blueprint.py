"""How an address of the interface is declared: who may read it, what it takes and answers, and its documentation."""

import hashlib
from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

import marshmallow as ma
from flask import Response, current_app, g, request
from flask_limiter import RateLimitExceeded
from flask_smorest import Blueprint
from werkzeug.wrappers import Response as BaseResponse

from participation.accounts.actor import ANONYMOUS
from participation.accounts.guard import public
from participation.api.asked import Asked, NotThere, Parser, WrongParameters
from participation.api.describing import example_of, schema_of
from participation.api.problems import MIMETYPE, Problem, as_json, opened, problem
from participation.kit.db import begin_snapshot, db
from participation.kit.limits import READING, allowance, limited, seconds_left
from participation.kit.permissions import Missing
from participation.multilingual import gettext as _
from participation.processes.outline import ProcessOutline
from participation.processes.policies import may_see_process
from participation.processes.queries import process_by_slug

PREFIX = "/api/v1"
NAME = "api"
View = TypeVar("View", bound=Callable[..., Any])

blueprint = Blueprint(NAME, __name__, description="Everything that everybody may read.")
blueprint.ARGUMENTS_PARSER = Parser()

ALWAYS = ("Content-Language", "RateLimit-Limit", "RateLimit-Policy", "RateLimit-Remaining", "RateLimit-Reset")
"""Headers of every answer; each is described in the document."""


def reading(
    rule: str, answers: type, *, asks: type[ma.Schema] = Asked, refuses: bool = False, finds: bool = True
) -> Callable[[View], View]:
    """Declare what is read at ``rule``: an object of the dataclass ``answers``.

    The view takes what the address asks for, read by the schema ``asks``, and its arguments. With ``refuses`` it may
    say that something is not shown now, and with ``finds`` that there is nothing here.
    """
    schema = schema_of(answers)()
    linked = ("Link",) if "after" in asks().fields else ()

    def declare(view: View) -> View:
        @wraps(view)
        def answer(asked: dict[str, Any], **values: Any) -> BaseResponse:
            begin_snapshot(db.session())
            body = view(asked, **values)
            return answered(schema.dump(body) if isinstance(body, answers) else body)

        documented = blueprint.response(
            200, schema, example=example_of(answers), headers=_headers("ETag", *linked, *ALWAYS)
        )(answer)
        documented = blueprint.alt_response(304, description=NOT_MODIFIED, headers=_headers("ETag"))(documented)
        for status in (400, *((403,) if refuses else ()), *((404,) if finds else ()), 429):
            documented = blueprint.alt_response(status, PROBLEMS[status])(documented)
        documented = blueprint.arguments(asks, location="query")(documented)
        documented = blueprint.doc(operationId=view.__name__)(documented)
        documented = public(limited("api", methods=READING, per_network=True)(documented))
        blueprint.add_url_rule(rule, view.__name__, documented)
        return view

    return declare


NOT_MODIFIED = "Nothing has changed since the answer with this ETag."
PROBLEMS = {400: "WrongParameter", 403: "NotNow", 404: "NotFound", 429: "TooManyRequests"}
"""What the answers to problems are called among the components of the document."""


def answered(body: Any) -> BaseResponse:
    """Return the answer with a validator: the version of the process, and what the answer says."""
    text = as_json(body).encode()
    response = Response(text, mimetype="application/json")
    digest = hashlib.blake2b(text, digest_size=12, key=g.language.encode()).hexdigest()
    response.set_etag(f"{g.get('api_version', 0)}-{digest}", weak=True)
    response.headers["Cache-Control"] = "no-cache"
    if address := g.get("api_next"):
        response.headers.add("Link", f'<{address}>; rel="next"')
    return response.make_conditional(request)


def visible_process(slug: str) -> ProcessOutline:
    """Return the process at this address as everybody may see it; raises ``Missing``, also where data is not open."""
    process = process_by_slug(db.session(), slug)
    if not may_see_process(ANONYMOUS, process) or not process.opens_data:
        raise Missing
    g.api_version = process.version
    return process


def _headers(*names: str) -> dict[str, Any]:
    return {name: {"$ref": f"#/components/headers/{name}"} for name in names}


@blueprint.before_request  # type: ignore[untyped-decorator]  # of an untyped library
def take_language() -> None:
    """Answer in the language that the address names, if it is one; the header is the other way to ask."""
    if (named := request.args.get("language")) in current_app.config["LANGUAGES"]:
        g.language = named


@blueprint.after_request  # type: ignore[untyped-decorator]  # of an untyped library
def add_headers(response: Response) -> Response:
    """Say how the answer came about and how often one may ask; let pages of other sites read it."""
    response.headers["Content-Language"] = g.language
    response.vary.add("Accept-Language")
    known = allowance()
    if known:
        response.headers["RateLimit-Limit"] = str(known.most)
        response.headers["RateLimit-Remaining"] = str(known.left)
        response.headers["RateLimit-Reset"] = str(known.seconds_left)
        response.headers["RateLimit-Policy"] = f"{known.most};w={known.window_seconds}"
    return opened(response)


@blueprint.errorhandler(WrongParameters)  # type: ignore[untyped-decorator]  # of an untyped library
def wrong_parameters(error: WrongParameters) -> Response:
    """Answer which parameters were wrong."""
    return problem(
        _("The request was incomplete"), _("Something in the address was missing or wrong."), 400, error.faults
    )


@blueprint.errorhandler(NotThere)  # type: ignore[untyped-decorator]  # of an untyped library
def not_there(error: NotThere) -> Response:
    """Answer which parameter names something that is not there."""
    return problem(
        _("Page not found"),
        _("There is nothing at this address (any more). The link may be old or mistyped."),
        404,
        error.faults,
    )


@blueprint.errorhandler(RateLimitExceeded)  # type: ignore[untyped-decorator]  # of an untyped library
def too_often(_error: RateLimitExceeded) -> Response:
    """Answer how long to wait."""
    seconds = seconds_left()
    text = _(
        "So many requests came from your network that it is somebody else's turn. Please wait for %(seconds)s seconds.",
        seconds=seconds,
    )
    response = problem(_("Please wait a little"), text, 429)
    response.headers["Retry-After"] = str(seconds)
    return response


__all__ = ["MIMETYPE", "NAME", "PREFIX", "Problem", "answered", "blueprint", "reading", "visible_process"]
