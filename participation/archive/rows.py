"""Reading the rows of an archive out of the database, table by table, a few at a time."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Select, String, Table, func, select, type_coerce
from sqlalchemy.orm import Session

from participation.archive.scope import SCOPE, Extent, Kept
from participation.archive.values import line_of
from participation.kit.dialect import bytewise

AT_ONCE = 2_000


def count_rows(session: Session, tables: list[Table], extent: Extent) -> int:
    """Return how many rows an archive will have."""
    counted = (select(func.count()).select_from(table).where(extent.rows(table.name)) for table in tables)
    return sum(session.scalar(statement) or 0 for statement in counted)


def lines(session: Session, table: Table, extent: Extent) -> Iterator[bytes]:
    """Yield the rows of a table that belong to the archive, each as a line, in the order of the primary key."""
    statement = _statement(table, extent).execution_options(stream_results=True, yield_per=AT_ONCE)
    with session.connection().execute(statement) as rows:
        for part in rows.partitions():
            for row in part:
                yield line_of(table, row)


def _statement(table: Table, extent: Extent) -> Select[Any]:
    rule = SCOPE[table.name]
    assert isinstance(rule, Kept)
    columns = [
        type_coerce(rule.instead[column.name](table, extent), column.type).label(column.name)
        if column.name in rule.instead
        else column
        for column in table.columns
    ]
    keys = [bytewise(key) if isinstance(key.type, String) else key for key in table.primary_key.columns]
    return select(*columns).where(extent.rows(table.name)).order_by(*keys)
