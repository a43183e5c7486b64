"""Others are in the way in the database: a page says so and keeps what was typed, and nothing is half done."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Connection, create_engine, event, func, select, text, update
from sqlalchemy.exc import DBAPIError, OperationalError

from participation.comments.models import Comment
from participation.kit.db import db, transaction
from participation.kit.dialect import is_passing
from participation.processes.models import Participant, Process
from participation.processes.service import touch
from tests.conftest import Sessions
from tests.make import Place
from tests.pages import Page, PageClient

TEXT = "This long answer must not get lost on its way."
WAITING = "SELECT count(*) FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY (pg_blocking_pids(pid))"
# With SQLite whoever has begun to read sees nothing of what others write, whatever the level.
REPEATABLE = {"postgresql": "REPEATABLE READ", "sqlite": "SERIALIZABLE"}
Member = Callable[..., PageClient]


def comment_at(author: PageClient, place: Place, idea: int) -> Callable[[], Page]:
    """Return the sending of a comment whose form is on the screen; one was written before, so its author is known."""
    address = place.url(f"/ideas/{idea}", language="en")
    assert author.submit(author.get(address), "comment-form", text="The first one.").status == 303
    form = author.get(address)
    return lambda: author.submit(form, "comment-form", text=TEXT)


def number_of_comments(database: Sessions) -> int | None:
    """Return how many comments there are."""
    with database() as session:
        return session.scalar(select(func.count()).select_from(Comment))


def until_somebody_waits(connection: Connection) -> None:
    """Return as soon as somebody waits for what ``connection`` holds."""
    deadline = time.monotonic() + 20
    while not connection.execute(text(WAITING)).scalar_one():
        assert time.monotonic() < deadline, "nobody waits"
        time.sleep(0.02)


@contextmanager
def crossing(app: Flask) -> Iterator[None]:
    """Hold the process meanwhile; as soon as somebody waits for it, ask for the participants, whom they hold."""
    with app.app_context():
        engine = db.engine
    holds = threading.Event()

    def cross() -> None:
        with engine.connect() as connection:
            # Whoever looks first is given up: never this one.
            connection.execute(text("SET deadlock_timeout = '60s'"))
            connection.execute(select(Process.id).with_for_update(key_share=True))
            holds.set()
            until_somebody_waits(connection)
            connection.execute(select(Participant.id).with_for_update())
            connection.rollback()
            connection.execute(text("RESET deadlock_timeout"))
            connection.commit()

    thread = threading.Thread(target=cross)
    thread.start()
    assert holds.wait(20)
    try:
        yield
    finally:
        thread.join(30)
    assert not thread.is_alive()


@contextmanager
def writing(app: Flask) -> Iterator[None]:
    """Write for longer than anybody waits."""
    with app.app_context():
        engine = db.engine

    def impatient(connection: Any, *_: object) -> None:
        connection.execute("PRAGMA busy_timeout = 50")

    event.listen(engine, "checkout", impatient)
    try:
        with app.app_context(), transaction() as session:
            touch(session, session.scalars(select(Process.id)).one())
            with app.app_context():
                yield
    finally:
        event.remove(engine, "checkout", impatient)


# PostgreSQL lets many write at once until they are in each other's way, SQLite only one.
IN_THE_WAY = {"postgres": (crossing, "DeadlockDetected"), "sqlite": (writing, "database is locked")}


def test_whoever_comes_too_close_can_send_it_again(
    app: Flask,
    member: Member,
    place: Place,
    idea: int,
    database: Sessions,
    database_kind: str,
    caplog: pytest.LogCaptureFixture,
) -> None:
    author = member()
    send = comment_at(author, place, idea)
    others_in_the_way, logged = IN_THE_WAY[database_kind]
    with others_in_the_way(app):
        page = send()
    assert (page.status, page.h1, page.headers["Retry-After"]) == (503, "This did not work", "2")
    assert page.texts("#resend-form textarea") == [TEXT]
    assert logged in caplog.text
    assert TEXT not in caplog.text
    assert number_of_comments(database) == 1
    assert author.submit(page, "resend-form").status == 303
    assert number_of_comments(database) == 2


def test_what_was_read_and_has_changed_can_be_tried_again(app: Flask, place: Place) -> None:
    with app.app_context(), db.engine.connect() as connection:
        connection.execution_options(isolation_level=REPEATABLE[connection.dialect.name])
        assert connection.execute(select(Process.version)).scalar_one() == 1
        with app.app_context(), transaction() as session:
            touch(session, place.id)
        with pytest.raises(OperationalError) as refused:
            connection.execute(update(Process).values(version=7))
    assert is_passing(refused.value)


def test_what_is_wrong_stays_wrong(app: Flask) -> None:
    with app.app_context(), db.engine.connect() as connection, pytest.raises(DBAPIError) as refused:
        connection.execute(text("SELECT * FROM nothing_of_the_kind"))
    assert not is_passing(refused.value)
    with pytest.raises(OperationalError) as unreachable:
        create_engine("postgresql+psycopg://nobody@127.0.0.1:1/nothing").connect()
    assert not is_passing(unreachable.value)
