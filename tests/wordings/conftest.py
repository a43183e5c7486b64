"""A server that translates, a process that uses it, and a worker that does what is due."""

from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from sqlalchemy import update

from participation.activity.worker import work_once
from participation.handlers import JOBS
from participation.processes.models import Process
from tests import make
from tests.conftest import Sessions
from tests.stand_in import StandIn, settings, stand_in

Work = Callable[[], None]


@pytest.fixture(scope="session")
def running() -> Iterator[StandIn]:
    """A server for all tests of a worker."""
    with stand_in() as server:
        yield server


@pytest.fixture
def server(running: StandIn) -> Iterator[StandIn]:
    """The server as if it had just been started."""
    running.received.clear()
    running.next.clear()
    running.knows.clear()
    yield running
    running.before = None


@pytest.fixture
def translated(
    app: Flask, transact: Sessions, place: make.Place, server: StandIn, monkeypatch: pytest.MonkeyPatch
) -> make.Place:
    """A process whose texts go to the server, into English and Turkish."""
    monkeypatch.setitem(app.config, "TRANSLATORS", settings(server))
    monkeypatch.setitem(app.config, "LANGUAGES", ("de", "de-simple", "en", "tr"))
    with transact() as session:
        session.execute(update(Process).where(Process.id == place.id).values(translator="libretranslate"))
    return place


@pytest.fixture
def work(app: Flask) -> Work:
    """Do what is due: deliveries and jobs."""

    def run() -> None:
        with app.app_context():
            work_once(JOBS)

    return run
