"""transaction(): what it commits, what it rolls back, and what is refused outside of it."""

import sqlite3
import threading
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError, StatementError
from sqlalchemy.orm import Session

from participation.kit import clock
from participation.kit.db import WriteOutsideTransaction, db, transaction
from participation.kit.dialect import insert_missing, upsert, violated
from participation.processes.models import Process
from participation.processes.service import touch
from participation.voting.models import Tally
from tests import make
from tests.conftest import Sessions

BLANK = {"agree": 0, "disagree": 0, "unsure": 0}


def version(session: Session) -> int:
    """Return the version of the only process."""
    return session.scalars(select(Process.version)).one()


def test_leaving_the_block_commits(app: Flask, transact: Sessions, database: Sessions) -> None:
    with transact() as session:
        place = make.process(session)
    with app.app_context(), transaction() as session:
        touch(session, place.id)
    with database() as session:
        assert version(session) == 2


@pytest.mark.parametrize("problem", [ValueError, KeyboardInterrupt])
def test_any_exception_rolls_everything_back(
    app: Flask, transact: Sessions, database: Sessions, problem: type[BaseException]
) -> None:
    with transact() as session:
        place = make.process(session)

    def half_done() -> None:
        with transaction() as session:
            touch(session, place.id)
            make.process(session, "second")
            raise problem

    with app.app_context():
        with pytest.raises(problem):
            half_done()
        with transaction() as session:
            make.process(session, "third")
    with database() as session:
        assert list(session.scalars(select(Process.slug).order_by(Process.id))) == ["digital", "third"]
        assert session.scalars(select(Process.version).where(Process.slug == "digital")).one() == 1


def test_transactions_do_not_nest(app: Flask, database: Sessions) -> None:
    def nested() -> None:
        with transaction() as session:
            make.process(session)
            with transaction():
                pass

    with app.app_context(), pytest.raises(WriteOutsideTransaction, match="does not nest"):
        nested()
    with database() as session:
        assert list(session.scalars(select(Process.id))) == []


def test_writing_outside_is_refused(app: Flask, transact: Sessions, database: Sessions) -> None:
    with transact() as session:
        place = make.process(session)
    with app.app_context():
        session = db.session()
        session.get_one(Process, place.id).version = 7
        with pytest.raises(WriteOutsideTransaction):
            session.flush()
        session.rollback()
        with pytest.raises(WriteOutsideTransaction):
            touch(session, place.id)
        session.rollback()
        with pytest.raises(WriteOutsideTransaction):
            insert_missing(session, Tally, {"idea_id": 1, **BLANK}, key=["idea_id"])
        session.rollback()
    with database() as session:
        assert version(session) == 1


def test_an_open_read_never_stands_in_the_way_of_a_write(app: Flask, transact: Sessions, database: Sessions) -> None:
    """On SQLite a read that becomes a write fails at once when somebody else has written: transaction() ends it."""
    with transact() as session:
        place = make.process(session)
    with app.app_context():
        reading = db.session()
        seen = reading.get_one(Process, place.id)
        assert seen.version == 1

        def write_meanwhile() -> None:
            with app.app_context(), transaction() as other:
                touch(other, place.id)

        thread = threading.Thread(target=write_meanwhile)
        thread.start()
        thread.join(20)
        with transaction() as session:
            process = session.get_one(Process, place.id)
            assert process.version == 2
            process.version = 10
    with database() as session:
        assert version(session) == 10


def test_what_was_loaded_before_is_loaded_again(app: Flask, transact: Sessions) -> None:
    """A job, for one, holds an object from transaction to transaction and must see that it was called off."""
    with transact() as session:
        place = make.process(session)
    with app.app_context():
        with transaction() as session:
            kept = session.get_one(Process, place.id)
        with app.app_context(), transaction() as other:
            touch(other, place.id)
        with transaction() as session:
            assert session.get_one(Process, place.id) is kept
            assert kept.version == 2


def test_the_upgrade_that_transaction_avoids_really_fails(tmp_path: Path) -> None:
    first = sqlite3.connect(tmp_path / "x.sqlite", isolation_level=None, timeout=5)
    first.execute("PRAGMA journal_mode = WAL")
    first.execute("CREATE TABLE t (n)")
    second = sqlite3.connect(tmp_path / "x.sqlite", isolation_level=None, timeout=5)
    first.execute("BEGIN")
    first.execute("SELECT * FROM t").fetchall()
    second.execute("INSERT INTO t VALUES (1)")
    with pytest.raises(sqlite3.OperationalError, match="locked"):
        first.execute("INSERT INTO t VALUES (2)")
    first.close()
    second.close()


def test_writers_wait_for_each_other(app: Flask, transact: Sessions, database: Sessions) -> None:
    with transact() as session:
        place = make.process(session)
    failures: list[Exception] = []

    def write() -> None:
        try:
            for _ in range(5):
                with app.app_context(), transaction() as session:
                    touch(session, place.id)
        except Exception as problem:  # noqa: BLE001  # told to the test, which is another thread
            failures.append(problem)

    threads = [threading.Thread(target=write) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert failures == []
    with database() as session:
        assert version(session) == 31


def test_sqlite_is_set_up_to_survive_a_power_cut(app: Flask, database_kind: str) -> None:
    if database_kind != "sqlite":
        pytest.skip("settings of SQLite")
    with app.app_context(), db.engine.connect() as connection:
        names = ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        settings = {name: connection.execute(text(f"PRAGMA {name}")).scalar_one() for name in names}
    assert settings == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 15_000}


def test_foreign_keys_and_unique_constraints_hold(app: Flask, transact: Sessions) -> None:
    with transact() as session:
        make.process(session)
    with app.app_context():
        with pytest.raises(IntegrityError) as refused, transaction() as session:
            make.process(session, "digital")
        assert violated(refused.value) == "uq_process_slug"
        with pytest.raises(IntegrityError) as dangling, transaction() as session:
            session.add(Tally(idea_id=4711))
        assert violated(dangling.value) in {None, "fk_tally_idea_id_idea"}


def test_a_moment_without_a_time_zone_is_refused(app: Flask) -> None:
    with app.app_context(), pytest.raises(StatementError, match="time zone"), transaction() as session:
        make.process(session, starts_at=clock.now().replace(tzinfo=None), ends_at=clock.now().replace(tzinfo=None))


def test_insert_missing_leaves_what_is_there(app: Flask, transact: Sessions, database: Sessions) -> None:
    with transact() as session:
        place = make.process(session)
        ideas = [make.idea(session, place) for _ in range(3)]
        insert_missing(session, Tally, {"idea_id": ideas[0], **BLANK, "agree": 5}, key=["idea_id"])
        insert_missing(session, Tally, [{"idea_id": id_, **BLANK} for id_ in ideas], key=["idea_id"])
        insert_missing(session, Tally, [], key=["idea_id"])
        insert_missing(session, Tally, {"idea_id": ideas[1], **BLANK, "agree": 9}, key=[])
    with database() as session:
        assert list(session.scalars(select(Tally.agree).order_by(Tally.idea_id))) == [5, 0, 0]


def test_upsert_sets_just_the_columns_named(app: Flask, transact: Sessions, database: Sessions) -> None:
    with transact() as session:
        place = make.process(session)
        ideas = [make.idea(session, place) for _ in range(2)]
        upsert(session, Tally, {"idea_id": ideas[0], **BLANK, "agree": 1}, key=["idea_id"], update=["agree"])
        rows = [{"idea_id": id_, "agree": 3, "disagree": 4, "unsure": 0} for id_ in ideas]
        upsert(session, Tally, rows, key=["idea_id"], update=["agree"])
    with database() as session:
        rows = session.execute(select(Tally.agree, Tally.disagree).order_by(Tally.idea_id)).all()
    assert [tuple(row) for row in rows] == [(3, 0), (3, 4)]


def test_what_was_to_be_stored_is_in_no_message(app: Flask, transact: Sessions) -> None:
    with transact() as session:
        make.process(session)
    with pytest.raises(IntegrityError) as failed, app.app_context(), transaction() as session:
        session.execute(
            text("INSERT INTO account (id, email) VALUES (:id, :email)"), {"id": 1, "email": "somebody@example.org"}
        )
    assert "somebody@example.org" not in str(failed.value).partition("DETAIL")[0]
    assert "INSERT INTO account" in str(failed.value)
