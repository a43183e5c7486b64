"""A board with three ideas and one with 5,000 in 60 themes take the same few statements, each by an index."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event
from sqlalchemy.orm import Session

from participation.curation.board.filing import file_each, file_ideas
from participation.curation.board.history import history
from participation.curation.board.places import positions_of
from participation.curation.board.queries import (
    board_clusters,
    board_version,
    column,
    columns,
    rest_counts,
    unfiled,
)
from participation.curation.board.state import board_state
from participation.curation.board.undo import undo_change
from participation.kit import clock
from participation.strategy.statements.sources import clusters_in_use
from tests.boards import fill_board
from tests.conftest import Sessions
from tests.curation.board.desk import Desk
from tests.pages import queries

THEMES = 60
Read = Callable[[Session, Desk, list[int]], object]

READS: dict[str, tuple[int, Read]] = {
    "version": (1, lambda session, desk, _themes: board_version(session, desk.place.id)),
    "clusters": (1, lambda session, desk, _themes: board_clusters(session, desk.place.id)),
    "counts": (1, lambda session, desk, _themes: rest_counts(session, desk.place.id)),
    "columns": (1, lambda session, _desk, themes: columns(session, themes)),
    "column": (1, lambda session, _desk, themes: column(session, themes[0], before=10**9)),
    "unfiled": (1, lambda session, desk, _themes: unfiled(session, desk.place.id, before=(clock.now(), 10**9))),
    "positions": (1, lambda session, _desk, _themes: positions_of(session, range(1, 31))),
    "history": (3, lambda session, desk, _themes: history(session, desk.moderator, desk.place.id)),
    "history of an idea": (
        3,
        lambda session, desk, _themes: history(session, desk.moderator, desk.place.id, idea_id=1),
    ),
    "nothing new": (1, lambda session, desk, _themes: board_state(session, desk.moderator, desk.place.id, since=10**9)),
    "news": (6, lambda session, desk, _themes: board_state(session, desk.moderator, desk.place.id, since=0)),
}
# What is counted is read as a whole; everything else finds its rows.
WHOLE = {"clusters", "counts", "news", "version", "nothing new"}
FILES, FILES_SEEN, UNDOES = 12, 15, 17


@pytest.fixture(params=[3, 5000])
def themes(request: pytest.FixtureRequest, desk: Desk) -> list[int]:
    """The themes of a board with so many ideas, one of which was filed in a step."""
    with desk.transact() as session:
        ids = fill_board(session, desk.place, request.param, THEMES if request.param > THEMES else 3)
    desk.file([1], ids[-1])
    return ids


def test_every_read_of_the_board(app: Flask, desk: Desk, themes: list[int], database: Sessions) -> None:
    for name, (budget, read) in READS.items():
        with queries(app, budget) as sent, database() as session:
            read(session, desk, themes)
        assert len(sent) == budget, name
        with database() as session:
            plan = "\n".join(plans(session, read, desk, themes))
        if len(themes) == THEMES and name not in WHOLE:
            # SQLite calls a read of all rows a scan unless it goes along an index; PostgreSQL calls it a Seq Scan.
            scanned = [line for line in plan.splitlines() if "SCAN filing" in line or "Seq Scan on filing" in line]
            assert scanned == [], name
            assert "SCAN idea" not in plan, name
            assert "Seq Scan on idea " not in plan, name


def test_every_step_on_the_board(app: Flask, desk: Desk, themes: list[int]) -> None:
    where: dict[str, Any] = {"process_id": desk.place.id, "now": clock.now()}
    wanted = range(1, 4 if len(themes) < THEMES else 201)
    with queries(app, FILES), desk.transact() as session:
        file_ideas(session, desk.moderator, idea_ids=wanted, cluster_id=themes[0], **where)
    seen = desk.version
    desk.file(wanted, themes[1], by=desk.colleague)
    with queries(app, FILES_SEEN), desk.transact() as session:
        proposed = dict.fromkeys(wanted, themes[2])
        done = file_each(session, desk.colleague, wanted=proposed, seen=seen, **where)
    with queries(app, UNDOES), desk.transact() as session:
        undo_change(session, desk.moderator, number=done.number or 0, in_use=clusters_in_use, **where)


def plans(session: Session, read: Read, desk: Desk, themes: list[int]) -> list[str]:
    """Return how the database goes about each statement of a read."""
    sent: list[tuple[str, Any]] = []
    connection = session.connection()

    def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        sent.append((statement, parameters))

    event.listen(connection.engine, "before_cursor_execute", note)
    read(session, desk, themes)
    event.remove(connection.engine, "before_cursor_execute", note)
    explain = "EXPLAIN QUERY PLAN " if connection.dialect.name == "sqlite" else "EXPLAIN "
    return [
        "\n".join(str(row) for row in connection.exec_driver_sql(explain + statement, parameters))
        for statement, parameters in sent
    ]
