"""A worker in a process of its own that stops in the middle of an export and waits to be killed.

Run as ``python -m tests.exports.stuck_worker reading|writing``; it says so on its output when it has come so far.
"""

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
    print("stuck", flush=True)
    time.sleep(600)


def write_half(_document: StrategyInput, path: Path, *, progress: Callable[[int], None]) -> None:
    """Write something that is no complete file."""
    path.with_name(f"{path.name}.part").write_text("half", encoding="utf-8")
    stop(progress)


def main(stage: str) -> None:
    """Take the job that is due and stop at its ``stage``."""
    if stage == "writing":
        jobs.WRITERS = {**WRITERS, FORMAT: replace(WRITERS[FORMAT], write=write_half)}
    else:
        read: Any = jobs.read_into
        jobs.read_into = lambda *given, **named: read(*given, **{**named, "progress": stop})
    with create_app().app_context():
        run_due_job(JOBS)


if __name__ == "__main__":
    main(sys.argv[1])
