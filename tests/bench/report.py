"""The figures as tables, and what they mean for the targets."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tests.bench.measure import Row
from tests.bench.votes import Import
from tests.bench.weight import Weight

SHARE_OF_FLOOR = 0.5
MOST_GROWTH = 1.2
MOST_BYTES = 60_000
MOST_REQUESTS = 10
MOST_IMPORT_SECONDS = 30
MOST_MEMORY_GROWTH = 1.15
NEW_LINE = "\n"
WIDTHS = (8, 9, 8, 7, 9, 11, 9, 7, 16, 9)


@dataclass(frozen=True)
class Verdict:
    """One target with what was measured."""

    target: str
    measured: str
    met: bool

    def __str__(self) -> str:
        return f"{'met   ' if self.met else 'MISSED'}  {self.target}: {self.measured}"


def page_lines(rows: Sequence[Row], queries: Mapping[str, int]) -> list[str]:
    """Return the table of all pages: first as shipped, then without any cache."""
    lines = []
    for cached in (True, False):
        chosen = [row for row in rows if row.cached is cached]
        small, large = min(chosen[0].by_size), max(chosen[0].by_size)
        heads = ["req/s", "p95 ms", "CPU ms", "kB", "floor/s", "floor CPU", "× floor", "cold", f"{large:,}÷{small:,}"]
        lines.append(
            f"{'' if cached else NEW_LINE}Pages {'as shipped' if cached else 'without any cache'}, {large:,} ideas"
        )
        lines.append(_line("page", [*heads, *([] if cached else ["queries"])]))
        for row in chosen:
            asked = [] if cached else [str(queries[row.page.name])]
            lines.append(_line(row.page.name, [*_cells(row, large), *asked]))
    return lines


def _cells(row: Row, size: int) -> list[str]:
    figures = row.by_size[size]
    return [
        f"{figures.rate:.0f}",
        f"{figures.p95 * 1000:.1f}",
        f"{figures.processor_seconds * 1000:.2f}",
        f"{figures.bytes / 1000:.1f}",
        f"{row.floor.rate:.0f}",
        f"{row.floor.processor_seconds * 1000:.2f}",
        f"{row.share:.2f}",
        f"{row.cold:.2f}",
        f"{row.growth:.2f}",
    ]


def _line(name: str, cells: Sequence[str]) -> str:
    return f"{name:<18}" + "".join(f"{cell:>{width}}" for cell, width in zip(cells, WIDTHS, strict=False))


def weight_lines(weights: Sequence[Weight]) -> list[str]:
    """Return the table of first views."""
    head = f"{'first view':<18}{'kB':>8}{'requests':>10}{'fonts known':>13}"
    return [head, *(f"{one.page:<18}{one.bytes / 1000:>8.1f}{one.requests:>10}{one.fonts:>13}" for one in weights)]


def import_lines(imports: Sequence[Import], *, skipped: bool) -> list[str]:
    """Return the table of imports."""
    if skipped:
        return ["import of votes: left out by --quick"]
    if not imports:
        return ["import of votes: the product cannot do that yet"]
    head = f"{'import of votes':<18}{'seconds':>8}{'peak MB':>9}"
    return [head, *(f"{one.votes:<18,}{one.seconds:>8.1f}{one.peak_bytes / 1e6:>9.0f}" for one in imports)]


def page_verdicts(rows: Sequence[Row], weights: Sequence[Weight], scans: Sequence[str]) -> list[Verdict]:
    """Return the targets of pages with what was measured."""
    found = [_pace(row) for row in rows if row.page.has_target and row.cached]
    # A page that comes from memory costs the same at every size, so growth is judged without.
    found += [_growth(row) for row in rows if row.page.has_target and not row.cached]
    heaviest, most = max(one.bytes for one in weights), max(one.requests for one in weights)
    found.append(Verdict("first view ≤ 60 kB without fonts", f"{heaviest / 1000:.1f} kB", heaviest <= MOST_BYTES))
    found.append(Verdict("first view in ≤ 10 requests", f"{most} and fonts", most <= MOST_REQUESTS))
    found.append(Verdict("no growing table read from end to end", "; ".join(scans) or "none", not scans))
    return found


def _pace(row: Row) -> Verdict:
    return Verdict(
        f"{row.page.name}, as shipped ≥ {SHARE_OF_FLOOR} × floor", f"{row.share:.2f}", row.share >= SHARE_OF_FLOOR
    )


def _growth(row: Row) -> Verdict:
    sizes = f"{max(row.by_size):,} ÷ {min(row.by_size):,} ideas"
    return Verdict(f"{row.page.name}, cost of {sizes} ≤ {MOST_GROWTH}", f"{row.growth:.2f}", row.growth <= MOST_GROWTH)


def import_verdicts(imports: Sequence[Import]) -> list[Verdict]:
    """Return the targets of imports with what was measured; nothing where nothing was."""
    if not imports:
        return []
    few, many = imports[0], imports[-1]
    memory = many.peak_bytes / few.peak_bytes
    return [
        Verdict(
            f"import of {many.votes:,} votes < {MOST_IMPORT_SECONDS} s",
            f"{many.seconds:.1f} s",
            many.seconds < MOST_IMPORT_SECONDS,
        ),
        Verdict(
            f"memory at {many.votes:,} ≤ {MOST_MEMORY_GROWTH} × {few.votes:,} votes",
            f"{memory:.2f}",
            memory <= MOST_MEMORY_GROWTH,
        ),
    ]
