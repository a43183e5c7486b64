"""What every table is made of: the declarative base, naming convention and column types."""

import enum
import re
from datetime import UTC, datetime
from typing import Any, ClassVar

from sqlalchemy import BigInteger, DateTime, Dialect, Enum, ForeignKey, Integer, MetaData
from sqlalchemy.orm import DeclarativeBase, MappedColumn, mapped_column
from sqlalchemy.types import JSON, TypeDecorator

NAMING_CONVENTION = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}

Translated = dict[str, str]
"""Editorial text by language code, for example ``{"de": "Idee", "en": "Idea"}``."""


NUMBERED_ONCE = {"sqlite_autoincrement": True}
"""Last in ``__table_args__`` of what receipts name: the number of a deleted row is never given to another one."""


class Base(DeclarativeBase):
    """Base of all tables; constraints get predictable names so that migrations work on both databases."""

    metadata = MetaData(naming_convention=NAMING_CONVENTION)
    type_annotation_map: ClassVar[dict[Any, Any]] = {dict[str, str]: JSON(), dict[str, Any]: JSON()}


class UtcDateTime(TypeDecorator[datetime]):
    """An aware point in time, kept in UTC on both databases; a naive value is refused with ``ValueError``."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, _dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a point in time needs a time zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, _dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def named_enum(kind: type[enum.Enum]) -> Enum:
    """Return a VARCHAR column type with a named CHECK that allows just the values of ``kind``."""
    name = re.sub(r"(?<!^)(?=[A-Z])", "_", kind.__name__).lower()
    return Enum(
        kind,
        name=name,
        native_enum=False,
        create_constraint=True,
        validate_strings=True,
        length=32,
        values_callable=lambda members: [member.value for member in members],
    )


def big_id() -> MappedColumn[int]:
    """Return an integer primary key: 64 bits on PostgreSQL, the rowid on SQLite."""
    return mapped_column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True)


def reference(
    target: str, *, index: bool = False, nullable: bool = False, cascade: bool = False, primary_key: bool = False
) -> MappedColumn[Any]:
    """Return a foreign key column to ``table.column``; ``cascade`` deletes the row along with its target."""
    return mapped_column(
        BigInteger().with_variant(Integer, "sqlite"),
        ForeignKey(target, ondelete="CASCADE" if cascade else None),
        index=index,
        nullable=nullable,
        primary_key=primary_key,
    )
