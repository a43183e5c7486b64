"""Casting votes through HTTP as fast as they are taken, signed in and with all checks, beside a floor of one upsert."""

import hashlib
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from statistics import median
from typing import Any
from urllib.parse import urlencode

from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from flask_migrate import upgrade
from flask_wtf.csrf import generate_csrf
from sqlalchemy import insert, select

from participation.accounts.actor import Actor
from participation.accounts.models import Account, SignIn
from participation.accounts.service import hash_token
from participation.app import create_app
from participation.kit.db import db, transaction
from participation.kit.forms import opened_now
from participation.voting.models import Stance
from participation.voting.service import cast_vote
from tests import make
from tests.bench.fill import SECRET
from tests.bench.load import HOST, Answers, send_requests
from tests.bench.report import Verdict
from tests.bench.server import serving
from tests.bench.wsgi import FLOOR_VOTE
from tests.databases import start_postgres, stop_postgres

LEAST_SHARE = 0.5
PEOPLE = 200
IDEAS = 500
# Short rounds in turns: whatever else the machine does slows votes and floor alike.
ROUNDS, QUICK_ROUNDS = 16, 6
SECONDS = 0.5
WARM_UP_SECONDS = 2.0
TAKEN = b"HTTP/1.1 303"


@dataclass(frozen=True)
class Casting:
    """Votes per second on one database, and upserts per second in the same server; ``share`` is the rounds' median."""

    database: str
    votes_per_second: float
    p95: float
    processor_seconds: float
    floor_per_second: float
    floor_p95: float
    floor_processor_seconds: float
    share: float


@dataclass(frozen=True)
class Ballots:
    """A database with people who may vote, and the requests with which they do, or write to the floor."""

    url: str
    votes: Callable[[Random], bytes]
    floor: Callable[[Random], bytes]


def measure_casting(folder: Path, *, quick: bool) -> list[Casting]:
    """Return the figures on SQLite and on PostgreSQL."""
    return [_measure(kind, folder / f"casting-{kind}", quick=quick) for kind in ("sqlite", "postgresql")]


def _measure(kind: str, folder: Path, *, quick: bool) -> Casting:
    folder.mkdir(parents=True, exist_ok=True)
    with address(kind, folder) as url:
        ballots = prepare(url, folder)
        with serving(ballots, folder / "server", page_cache=True) as server:
            chance = Random(23)
            votes, floor = Answers(), Answers()
            spent, floor_spent, shares = 0.0, 0.0, []

            def ask(request: Callable[[Random], bytes], length: float, into: Answers) -> tuple[float, float]:
                before = server.processor_seconds()
                answers = send_requests(server.port, lambda: request(chance), seconds=length, status=TAKEN)
                into.add(answers)
                return answers.rate, server.processor_seconds() - before

            ask(ballots.votes, WARM_UP_SECONDS, Answers())
            ask(ballots.floor, WARM_UP_SECONDS / 2, Answers())
            for _ in range(QUICK_ROUNDS if quick else ROUNDS):
                before, spent_before = ask(ballots.floor, SECONDS / 2, floor)
                rate, spent_on_votes = ask(ballots.votes, SECONDS, votes)
                after, spent_after = ask(ballots.floor, SECONDS / 2, floor)
                spent += spent_on_votes
                floor_spent += spent_before + spent_after
                shares.append(rate / ((before + after) / 2))
    return Casting(
        kind,
        votes.rate,
        votes.p95,
        spent / len(votes.latencies),
        floor.rate,
        floor.p95,
        floor_spent / len(floor.latencies),
        median(shares),
    )


@contextmanager
def address(kind: str, folder: Path) -> Iterator[str]:
    """Yield the address of an empty database, which writes to the disk as in production."""
    if kind == "sqlite":
        yield f"sqlite:///{folder / 'votes.sqlite'}"
        return
    # A socket's address has room for a hundred characters.
    with tempfile.TemporaryDirectory(prefix="participation-pg-") as short:
        server = start_postgres(Path(short))
        try:
            yield str(server.get_uri())
        finally:
            stop_postgres(Path(short))


def prepare(url: str, folder: Path) -> Ballots:
    """Migrate the database at ``url`` and fill it with ideas and signed-in people."""
    app = create_app({"DATABASE_URL": url, "DATA_DIR": folder / "build", "SECRET_KEY": SECRET})
    with app.app_context():
        upgrade()
        with transaction() as session:
            place = make.process(session)
            ideas = [make.idea(session, place) for _ in range(IDEAS)]
            other = make.process(session, "floor")
            others = [make.idea(session, other) for _ in range(IDEAS)]
            tokens = _sign_in_all(session)
            people = [make.participant(session, other) for _ in range(PEOPLE)]
            accounts = session.scalars(select(Account.id).order_by(Account.id.desc()).limit(PEOPLE)).all()
            # In the midst of voting: everybody has taken part before, and every idea has a vote.
            for number, idea in enumerate(ideas):
                cast_vote(
                    session,
                    Actor(accounts[number % PEOPLE]),
                    slug=place.slug,
                    idea_id=idea,
                    stance=Stance.AGREE,
                    revision=1,
                    now=datetime.now(UTC),
                )
        db.engine.dispose()
    cookies = [_cookie(app, token) for token in tokens]
    stances = [stance.value for stance in Stance]

    def vote(chance: Random) -> bytes:
        cookie, form = chance.choice(cookies)
        body = urlencode({**form, "revision": "1", "stance": chance.choice(stances)})
        return _post(f"{place.url()}/ideas/{chance.choice(ideas)}/vote", body, cookie)

    def write(chance: Random) -> bytes:
        fields = {"idea": chance.choice(others), "person": chance.choice(people), "stance": chance.choice(stances)}
        return _post(FLOOR_VOTE, urlencode(fields))

    return Ballots(url, vote, write)


def _sign_in_all(session: Any) -> list[str]:
    now = datetime.now(UTC)
    accounts = [
        {"email": f"voter-{number}@example.org", "language": "de", "created_at": now, "confirmed_at": now}
        for number in range(PEOPLE)
    ]
    session.execute(insert(Account), accounts)
    ids = session.scalars(select(Account.id).order_by(Account.id)).all()[-PEOPLE:]
    tokens = [hashlib.sha256(f"bench-{account}".encode()).hexdigest() for account in ids]
    session.execute(
        insert(SignIn),
        [
            {
                "account_id": account,
                "token_hash": hash_token(token),
                "created_at": now,
                "expires_at": now + timedelta(days=14),
            }
            for account, token in zip(ids, tokens, strict=True)
        ],
    )
    return tokens


def _cookie(app: Flask, token: str) -> tuple[str, dict[str, str]]:
    """Return the session cookie of somebody signed in, and the hidden fields of a form that was made for them."""
    with app.test_request_context("/"):
        csrf_token = generate_csrf()
        from flask import session

        session.update({"_user_id": token, "_fresh": True, "_permanent": True})
        signer = SecureCookieSessionInterface().get_signing_serializer(app)
        assert signer is not None
        return signer.dumps(dict(session)), {"csrf_token": csrf_token, "opened": opened_now()}


def _post(path: str, body: str, cookie: str = "") -> bytes:
    head = [
        f"POST {path} HTTP/1.1",
        f"Host: {HOST}",
        "Content-Type: application/x-www-form-urlencoded",
        f"Content-Length: {len(body)}",
        *([f"Cookie: participation={cookie}"] if cookie else []),
    ]
    return ("\r\n".join(head) + "\r\n\r\n" + body).encode()


def casting_lines(found: Sequence[Casting]) -> list[str]:
    """Return the table of votes through HTTP."""
    heads = ("votes/s", "p95 ms", "CPU ms", "floor/s", "p95 ms", "CPU ms", "× floor")
    lines = [f"{'votes through HTTP':<20}" + "".join(f"{head:>9}" for head in heads)]
    for one in found:
        cells = (
            f"{one.votes_per_second:.0f}",
            f"{one.p95 * 1000:.1f}",
            f"{one.processor_seconds * 1000:.2f}",
            f"{one.floor_per_second:.0f}",
            f"{one.floor_p95 * 1000:.1f}",
            f"{one.floor_processor_seconds * 1000:.2f}",
            f"{one.share:.2f}",
        )
        lines.append(f"{one.database:<20}" + "".join(f"{cell:>9}" for cell in cells))
    return lines


def casting_verdicts(found: Sequence[Casting]) -> list[Verdict]:
    """Return the targets with what was measured."""
    return [
        Verdict(f"votes on {one.database} ≥ {LEAST_SHARE} × floor", f"{one.share:.2f}", one.share >= LEAST_SHARE)
        for one in found
    ]
