"""The product's server in processes of its own, and how much processor time they use."""

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import psutil  # type: ignore[import-untyped]  # published without types

from tests.bench.fill import SECRET

ROOT = Path(__file__).resolve().parents[2]
WORKERS = 2
START_SECONDS = 60


class Addressed(Protocol):
    """A database that a server can be started on."""

    @property
    def url(self) -> str: ...


@dataclass(frozen=True)
class Running:
    """A running server."""

    port: int
    process: psutil.Process

    def get(self, path: str, headers: dict[str, str] | None = None) -> tuple[bytes, dict[str, str]]:
        """Return body and headers of a page; raises ``HTTPError`` unless it is there."""
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}{path}", headers=headers or {})
        with urllib.request.urlopen(request, timeout=30) as response:
            return response.read(), {name.lower(): value for name, value in response.headers.items()}

    def processor_seconds(self) -> float:
        """Return the processor time that all processes of the server have used so far."""
        times = [one.cpu_times() for one in (self.process, *self.process.children(recursive=True))]
        return float(sum(one.user + one.system for one in times))


@contextmanager
def serving(filled: Addressed, folder: Path, *, page_cache: bool) -> Iterator[Running]:
    """Run the server with production settings on ``filled`` until the end of the block."""
    folder.mkdir(parents=True, exist_ok=True)
    port = _free_port()
    # Settings of whoever measures do not count: those that ship do.
    known = ("PATH", "HOME", "LANG", "TMPDIR", "VIRTUAL_ENV")
    environment = {name: os.environ[name] for name in known if name in os.environ}
    environment |= {"DATABASE_URL": filled.url, "DATA_DIR": str(folder), "SECRET_KEY": SECRET, "PORT": str(port)}
    if not page_cache:
        environment["PAGE_CACHE_SECONDS"] = "0"
    command = [sys.executable, "-m", "tests.bench.wsgi", str(port), str(WORKERS)]
    log = folder / "server.log"
    with log.open("w") as output:
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=output, stderr=output)
    try:
        running = Running(port, psutil.Process(process.pid))
        _wait(running, process, log)
        yield running
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            # Its workers notice within a second and end by themselves.
            process.kill()
            process.wait()


def _wait(running: Running, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            running.get("/healthz")
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
        else:
            return
    raise RuntimeError(f"the server did not come up:\n{log.read_text()[-4000:]}")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
