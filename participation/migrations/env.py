"""How migrations run: on the application's own engine, in one transaction, checked for broken references."""

import importlib
from pathlib import Path
from typing import Any

from alembic import context
from alembic.autogenerate.api import AutogenContext
from flask import current_app
from sqlalchemy import Connection, Engine

import participation
from participation.kit.db import WRITING
from participation.kit.schema import Base, UtcDateTime

PACKAGE = Path(participation.__file__).parent


def main() -> None:
    """Import every table, then run the migrations or print their SQL."""
    for path in sorted(PACKAGE.glob("*/models.py")):
        importlib.import_module(f"participation.{path.parent.name}.models")
    settings: dict[str, Any] = {
        "target_metadata": Base.metadata,
        "render_as_batch": True,
        "render_item": render_item,
        "compare_type": True,
        # Both databases roll DDL back; on SQLite because our engine begins transactions itself.
        "transactional_ddl": True,
        "include_object": is_ours,
    }
    engine = current_app.extensions["migrate"].db.engine
    if context.is_offline_mode():
        context.configure(url=engine.url, literal_binds=True, dialect_opts={"paramstyle": "named"}, **settings)
        with context.begin_transaction():
            context.run_migrations()
    else:
        run_online(engine, settings)


def run_online(engine: Engine, settings: dict[str, Any]) -> None:
    """Run the migrations on the database."""
    with engine.connect().execution_options(**{WRITING: True}) as connection:
        sqlite = engine.dialect.name == "sqlite"
        if sqlite:
            # Rebuilding a table drops the old one; enforced keys would delete every row that points to it.
            set_foreign_keys(connection, on=False)
        try:
            context.configure(connection=connection, **settings)
            with context.begin_transaction():
                context.run_migrations()
                if sqlite:
                    check_references(connection)
            connection.commit()
        finally:
            connection.rollback()
            if sqlite:
                set_foreign_keys(connection, on=True)


def set_foreign_keys(connection: Connection, *, on: bool) -> None:
    """Switch enforcement of foreign keys; SQLite ignores that inside a transaction, so the driver is asked directly."""
    cursor = connection.connection.cursor()
    cursor.execute(f"PRAGMA foreign_keys = {'ON' if on else 'OFF'}")
    cursor.close()


def check_references(connection: Connection) -> None:
    """Raise ``RuntimeError`` when a row points to nothing."""
    broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
    if broken:
        raise RuntimeError(f"migration leaves rows that point to nothing: {broken[:5]}")


def is_ours(_thing: object, name: str | None, kind: str, _reflected: bool, _other: object) -> bool:
    """Return whether a table is one of ours; a database keeps others, such as the parts of a search index."""
    return kind != "table" or name in Base.metadata.tables


def render_item(kind: str, item: object, _context: AutogenContext) -> str | bool:
    """Return how a migration writes our own column type: as what it is in the database."""
    if kind == "type" and isinstance(item, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    return False


main()
