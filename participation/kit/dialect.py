"""Where SQLite and PostgreSQL differ: upserts and row locks, hidden in one place."""

import re
from typing import Any, TypeVarTuple

from sqlalchemy import Select
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

Values = dict[str, Any] | list[dict[str, Any]]
Columns = TypeVarTuple("Columns")


def insert_missing(session: Session, table: Any, values: Values, *, key: list[str]) -> None:
    """Insert the row or rows whose ``key`` is not there yet; an empty key stands for any unique constraint."""
    _send(session, _insert(session)(table).on_conflict_do_nothing(index_elements=key or None), values)


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


def locked(statement: Select[*Columns], *, skip_locked: bool = False, keeps_key: bool = False) -> Select[*Columns]:
    """Return ``statement`` locking its rows until the transaction ends.

    With ``keeps_key`` others may still add rows that refer to them: only whoever locks the same rows waits. SQLite
    ignores the clause: there BEGIN IMMEDIATE has locked the whole file already.
    """
    return statement.with_for_update(skip_locked=skip_locked, key_share=keeps_key)


def violated(error: IntegrityError) -> str | None:
    """Return the name of the unique constraint that refused a row, by the naming convention; ``None`` for others."""
    diagnosis = getattr(error.orig, "diag", None)
    if diagnosis is not None:
        return str(diagnosis.constraint_name)
    # SQLite only says "UNIQUE constraint failed: table.column, table.column".
    columns = re.findall(r"(\w+)\.(\w+)", str(error.orig).partition("UNIQUE constraint failed:")[2])
    return "_".join(["uq", columns[0][0], *(column for _table, column in columns)]) if columns else None


def _insert(session: Session) -> Any:
    return sqlite_insert if session.get_bind().dialect.name == "sqlite" else postgresql_insert


def _send(session: Session, statement: Any, values: Values) -> None:
    if isinstance(values, dict):
        session.execute(statement.values(values))
    elif values:
        # As parameters, not as one long statement: it is compiled once and holds any number of rows.
        session.execute(statement, values)
