"""The command ``./dev bench``: fill databases, measure, print a table and what it means for the targets."""

import argparse
import json
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from tests.bench.archives import archive_lines, archive_verdicts, measure_archives
from tests.bench.board import board_lines, board_verdicts, measure_board
from tests.bench.casting import casting_lines, casting_verdicts, measure_casting
from tests.bench.exports import export_lines, export_verdicts, measure_exports
from tests.bench.fill import Filled, fill
from tests.bench.groups import FULL as FULL_SIZES
from tests.bench.groups import QUICK as QUICK_SIZES
from tests.bench.groups import group_lines, group_verdicts, measure_groups
from tests.bench.measure import Plan, Row, measure
from tests.bench.pages import pages_of
from tests.bench.plans import count_queries, full_scans
from tests.bench.report import Verdict, import_lines, import_verdicts, page_lines, page_verdicts, weight_lines
from tests.bench.server import serving
from tests.bench.similar import measure_similar, similar_lines, similar_verdicts
from tests.bench.suggestions import measure_suggestions, suggestion_lines, suggestion_verdicts
from tests.bench.votes import measure_imports
from tests.bench.waiting import measure_waiting, waiting_lines, waiting_verdicts
from tests.bench.weight import weigh

SMALL = 1_000
LARGE = 10_000
FULL = Plan(rounds=5, seconds=1.0, longest_warm_up=120.0)
QUICK = Plan(rounds=2, seconds=0.4, longest_warm_up=0.4)
IMPORTS = (6_000, 60_000)


@dataclass(frozen=True)
class Part:
    """What one part of the measurements found: its table, its targets, and the figures as data."""

    lines: list[str]
    verdicts: list[Verdict]
    data: dict[str, list[Any]]


class Bench:
    """One run: its folder, its options, and the filled databases, made when a part asks for them first."""

    def __init__(self, folder: Path, options: argparse.Namespace) -> None:
        self.folder = folder
        self.quick: bool = options.quick
        self.sizes = sorted({SMALL, options.ideas})

    @cached_property
    def databases(self) -> list[Filled]:
        """The databases that pages are read from, the smaller one first."""
        return [_fill(self.folder, ideas) for ideas in self.sizes]


def pages(bench: Bench) -> Part:
    """Read pages, as shipped and without any cache, and look at what they weigh and ask."""
    rows: list[Row] = []
    for cached in (True, False):
        _say(f"measuring pages {'as shipped' if cached else 'without any cache'} …")
        for row in measure(bench.databases, bench.folder / "servers", QUICK if bench.quick else FULL, cached=cached):
            rows.append(row)
            _say(f"  {row.page.name}: {row.share:.2f} × floor")
    filled = bench.databases[-1]
    shown = pages_of(filled)
    with serving(filled, bench.folder / "weight", page_cache=True) as server:
        weights = [weigh(server, page) for page in shown]
    scans, queries = (
        full_scans(filled, bench.folder / "plans", shown),
        count_queries(filled, bench.folder / "plans", shown),
    )
    figures = [
        {
            "page": row.page.name,
            "cached": row.cached,
            "share_of_floor": row.share,
            "share_of_floor_cold": row.cold,
            "growth": row.growth,
            "floor": vars(row.floor),
            "by_ideas": {size: vars(figures) for size, figures in row.by_size.items()},
        }
        for row in rows
    ]
    lines = [*page_lines(rows, queries), "", *weight_lines(weights)]
    return Part(
        lines, page_verdicts(rows, weights, scans), {"pages": figures, "weights": [vars(one) for one in weights]}
    )


def similar(bench: Bench) -> Part:
    """Look for similar ideas."""
    _say("looking for similar ideas …")
    found = measure_similar(bench.databases)
    return Part(similar_lines(found), similar_verdicts(found), {"similar": [vars(one) for one in found]})


def groups(bench: Bench) -> Part:
    """Find opinion groups in many votes."""
    _say("finding opinion groups …")
    found = measure_groups(bench.folder / "groups", QUICK_SIZES if bench.quick else FULL_SIZES)
    return Part(group_lines(found), group_verdicts(found), {"groups": [vars(one) for one in found]})


def casting(bench: Bench) -> Part:
    """Cast votes through HTTP."""
    _say("casting votes …")
    found = measure_casting(bench.folder, quick=bench.quick)
    return Part(casting_lines(found), casting_verdicts(found), {"casting": [vars(one) for one in found]})


def queue(bench: Bench) -> Part:
    """Read the queue of moderators, and take cases from it."""
    _say("reading long queues …")
    found = measure_waiting(bench.folder, quick=bench.quick)
    return Part(waiting_lines(found), waiting_verdicts(found), {"queue": [vars(one) for one in found]})


def board(bench: Bench) -> Part:
    """Read a large board of clusters, and file on it."""
    _say("reading large boards …")
    found = measure_board(bench.folder, quick=bench.quick)
    return Part(board_lines(found), board_verdicts(found), {"board": [vars(one) for one in found]})


def suggestions(bench: Bench) -> Part:
    """Learn from a new filing what to suggest."""
    _say("suggesting themes …")
    found = measure_suggestions(bench.folder, bench.sizes[-1])
    return Part(suggestion_lines(found), suggestion_verdicts(found), {"suggestions": [vars(one) for one in found]})


def exports(bench: Bench) -> Part:
    """Write large exports and watch their memory."""
    _say("writing exports …")
    found = measure_exports(bench.folder, quick=bench.quick)
    return Part(export_lines(found), export_verdicts(found), {"exports": [vars(one) for one in found]})


def archives(bench: Bench) -> Part:
    """Write a large process into an archive, verify it, read it elsewhere."""
    _say("writing archives …")
    found = measure_archives(bench.folder, quick=bench.quick)
    return Part(archive_lines(found), archive_verdicts(found), {"archives": [vars(one) for one in found]})


def imports(bench: Bench) -> Part:
    """Import votes."""
    if bench.quick:
        return Part(import_lines([], skipped=True), [], {"imports": []})
    _say("importing votes …")
    found = measure_imports(bench.folder, IMPORTS)
    return Part(import_lines(found, skipped=False), import_verdicts(found), {"imports": [vars(one) for one in found]})


PARTS: dict[str, Callable[[Bench], Part]] = {
    one.__name__: one
    for one in (pages, similar, groups, casting, queue, board, suggestions, exports, archives, imports)
}


def main(arguments: list[str]) -> int:
    """Run everything, or the parts asked for; the exit status is 1 when a target is missed."""
    options = _options(arguments)
    # Whoever ends this wants the servers and the databases gone as well.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    folder = Path(tempfile.mkdtemp(prefix="participation-bench-"))
    started = time.monotonic()
    try:
        bench = Bench(folder, options)
        parts = [PARTS[name](bench) for name in options.only or PARTS]
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    found = [verdict for part in parts for verdict in part.verdicts]
    if options.json:
        data = {name: figures for part in parts for name, figures in part.data.items()}
        print(json.dumps({**data, "verdicts": [vars(verdict) for verdict in found]}, indent=1))
    else:
        for part in parts:
            print("\n".join(["", *part.lines]))
        print("\n".join(["", *map(str, found)]))
    _say(f"took {time.monotonic() - started:.0f} s")
    return 0 if all(verdict.met for verdict in found) else 1


def _options(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="./dev bench", description="Measure pages and what votes cost against a floor in the same server."
    )
    parser.add_argument("--only", action="append", choices=list(PARTS), help="this part; may be given more than once")
    parser.add_argument("--ideas", type=int, default=LARGE, help="ideas in the larger database (default: %(default)s)")
    parser.add_argument("--quick", action="store_true", help="a few minutes: shorter rounds, smaller sizes, no import")
    parser.add_argument("--json", action="store_true", help="print the figures as JSON")
    return parser.parse_args(arguments)


def _fill(folder: Path, ideas: int) -> Filled:
    started = time.monotonic()
    filled = fill(folder / "databases", ideas)
    size = filled.path.stat().st_size / 1e6
    counts = f"{filled.ideas:,} ideas, {filled.comments:,} comments, {filled.votes:,} votes"
    _say(f"filled with {counts}: {size:.0f} MB in {time.monotonic() - started:.0f} s")
    return filled


def _say(text: str) -> None:
    # Progress does not belong into the figures.
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
