"""Fixtures for the interface: the filled application, and a program that reads it."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from participation.kit.db import transaction
from tests.api import world as worlds
from tests.api.world import World
from tests.databases import Databases
from tests.pages import PageClient

_known: dict[str, World] = {}


@pytest.fixture
def full(databases: Databases, database_kind: str) -> Flask:
    """The application with everything in it, filled once per worker."""

    def fill() -> None:
        with transaction() as session:
            _known[database_kind] = worlds.filled(session)

    return databases.filled_app(database_kind, "interface", fill)


@pytest.fixture
def world(full: Flask, database_kind: str) -> World:
    """What is in it."""
    return _known[database_kind]


@pytest.fixture
def program(full: Flask) -> PageClient:
    """A program without cookies that reads the interface in English."""
    client = PageClient(full)
    client.flask.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    return client


@pytest.fixture
def read(program: PageClient) -> Callable[..., dict[str, object]]:
    """Return what is said at an address; it has to be JSON in UTF-8."""

    def look(address: str, **options: Any) -> dict[str, object]:
        page = program.get(address, **options)
        assert page.headers["Content-Type"] == "application/json"
        found: dict[str, object] = page.response.get_json()
        return found

    return look
