"""The interface keeps to the document that it serves, whatever it is asked."""

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from flask import Flask
from hypothesis import HealthCheck, given, settings
from jsonschema_rs import validator_for
from schemathesis import GenerationMode
from schemathesis.checks import load_all_checks
from schemathesis.core.result import Ok

from participation.accounts.guard import Access
from participation.api.words import PARAMETERS, SUMMARIES, TAGS
from tests.api.world import World
from tests.pages import PageClient

DOCUMENT = "/api/v1/openapi.json"
# Each with what fits the document and with what does not.
EXAMPLES = 4
BOUNDED = settings(
    max_examples=EXAMPLES,
    deadline=None,
    database=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)
Operations = Iterator[tuple[str, dict[str, Any]]]


@pytest.fixture
def document(full: Flask) -> dict[str, Any]:
    """The document as it is served."""
    served: dict[str, Any] = PageClient(full).get(DOCUMENT).response.get_json()
    return served


def operations(document: dict[str, Any]) -> Operations:
    """Yield address and operation of everything in the document; there is nothing but GET."""
    for path, described in document["paths"].items():
        assert described.keys() <= {"get", "parameters"}
        yield path, described["get"]


def test_it_answers_as_its_document_says(full: Flask, world: World) -> None:
    load_all_checks()
    schema = schemathesis.openapi.from_wsgi(DOCUMENT, full)
    known = {"slug": world.scene.place.slug, "idea_id": world.scene.ideas[0], "statement_id": world.scene.statement}
    tried = set()
    for found in schema.get_all_operations():
        assert isinstance(found, Ok)
        operation = found.ok()
        here = {name: value for name, value in known.items() if f"{{{name}}}" in operation.path}
        for mode, place in (
            (GenerationMode.POSITIVE, here),
            (GenerationMode.POSITIVE, None),
            (GenerationMode.NEGATIVE, None),
        ):
            if mode is GenerationMode.NEGATIVE and not operation.query:
                continue

            @BOUNDED
            @given(case=operation.as_strategy(generation_mode=mode, path_parameters=place))
            def answers(case: Any) -> None:
                # The client of the test reads nothing that is packed.
                case.call_and_validate(headers={**(case.headers or {}), "Accept-Encoding": "identity"})

            answers()
        tried.add(operation.path)
    assert len(tried) >= len(SUMMARIES) - 1


def test_the_document_is_complete(document: dict[str, Any]) -> None:
    assert document["openapi"] == "3.1.0"
    assert document["info"].keys() >= {"title", "version", "description", "contact"}
    names = []
    for path, operation in operations(document):
        names.append(operation["operationId"])
        assert operation["summary"], path
        answer = operation["responses"]["200"]
        (content,) = answer["content"].values()
        assert content["schema"].keys() == {"$ref"}
        assert {"ETag", "Content-Language", "RateLimit-Remaining"} <= answer["headers"].keys()
        assert ("Link" in answer["headers"]) == any(one["name"] == "after" for one in operation["parameters"])
        assert {"304", "400", "429"} <= operation["responses"].keys()
        assert ("{" in path) <= ("404" in operation["responses"])
        for parameter in (*document["paths"][path].get("parameters", ()), *operation["parameters"]):
            assert parameter["description"] == str(PARAMETERS[parameter["name"]]), path
    assert sorted(names) == sorted(SUMMARIES) == sorted(name for _label, some in TAGS.values() for name in some)
    for name, schema in document["components"]["schemas"].items():
        assert schema["description"], name
        assert set(schema["properties"]) == set(schema["required"]), name


def test_examples_fit_what_they_are_examples_of(document: dict[str, Any]) -> None:
    seen = 0
    responses = [*document["components"]["responses"].values()]
    responses += [operation["responses"]["200"] for _path, operation in operations(document)]
    for response in responses:
        for content in response["content"].values():
            schema = {**content["schema"], "components": document["components"]}
            assert list(validator_for(schema).iter_errors(content["example"])) == []
            seen += 1
    assert seen == len(SUMMARIES) + 4


def test_every_address_is_in_the_document_and_public(full: Flask, document: dict[str, Any]) -> None:
    rules = [rule for rule in full.url_map.iter_rules() if rule.rule.startswith("/api/")]
    assert {rule.endpoint.removeprefix("api.") for rule in rules} == set(SUMMARIES)
    assert len(document["paths"]) == len(rules)
    assert {getattr(full.view_functions[rule.endpoint], "access", None) for rule in rules} == {Access.PUBLIC}
    assert {method for rule in rules for method in rule.methods or ()} == {"GET", "HEAD", "OPTIONS"}
