"""Where SQLite and PostgreSQL differ: upserts, row locks and reading many numbers, hidden in one place."""

import re
import sqlite3
from collections.abc import Callable, Iterator
from functools import lru_cache
from itertools import chain, islice
from typing import Any, TypeVarTuple

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import BigInteger, Connection, Select, Table, Text, cast, func, literal_column, select, text
from sqlalchemy.dialects.postgresql import REGCLASS
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import Session
from sqlalchemy.sql.functions import FunctionElement

Values = dict[str, Any] | list[dict[str, Any]]
Columns = TypeVarTuple("Columns")
Integers = NDArray[np.int64]
QUARTER_SECONDS = 15 * 60
# PostgreSQL's codes for a serialization failure and a deadlock.
IN_THE_WAY = {"40001", "40P01"}


def insert_missing(session: Session, table: Any, values: Values, *, key: list[str]) -> None:
    """Insert the row or rows whose ``key`` is not there yet; an empty key stands for any unique constraint."""
    _send(session, _insert(session)(table).on_conflict_do_nothing(index_elements=key or None), values)


def insert_returning(
    session: Session, table: Any, rows: list[dict[str, Any]], *, key: list[str], returning: list[Any]
) -> list[Any]:
    """Insert the rows whose ``key`` is not there yet; return the columns ``returning`` of those, in no order."""
    if not rows:
        return []
    statement = _insert(session)(table).on_conflict_do_nothing(index_elements=key).returning(*returning)
    return list(session.execute(statement, rows).all())


def insert_new(connection: Connection, table: Any, row: dict[str, Any], *, key: tuple[str, ...]) -> bool:
    """Insert the row and return ``True``, or ``False`` when its ``key`` is there already.

    Whoever inserts the same key at the same moment is waited for. An empty key stands for any unique constraint.
    """
    statement = _inserting(connection.dialect.name, table, key)
    return bool(connection.execute(statement, row).rowcount)


class Chain:
    """Three statements of which each runs only if the one before changed a row; the second one returns a row.

    PostgreSQL is sent all of them as one, which saves two ways there and back. ``first`` is made by a function that
    is given the database's own ``insert``; values must not be called like columns.
    """

    def __init__(self, first: Callable[[Any], Any], second: Any, third: Any) -> None:
        alone = first(sqlite_insert).execution_options(preserve_rowcount=True)
        self._alone = (alone, second, third)
        begun = first(postgresql_insert).returning(literal_column("1").label("done")).cte("first_step")
        then = second.where(select(begun.c.done).exists()).cte("second_step")
        last = third.where(select(*then.c).exists()).returning(literal_column("1").label("done")).cte("third_step")
        self._at_once = select(*then.c).add_cte(last)

    def run(self, connection: Connection, values: dict[str, Any]) -> Any:
        """Return the row of the second statement, or ``None`` when the first one changed nothing."""
        if connection.dialect.name == "postgresql":
            return connection.execute(self._at_once, values).one_or_none()
        first, second, third = self._alone
        if not connection.execute(first, values).rowcount:
            return None
        row = connection.execute(second, values).one()
        connection.execute(third, values)
        return row


def upsert(
    session: Session,
    table: Any,
    values: Values,
    *,
    key: list[str],
    update: list[str],
) -> None:
    """Insert the row or rows, or set the columns ``update`` where ``key`` exists already."""
    statement = _insert(session)(table)
    changes = {name: statement.excluded[name] for name in update}
    _send(session, statement.on_conflict_do_update(index_elements=key, set_=changes), values)


def locked(
    statement: Select[*Columns],
    *,
    skip_locked: bool = False,
    keeps_key: bool = False,
    shared: bool = False,
    only: Any = None,
) -> Select[*Columns]:
    """Return ``statement`` locking its rows, or those of the table ``only``, until the transaction ends.

    With ``keeps_key`` others may still add rows that refer to them: only whoever locks the same rows waits. With
    ``shared`` any number of people lock a row at once, and only whoever locks it without waits for all of them. SQLite
    ignores the clause: there BEGIN IMMEDIATE has locked the whole file already.
    """
    key_share = keeps_key or shared
    return statement.with_for_update(skip_locked=skip_locked, read=shared, key_share=key_share, of=only)


def violated(error: IntegrityError) -> str | None:
    """Return the name of the unique constraint that refused a row, by the naming convention; ``None`` for others."""
    diagnosis = getattr(error.orig, "diag", None)
    if diagnosis is not None:
        return str(diagnosis.constraint_name)
    # SQLite only says "UNIQUE constraint failed: table.column, table.column".
    columns = re.findall(r"(\w+)\.(\w+)", str(error.orig).partition("UNIQUE constraint failed:")[2])
    return "_".join(["uq", columns[0][0], *(column for _table, column in columns)]) if columns else None


def is_passing(error: DBAPIError) -> bool:
    """Return whether others were merely in the way of a transaction, so that it may well succeed in a moment."""
    # The first byte is what happened; SQLite adds to it which way.
    busy = getattr(error.orig, "sqlite_errorcode", 0) & 0xFF == sqlite3.SQLITE_BUSY
    return busy or getattr(error.orig, "sqlstate", None) in IN_THE_WAY


def read_integers(session: Session, statement: Select[*Columns], *, at_once: int = 500_000) -> Iterator[Integers]:
    """Yield the rows of a ``statement`` that selects only integers, none of them missing, as arrays rows × columns.

    Past SQLAlchemy's rows, which would take several times as long as the database itself does.
    """
    # What ``session.execute`` does first as well.
    session.flush()
    connection = session.connection()
    columns = list(statement.selected_columns)
    read = _read_binary if connection.dialect.name == "postgresql" else _read_tuples
    raw: Any = connection.connection.driver_connection
    wanted: Any = statement
    if read is _read_binary:
        wanted = statement.with_only_columns(*(cast(column, BigInteger) for column in columns))
    compiled = wanted.compile(dialect=connection.dialect, compile_kwargs={"literal_binds": True})
    yield from read(raw, str(compiled), len(columns), at_once)


def _read_tuples(connection: Any, statement: str, columns: int, at_once: int) -> Iterator[Integers]:
    rows = connection.execute(statement)
    while len(found := np.fromiter(chain.from_iterable(islice(rows, at_once)), np.int64)):
        yield found.reshape(-1, columns)


def _read_binary(connection: Any, statement: str, columns: int, at_once: int) -> Iterator[Integers]:
    """Read by COPY in PostgreSQL's binary format: a head, for each row a count and its fields, each with its length."""
    head, end = 19, 2
    row = np.dtype([("fields", ">i2"), ("values", [("length", ">i4"), ("value", ">i8")], (columns,))])
    waiting, size, begun = [], 0, False

    def numbers(content: bytes) -> Integers:
        values: Integers = np.frombuffer(content, row)["values"]["value"].astype(np.int64)
        return values

    with connection.cursor() as cursor, cursor.copy(f"COPY ({statement}) TO STDOUT (FORMAT BINARY)") as copy:
        for block in copy:
            part = bytes(block) if begun else bytes(block)[head:]
            begun = True
            waiting.append(part)
            size += len(part)
            if size > at_once * row.itemsize + end:
                content = b"".join(waiting)
                whole = (len(content) - end) // row.itemsize * row.itemsize
                yield numbers(content[:whole])
                waiting, size = [content[whole:]], len(content) - whole
    content = b"".join(waiting)
    if len(content) > end:
        yield numbers(content[:-end])


class quarter_hours(FunctionElement[int]):  # noqa: N801  # stands in statements like the functions of a database
    """How many quarters of an hour lie between 1970 and the point in time that a column holds."""

    type = BigInteger()
    inherit_cache = True


@compiles(quarter_hours, "sqlite")
def _quarter_hours_of_text(element: Any, compiler: Any, **options: Any) -> str:
    return f"CAST(strftime('%s', {compiler.process(element.clauses, **options)}) AS INTEGER) / {QUARTER_SECONDS}"


@compiles(quarter_hours, "postgresql")
def _quarter_hours_of_time(element: Any, compiler: Any, **options: Any) -> str:
    moment = compiler.process(element.clauses, **options)
    return f"CAST(floor(extract(epoch FROM {moment}) / {QUARTER_SECONDS}) AS BIGINT)"


class bytewise(FunctionElement[str]):  # noqa: N801  # stands in statements like the functions of a database
    """A text for ordering by its bytes, which SQLite does anyway and PostgreSQL only where it is told to."""

    type = Text()
    inherit_cache = True


@compiles(bytewise, "sqlite")
def _bytewise_as_it_is(element: Any, compiler: Any, **options: Any) -> str:
    return str(compiler.process(element.clauses, **options))


@compiles(bytewise, "postgresql")
def _bytewise_by_collation(element: Any, compiler: Any, **options: Any) -> str:
    return f'{compiler.process(element.clauses, **options)} COLLATE "C"'


class with_commas(FunctionElement[str]):  # noqa: N801  # stands in statements like the functions of a database
    """The texts of a group, joined by commas; nothing where there are none.

    What SQLAlchemy has for it puts the separator into the statement anew each time, which takes as long as the rest.
    """

    type = Text()
    inherit_cache = True


@compiles(with_commas, "sqlite")
def _group_concat(element: Any, compiler: Any, **options: Any) -> str:
    return f"group_concat({compiler.process(element.clauses, **options)}, ',')"


@compiles(with_commas, "postgresql")
def _string_agg(element: Any, compiler: Any, **options: Any) -> str:
    return f"string_agg({compiler.process(element.clauses, **options)}, ',')"


def highest_number(connection: Connection, table: Table) -> int:
    """Return the highest number that a row of ``table`` ever got, as far as the database knows; 0 for none.

    For tables whose rows the database numbers.
    """
    if connection.dialect.name == "postgresql":
        sequence = connection.scalar(_SEQUENCE, {"table": table.name, "column": _number_of(table).name})
        return connection.scalar(select(func.coalesce(func.pg_sequence_last_value(cast(sequence, REGCLASS)), 0))) or 0
    if table.dialect_options["sqlite"]["autoincrement"]:
        return connection.scalar(_COUNTER, {"table": table.name}) or 0
    return connection.scalar(select(func.max(_number_of(table)))) or 0


def number_on_from(connection: Connection, table: Table, highest: int) -> None:
    """Let new rows of ``table`` get numbers above ``highest`` and above those that are there."""
    highest = max(highest, connection.scalar(select(func.max(_number_of(table)))) or 0)
    if not highest:
        return
    values = {"table": table.name, "highest": highest}
    if connection.dialect.name == "postgresql":
        connection.execute(_NUMBER_ON, {**values, "column": _number_of(table).name})
    elif table.dialect_options["sqlite"]["autoincrement"]:
        # The table of counters has no key that an upsert could go by.
        connection.execute(text("DELETE FROM sqlite_sequence WHERE name = :table"), {"table": table.name})
        connection.execute(text("INSERT INTO sqlite_sequence (name, seq) VALUES (:table, :highest)"), values)


_SEQUENCE = text("SELECT pg_get_serial_sequence(quote_ident(:table), :column)")
_COUNTER = text("SELECT seq FROM sqlite_sequence WHERE name = :table")
_NUMBER_ON = text("SELECT setval(pg_get_serial_sequence(quote_ident(:table), :column), :highest)")


def _number_of(table: Table) -> Any:
    return table.autoincrement_column


def _insert(session: Session) -> Any:
    return sqlite_insert if session.get_bind().dialect.name == "sqlite" else postgresql_insert


@lru_cache(maxsize=64)
def _inserting(dialect: str, table: Any, key: tuple[str, ...]) -> Any:
    # Made once, and without the session, which would take it for entities: this is for what has to be quick.
    insert = sqlite_insert if dialect == "sqlite" else postgresql_insert
    statement = insert(table.__table__).on_conflict_do_nothing(index_elements=key or None)
    return statement.execution_options(preserve_rowcount=True)


def _send(session: Session, statement: Any, values: Values) -> None:
    if isinstance(values, dict):
        session.execute(statement.values(values))
    elif values:
        # As parameters, not as one long statement: it is compiled once and holds any number of rows.
        session.execute(statement, values)
