"""The board of clusters: with 10,000 ideas in 60 themes beside 100 in 6, taken in turns, on both databases."""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from flask_migrate import upgrade

from participation.accounts.actor import SYSTEM, Role
from participation.accounts.service import sign_in
from participation.app import create_app
from participation.curation.board.filing import file_ideas
from participation.curation.board.queries import board_version
from participation.kit import clock
from participation.kit.db import db, transaction
from tests import make
from tests.bench.casting import address
from tests.bench.fill import SECRET
from tests.bench.report import Verdict
from tests.boards import fill_board
from tests.pages import queries

SMALL, LARGE = (100, 6), (10_000, 60)
MOST_SECONDS = 1.0
MOST_GROWTH = 1.5
ROUNDS, QUICK_ROUNDS = 20, 5
WARM_UP = 2
FILED_AT_ONCE = 50
Size = tuple[int, int]


@dataclass(frozen=True)
class Boarding:
    """One thing asked of a small and of a large board: seconds, the medians of the rounds, and how many queries.

    ``is_even`` is to take nearly as long on both.
    """

    database: str
    name: str
    small: float
    large: float
    small_queries: int
    large_queries: int
    is_even: bool


@dataclass(frozen=True)
class _Asked:
    """Something to ask of a board, by the size of the board."""

    name: str
    ask: Callable[[Size], None]
    is_even: bool = False


def measure_board(folder: Path, *, quick: bool) -> list[Boarding]:
    """Return the figures on SQLite and on PostgreSQL."""
    return [
        figures
        for kind in ("sqlite", "postgresql")
        for figures in _measure(kind, folder / f"board-{kind}", QUICK_ROUNDS if quick else ROUNDS)
    ]


def board_lines(found: Sequence[Boarding]) -> list[str]:
    """Return the table of the board."""
    heads = (f"{SMALL[0]:,} ideas ms", f"{LARGE[0]:,} ideas ms", "queries")
    lines = [f"{'board':<40}" + "".join(f"{head:>18}" for head in heads)]
    for one in found:
        cells = (f"{one.small * 1000:.1f}", f"{one.large * 1000:.1f}", f"{one.small_queries} / {one.large_queries}")
        lines.append(f"{one.name + ', ' + one.database:<40}" + "".join(f"{cell:>18}" for cell in cells))
    return lines


def board_verdicts(found: Sequence[Boarding]) -> list[Verdict]:
    """Return whether a large board takes no more queries, answers soon, and looks at news as quickly as a small one."""
    verdicts = [
        Verdict(
            f"{one.name} with {LARGE[0]:,} ideas < {MOST_SECONDS:.0f} s and no more queries, {one.database}",
            f"{one.large:.2f} s, {one.large_queries} queries",
            one.large < MOST_SECONDS and one.large_queries <= one.small_queries,
        )
        for one in found
    ]
    verdicts += [
        Verdict(
            f"{one.name} with {LARGE[0]:,} ideas < {MOST_GROWTH} × with {SMALL[0]:,}, {one.database}",
            f"{one.large / one.small:.2f} ×",
            one.large < MOST_GROWTH * one.small,
        )
        for one in found
        if one.is_even
    ]
    return verdicts


def _measure(kind: str, folder: Path, rounds: int) -> Iterator[Boarding]:
    folder.mkdir(parents=True, exist_ok=True)
    with address(kind, folder) as url:
        app = create_app({"DATABASE_URL": url, "DATA_DIR": folder / "build", "SECRET_KEY": SECRET})
        with app.app_context():
            upgrade()
            with transaction() as session:
                moderator = make.account(session)
                make.actor(session, moderator, role=Role.MODERATOR)
                token = sign_in(session, account_id=moderator, now=clock.now())
                places = {size: make.process(session, f"board-{size[0]}") for size in (SMALL, LARGE)}
                themes = {size: fill_board(session, place, *size, indexed=True) for size, place in places.items()}
        client = app.test_client()
        with client.session_transaction() as cookie:
            cookie.update({"_user_id": token, "_fresh": True})
        for asked in _questions(app, client, places, themes):
            yield _taken(app, kind, asked, rounds)
        with app.app_context():
            db.engine.dispose()


def _taken(app: Flask, kind: str, asked: _Asked, rounds: int) -> Boarding:
    taken: dict[Size, list[float]] = {SMALL: [], LARGE: []}
    sent = {}
    for number in range(rounds + WARM_UP):
        for size, into in taken.items():
            begun = time.perf_counter()
            asked.ask(size)
            if number >= WARM_UP:
                into.append(time.perf_counter() - begun)
    for size in taken:
        with queries(app) as statements:
            asked.ask(size)
        sent[size] = len(statements)
    small, large = (median(taken[size]) for size in (SMALL, LARGE))
    return Boarding(kind, asked.name, small, large, sent[SMALL], sent[LARGE], asked.is_even)


def _questions(
    app: Flask, client: FlaskClient, places: dict[Size, make.Place], themes: dict[Size, list[int]]
) -> list[_Asked]:
    def page(name: str, tail: Callable[[Size], str], *, is_even: bool = False) -> _Asked:
        return _Asked(name, lambda size: _read(client, f"/de/desk/processes/{places[size].slug}/{tail(size)}"), is_even)

    with app.app_context():
        versions = {size: board_version(db.session(), place.id) for size, place in places.items()}
    return [
        page("board", lambda _size: "board"),
        page("search on it", lambda _size: "board?q=B%C3%A4ume"),
        page("one theme", lambda size: f"clusters/{themes[size][0]}"),
        page("nothing new", lambda size: f"board/state.json?since={versions[size]}", is_even=True),
        _Asked(f"file {FILED_AT_ONCE} ideas", _Filing(app, places, themes).take),
        page("history", lambda _size: "board/changes"),
    ]


class _Filing:
    """Somebody who moves the same ideas to and fro."""

    def __init__(self, app: Flask, places: dict[Size, make.Place], themes: dict[Size, list[int]]) -> None:
        self.app, self.places, self.themes = app, places, themes
        self.turn = 0
        first = 1
        self.ideas: dict[Size, range] = {}
        for size in (SMALL, LARGE):
            self.ideas[size] = range(first, first + FILED_AT_ONCE)
            first += size[0]

    def take(self, size: Size) -> None:
        """Take one step on a board."""
        self.turn += 1
        one, two, *_rest = self.themes[size]
        into, out_of = (one, two) if self.turn % 4 < 2 else (two, one)
        where: dict[str, Any] = {"process_id": self.places[size].id, "cluster_id": into, "out_of": out_of}
        with self.app.app_context(), transaction() as session:
            file_ideas(session, SYSTEM, idea_ids=self.ideas[size], now=clock.now(), **where)


def _read(client: FlaskClient, path: str) -> None:
    answer = client.get(path)
    if answer.status_code != 200:
        raise RuntimeError(f"{path}: {answer.status}")
