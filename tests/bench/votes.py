"""Importing votes: how long it takes and how much memory, each size in a process of its own."""

import csv
import json
import resource
import subprocess
import sys
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path

from tests.bench.fill import SECRET, SLUG, fill
from tests.bench.server import ROOT

STATEMENTS = 500
PEOPLE = 3000
TIMEOUT_SECONDS = 600


@dataclass(frozen=True)
class Import:
    """What an import of ``votes`` votes took."""

    votes: int
    seconds: float
    peak_bytes: int


def measure_imports(folder: Path, sizes: tuple[int, ...]) -> list[Import]:
    """Return what importing each number of votes took; nothing where the product cannot import votes."""
    if find_spec("participation.intake") is None or find_spec("participation.intake.votes") is None:
        return []
    return [_measure(folder / f"import-{votes}", votes) for votes in sizes]


def _measure(folder: Path, votes: int) -> Import:
    _write_export(folder, votes)
    # Apart: what the first step needs at its peak would hide what the second one takes.
    _run("statements", folder)
    found = json.loads(_run("votes", folder).splitlines()[-1])
    return Import(votes, found["seconds"], found["peak_bytes"])


def _run(step: str, folder: Path) -> str:
    command = [sys.executable, "-m", "tests.bench.votes", step, str(folder)]
    result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=TIMEOUT_SECONDS, check=False)
    if result.returncode:
        raise RuntimeError(f"importing {step} failed:\n{result.stderr[-4000:]}")
    return result.stdout


def _write_export(folder: Path, votes: int) -> None:
    """Write an export as Polis makes it."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "comments.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["timestamp", "comment-id", "author-id", "moderated", "comment-body"])
        writer.writerows(
            [1_650_000_000_000 + number, number, number % PEOPLE, 1, f"Die Stadt soll Vorschlag {number} umsetzen."]
            for number in range(STATEMENTS)
        )
    with (folder / "votes.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["timestamp", "datetime", "comment-id", "voter-id", "vote"])
        writer.writerows(
            [1_650_000_000_000 + number, "", number % STATEMENTS, (number // STATEMENTS) % PEOPLE, number * 7 % 3 - 1]
            for number in range(votes)
        )


def _import(step: str, folder: Path) -> None:
    """Import the statements or the votes of the export in ``folder`` and print what the votes took."""
    from participation.accounts.actor import SYSTEM
    from participation.app import create_app
    from participation.intake.votes import VoteImport, import_statements, import_votes
    from participation.kit.db import db
    from participation.processes.queries import process_id_by_slug

    url = fill(folder, 1).url if step == "statements" else f"sqlite:///{folder / '1.sqlite'}"
    app = create_app({"DATABASE_URL": url, "DATA_DIR": folder / "data", "SECRET_KEY": SECRET})
    now = datetime.now(UTC)
    with app.app_context():
        process_id = process_id_by_slug(db.session(), SLUG)
        assert process_id is not None
        order = VoteImport(process_id=process_id, folder=folder)
        if step == "statements":
            import_statements(SYSTEM, order, now=now)
            return
        started = time.perf_counter()
        report = import_votes(SYSTEM, order, now=now)
        seconds = time.perf_counter() - started
    assert report.refused == 0, report.problems[:3]
    # Linux counts in kibibytes, macOS in bytes.
    unit = 1 if sys.platform == "darwin" else 1024
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit
    print(json.dumps({"seconds": seconds, "peak_bytes": peak, "read": report.read}))


if __name__ == "__main__":
    _import(sys.argv[1], Path(sys.argv[2]))
