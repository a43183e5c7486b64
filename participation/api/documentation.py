"""The page that explains the interface to people who write programs; its facts are those of the OpenAPI document."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from flask import Blueprint, current_app, json, render_template
from limits import parse_many

from participation.accounts.guard import public
from participation.api.addresses import data_url
from participation.api.asked import MOST, USUAL
from participation.api.blueprint import PREFIX
from participation.api.document import OPENAPI, document
from participation.api.problems import KINDS
from participation.api.words import PARAMETERS, SUMMARIES, TAGS
from participation.multilingual import lazy as _l
from participation.voting.queries import FEWEST_VOTES

blueprint = Blueprint("interface", __name__)

EXAMPLE = "processes"
"""The operation that the first example is about: it works everywhere."""
PROBLEM_WORDS: Mapping[str, tuple[Any, Any]] = {
    "wrong-parameter": (
        _l("A parameter is wrong"),
        _l("It is unknown, or its value is not on offer. The list “errors” says which one and why."),
    ),
    "not-now": (
        _l("Not shown at the moment"),
        _l("Results are hidden until voting has ended, and so is every order that would give them away."),
    ),
    "not-found": (
        _l("Nothing here"),
        _l(
            "It never was there, or it was withdrawn or hidden: if you keep a copy, please delete it, too. "
            "Or a parameter names something that is not there."
        ),
    ),
    "only-reading": (_l("Only reading"), _l("The interface answers GET, HEAD and OPTIONS.")),
    "too-many-requests": (
        _l("Too many requests"),
        _l("Please wait for as many seconds as the header Retry-After says."),
    ),
    "try-again": (_l("Try again"), _l("The database is very busy. A few seconds later it should work.")),
    "unexpected": (_l("Something went wrong"), _l("It has been noted on our side.")),
}
COMMON = ("slug", "idea_id", "statement_id", "language", "limit", "after")
"""Parameters that stand in many addresses; they are explained once."""
FEEDS: tuple[tuple[Any, str], ...] = (
    (_l("Consultations"), "/processes.atom"),
    (_l("Ideas, filtered like their list"), "/processes/{slug}/ideas.atom"),
    (_l("Comments on one idea"), "/processes/{slug}/ideas/{idea_id}/comments.atom"),
    (_l("Comments on all ideas"), "/processes/{slug}/discussion.atom"),
    (_l("Statements that go to the council"), "/processes/{slug}/statements.atom"),
    (_l("Versions of the living document"), "/processes/{slug}/strategy.atom"),
    (_l("What the city answers and does"), "/processes/{slug}/follow-up.atom"),
    (_l("What moderators decided"), "/processes/{slug}/moderation.atom"),
)
"""What can be followed, and the address of the feed below the language."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter of an address: what it means, and which values it takes."""

    name: str
    meaning: str
    values: str


@dataclass(frozen=True, slots=True)
class Operation:
    """An address with what can be asked there and an example of an answer."""

    name: str
    path: str
    summary: str
    parameters: tuple[Parameter, ...]
    example: str


@dataclass(frozen=True, slots=True)
class Part:
    """Addresses that belong together."""

    name: str
    title: str
    operations: tuple[Operation, ...]


@dataclass(frozen=True, slots=True)
class ProblemKind:
    """A kind of problem, under the name that answers link to."""

    name: str
    status: int
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Limit:
    """How many requests one network may send in so many seconds."""

    most: int
    seconds: int


@dataclass(frozen=True, slots=True)
class DocumentationPage:
    """Everything on the page."""

    root: str
    document_url: str
    version: str
    languages: tuple[str, ...]
    example_url: str
    example: str
    usual: int
    most: int
    fewest: int
    limit: Limit | None
    common: tuple[Parameter, ...]
    parts: tuple[Part, ...]
    problems: tuple[ProblemKind, ...]
    feeds: tuple[tuple[str, str], ...]


@blueprint.get("/api")
@public
def documentation() -> str:
    """Explain the interface."""
    return render_template("api/documentation.html", page=documentation_page())


def documentation_page() -> DocumentationPage:
    """Return what the page says, in the reader's language."""
    operations = {one.name: one for one in _operations()}
    known = {parameter.name: parameter for one in operations.values() for parameter in one.parameters}
    config = current_app.config
    return DocumentationPage(
        root=f"{config['BASE_URL'].rstrip('/')}{PREFIX}",
        document_url=data_url("openapi"),
        version=OPENAPI,
        languages=tuple(config["LANGUAGES"]),
        example_url=data_url(EXAMPLE),
        example=operations[EXAMPLE].example,
        usual=USUAL,
        most=MOST,
        fewest=FEWEST_VOTES,
        limit=_limit(config["LIMITS"]["api"]),
        common=tuple(known[name] for name in COMMON),
        parts=tuple(
            Part(name, str(title), tuple(_own(operations[one]) for one in names))
            for name, (title, names) in TAGS.items()
        ),
        problems=tuple(_problem(status, name) for status, name in KINDS.items()),
        feeds=tuple((str(label), path) for label, path in FEEDS),
    )


def _operations() -> Iterator[Operation]:
    for path, described in document()["paths"].items():
        operation = described["get"]
        parameters = (*described.get("parameters", ()), *operation.get("parameters", ()))
        (content,) = operation["responses"]["200"]["content"].values()
        yield Operation(
            name=operation["operationId"],
            path=path,
            summary=str(SUMMARIES[operation["operationId"]]),
            parameters=tuple(Parameter(one["name"], str(PARAMETERS[one["name"]]), _values(one)) for one in parameters),
            example=json.dumps(content["example"], ensure_ascii=False, sort_keys=False, indent=2),
        )


def _own(operation: Operation) -> Operation:
    """Return the operation with those parameters only that not everything has."""
    return replace(operation, parameters=tuple(one for one in operation.parameters if one.name not in COMMON))


def _values(parameter: Mapping[str, Any]) -> str:
    """Return which values a parameter takes, as they are typed; an example where they cannot be listed."""
    schema = parameter["schema"]
    if "enum" in schema:
        return " | ".join(str(one) for one in schema["enum"])
    if "default" in schema and "maximum" in schema and schema["minimum"]:
        return f"{schema['minimum']}–{schema['maximum']}"
    return str(parameter.get("example", ""))


def _problem(status: int, name: str) -> ProblemKind:
    title, text = PROBLEM_WORDS[name]
    return ProblemKind(name, status, str(title), str(text))


def _limit(text: str) -> Limit | None:
    first = next(iter(parse_many(text)), None) if text else None
    return Limit(first.amount, first.get_expiry()) if first else None
