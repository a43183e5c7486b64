"""What small and large processes need: time, file and memory of one step, each measured in a process of its own."""

import resource
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from tests.bench.report import Verdict

SMALL, LARGE, QUICK = 1_000, 100_000, 10_000
MOST_GROWTH = 1.5


class Measured(Protocol):
    """What one step took."""

    @property
    def ideas(self) -> int: ...
    @property
    def rows(self) -> int: ...
    @property
    def seconds(self) -> float: ...
    @property
    def megabytes(self) -> float: ...
    @property
    def peak_megabytes(self) -> float: ...


def peak_megabytes() -> float:
    """Return the most memory this process had, in megabytes."""
    status = Path("/proc/self/status")
    if status.exists():
        # Not what ``getrusage`` says: on Linux that begins with the peak of the process that started this one.
        peak = next(line for line in status.read_text(encoding="ascii").splitlines() if line.startswith("VmHWM"))
        return int(peak.split()[1]) * 1024 / 1e6
    # macOS counts in bytes.
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6


def memory_lines(title: str, named: Sequence[tuple[str, Measured]]) -> list[str]:
    """Return a table with a line for each step."""
    heads = ("seconds", "rows/s", "file MB", "peak MB")
    lines = [f"{title:<48}" + "".join(f"{head:>10}" for head in heads)]
    for name, one in named:
        figures = (
            f"{one.seconds:>10.1f}{one.rows / one.seconds:>10,.0f}{one.megabytes:>10.1f}{one.peak_megabytes:>10.0f}"
        )
        lines.append(f"{name:<48}{figures}")
    return lines


def memory_verdict(name: str, found: Sequence[Measured]) -> Verdict:
    """Return whether a step needs the same memory for a large process as for a small one."""
    small, large = sorted(found, key=lambda one: one.ideas)
    growth = large.peak_megabytes / small.peak_megabytes
    target = f"{name}, memory at {large.ideas:,} ≤ {MOST_GROWTH} × {small.ideas:,} ideas"
    return Verdict(target, f"{growth:.2f}", growth <= MOST_GROWTH)
