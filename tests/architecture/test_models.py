"""Tables: the migrations build just what the models say, and the models keep to the house rules."""

import enum
import importlib
import re
import tomllib
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask import Flask
from sqlalchemy import CheckConstraint, Connection, DateTime, Enum, ForeignKey, MetaData, Table, inspect
from sqlalchemy.orm import DeclarativeBase, Mapped, Mapper, configure_mappers, mapped_column, relationship

from participation.kit.db import db
from participation.kit.schema import Base, UtcDateTime
from tests.architecture.sources import ROOT, name_of, product_files

# SQLite cannot show indexes on expressions; PostgreSQL compares them, and both run the same migrations.
pytestmark = [
    pytest.mark.filterwarnings("ignore:autogenerate skipping metadata-specified expression-based index:UserWarning"),
    pytest.mark.filterwarnings("ignore:Skipped unsupported reflection of expression-based index"),
]

LEGACY_QUERY = re.compile(r"\b[A-Z]\w*\.query\b")
SERVICE_TABLES = {"alembic_version"}


@pytest.fixture(scope="module")
def all_models() -> None:
    """Every model of the product, as the running application knows them."""
    importlib.import_module("participation.app")


def layer_order() -> dict[str, int]:
    """Return the height of each package in the import order of pyproject.toml; siblings share a height."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    contracts = settings["tool"]["importlinter"]["contracts"]
    layers = next(contract["layers"] for contract in contracts if contract["id"] == "layers")
    return {name.strip(" ()"): len(layers) - place for place, layer in enumerate(layers) for name in layer.split("|")}


def owner(mapper: Mapper[Any]) -> str:
    """Return the package that owns a table."""
    parts = mapper.class_.__module__.split(".")
    return parts[1] if len(parts) > 1 else parts[0]


def upward_keys(mappers: Iterable[Mapper[Any]], order: dict[str, int]) -> Iterator[str]:
    """Yield each foreign key that points to a package beside or above its own."""
    owners = {table.name: owner(mapper) for mapper in mappers for table in mapper.tables if isinstance(table, Table)}
    tables = {table.name: table for mapper in mappers for table in mapper.tables if isinstance(table, Table)}
    for name, table in tables.items():
        for key in table.foreign_keys:
            here, there = owners[name], owners[key.target_fullname.split(".")[0]]
            if here != there and order[there] >= order[here]:
                yield f"{name}.{key.parent.name} ({here}) -> {key.target_fullname} ({there})"


def column_complaints(metadata: MetaData) -> Iterator[str]:
    """Yield what is wrong with columns and keys of tables."""
    for table in metadata.sorted_tables:
        if not table.primary_key.columns:
            yield f"{table.name} has no primary key"
        checks = {str(check.name) for check in table.constraints if isinstance(check, CheckConstraint) and check.name}
        for column in table.columns:
            if isinstance(column.type, Enum) and not _is_checked(column.type, checks):
                yield f"{table.name}.{column.name} is an enum without a named CHECK"
            if isinstance(column.type, DateTime):
                yield f"{table.name}.{column.name} is a plain DateTime, not UtcDateTime"


def _is_checked(kind: Enum, checks: set[str]) -> bool:
    named = any(str(kind.name) in check for check in checks)
    return named and kind.create_constraint and not kind.native_enum


def eager_relationships(mappers: Iterable[Mapper[Any]]) -> Iterator[str]:
    """Yield each relationship that would load by itself."""
    for mapper in mappers:
        yield from (str(link) for link in mapper.relationships if link.lazy not in {"raise", "raise_on_sql"})


def check_names(connection: Connection) -> dict[str, set[str]]:
    """Return the names of the CHECK constraints of each table of a database."""
    look = inspect(connection)
    tables = set(look.get_table_names()) - SERVICE_TABLES
    return {table: {str(check["name"]) for check in look.get_check_constraints(table)} for table in tables}


def ours(table: str) -> bool:
    """Tell our tables from those a database keeps for itself, such as the parts of a search index."""
    return table in Base.metadata.tables


def test_migrations_build_what_the_models_say(app: Flask) -> None:
    with app.app_context(), db.engine.connect() as connection:
        options = {
            "compare_type": True,
            "include_object": lambda _thing, name, kind, _reflected, _other: kind != "table" or ours(name),
        }
        differences = compare_metadata(MigrationContext.configure(connection, opts=options), Base.metadata)
    assert differences == []


def test_migrations_build_the_named_checks(app: Flask) -> None:
    wanted = {
        table.name: {str(check.name) for check in table.constraints if isinstance(check, CheckConstraint)}
        for table in Base.metadata.sorted_tables
    }
    with app.app_context(), db.engine.connect() as connection:
        built = {table: names for table, names in check_names(connection).items() if ours(table)}
    assert built == wanted


def test_a_planted_table_is_found(app: Flask) -> None:
    metadata = MetaData()
    with app.app_context(), db.engine.connect() as connection:
        for table in Base.metadata.sorted_tables[:-1]:
            table.to_metadata(metadata)
        left_out = Base.metadata.sorted_tables[-1].name
        options = {"include_object": lambda _thing, name, kind, *_: kind == "table" and name == left_out}
        differences = compare_metadata(MigrationContext.configure(connection, opts=options), metadata)
    assert [(action, table.name) for action, table in differences] == [("remove_table", left_out)]


def test_columns_keep_to_the_rules(all_models: None) -> None:
    assert Base.metadata.tables
    assert list(column_complaints(Base.metadata)) == []


def test_foreign_keys_obey_the_layers(all_models: None) -> None:
    assert list(upward_keys(Base.registry.mappers, layer_order())) == []


def test_every_table_has_an_owner(all_models: None) -> None:
    mapped = {table.name for mapper in Base.registry.mappers for table in mapper.tables if isinstance(table, Table)}
    assert set(Base.metadata.tables) == mapped


def test_relationships_never_load_by_themselves(all_models: None) -> None:
    configure_mappers()
    assert list(eager_relationships(Base.registry.mappers)) == []


def test_no_legacy_queries() -> None:
    found = [
        f"{name_of(path)}: {match.group()}"
        for path in product_files()
        for match in LEGACY_QUERY.finditer(path.read_text(encoding="utf-8"))
    ]
    assert found == []
    assert LEGACY_QUERY.search("Idea.query.all()")


def test_planted_mistakes_in_models_are_found() -> None:
    class Shade(enum.Enum):
        LIGHT = "light"

    class Planted(DeclarativeBase):
        metadata = MetaData()

    class Above(Planted):
        __tablename__ = "above"
        __module__ = "participation.ideas.models"
        id: Mapped[int] = mapped_column(primary_key=True)

    class Below(Planted):
        __tablename__ = "below"
        __module__ = "participation.accounts.models"
        id: Mapped[int] = mapped_column(primary_key=True)
        above_id: Mapped[int] = mapped_column(ForeignKey("above.id"))
        shade: Mapped[Shade] = mapped_column(Enum(Shade, native_enum=False))
        since: Mapped[datetime] = mapped_column(DateTime)
        until: Mapped[datetime] = mapped_column(UtcDateTime)
        above = relationship(Above)

    Table("keyless", Planted.metadata)
    assert list(upward_keys(Planted.registry.mappers, layer_order())) == [
        "below.above_id (accounts) -> above.id (ideas)"
    ]
    assert sorted(column_complaints(Planted.metadata)) == [
        "below.shade is an enum without a named CHECK",
        "below.since is a plain DateTime, not UtcDateTime",
        "keyless has no primary key",
    ]
    assert list(eager_relationships([inspect(Below)])) == ["Below.above"]
