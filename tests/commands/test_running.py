"""The real thing in processes of its own: starting, dying parts, stopping, and starts that are refused."""

import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil
import pytest

from participation.demo.accounts import DEMO_ACCOUNTS, DEMO_PASSWORD
from tests.databases import Databases
from tests.live import free_port

ROOT = Path(__file__).resolve().parents[2]
PATIENCE_SECONDS = 60
SECRET = "only-for-tests-" + "0123456789" * 4
QUICK_STOP_SECONDS = 10


def settings(folder: Path, **more: str) -> dict[str, str]:
    """Return an environment with a place of its own, without what the developer's shell says."""
    ours = {"HOST", "PORT", "DATABASE_URL", "PUBLIC_URL", "TRUSTED_PROXIES", "DEMO", "SMTP_URL", "SECRET_KEY"}
    plain = {name: value for name, value in os.environ.items() if name not in ours}
    return {**plain, "DATA_DIR": str(folder), "PORT": str(free_port()), **more}


@contextmanager
def running(environment: dict[str, str], *arguments: str) -> Iterator[tuple[subprocess.Popen[bytes], Path]]:
    """Run a command in a process group of its own until the end of the block; yield it with its output."""
    log = Path(environment["DATA_DIR"]) / "output.txt"
    with log.open("w") as output:
        command = [sys.executable, "-m", "participation", *arguments]
        process = subprocess.Popen(
            command, cwd=ROOT, env=environment, stdout=output, stderr=output, start_new_session=True
        )
    try:
        yield process, log
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def attempt(environment: dict[str, str], *arguments: str) -> tuple[int, str]:
    """Run a command to its end and return its status and error output."""
    command = [sys.executable, "-m", "participation", *arguments]
    result = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=PATIENCE_SECONDS, check=False
    )
    return result.returncode, result.stderr


def wait_until(fact: Callable[[], object], what: str, log: Path) -> None:
    """Wait for ``fact`` to become true; raise with the log when it does not."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not fact():
        assert time.monotonic() < deadline, f"no {what}:\n{log.read_text()}"
        time.sleep(0.1)


def answers(environment: dict[str, str]) -> bool:
    """Return whether the server says that it is well."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{environment['PORT']}/healthz", timeout=2) as response:
            return response.status == 200
    except OSError:
        return False


def worker_of(process: subprocess.Popen[bytes]) -> psutil.Process | None:
    """Return the worker that ``process`` runs beside its web server."""
    for child in psutil.Process(process.pid).children():
        # One that has just died has no command line any more.
        with suppress(psutil.Error):
            if "work" in child.cmdline():
                return child
    return None


@pytest.fixture
def ready(databases: Databases, tmp_path: Path) -> dict[str, str]:
    """Settings with a migrated database."""
    databases.copy_sqlite(tmp_path / "participation.sqlite")
    return settings(tmp_path, SECRET_KEY=SECRET)


def test_the_server_restarts_what_dies_and_stops_within_seconds(ready: dict[str, str]) -> None:
    with running(ready, "serve") as (server, log):
        wait_until(lambda: answers(ready), "answer", log)
        wait_until(lambda: worker_of(server), "worker", log)
        first = worker_of(server)
        assert first
        first.kill()
        wait_until(lambda: (now := worker_of(server)) and now.pid != first.pid, "second worker", log)
        family = psutil.Process(server.pid).children(recursive=True)
        started = time.monotonic()
        server.terminate()
        assert server.wait(PATIENCE_SECONDS) == 0
        assert time.monotonic() - started < QUICK_STOP_SECONDS
        assert "the worker ended with status -9; starting it again in 1 s" in log.read_text()
        _gone, alive = psutil.wait_procs(family, timeout=QUICK_STOP_SECONDS)
        assert alive == []


def test_nothing_is_left_behind_when_the_server_is_killed(ready: dict[str, str]) -> None:
    with running(ready, "serve") as (server, log):
        wait_until(lambda: answers(ready), "answer", log)
        family = psutil.Process(server.pid).children(recursive=True)
        assert len(family) == 4
        server.kill()
        _gone, alive = psutil.wait_procs(family, timeout=3 * QUICK_STOP_SECONDS)
        assert alive == []


def test_a_port_in_use_is_said_to_be(ready: dict[str, str]) -> None:
    with running(ready, "serve", "--no-worker", "--workers", "1") as (server, log):
        wait_until(lambda: answers(ready), "answer", log)
        assert worker_of(server) is None
        status, said = attempt(ready, "serve")
        assert (status, said) == (
            1,
            f"error: port {ready['PORT']} on 127.0.0.1 is taken or not allowed: set PORT to another one\n",
        )


def test_the_worker_stops_when_it_is_asked_to(ready: dict[str, str]) -> None:
    with running(ready, "work") as (worker, log):
        wait_until(lambda: "The worker is running" in log.read_text(), "worker", log)
        worker.terminate()
        assert worker.wait(QUICK_STOP_SECONDS) == 0
        assert len(log.read_text().splitlines()) == 1


def test_one_command_runs_the_demo(tmp_path: Path) -> None:
    environment = settings(tmp_path)
    with running(environment, "demo", "run") as (demo, log):
        wait_until(lambda: "Ctrl-C" in log.read_text(), "greeting", log)
        assert answers(environment)
        greeting = log.read_text()
        for wanted in (f"http://127.0.0.1:{environment['PORT']}/", DEMO_PASSWORD, f"{tmp_path}/mail"):
            assert wanted in greeting
        assert all(one.email in greeting for one in DEMO_ACCOUNTS)
        demo.send_signal(signal.SIGINT)
        assert demo.wait(QUICK_STOP_SECONDS) == 0
    public = {"HOST": "0.0.0.0", "PUBLIC_URL": "https://x.example.org", "TRUSTED_PROXIES": "1", "SECRET_KEY": SECRET}
    status, said = attempt({**environment, **public}, "serve")
    assert (status, said) == (
        1,
        "error: admin@example.org still has the demo's known password: use another database.\n",
    )


@pytest.mark.parametrize(
    ("arguments", "more", "said"),
    [
        (("demo", "run"), {}, "only runs on this machine, not on 0.0.0.0"),
        (("serve",), {"SECRET_KEY": "short"}, "SECRET_KEY is too short"),
        (("serve",), {"SECRET_KEY": SECRET}, "PUBLIC_URL is not set"),
        (("serve",), {"SECRET_KEY": SECRET, "PUBLIC_URL": "https://x.example.org"}, "TRUSTED_PROXIES is not set"),
        (("serve",), {"SECRET_KEY": SECRET, "DEMO": "1"}, "only runs on this machine"),
    ],
)
def test_unsafe_starts_are_refused(tmp_path: Path, arguments: tuple[str, ...], more: dict[str, str], said: str) -> None:
    status, error = attempt(settings(tmp_path, HOST="0.0.0.0", **more), *arguments)
    assert status == 1
    assert error.startswith("error: ")
    assert said in error
    assert error.count("\n") == 1
    assert not (tmp_path / "participation.sqlite").exists()
