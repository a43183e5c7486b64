"""Another installation, on the other kind of database."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from participation.kit.db import db
from tests.databases import Databases, build_app


@pytest.fixture
def target(databases: Databases, database_kind: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Flask]:
    """The application on an empty database, of the other kind where both are tested."""
    if database_kind == "postgres":
        yield databases.fresh_app("sqlite")
    elif request.config.getoption("--database") == "both":
        yield databases.fresh_app("postgres")
    else:
        databases.copy_sqlite(tmp_path / "target.sqlite")
        own = build_app(f"sqlite:///{tmp_path / 'target.sqlite'}", tmp_path / "target")
        yield own
        with own.app_context():
            db.engine.dispose()
