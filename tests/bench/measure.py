"""Asking for each page and for the floor in turns, so that a busy machine slows both alike."""

import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from random import Random
from statistics import median

from tests.bench.fill import Filled
from tests.bench.load import Answers, ask
from tests.bench.pages import Page, pages_of
from tests.bench.server import Running, serving
from tests.bench.wsgi import FLOOR

WARM_UP_STEP = 1.0
# Asked at random, 95 % of all addresses have then come to each of two processes.
WARM_UP_TIMES = 6


@dataclass(frozen=True)
class Plan:
    """How long to ask, in seconds: in rounds for each page and size, after a warm-up of its own."""

    rounds: int
    seconds: float
    longest_warm_up: float


@dataclass(frozen=True)
class Figures:
    """One page at one size."""

    rate: float
    p95: float
    processor_seconds: float
    """Of the server's processes, for one answer."""
    bytes: float


@dataclass(frozen=True)
class Row:
    """One page: its figures by number of ideas, and the floor's, taken in turns with the largest."""

    page: Page
    cached: bool
    floor: Figures
    by_size: Mapping[int, Figures]
    share: float
    """Requests per second, as a share of the floor's: the median of the rounds."""
    cold: float
    """The same while nothing of the page is in memory yet."""

    @property
    def growth(self) -> float:
        """Processor time of an answer at the largest size over that at the smallest."""
        return self.by_size[max(self.by_size)].processor_seconds / self.by_size[min(self.by_size)].processor_seconds


class _Tally:
    """What came of all rounds of one page on one server."""

    def __init__(self) -> None:
        self.answers = Answers()
        self.processor = 0.0

    def ask(self, server: Running, paths: Sequence[str], seconds: float, chance: Random) -> float:
        """Ask once more and return the rate of this round."""
        before = server.processor_seconds()
        answers = ask(server.port, paths, seconds=seconds, chance=chance)
        self.processor += server.processor_seconds() - before
        self.answers.add(answers)
        return answers.rate

    def figures(self) -> Figures:
        count = len(self.answers.latencies)
        return Figures(self.answers.rate, self.answers.p95, self.processor / count, self.answers.bytes / count)


def measure(databases: Sequence[Filled], folder: Path, plan: Plan, *, cached: bool) -> Iterator[Row]:
    """Yield the figures of one page after the other, each at all sizes."""
    chance = Random(11)
    with ExitStack() as stack:
        servers = {
            filled.ideas: stack.enter_context(serving(filled, folder / str(filled.ideas), page_cache=cached))
            for filled in databases
        }
        largest = servers[max(servers)]
        pages = {filled.ideas: pages_of(filled) for filled in databases}
        ask(largest.port, [FLOOR], seconds=1.0, chance=chance)
        for place, page in enumerate(pages[max(servers)]):
            paths = {size: pages[size][place].paths for size in servers}
            yield _row(page, paths, servers, plan, chance, cached=cached)


def _warm_up(server: Running, paths: Sequence[str], longest: float, chance: Random) -> None:
    """Ask until each process of the server has nearly all of the page in its memory, as far as it fits there."""
    left, until = len(paths) * WARM_UP_TIMES, time.monotonic() + longest
    while left > 0 and time.monotonic() < until:
        left -= len(ask(server.port, paths, seconds=min(longest, WARM_UP_STEP), chance=chance).latencies)


def _row(
    page: Page,
    paths: Mapping[int, Sequence[str]],
    servers: Mapping[int, Running],
    plan: Plan,
    chance: Random,
    *,
    cached: bool,
) -> Row:
    largest = max(servers)
    cold = ask(servers[largest].port, paths[largest], seconds=plan.seconds, chance=chance).rate
    cold /= ask(servers[largest].port, [FLOOR], seconds=plan.seconds, chance=chance).rate
    for size, server in servers.items():
        _warm_up(server, paths[size], plan.longest_warm_up if cached else WARM_UP_STEP, chance)
    floor, by_size = _Tally(), {size: _Tally() for size in servers}
    shares = []
    for _ in range(plan.rounds):
        for size in sorted(servers):
            if size != largest:
                by_size[size].ask(servers[size], paths[size], plan.seconds, chance)
        before = floor.ask(servers[largest], [FLOOR], plan.seconds / 2, chance)
        rate = by_size[largest].ask(servers[largest], paths[largest], plan.seconds, chance)
        after = floor.ask(servers[largest], [FLOOR], plan.seconds / 2, chance)
        shares.append(rate / ((before + after) / 2))
    figures = {size: tally.figures() for size, tally in by_size.items()}
    return Row(page, cached, floor.figures(), figures, median(shares), cold)
