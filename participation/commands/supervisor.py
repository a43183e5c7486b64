"""Running several processes as one: start them, start again what dies, stop all within seconds."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from types import FrameType

import click

GRACE_SECONDS = 4.5
POLL_SECONDS = 0.1
LONGEST_PAUSE = 30.0
STEADY_SECONDS = 60.0
PARENT_POLL_SECONDS = 1.0
LAST_MOMENT_SECONDS = 3.0


@dataclass(frozen=True, slots=True)
class Part:
    """One process to keep running: a name for people, and the arguments after ``python -m participation``."""

    name: str
    arguments: tuple[str, ...]


class _Running:
    """A part with its process; remembers how often it died lately."""

    def __init__(self, part: Part) -> None:
        self.part = part
        self.deaths = 0
        self.due = 0.0
        self.process: subprocess.Popen[bytes] | None = None
        self.started = 0.0

    def start(self) -> None:
        command = [sys.executable, "-m", "participation", *self.part.arguments, "--parent", str(os.getpid())]
        self.process = subprocess.Popen(command, stdin=subprocess.DEVNULL)
        self.started = time.monotonic()

    def look_after(self) -> None:
        """Start the process when it is due; note when it has died."""
        now = time.monotonic()
        if self.process is None:
            if now >= self.due:
                self.start()
            return
        status = self.process.poll()
        if status is None:
            return
        self.deaths = 1 if now - self.started > STEADY_SECONDS else self.deaths + 1
        pause = min(2.0 ** (self.deaths - 1), LONGEST_PAUSE)
        say(f"the {self.part.name} ended with status {status}; starting it again in {pause:.0f} s")
        self.process, self.due = None, now + pause


def supervise(parts: Sequence[Part], *, on_start: Callable[[], None] | None = None) -> None:
    """Keep ``parts`` running until SIGTERM or SIGINT; ``on_start`` runs beside them once all have been started."""
    stop = stop_on_signals()
    running = [_Running(part) for part in parts]
    try:
        for one in running:
            one.start()
        if on_start:
            threading.Thread(target=on_start, daemon=True).start()
        while not stop.wait(POLL_SECONDS):
            for one in running:
                one.look_after()
    finally:
        _end([one.process for one in running if one.process])


def stop_on_signals() -> threading.Event:
    """Return an event that SIGTERM and SIGINT set from now on."""
    stop = threading.Event()

    def ask_to_stop(_number: int, _frame: FrameType | None) -> None:
        stop.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, ask_to_stop)
    return stop


def end_with_parent(parent: int | None = None) -> None:
    """End this process soon after its parent is gone, however that came about; ``parent`` says who it was at first."""
    expected = parent or os.getppid()

    def watch() -> None:
        while os.getppid() == expected:
            time.sleep(PARENT_POLL_SECONDS)
        os.kill(os.getpid(), signal.SIGTERM)
        time.sleep(LAST_MOMENT_SECONDS)
        os._exit(1)

    threading.Thread(target=watch, daemon=True, name="end-with-parent").start()


def port_is_free(host: str, port: int) -> bool:
    """Return whether a server could listen there now."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host.strip("[]"), port))
        except OSError:
            return False
    return True


def say(text: str) -> None:
    """Print a line for whoever runs the server."""
    click.echo(text, err=True)


def _end(processes: Sequence[subprocess.Popen[bytes]]) -> None:
    for process in processes:
        process.terminate()
    deadline = time.monotonic() + GRACE_SECONDS
    for process in processes:
        try:
            process.wait(max(deadline - time.monotonic(), 0.01))
        except subprocess.TimeoutExpired:
            # What its own children do about that: see end_with_parent.
            process.kill()
            process.wait()
