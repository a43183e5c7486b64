"""The command ``./dev bench``: fill databases, measure, print a table and what it means for the targets."""

import argparse
import json
import shutil
import signal
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from tests.bench import groups
from tests.bench.casting import Casting, casting_lines, casting_verdicts, measure_casting
from tests.bench.fill import Filled, fill
from tests.bench.measure import Plan, Row, measure
from tests.bench.pages import pages_of
from tests.bench.plans import count_queries, full_scans
from tests.bench.report import Verdict, import_lines, page_lines, verdicts, weight_lines
from tests.bench.server import serving
from tests.bench.similar import Similar, measure_similar, similar_lines, similar_verdicts
from tests.bench.votes import Import, measure_imports
from tests.bench.weight import Weight, weigh

SMALL = 1_000
LARGE = 10_000
FULL = Plan(rounds=5, seconds=1.0, longest_warm_up=120.0)
QUICK = Plan(rounds=2, seconds=0.4, longest_warm_up=0.4)
IMPORTS = (6_000, 60_000)


def main(arguments: list[str]) -> int:
    """Run everything; the exit status is 1 when a target is missed."""
    options = _options(arguments)
    # Whoever ends this wants the servers and the databases gone as well.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    folder = Path(tempfile.mkdtemp(prefix="participation-bench-"))
    plan = QUICK if options.quick else FULL
    started = time.monotonic()
    try:
        databases = [_fill(folder, ideas) for ideas in sorted({SMALL, options.ideas})]
        rows = []
        for cached in (True, False):
            _say(f"measuring pages {'as shipped' if cached else 'without any cache'} …")
            for row in measure(databases, folder / "servers", plan, cached=cached):
                rows.append(row)
                _say(f"  {row.page.name}: {row.share:.2f} × floor")
        weights, scans, queries = _look(databases[-1], folder)
        _say("looking for similar ideas …")
        similar = measure_similar(databases)
        _say("finding opinion groups …")
        grouped = groups.measure_groups(folder / "groups", groups.QUICK if options.quick else groups.FULL)
        _say("casting votes …")
        casting = measure_casting(folder, quick=options.quick)
        imports = []
        if not options.quick:
            _say("importing votes …")
            imports = measure_imports(folder, IMPORTS)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    found = [*verdicts(rows, weights, imports, scans), *similar_verdicts(similar), *groups.group_verdicts(grouped)]
    found += casting_verdicts(casting)
    if options.json:
        print(json.dumps(_as_data(rows, weights, imports, found, similar, grouped, casting), indent=1))
    else:
        lines = [
            *page_lines(rows, queries),
            "",
            *weight_lines(weights),
            "",
            *import_lines(imports, skipped=options.quick),
            "",
            *similar_lines(similar),
            "",
            *groups.group_lines(grouped),
            "",
            *casting_lines(casting),
        ]
        print("\n".join(["", *lines, "", *(str(verdict) for verdict in found)]))
    _say(f"took {time.monotonic() - started:.0f} s")
    return 0 if all(verdict.met for verdict in found) else 1


def _options(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="./dev bench", description="Measure pages against a floor in the same server."
    )
    parser.add_argument("--ideas", type=int, default=LARGE, help="ideas in the larger database (default: %(default)s)")
    parser.add_argument("--quick", action="store_true", help="about a minute: shorter rounds, no import")
    parser.add_argument("--json", action="store_true", help="print the figures as JSON")
    return parser.parse_args(arguments)


def _fill(folder: Path, ideas: int) -> Filled:
    started = time.monotonic()
    filled = fill(folder / "databases", ideas)
    size = filled.path.stat().st_size / 1e6
    counts = f"{filled.ideas:,} ideas, {filled.comments:,} comments, {filled.votes:,} votes"
    _say(f"filled with {counts}: {size:.0f} MB in {time.monotonic() - started:.0f} s")
    return filled


def _look(filled: Filled, folder: Path) -> tuple[list[Weight], list[str], dict[str, int]]:
    """Return what first views weigh, what is read from end to end, and the queries of each page."""
    pages = pages_of(filled)
    with serving(filled, folder / "weight", page_cache=True) as server:
        weights = [weigh(server, page) for page in pages]
    return weights, full_scans(filled, folder / "plans", pages), count_queries(filled, folder / "plans", pages)


def _as_data(
    rows: list[Row],
    weights: list[Weight],
    imports: list[Import],
    found: list[Verdict],
    similar: list[Similar],
    grouped: list[groups.Grouped],
    casting: list[Casting],
) -> dict[str, list[dict[str, Any]]]:
    pages = [
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
    others: dict[str, list[Any]] = {"weights": weights, "imports": imports, "verdicts": found, "similar": similar}
    others |= {"groups": grouped, "casting": casting}
    return {"pages": pages, **{name: [vars(one) for one in values] for name, values in others.items()}}


def _say(text: str) -> None:
    # Progress does not belong into the figures.
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
