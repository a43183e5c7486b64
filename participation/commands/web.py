"""The web server: granian with settings for short pages on a local database."""

import gc

from flask import Flask
from granian.constants import Interfaces
from granian.log import LogLevels
from granian.server import Server

from participation.commands.supervisor import end_with_parent

TARGET = "participation.commands.web:application"
BLOCKING_THREADS = 2
KILL_SECONDS = 2


def application() -> Flask:
    """Return the application for one worker process of the web server."""
    from participation.app import create_app

    end_with_parent()
    app = create_app()
    # What is there now stays for good: the garbage collector need not go through it again and again.
    gc.collect()
    gc.freeze()
    return app


def run_web(host: str, port: int, workers: int, *, target: str = TARGET) -> None:
    """Serve pages until SIGTERM or SIGINT; ``target`` names the function that makes the application."""
    server = Server(
        target,
        factory=True,
        address=host.strip("[]"),
        port=port,
        interface=Interfaces.WSGI,
        websockets=False,
        workers=workers,
        # One would do for reading; the second keeps pages coming while the first waits for a lock or a password hash.
        blocking_threads=BLOCKING_THREADS,
        respawn_failed_workers=True,
        # Left alone it waits for every open connection, and browsers keep theirs open for minutes.
        workers_kill_timeout=KILL_SECONDS,
        log_level=LogLevels.warning,
        # Addresses of visitors are nobody's business.
        log_access=False,
    )
    server.serve()
