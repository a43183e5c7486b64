"""Exports of a large process: how long, how large, and how much memory beside a small one."""

import json
import re
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from tests.bench.filled_exports import fill_for_exports
from tests.bench.report import Verdict
from tests.bench.server import ROOT

SMALL, LARGE, QUICK = 1_000, 100_000, 10_000
FORMATS = ("xlsx", "ods", "jsonl")
MOST_GROWTH = 1.5
TIMEOUT_SECONDS = 1800
_PEAK = re.compile(r"^VmHWM:\s*(\d+) kB$", re.MULTILINE)


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
    heads = ("seconds", "rows/s", "file MB", "peak MB")
    lines = [f"{'exports':<48}" + "".join(f"{head:>10}" for head in heads)]
    for one in found:
        figures = (
            f"{one.seconds:>10.1f}{one.rows / one.seconds:>10,.0f}{one.megabytes:>10.1f}{one.peak_megabytes:>10.0f}"
        )
        lines.append(f"{f'{one.format}, {one.ideas:,} ideas, {one.votes:,} votes':<48}{figures}")
    return lines


def export_verdicts(found: Sequence[Exporting]) -> list[Verdict]:
    """Return whether the memory of an export stays the same however large the process is."""
    verdicts = []
    for name in FORMATS:
        small, large = sorted((one for one in found if one.format == name), key=lambda one: one.ideas)
        growth = large.peak_megabytes / small.peak_megabytes
        target = f"{name}, memory at {large.ideas:,} ≤ {MOST_GROWTH} × {small.ideas:,} ideas"
        verdicts.append(Verdict(target, f"{growth:.2f}", growth <= MOST_GROWTH))
    return verdicts


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
    return Exporting(name, ideas, votes, max(reported), seconds, path.stat().st_size / 1e6, _peak())


def _peak() -> float:
    """Return the most memory this process ever had; ``getrusage`` would count that of the one that started it."""
    found = _PEAK.search(Path("/proc/self/status").read_text(encoding="ascii"))
    if found is None:
        raise RuntimeError("the system does not say how much memory a process had")
    return int(found[1]) * 1024 / 1e6


if __name__ == "__main__":
    place, name, ideas, votes = sys.argv[1:]
    print(json.dumps(asdict(_export(Path(place), name, int(ideas), int(votes)))))
