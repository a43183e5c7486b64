"""A row in every table for each of two processes, so that whatever goes along or stays behind can be seen."""

import enum
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import JSON, Boolean, Column, Connection, Date, Enum, Integer, LargeBinary, String, Table, insert

from participation.archive.scope import SCOPE, LeftOut
from participation.kit.schema import Base, UtcDateTime

NOW = datetime(2026, 5, 14, 9, 30, 0, 123456, tzinfo=UTC)
NOT_HERE = {"idea_search", "wording_search"}
"""Differs between the databases; what is found by it is another test."""
ONE_OF = {
    "decision": {"comment_id", "addendum_id"},
    "answer": {"bundle_id", "statement_id"},
    "referral": {"bundle_id", "statement_id"},
    "assessment": {"value_id"},
}
"""Of several columns exactly one may be set: these are not."""


@dataclass(frozen=True, slots=True)
class Side:
    """One of the processes: the word that all its texts begin with, and what its numbers begin at."""

    word: str
    first: int

    @property
    def process_id(self) -> int:
        """The number of the process."""
        return self.id_in("process")

    def id_in(self, table: str) -> int:
        """Return the number of the row in a table."""
        return self.first + sorted(Base.metadata.tables).index(table)


OURS, THEIRS = Side("ours", 1000), Side("theirs", 2000)


def fill(connection: Connection, side: Side) -> None:
    """Insert the rows of a side, those that others name first."""
    for table in Base.metadata.sorted_tables:
        if table.name not in NOT_HERE:
            connection.execute(insert(table), {column.name: _value(table, column, side) for column in table.columns})


def _value(table: Table, column: Column[Any], side: Side) -> object:
    if column.name in ONE_OF.get(table.name, ()):
        return None
    if (table.name, column.name) in _SPECIAL:
        return _SPECIAL[table.name, column.name](side)
    if column.foreign_keys:
        target = next(iter(column.foreign_keys)).column.table
        return None if target is table else side.id_in(target.name)
    if column.primary_key and isinstance(column.type, Integer) and column.name == "id":
        return side.id_in(table.name)
    return _plain(table, column, side)


def _plain(table: Table, column: Column[Any], side: Side) -> object:
    word = f"{'left' if isinstance(SCOPE[table.name], LeftOut) else side.word}-{side.first}-{column.name}"
    kind = column.type
    if isinstance(kind, Enum):
        members: list[enum.Enum] = list(kind.enum_class or ())
        return members[0]
    if isinstance(kind, String):
        return word[: kind.length]
    if isinstance(kind, JSON):
        return {"de": word, "list": [1, 2.5, None, True]}
    if isinstance(kind, UtcDateTime):
        return NOW + timedelta(days=column.name.startswith("end"))
    others: Mapping[type[Any], object] = {
        Boolean: False,
        Integer: side.first // 1000 + (column.name == "ends_at"),
        Date: date(2026, 5, 14),
        LargeBinary: f"{word}-{side.first}".encode().ljust(32, b"\0")[:32],
    }
    return next(value for base, value in others.items() if isinstance(kind, base))


_SPECIAL: Mapping[tuple[str, str], Callable[[Side], object]] = {
    ("account", "email"): lambda side: f"{side.word}@example.org",
    ("notice", "contact"): lambda side: f"{side.word}-notice@example.org",
    ("receipt", "subject_id"): lambda side: side.id_in("idea"),
    ("log_entry", "payload"): lambda side: {"idea_id": side.id_in("idea")},
    ("log_entry", "account_id"): lambda side: side.id_in("account"),
    ("comment", "thread_id"): lambda side: side.id_in("comment"),
    ("inbox_entry", "read_at"): lambda _side: None,
    ("export", "removed_at"): lambda _side: None,
    ("notice", "contact_erased_at"): lambda _side: None,
    ("vote", "nonce"): lambda side: side.word.encode().ljust(16, b"\0"),
    ("wording", "source_language"): lambda _side: "ar",
    ("wording", "language"): lambda _side: "tr",
    ("decision", "salt"): lambda side: side.word.encode().ljust(16, b"\0"),
}
