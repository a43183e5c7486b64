"""Databases that are made once in a run, with people who are signed in there, and a server for tests that only look.

No worker runs beside that server: what is on a page does not depend on how long the server has been running.
"""

import pickle
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, TypeVar

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from participation.accounts.models import Account
from participation.accounts.service import sign_in
from participation.kit import clock
from participation.kit.db import db, transaction
from tests import states
from tests.databases import Databases, build_app, locked
from tests.every_page import EveryPage, Known, everything
from tests.live import SECRET_KEY, Live, demo_template, serving

T = TypeVar("T")
PEOPLE = ("resident", "moderator", "staff", "admin")


@dataclass(frozen=True)
class Stage(Generic[T]):
    """A database: how to find what is in it, and what the browser of each person there sends along."""

    facts: T
    cookies: dict[str, dict[str, str]]


@pytest.fixture(scope="session")
def still_server(databases: Databases) -> Iterator[Live]:
    """One server per worker on which nothing happens by itself."""
    database = databases.own_dir / "still.sqlite"
    databases.copy_sqlite(database)
    with serving(database, databases.own_dir / "still", "--no-worker", "--workers", "1") as live:
        yield live


@pytest.fixture
def staged(still_server: Live, databases: Databases) -> Stage[states.States]:
    """That server with the demo and its states, as they were made earlier in this run."""

    def make(path: Path) -> Stage[states.States]:
        shutil.copyfile(demo_template(still_server, databases), path)
        return _filled(path, still_server, states.made)

    return _put(still_server, databases, "staged", make)


@pytest.fixture(scope="session")
def looking(still_server: Live) -> Iterator[Flask]:
    """The same pages beside the server, which is quicker than in a browser."""
    settings = still_server.environment
    app = build_app(settings["DATABASE_URL"], Path(settings["DATA_DIR"]), SECRET_KEY=SECRET_KEY)
    yield app
    with app.app_context():
        db.engine.dispose()


@pytest.fixture
def every(still_server: Live, databases: Databases, looking: Flask) -> EveryPage:
    """That server with something on each of its pages, as it was made earlier in this run."""

    def make(path: Path) -> Stage[Known]:
        databases.copy_sqlite(path)
        return _filled(path, still_server, everything)

    stage = _put(still_server, databases, "every", make)
    return EveryPage(looking, stage.facts, stage.cookies)


def _put(live: Live, databases: Databases, name: str, make: Callable[[Path], Stage[T]]) -> Stage[T]:
    """Let the server show a database that ``make`` made in a file, and return what is known of it."""
    template, facts = databases.run_dir / f"{name}.sqlite", databases.run_dir / f"{name}.pickle"
    with locked(databases.run_dir / name):
        if not facts.exists():
            # Written last: whatever broke off before it is made anew.
            facts.write_bytes(pickle.dumps(make(template)))
    live.put(template)
    known: Stage[T] = pickle.loads(facts.read_bytes())
    return known


def _filled(path: Path, live: Live, fill: Callable[[Session], T]) -> Stage[T]:
    """Fill the database in a file, and sign everybody in there."""
    app = build_app(f"sqlite:///{path}", Path(live.environment["DATA_DIR"]), SECRET_KEY=SECRET_KEY)
    with app.app_context():
        with transaction() as session:
            facts = fill(session)
            cookies = {name: _cookie(app, session, f"{name}@example.org") for name in PEOPLE}
        db.engine.dispose()
    return Stage(facts, cookies)


def _cookie(app: Flask, session: Session, email: str) -> dict[str, str]:
    """Sign somebody in, and return the name and the value of the cookie that says so."""
    account = session.scalars(select(Account.id).where(Account.email == email)).one()
    client = app.test_client()
    with client.session_transaction() as cookie:
        cookie.update({"_user_id": sign_in(session, account_id=account, now=clock.now()), "_fresh": True})
    kept = client.get_cookie(app.config["SESSION_COOKIE_NAME"])
    assert kept
    return {"name": kept.key, "value": kept.value}
