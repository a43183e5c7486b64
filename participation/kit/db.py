"""The database of the running application and ``transaction()``, the only place that commits."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import CursorResult, Engine, Executable, event
from sqlalchemy.engine import Connection
from sqlalchemy.orm import ORMExecuteState, Session

from participation.kit.schema import Base

BUSY_SECONDS = 15
# SQLite takes 32,766 values in one statement.
MOST_IN_A_LIST = 10_000
WRITING = "writing"

db = SQLAlchemy(metadata=Base.metadata, session_options={"expire_on_commit": False})


class WriteOutsideTransaction(RuntimeError):
    """Code tried to change the database without ``transaction()``."""


@contextmanager
def transaction() -> Iterator[Session]:
    """Yield the session inside a write transaction and commit at the end; any exception rolls everything back.

    An open read is ended first: on SQLite a read that wants to become a write fails at once when somebody else has
    written meanwhile, whatever the busy timeout. Objects loaded before are expired and must be loaded again inside.
    """
    session: Session = db.session()
    if session.info.get(WRITING):
        raise WriteOutsideTransaction("transaction() does not nest")
    session.rollback()
    # Rolling back expires nothing when no transaction was open, and committing nothing at all.
    session.expire_all()
    session.info[WRITING] = True
    try:
        session.connection(execution_options={WRITING: True})
        yield session
        session.commit()
    except BaseException:
        session.rollback()
        raise
    finally:
        session.info.pop(WRITING, None)


def begin_snapshot(session: Session) -> None:
    """Begin a read in which every query of ``session`` sees the database as of one moment; it blocks no writer.

    On SQLite every transaction is such a snapshot already.
    """
    session.rollback()
    if session.get_bind().dialect.name == "postgresql":
        session.connection(execution_options={"isolation_level": "REPEATABLE READ", "postgresql_readonly": True})


def in_batches(ids: Iterable[int], size: int = MOST_IN_A_LIST) -> Iterator[list[int]]:
    """Yield ``ids`` in lists of at most ``size``: a statement takes only so many values."""
    rest = list(ids)
    for start in range(0, len(rest), size):
        yield rest[start : start + size]


def read_rows(
    session: Session, statement: Executable, values: Mapping[str, Any] | None = None
) -> CursorResult[*tuple[Any, ...]]:
    """Return the rows of a ``statement`` that selects columns, no entities.

    The session has nothing to add to such rows, and would take as long about it as the database does.
    """
    # What ``session.execute`` does first as well.
    session.flush()
    return session.connection().execute(statement, values)


def guard_session() -> None:
    """Make the application's session refuse changes outside ``transaction()``."""
    if not event.contains(db.session, "before_flush", _refuse_flush):
        event.listen(db.session, "before_flush", _refuse_flush)
        event.listen(db.session, "do_orm_execute", _refuse_statement)


def configure_engine(engine: Engine) -> None:
    """Set up durability and locking of ``engine``; only SQLite needs anything beyond its defaults."""
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _set_pragmas)
        event.listen(engine, "begin", _begin)


def engine_options(url: str) -> dict[str, Any]:
    """Return the engine options that fit the database behind ``url``.

    What was to be stored, for instance who votes how, is in no message of a failure and so in no log.
    """
    if url.startswith("sqlite"):
        return {"hide_parameters": True, "connect_args": {"timeout": BUSY_SECONDS}, "pool_size": 16}
    return {"hide_parameters": True, "pool_pre_ping": True, "pool_size": 8, "max_overflow": 16}


def _set_pragmas(connection: Any, _record: object) -> None:
    # The driver must not open transactions by itself: it would defer them, and _begin decides.
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode = WAL")
    # FULL: what was acknowledged survives a power cut (NORMAL may lose the last transactions).
    cursor.execute("PRAGMA synchronous = FULL")
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.execute("PRAGMA cache_size = -32768")
    cursor.close()


def _begin(connection: Connection) -> None:
    writing = connection.get_execution_options().get(WRITING)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")


def _refuse_flush(session: Session, *_: object) -> None:
    if not session.info.get(WRITING):
        raise WriteOutsideTransaction("changes need transaction()")


def _refuse_statement(state: ORMExecuteState) -> None:
    if (state.is_insert or state.is_update or state.is_delete) and not state.session.info.get(WRITING):
        raise WriteOutsideTransaction("changes need transaction()")
