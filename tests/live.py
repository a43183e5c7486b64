"""The real server in a process of its own, and a real browser in front of it."""

import os
import shutil
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect
from sqlalchemy import create_engine
from sqlalchemy.orm import Session

from tests.databases import Databases, empty, locked
from tests.looks import check_accessibility

__all__ = ["SECRET_KEY", "Live", "check_accessibility", "free_port", "quiet_console", "serving"]
ROOT = Path(__file__).resolve().parent.parent
SECRET_KEY = "only-for-browser-tests-" + "0123456789" * 4
START_SECONDS = 180
PATIENCE_SECONDS = 30
"""How long to wait for what has to come: a slow machine takes longer, and who waits in vain has found a mistake."""
CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
expect.set_options(timeout=PATIENCE_SECONDS * 1000)


@dataclass(frozen=True)
class Live:
    """A running server: its address, and the settings that commands beside it need."""

    url: str
    environment: dict[str, str]

    def command(self, *arguments: str, **settings: str) -> str:
        """Run ``python -m participation …`` on the same database, with more ``settings``; return what it printed."""
        command = [sys.executable, "-m", "participation", *arguments]
        result = subprocess.run(
            command, cwd=ROOT, env={**self.environment, **settings}, capture_output=True, text=True, check=False
        )
        assert result.returncode == 0, f"{arguments} failed:\n{result.stdout}{result.stderr}"
        return result.stdout

    def put(self, template: Path) -> None:
        """Put what is in a SQLite file in place of everything in the server's database."""
        database = Path(self.environment["DATABASE_URL"].removeprefix("sqlite:///"))
        # Through the engine, so that the running server sees it as any other change.
        with closing(sqlite3.connect(template)) as source, closing(sqlite3.connect(database, timeout=15)) as target:
            source.backup(target)

    @contextmanager
    def session(self) -> Iterator[Session]:
        """Yield a session on the server's database; leaving it commits."""
        engine = create_engine(self.environment["DATABASE_URL"], connect_args={"timeout": 15})
        with Session(engine) as session, session.begin():
            yield session
        engine.dispose()


def free_port() -> int:
    """Return a port of this machine that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def serving(database: Path | str, data_dir: Path, *options: str, **settings: str) -> Iterator[Live]:
    """Run the server on a SQLite file, or a database's address, until the end of the block; ``settings`` win.

    ``options`` are those of ``serve``. Raises with its log when it does not come up.
    """
    data_dir.mkdir(parents=True, exist_ok=True)
    port = free_port()
    environment = {
        **os.environ,
        "HOST": "127.0.0.1",
        "PORT": str(port),
        "DATABASE_URL": database if isinstance(database, str) else f"sqlite:///{database}",
        "DATA_DIR": str(data_dir),
        "SECRET_KEY": SECRET_KEY,
        "PAGE_CACHE_SECONDS": "0",
        "FORM_SECONDS": "0",
        "LIMITS": "off",
        # As in all tests: vectors take the worker longer than everything a browser looks at.
        "ANALYSIS": "off",
        **settings,
    }
    log = data_dir / "server.log"
    command = [sys.executable, "-m", "participation", "serve", *options]
    with log.open("w") as output:
        server = subprocess.Popen(
            command, cwd=ROOT, env=environment, stdout=output, stderr=output, start_new_session=True
        )
    try:
        live = Live(f"http://127.0.0.1:{port}", environment)
        _wait_until_up(live.url, server, log)
        yield live
    finally:
        _end(server)


@pytest.fixture(scope="session")
def live_server(databases: Databases) -> Iterator[Live]:
    """One server per worker, on a SQLite file of its own."""
    database = databases.own_dir / "live.sqlite"
    databases.copy_sqlite(database)
    with serving(database, databases.own_dir / "live") as live:
        yield live


@pytest.fixture
def live(live_server: Live) -> Live:
    """The worker's server with an empty database."""
    engine = create_engine(live_server.environment["DATABASE_URL"], connect_args={"timeout": 15})
    empty(engine)
    engine.dispose()
    return live_server


@pytest.fixture
def demo(live_server: Live, databases: Databases) -> Live:
    """The worker's server with the demo, as ``demo seed`` made it earlier in this run."""
    live_server.put(demo_template(live_server, databases))
    return live_server


def demo_template(live: Live, databases: Databases) -> Path:
    """Return a SQLite file with the demo that all workers share; nobody may change it."""
    template = databases.run_dir / "demo.sqlite"
    with locked(databases.run_dir / "demo"):
        if not template.exists():
            partial = databases.run_dir / "demo-partial.sqlite"
            shutil.copyfile(databases.sqlite_template(), partial)
            live.command("demo", "seed", DEMO="1", DATABASE_URL=f"sqlite:///{partial}")
            partial.rename(template)
    return template


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """Start the system's Chromium, quiet and without asking the network for anything."""
    chromium = os.environ.get("CHROMIUM", "/usr/bin/chromium")
    return {**browser_type_launch_args, "executable_path": chromium, "args": CHROMIUM_FLAGS}


@pytest.fixture(autouse=True)
def quiet_browser(request: pytest.FixtureRequest) -> Iterator[None]:
    """Fail a browser test whose pages logged an error, threw one, or asked another server for anything."""
    if not {"page", "browser"} <= set(request.fixturenames):
        yield
        return
    with quiet_console(request.getfixturevalue("page")):
        yield


@contextmanager
def quiet_console(page: Any) -> Iterator[None]:
    """Fail at the end of the block when ``page`` logged an error, threw one, or asked another server for anything."""
    found: list[str] = []
    listeners: dict[str, Callable[[Any], None]] = {
        "pageerror": lambda error: found.append(f"script error: {error}"),
        "console": lambda message: _note_console(message, found),
        "request": lambda sent: _note_request(sent.url, found),
    }
    for event, listener in listeners.items():
        page.on(event, listener)
    yield
    for event, listener in listeners.items():
        page.remove_listener(event, listener)
    assert not found, "\n".join(found)


def _note_console(message: Any, found: list[str]) -> None:
    # A page with status 404 or 422 logs that as an error, though it is just what the test wanted; so does no network,
    # and a script that was kept away.
    meant = (
        "the server responded with a status of 4",
        "net::ERR_INTERNET_DISCONNECTED",
        "net::ERR_BLOCKED_BY_CLIENT",
    )
    if message.type == "error" and not any(words in message.text for words in meant):
        found.append(f"console: {message.text}")


def _note_request(url: str, found: list[str]) -> None:
    if not url.startswith(("http://127.0.0.1:", "data:", "blob:", "about:")):
        found.append(f"asked another server: {url}")


def _wait_until_up(url: str, server: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and server.poll() is None:
        try:
            with urllib.request.urlopen(f"{url}/healthz", timeout=2):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    raise RuntimeError(f"the server did not come up:\n{log.read_text()[-4000:]}")


def _end(server: subprocess.Popen[bytes]) -> None:
    server.terminate()
    try:
        server.wait(5)
    except subprocess.TimeoutExpired:
        # The server leads a process group of its own, so its workers go along.
        os.killpg(server.pid, 9)
        server.wait()
