"""The queue of moderators: pages with 10,000 cases waiting beside pages with 20, taken in turns, on both databases."""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from flask import Flask
from flask.testing import FlaskClient
from flask_migrate import upgrade

from participation.accounts.actor import Actor, Role
from participation.accounts.service import sign_in
from participation.app import create_app
from participation.cases.models import Case
from participation.kit import clock
from participation.kit.db import db, transaction
from participation.moderation.queue.holds import next_case
from participation.moderation.queue.keys import encode_place
from participation.moderation.queue.listing import place_of
from tests import make
from tests.bench.casting import address
from tests.bench.fill import SECRET
from tests.bench.report import Verdict
from tests.queues import fill_queue

SHORT, LONG = 20, 10_000
MOST_GROWTH = 1.5
ROUNDS, QUICK_ROUNDS = 40, 10
WARM_UP = 3


@dataclass(frozen=True)
class Waiting:
    """One thing that moderators ask for: seconds with a short and with a long queue, the medians of the rounds."""

    database: str
    name: str
    short: float
    long: float
    has_target: bool

    @property
    def growth(self) -> float:
        """Time with a long queue over that with a short one."""
        return self.long / self.short


@dataclass(frozen=True)
class _Asked:
    """Something to ask for, of the process with a short queue and of the one with a long one."""

    name: str
    short: Callable[[], None]
    long: Callable[[], None]
    has_target: bool = True


def measure_waiting(folder: Path, *, quick: bool) -> list[Waiting]:
    """Return the figures on SQLite and on PostgreSQL."""
    return [
        figures
        for kind in ("sqlite", "postgresql")
        for figures in _measure(kind, folder / f"waiting-{kind}", QUICK_ROUNDS if quick else ROUNDS)
    ]


def waiting_lines(found: Sequence[Waiting]) -> list[str]:
    """Return the table of the queue."""
    heads = (f"{SHORT:,} ms", f"{LONG:,} ms", f"{LONG:,}÷{SHORT:,}")
    lines = [f"{'queue':<40}" + "".join(f"{head:>14}" for head in heads)]
    for one in found:
        cells = (f"{one.short * 1000:.1f}", f"{one.long * 1000:.1f}", f"{one.growth:.2f}")
        lines.append(f"{one.name + ', ' + one.database:<40}" + "".join(f"{cell:>14}" for cell in cells))
    return lines


def waiting_verdicts(found: Sequence[Waiting]) -> list[Verdict]:
    """Return whether a long queue is nearly as quick as a short one."""
    return [
        Verdict(
            f"{one.name} with {LONG:,} waiting < {MOST_GROWTH} × with {SHORT:,}, {one.database}",
            f"{one.growth:.2f} ×",
            one.growth < MOST_GROWTH,
        )
        for one in found
        if one.has_target
    ]


def _measure(kind: str, folder: Path, rounds: int) -> Iterator[Waiting]:
    folder.mkdir(parents=True, exist_ok=True)
    with address(kind, folder) as url:
        app = create_app({"DATABASE_URL": url, "DATA_DIR": folder / "build", "SECRET_KEY": SECRET})
        with app.app_context():
            upgrade()
            with transaction() as session:
                moderator = make.account(session)
                make.actor(session, moderator, role=Role.MODERATOR)
                token = sign_in(session, account_id=moderator, now=clock.now())
                places = {size: make.process(session, f"waiting-{size}") for size in (SHORT, LONG)}
                middles = {size: _middle(fill_queue(session, place, size)) for size, place in places.items()}
            # With figures about the tables, as in a database that is in use.
            with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                connection.exec_driver_sql("ANALYZE")
        client = app.test_client()
        with client.session_transaction() as cookie:
            cookie.update({"_user_id": token, "_fresh": True})
        for asked in _questions(app, client, Actor(moderator), places, middles):
            yield _taken(kind, asked, rounds)
        with app.app_context():
            db.engine.dispose()


def _taken(kind: str, asked: _Asked, rounds: int) -> Waiting:
    short, long = list[float](), list[float]()
    for number in range(rounds + WARM_UP):
        for ask, into in ((asked.short, short), (asked.long, long)):
            begun = time.perf_counter()
            ask()
            if number >= WARM_UP:
                into.append(time.perf_counter() - begun)
    return Waiting(kind, asked.name, median(short), median(long), asked.has_target)


def _questions(
    app: Flask, client: FlaskClient, moderator: Actor, places: dict[int, make.Place], middles: dict[int, int]
) -> list[_Asked]:
    def page(name: str, tail: Callable[[int], str], *, has_target: bool = True) -> _Asked:
        def read(size: int) -> Callable[[], None]:
            path = f"/de/desk/processes/{places[size].slug}/{tail(size)}"
            return lambda: _read(client, path)

        return _Asked(name, read(SHORT), read(LONG), has_target)

    def take(size: int) -> Callable[[], None]:
        actor = Actor(moderator.account_id, "", frozenset({(Role.MODERATOR, None)}))
        return _Desk(app, actor, places[size].id).take

    with app.app_context():
        after = encode_place(place_of(db.session.get_one(Case, middles[LONG])))
    return [
        page("first page", lambda _size: "queue"),
        # A short queue has one page only: each shows as many cases as the other.
        page("any page", lambda size: f"queue?after={after}" if size == LONG else "queue"),
        page("filtered page", lambda _size: "queue?kind=review"),
        page("one case", lambda size: f"cases/{middles[size]}"),
        _Asked("give me the next one", take(SHORT), take(LONG)),
        page("search for words", lambda _size: "queue?q=Number+7.", has_target=False),
    ]


def _middle(cases: list[int]) -> int:
    return cases[len(cases) // 2 - 1]


def _read(client: FlaskClient, path: str) -> None:
    answer = client.get(path)
    if answer.status_code != 200:
        raise RuntimeError(f"{path}: {answer.status}")


class _Desk:
    """Somebody who asks for one case after the other."""

    def __init__(self, app: Flask, actor: Actor, process_id: int) -> None:
        self.app, self.actor, self.process_id = app, actor, process_id
        self.last: int | None = None

    def take(self) -> None:
        """Let go of the last case, and hold the next."""
        with self.app.app_context(), transaction() as session:
            case = next_case(session, self.actor, process_id=self.process_id, now=clock.now(), instead_of=self.last)
            self.last = case.id if case else None
