"""The map of addresses: who may come in, how addresses and endpoints are named, what a GET and a POST may do."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event
from werkzeug.routing import Rule

from participation.accounts.actor import Role
from participation.accounts.guard import Access, UndeclaredAccess, check_declarations, public
from participation.kit.db import db
from tests.pages import PageClient

# Addresses that exist once, not once per language.
WITHOUT_LANGUAGE = re.compile(
    r"/|/api(/v1/.*)?|/static.*|/healthz|/readyz|/robots\.txt|/favicon.*|/_[a-z].*|/[ps]/<[^/]+>"
)
KEBAB = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*(\.[a-z]+)?")
ENDPOINT = re.compile(r"[a-z]+\.[a-z]+(_[a-z]+)*")
PLACEHOLDER = re.compile(r"<[^>]+>")
WRITE = re.compile(
    r"\s*(?:WITH\b.*\b)?(INSERT|UPDATE|DELETE|REPLACE|MERGE|TRUNCATE|DROP|ALTER|CREATE)\b", re.IGNORECASE | re.DOTALL
)
SAMPLES = {"lang": "de", "language": "de"}
READING = {"GET", "HEAD", "OPTIONS"}


def undeclared(app: Flask) -> list[str]:
    """Return the endpoints that say not who may use them."""
    return sorted(
        name for name, view in app.view_functions.items() if not isinstance(getattr(view, "access", None), Access)
    )


def misnamed(app: Flask) -> Iterator[str]:
    """Yield each rule whose address is not kebab-case under a language, or whose endpoint is not ``package.page``."""
    for rule in app.url_map.iter_rules():
        if WITHOUT_LANGUAGE.fullmatch(rule.rule):
            continue
        first, *others = [part for part in rule.rule.split("/") if part]
        if not re.fullmatch(r"<lang(uage)?:\w+>", first):
            yield f"{rule.rule} does not begin with the language"
        # A part may mix words and placeholders, as in export.<format>.
        words = [word.strip(".-") for part in others for word in PLACEHOLDER.sub("/", part).split("/")]
        yield from (f"{rule.rule}: {word!r} is not kebab-case" for word in words if word and not KEBAB.fullmatch(word))
        if not ENDPOINT.fullmatch(rule.endpoint):
            yield f"{rule.rule}: the endpoint {rule.endpoint!r} is not package.page_or_verb"


def addresses(app: Flask, *, method: str) -> Iterator[tuple[str, Rule]]:
    """Yield an address with made-up values for each rule that takes ``method``."""
    adapter = app.url_map.bind("localhost")
    for rule in app.url_map.iter_rules():
        if method in (rule.methods or ()):
            values = {name: _sample(rule, name) for name in rule.arguments if name not in (rule.defaults or {})}
            yield adapter.build(rule.endpoint, values, method=method), rule


def _sample(rule: Rule, name: str) -> Any:
    if name in SAMPLES:
        return SAMPLES[name]
    converter = rule._converters[name]
    for sample in (1, "1", "de", *getattr(converter, "items", ())):
        try:
            if re.fullmatch(converter.regex, converter.to_url(sample)):
                return sample
        except (ValueError, TypeError):
            continue
    raise AssertionError(f"no sample for <{name}> in {rule.rule}")


@contextmanager
def no_writes(app: Flask) -> Iterator[list[str]]:
    """Yield the list of writing SQL statements sent to the database meanwhile."""
    with app.app_context():
        engine = db.engine
    written: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if WRITE.match(statement):
            written.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield written
    finally:
        event.remove(engine, "before_cursor_execute", note)


def writing_gets(app: Flask, visitor: PageClient) -> dict[str, list[str]]:
    """Return the writing SQL statements of each GET address that has any; raise when one answers with a failure."""
    wrote = {}
    for address, _rule in addresses(app, method="GET"):
        with no_writes(app) as written:
            page = visitor.get(address, status=None)
        assert page.status < 500, f"{address} answered {page.status}"
        if written:
            wrote[address] = written
    return wrote


def post_answers(app: Flask, visitor: PageClient) -> dict[str, int]:
    """Return the status with which each address answers an empty POST."""
    return {address: visitor.post(address).status for address, _rule in addresses(app, method="POST")}


def test_every_route_says_who_may_use_it(app: Flask) -> None:
    assert undeclared(app) == []


def test_addresses_and_endpoints_are_well_named(app: Flask) -> None:
    assert list(misnamed(app)) == []


@pytest.fixture(params=[None, *Role], ids=lambda role: role.value if role else "anonymous")
def visitor(request: pytest.FixtureRequest, client: PageClient, member: Callable[..., PageClient]) -> PageClient:
    """One visitor of each kind."""
    return member(request.param) if request.param else client


def test_no_get_writes(app: Flask, visitor: PageClient) -> None:
    assert writing_gets(app, visitor) == {}


def test_every_post_needs_a_token(app: Flask, visitor: PageClient) -> None:
    answers = post_answers(app, visitor)
    assert answers
    assert {address: status for address, status in answers.items() if status != 400} == {}


def test_an_empty_post_never_looks_as_if_all_were_well(
    app: Flask, visitor: PageClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Forms without a token are no page of ours: only the status counts here.
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", False)
    monkeypatch.setattr("tests.pages.check_page", lambda _page: None)
    answers = post_answers(app, visitor)
    assert {address: status for address, status in answers.items() if not 300 <= status < 500} == {}


def test_only_reading_and_posting(app: Flask) -> None:
    methods = {method for rule in app.url_map.iter_rules() for method in rule.methods or ()}
    assert methods <= READING | {"POST"}


def test_unknown_addresses_are_pages_too(client: PageClient) -> None:
    assert client.get("/de/there-is-nothing-here", status=404).h1


def a_view() -> Any:
    """Return a new view that takes anything."""
    return lambda **_values: {}


def test_planted_routes_are_found() -> None:
    planted = Flask("planted", static_folder=None)
    planted.url_map.converters["lang"] = planted.url_map.converters["string"]
    planted.add_url_rule("/<lang:language>/good-name", "planted.good_name", public(a_view()))
    planted.add_url_rule("/<lang:language>/Bad_Name", "planted.bad_name", a_view())
    planted.add_url_rule("/no-language", "planted.no_language", public(a_view()))
    planted.add_url_rule("/<lang:language>/x", "plantedWrong", public(a_view()))
    assert undeclared(planted) == ["planted.bad_name"]
    with pytest.raises(UndeclaredAccess):
        check_declarations(planted)
    assert list(misnamed(planted)) == [
        "/<lang:language>/Bad_Name: 'Bad_Name' is not kebab-case",
        "/no-language does not begin with the language",
        "/<lang:language>/x: the endpoint 'plantedWrong' is not package.page_or_verb",
    ]


def test_a_planted_post_without_protection_is_found() -> None:
    planted = Flask("planted", static_folder=None)
    planted.add_url_rule("/take", "planted.take", a_view(), methods=["POST"])
    assert post_answers(planted, PageClient(planted)) == {"/take": 200}


def test_a_planted_write_is_found(app: Flask) -> None:
    with app.app_context(), db.engine.connect() as connection, no_writes(app) as written:
        connection.exec_driver_sql("SELECT 1")
        connection.exec_driver_sql("CREATE TEMPORARY TABLE planted (id INTEGER)")
        connection.exec_driver_sql("INSERT INTO planted VALUES (1)")
        connection.rollback()
    assert [statement.split()[0] for statement in written] == ["CREATE", "INSERT"]
