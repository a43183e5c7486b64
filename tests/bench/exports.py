"""Exports of a large process: how long, how large, and how much memory beside a small one."""

import json
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from tests.bench.filled_exports import fill_for_exports
from tests.bench.memory import LARGE, QUICK, SMALL, memory_lines, memory_verdict, peak_megabytes
from tests.bench.report import Verdict
from tests.bench.server import ROOT

FORMATS = ("xlsx", "ods", "jsonl")
TIMEOUT_SECONDS = 1800


@dataclass(frozen=True)
class Exporting:
    """What one file took, in a process of its own, and the most memory that process ever had."""

    format: str
    ideas: int
    votes: int
    rows: int
    seconds: float
    megabytes: float
    peak_megabytes: float


def measure_exports(folder: Path, *, quick: bool) -> list[Exporting]:
    """Return the figures of each format for a small and a large process."""
    found = []
    for ideas in (SMALL, QUICK if quick else LARGE):
        place = folder / f"exports-{ideas}"
        votes = fill_for_exports(place, ideas)
        found += [_measure(place, name, ideas, votes) for name in FORMATS]
    return found


def export_lines(found: Sequence[Exporting]) -> list[str]:
    """Return the table of exports."""
    return memory_lines("exports", [(f"{one.format}, {one.ideas:,} ideas, {one.votes:,} votes", one) for one in found])


def export_verdicts(found: Sequence[Exporting]) -> list[Verdict]:
    """Return whether the memory of an export stays the same however large the process is."""
    return [memory_verdict(name, [one for one in found if one.format == name]) for name in FORMATS]


def _measure(place: Path, name: str, ideas: int, votes: int) -> Exporting:
    command = [sys.executable, "-m", "tests.bench.exports", str(place), name, str(ideas), str(votes)]
    result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=TIMEOUT_SECONDS, check=False)
    if result.returncode:
        raise RuntimeError(f"the export failed:\n{result.stderr[-4000:]}")
    return Exporting(**json.loads(result.stdout.splitlines()[-1]))


def _export(place: Path, name: str, ideas: int, votes: int) -> Exporting:
    from participation.accounts.actor import SYSTEM
    from participation.exports.files import write_strategy_input
    from participation.kit import clock
    from tests.bench.filled_exports import application, process_id_in

    path, reported = place / f"out.{name}", [0]
    with application(place).app_context():
        begun = time.perf_counter()
        write_strategy_input(
            SYSTEM,
            process_id=process_id_in(),
            file_format=name,
            language="de",
            path=path,
            now=clock.now(),
            progress=reported.append,
        )
        seconds = time.perf_counter() - begun
    return Exporting(name, ideas, votes, max(reported), seconds, path.stat().st_size / 1e6, peak_megabytes())


if __name__ == "__main__":
    place, name, ideas, votes = sys.argv[1:]
    print(json.dumps(asdict(_export(Path(place), name, int(ideas), int(votes)))))
