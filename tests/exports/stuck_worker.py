"""Workers in processes of their own that stop in the middle of an export and wait to be killed.

``python -m tests.exports.stuck_worker`` loads the product once. For each line it reads, ``reading`` or ``writing``, a
worker begins, says ``stuck`` and its number when it has come so far; ``gone`` follows when it was killed.
"""

import os
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from participation.activity.worker import run_due_job
from participation.app import create_app
from participation.exports import jobs
from participation.exports.document import StrategyInput
from participation.exports.writers import WRITERS
from participation.handlers import JOBS

FORMAT = "csv"


def stop(*_: object) -> None:
    """Say that it is so far, and wait for the end."""
    print("stuck", os.getpid(), flush=True)
    time.sleep(600)


def write_half(_document: StrategyInput, path: Path, *, progress: Callable[[int], None]) -> None:
    """Write something that is no complete file."""
    path.with_name(f"{path.name}.part").write_text("half", encoding="utf-8")
    stop(progress)


def work(stage: str) -> None:
    """Take the job that is due and stop at its ``stage``."""
    if stage == "writing":
        jobs.WRITERS = {**WRITERS, FORMAT: replace(WRITERS[FORMAT], write=write_half)}
    else:
        read: Any = jobs.read_into
        jobs.read_into = lambda *given, **named: read(*given, **{**named, "progress": stop})
    with create_app().app_context():
        run_due_job(JOBS)


def main() -> None:
    """Let a worker begin for each line, one after the other."""
    while stage := sys.stdin.readline().strip():
        worker = os.fork()
        if not worker:
            work(stage)
            return
        os.waitpid(worker, 0)
        print("gone", flush=True)


if __name__ == "__main__":
    main()
