"""Fixtures for all tests: the application on both databases, a checked client, fresh sessions, a live server."""

import gc
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from participation.accounts.actor import Role
from participation.accounts.service import create_account, sign_in
from participation.kit import clock
from participation.kit.db import db, transaction
from participation.processes.models import RoleGrant
from participation.texts import vectors
from tests import make
from tests.databases import Databases, build_app, stop_postgres
from tests.pages import PageClient

pytest_plugins = ["tests.modes", "tests.looks", "tests.live", "tests.stages"]

KINDS = ("sqlite", "postgres")
BROWSER_FIXTURES = {"browser", "live_server"}
RUN_DIR = pytest.StashKey[Path]()
MEMORY = Path("/dev/shm")
ROOM_BYTES = 4 * 2**30
NewClient = Callable[[], PageClient]
NewServer = Callable[..., Flask]
Sessions = Callable[[], AbstractContextManager[Session]]


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the choice of databases."""
    parser.addoption("--database", choices=[*KINDS, "both"], default="both", help="the database to test on")


def pytest_configure(config: pytest.Config) -> None:
    """Make the folder that all workers of this run share, and with it a place for the folders of single tests."""
    # A plugin, so it must not be imported before it is one.
    from tests.looks import begin

    shared = getattr(config, "workerinput", {}).get("run_dir")
    config.stash[RUN_DIR] = Path(shared or tempfile.mkdtemp(prefix="participation-tests-", dir=quick()))
    # Squeezing them takes as long as some twenty pages, and hundreds of applications and servers are started.
    os.environ["ASSETS_DIR"] = str(config.stash[RUN_DIR] / "assets")
    begin(config.stash[RUN_DIR], getattr(config, "workerinput", {}).get("workerid", "main"))
    if not shared:
        config.option.basetemp = config.option.basetemp or str(config.stash[RUN_DIR] / "tests")


def quick() -> Path | None:
    """Return a folder in memory, where a commit waits for no disk; ``None``, the usual place, without enough room."""
    return MEMORY if MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > ROOM_BYTES else None


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: object) -> None:
    """Tell a worker where the shared folder is."""
    node.workerinput["run_dir"] = str(node.config.stash[RUN_DIR])


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop the run's PostgreSQL server and remove the shared folder; workers leave that to the main process."""
    if not hasattr(config, "workerinput") and RUN_DIR in config.stash:
        stop_postgres(config.stash[RUN_DIR])
        shutil.rmtree(config.stash[RUN_DIR], ignore_errors=True)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run every test that uses a database on both; on SQLite alone those in a browser, and those that say so."""
    if "database_kind" in metafunc.fixturenames:
        chosen = metafunc.config.getoption("--database")
        in_browser = metafunc.definition.get_closest_marker("browser") or BROWSER_FIXTURES & set(metafunc.fixturenames)
        is_single = in_browser or metafunc.definition.get_closest_marker("one_database")
        kinds = ("sqlite",) if is_single else KINDS if chosen == "both" else (chosen,)
        metafunc.parametrize("database_kind", kinds)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests that need a browser or a server, so that they can be left out."""
    for item in items:
        if BROWSER_FIXTURES & set(getattr(item, "fixturenames", ())):
            item.add_marker("browser")


def pytest_collection_finish() -> None:
    """Let the garbage collector pass over what was loaded so far, and look at everything else more rarely.

    All of it stays until the end, and there is a lot: looking through it took a twentieth of the whole run.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(*gc.get_threshold()[:2], 100)


@pytest.fixture(scope="session")
def databases(request: pytest.FixtureRequest) -> Iterator[Databases]:
    """The databases of this worker."""
    worker = getattr(request.config, "workerinput", {}).get("workerid", "main")
    own = Databases(request.config.stash[RUN_DIR], worker)
    yield own
    own.close()


@pytest.fixture
def app(databases: Databases, database_kind: str) -> Flask:
    """The application on an empty database, once on SQLite and once on PostgreSQL."""
    return databases.fresh_app(database_kind)


@pytest.fixture
def client(app: Flask) -> PageClient:
    """A visitor without cookies; every page that comes back is checked."""
    return PageClient(app)


@pytest.fixture
def new_client(app: Flask) -> NewClient:
    """Make further visitors, each with cookies of their own."""
    return lambda: PageClient(app)


@pytest.fixture
def member(new_client: NewClient, transact: Sessions) -> Callable[..., PageClient]:
    """Make signed-in visitors, each with an account: ``member()``, ``member(Role.MODERATOR, process_id=1)``."""

    def make(role: Role | None = None, *, process_id: int | None = None, email: str = "") -> PageClient:
        address = email or f"{role.value if role else 'resident'}-{process_id or 'everywhere'}@example.org"
        moment = clock.now()
        with transact() as session:
            account = create_account(session, email=address, language="de", now=moment)
            token = sign_in(session, account_id=account.id, now=moment)
            if role:
                session.add(RoleGrant(account_id=account.id, role=role, process_id=process_id, granted_at=moment))
        visitor = new_client()
        with visitor.flask.session_transaction() as cookie:
            cookie.update({"_user_id": token, "_fresh": True})
        return visitor

    return make


@pytest.fixture
def database(app: Flask) -> Sessions:
    """Look at the database: ``with database() as session``. Never the session of a request; changes are refused."""
    with app.app_context():
        engine = db.engine

    @contextmanager
    def look() -> Iterator[Session]:
        with Session(engine) as session:
            yield session
            changed = [*session.new, *session.dirty, *session.deleted]
            assert changed == [], "database() only looks; use transact()"

    return look


@pytest.fixture
def transact(app: Flask) -> Sessions:
    """Change the database as the product does: ``with transact() as session`` commits at the end of the block."""

    @contextmanager
    def change() -> Iterator[Session]:
        with app.app_context(), transaction() as session:
            yield session

    return change


@pytest.fixture
def place(transact: Sessions) -> make.Place:
    """A process in which everything is possible."""
    with transact() as session:
        return make.process(session)


@pytest.fixture
def idea(transact: Sessions, place: make.Place) -> int:
    """An idea nobody has voted on yet."""
    with transact() as session:
        return make.idea(session, place)


@pytest.fixture
def new_server(app: Flask) -> Iterator[NewServer]:
    """Make further servers on the same database with settings of their own; none leaves a connection behind."""
    made: list[Flask] = []

    def start(**settings: object) -> Flask:
        made.append(build_app(app.config["DATABASE_URL"], Path(app.config["DATA_DIR"]), **settings))
        return made[-1]

    yield start
    for server in made:
        with server.app_context():
            db.engine.dispose()


@pytest.fixture
def cached(new_server: NewServer) -> PageClient:
    """A visitor of a server that keeps pages in memory."""
    return PageClient(new_server(PAGE_CACHE_SECONDS=10))


@pytest.fixture
def meaning() -> Iterator[vectors.Encoder]:
    """The encoder, switched on for one test; skipped where the extra is not installed."""
    vectors.configure("auto")
    encoder = vectors.encoder()
    if encoder is None:
        vectors.configure("off")
        pytest.skip("the extra “analysis” is not installed")
    yield encoder
    vectors.configure("off")
