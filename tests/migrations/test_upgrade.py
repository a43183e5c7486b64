"""Migrations on databases that are in use: everything that stands there is kept, and found afterwards."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from flask import Flask
from flask_migrate import downgrade, upgrade
from sqlalchemy import Connection, MetaData, insert, inspect, make_url, select
from sqlalchemy.orm import Session

from participation.accounts.actor import ANONYMOUS
from participation.cases.models import Case
from participation.commands import main
from participation.ideas.models import Idea, Standing
from participation.ideas.queries import visible_to
from participation.ideas.search import matching
from participation.kit.db import db
from participation.moderation.models import Decision
from tests.databases import Databases, build_app, connected

EARLIER = datetime(2026, 1, 1, tzinfo=UTC)
OWN = "upgrades"


@pytest.fixture
def own_app(databases: Databases, database_kind: str, tmp_path: Path) -> Iterator[Flask]:
    """The application on a database of its own without any tables."""
    if database_kind == "sqlite":
        app = build_app(f"sqlite:///{tmp_path / 'own.sqlite'}", tmp_path)
        yield app
        with app.app_context():
            db.engine.dispose()
        return
    usual = make_url(databases.fresh_app(database_kind).config["SQLALCHEMY_DATABASE_URI"])
    own = usual.set(database=f"{OWN}_{databases.worker}").render_as_string(hide_password=False)
    maintenance = usual.set(database="postgres").render_as_string(hide_password=False)
    with connected(maintenance) as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {OWN}_{databases.worker}")
    app = build_app(own, tmp_path)
    yield app
    with app.app_context():
        db.engine.dispose()
    with connected(maintenance) as connection:
        connection.exec_driver_sql(f"DROP DATABASE {OWN}_{databases.worker}")


def put(connection: Connection, table: str, **values: Any) -> None:
    """Insert a row into a table as it is now, whatever the models say; what has to be there gets something."""
    tables = MetaData()
    tables.reflect(connection, only=[table], resolve_fks=False)
    columns = tables.tables[table].columns
    fillers: dict[type, Any] = {str: "", int: 0, bool: False, datetime: EARLIER, dict: {}}
    needed = {
        column.name: fillers.get(column.type.python_type, "")
        for column in columns
        if not column.nullable and column.server_default is None and not column.primary_key
    }
    connection.execute(insert(tables.tables[table]).values({**needed, **values}))


def fill(connection: Connection) -> None:
    """Put an idea with a vote and one without into the first version of the tables."""
    put(connection, "framework", id=1, key="framework")
    put(connection, "process", id=1, slug="parks", framework_id=1, state="published")
    for number in (1, 2):
        put(connection, "participant", id=number, process_id=1, pseudonym=f"Otter {number}", external_key=f"{number}")
    for number, title in ((1, "Schlaglöcher melden"), (2, "Stadtbibliotheken öffnen")):
        put(
            connection,
            "idea",
            id=number,
            process_id=1,
            participant_id=1,
            state="published",
            source="online",
            title=title,
            language="de",
            revision=1,
            published_at=EARLIER,
        )
    put(connection, "vote", idea_id=1, participant_id=2, stance="agree", revision=1)
    put(connection, "tally", idea_id=1, agree=1)


def ideas_of(app: Flask) -> list[Any]:
    """Return what stands in the table of ideas, columns of the first version only."""
    with app.app_context(), db.engine.connect() as connection:
        return connection.exec_driver_sql("SELECT id, title, published_at FROM idea ORDER BY id").all()  # type: ignore[return-value]


def test_ideas_from_before_are_found_after_the_upgrade(own_app: Flask) -> None:
    with own_app.app_context():
        upgrade(revision="0001")
        with db.engine.connect() as connection, connection.begin():
            fill(connection)
    before = ideas_of(own_app)
    for _ in range(2):
        result = CliRunner().invoke(main, ["migrate"], obj=own_app)
        assert (result.exit_code, result.output) == (0, "The database is up to date.\n")
        with own_app.app_context(), Session(db.engine) as session:
            for query, found in (("schlagloch", [1]), ("bibliothek", [2]), ("öffnungen", [])):
                statement = select(Idea.id).where(visible_to(ANONYMOUS, 1), matching(query))
                assert list(session.scalars(statement)) == found
            agreements = dict(session.execute(select(Standing.idea_id, Standing.agreement)).all())
            frozen = list(session.scalars(select(Idea.id).where(Idea.frozen_at.is_not(None))))
        assert (agreements[1] > 0, agreements[2], frozen) == (True, 0, [1])
        with own_app.app_context():
            downgrade(revision="0001")
        assert ideas_of(own_app) == before
        with own_app.app_context():
            assert [name for name in inspect(db.engine).get_table_names() if name.startswith("idea_")] == [
                "idea_principle"
            ]


def test_a_start_that_broke_off_is_made_good(own_app: Flask) -> None:
    with own_app.app_context():
        upgrade(revision="0001")
        with db.engine.connect() as connection, connection.begin():
            fill(connection)
        # The tables are new, and then somebody pulled the plug.
        upgrade()
    check = CliRunner().invoke(main, ["check"], obj=own_app)
    assert check.stdout == "the search does not know 2 ideas: run python -m participation reindex\n"
    result = CliRunner().invoke(main, ["migrate"], obj=own_app)
    assert (result.exit_code, result.output) == (0, "The database is up to date already.\n")
    assert CliRunner().invoke(main, ["check"], obj=own_app).output == "All is well.\n"


def test_without_the_right_to_make_the_extension_there_is_a_sentence(own_app: Flask, tmp_path: Path) -> None:
    with own_app.app_context():
        if db.engine.dialect.name == "sqlite":
            pytest.skip("SQLite has the index built in")
        name = f"limited_{db.engine.url.database}"
        url = db.engine.url.set(username=name)
        with db.engine.connect() as connection, connection.begin():
            connection.exec_driver_sql(f"CREATE ROLE {name} LOGIN")
            connection.exec_driver_sql(f"GRANT ALL ON SCHEMA public TO {name}")
    limited = build_app(url.render_as_string(hide_password=False), tmp_path / "limited")
    try:
        result = CliRunner().invoke(main, ["migrate"], obj=limited)
        assert result.exit_code == 1
        assert result.stderr == (
            "error: the search needs the extension pg_trgm, and it cannot be made: "
            'permission denied to create extension "pg_trgm". It belongs to PostgreSQL itself (package '
            'postgresql-contrib); somebody who may should run "CREATE EXTENSION pg_trgm" in this database once\n'
        )
        with own_app.app_context(), db.engine.connect() as connection, connection.begin():
            assert inspect(connection).get_table_names() == []
            connection.exec_driver_sql("CREATE EXTENSION pg_trgm")
        assert CliRunner().invoke(main, ["migrate"], obj=limited).exit_code == 0
    finally:
        with limited.app_context():
            db.engine.dispose()
        with own_app.app_context(), db.engine.connect() as connection, connection.begin():
            connection.exec_driver_sql(f"DROP OWNED BY {name}")
            connection.exec_driver_sql(f"DROP ROLE {name}")


def wait_and_decide(connection: Connection) -> None:
    """Put what waits and what was decided into the tables as they were before there were cases."""
    put(connection, "account", id=1, email="ada@example.org", language="de")
    connection.exec_driver_sql("UPDATE participant SET account_id = 1 WHERE id = 1")
    connection.exec_driver_sql("UPDATE idea SET state = 'hidden' WHERE id = 2")
    comment = {"idea_id": 1, "process_id": 1, "participant_id": 2, "state": "in_review", "language": "de"}
    put(connection, "comment", id=1, voice="resident", text="Ruf an: 0231 5550199", **comment)
    for number, (kind, about) in enumerate([("hide", "idea_id"), ("hide", "comment_id"), ("publish", "idea_id")], 1):
        subject = {about: 2 if about == "idea_id" else 1}
        put(connection, "decision", id=number, process_id=1, kind=kind, reason="Advertising", **subject)


def test_what_waited_and_was_decided_before_there_were_cases(own_app: Flask) -> None:
    with own_app.app_context():
        upgrade(revision="0001")
        with db.engine.connect() as connection, connection.begin():
            fill(connection)
            idea = {"participant_id": 1, "state": "in_review", "source": "online", "title": "Trinkbrunnen"}
            put(connection, "idea", id=3, process_id=1, language="de", revision=1, **idea)
        upgrade(revision="0004")
        with db.engine.connect() as connection, connection.begin():
            wait_and_decide(connection)
    for _ in range(2):
        assert CliRunner().invoke(main, ["migrate"], obj=own_app).exit_code == 0
        assert CliRunner().invoke(main, ["work", "--once"], obj=own_app).exit_code == 0
        with own_app.app_context(), Session(db.engine) as session:
            cases = session.scalars(select(Case).order_by(Case.id)).all()
            assert [(case.subject_kind.value, case.subject_id, case.due_at - case.opened_at) for case in cases] == [
                ("idea", 3, timedelta(days=3)),
                ("comment", 1, timedelta(days=3)),
            ]
            # Programs have looked: the comment holds a telephone number.
            assert [(case.looked_at is not None, case.signals > 0) for case in cases] == [(True, False), (True, True)]
            decisions = session.scalars(select(Decision).order_by(Decision.id)).all()
            until = EARLIER + timedelta(days=184)
            # The second author has no account, and publishing takes nothing away.
            objections = [(one.participant_id, one.objection_until) for one in decisions]
            assert objections == [(1, until), (2, None), (1, None)]
        assert CliRunner().invoke(main, ["check"], obj=own_app).output == "All is well.\n"
        with own_app.app_context():
            downgrade(revision="0004")
