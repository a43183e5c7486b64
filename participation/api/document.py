"""The description of the interface as an OpenAPI 3.1 document, made from what the addresses declare."""

from collections.abc import Mapping
from typing import Any

from flask import Flask, current_app
from flask_smorest import Api

from participation.api.blueprint import ALWAYS, MIMETYPE, NAME, NOT_MODIFIED, PREFIX, PROBLEMS, blueprint
from participation.api.describing import example_of, schema_of
from participation.api.problems import KINDS, Problem
from participation.api.words import PARAMETERS, SUMMARIES, TAGS
from participation.multilingual import in_language

OPENAPI, VERSION = "3.1.0", "1.0.0"
SOURCE_LANGUAGE = "en"
DESCRIPTION = (
    "Everything that everybody may read on the pages of this platform, and nothing else, without account, key or "
    "cookie. Only reading is possible. Texts of residents are given as they were typed, as plain text: escape them "
    "before you show them as HTML. What is not there any more (404) has been withdrawn or hidden: please delete your "
    "copy, too. Names can be added within this version; nothing is renamed or taken away."
)
HEADERS: Mapping[str, tuple[str, dict[str, Any]]] = {
    "ETag": (
        "A weak validator: send it back as `If-None-Match` and get 304 while nothing has changed.",
        {"type": "string", "examples": ['W/"12-5f0c6c2b9a3e4d1f0a7b8c9d"']},
    ),
    "Link": (
        "The address of the next page (RFC 8288), where there is one.",
        {"type": "string", "examples": ['<https://example.org/api/v1/…?after=bjE3>; rel="next"']},
    ),
    "Content-Language": ("The language of the answer.", {"type": "string", "examples": [SOURCE_LANGUAGE]}),
    "RateLimit-Limit": ("How many requests one network may send in a window.", {"type": "string", "examples": ["600"]}),
    "RateLimit-Policy": ("The same with the window in seconds.", {"type": "string", "examples": ["600;w=60"]}),
    "RateLimit-Remaining": ("How many are left in this window.", {"type": "string", "examples": ["598"]}),
    "RateLimit-Reset": ("In how many seconds the window ends.", {"type": "string", "examples": ["42"]}),
    "Retry-After": ("How many seconds to wait.", {"type": "string", "examples": ["42"]}),
}
ID = {"type": "integer", "minimum": 0, "maximum": 10**18 - 1}
STATUS_WORDS = {
    400: "A parameter is unknown, or its value is none that can be on offer.",
    403: "Results are hidden at the moment, and so is an order by votes.",
    404: "There is nothing at this address (any more), or a parameter names something that is not there.",
    429: "Too many requests from one network.",
}


class Description(Api):  # type: ignore[misc]  # of an untyped library
    """The document; problems are answered by the application, which knows all of them."""

    DEFAULT_ERROR_RESPONSE_NAME = None

    def _register_error_handlers(self) -> None:
        """Leave errors to the application."""


def init_api(app: Flask) -> None:
    """Add the interface to ``app``."""
    app.config.update(API_TITLE="Participation", API_VERSION=VERSION, OPENAPI_VERSION=OPENAPI)
    description = Description(app)
    # What the product itself says about parts of addresses (app.addresses).
    description.register_converter(app.url_map.converters["default"], lambda _part: {"type": "string", "minLength": 1})
    description.register_converter(app.url_map.converters["int"], lambda _part: ID)
    spec = description.spec
    for name, (text, schema) in HEADERS.items():
        spec.components.header(name, {"description": text, "schema": schema})
    problem_schema = schema_of(Problem)()
    for status, name in PROBLEMS.items():
        about = {**example_of(Problem), "type": f"https://example.org/de/api#{KINDS[status]}", "status": status}
        about["detail"] = STATUS_WORDS[status]
        if status != 400:
            about["errors"] = []
        headers = ("Retry-After", *ALWAYS) if status == 429 else ALWAYS
        content = {MIMETYPE: {"schema": problem_schema, "example": about}}
        spec.components.response(
            name,
            {
                "description": STATUS_WORDS[status],
                "content": content,
                "headers": {header: {"$ref": f"#/components/headers/{header}"} for header in headers},
            },
        )
    description.register_blueprint(blueprint)


def document() -> dict[str, Any]:
    """Return the whole document as it is served; its words are English."""
    known: dict[str, Any] = current_app.extensions.setdefault("api_document", {})
    if not known:
        description = current_app.extensions["flask-smorest"]["apis"][""]["ext_obj"]
        with in_language(SOURCE_LANGUAGE):
            known.update(_completed(description.spec.to_dict()))
    return known


def _completed(document: dict[str, Any]) -> dict[str, Any]:
    config = current_app.config
    document["info"] = {
        "title": f"{config['CITY_NAME']} – participation",
        "version": VERSION,
        "summary": "What residents propose, discuss and vote on, and what becomes of it.",
        "description": DESCRIPTION,
        "contact": {"name": config["OPERATOR_NAME"], "email": config["CONTACT_EMAIL"]},
    }
    document["servers"] = [{"url": config["BASE_URL"].rstrip("/"), "description": "This installation."}]
    document["security"] = []
    for unused in ("Error", "PaginationMetadata"):
        del document["components"]["schemas"][unused]
    document["tags"] = [{"name": name, "description": str(label)} for name, (label, _names) in TAGS.items()]
    tag_of = {operation: tag for tag, (_label, operations) in TAGS.items() for operation in operations}
    for path in document["paths"].values():
        for parameter in path.get("parameters", ()):
            _explain(parameter)
        operation = path["get"]
        operation["summary"] = str(SUMMARIES[operation["operationId"]])
        operation["tags"] = [tag_of[operation["operationId"]]]
        for parameter in operation.get("parameters", ()):
            _explain(parameter)
    return document


def _explain(parameter: dict[str, Any]) -> None:
    name, schema = parameter["name"], parameter["schema"]
    parameter["description"] = str(PARAMETERS[name])
    if schema.get("default", "") is None:
        del schema["default"]
    if "example" in schema:
        parameter["example"] = schema.pop("example")
    if name == "language":
        schema["enum"] = list(current_app.config["LANGUAGES"])


__all__ = ["NAME", "NOT_MODIFIED", "PREFIX", "document", "init_api"]
