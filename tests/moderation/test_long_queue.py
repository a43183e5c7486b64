"""Ten thousand waiting cases: what a page costs, and how the database finds it."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Engine, event, insert, literal, select
from sqlalchemy.orm import Session

from participation.accounts.actor import Actor, Role
from participation.accounts.service import sign_in
from participation.cases.models import Case, SubjectKind
from participation.kit import clock
from participation.kit.db import db, transaction
from participation.kit.schema import UtcDateTime
from participation.moderation.queue.filters import Assigned, QueueFilter
from participation.moderation.queue.holds import next_case
from participation.moderation.queue.keys import encode_place
from participation.moderation.queue.listing import PAGE, cases_of_group, place_of, queue
from participation.signals.models import SignalKind
from tests import make
from tests.conftest import Sessions
from tests.databases import Databases
from tests.pages import PageClient, queries
from tests.queues import ALIKE, fill_queue

LONG = 10_000
COUNTING, IN_QUEUE = "AS whole", "ORDER BY moderation_case.urgent DESC"
"""What tells the statements about cases apart."""
PLACE = make.Place(1, "digital", 1)
NOW = clock.now()
SOMEBODY = Actor(1)
BUDGET = 11
"""Statements for a page of the queue: cases, notes, three kinds of contributions with principles, signals, notices,
other cases, counts, sizes of groups."""
FILTERED_BUDGET = BUDGET + 1
"""One more counts what fits the filter."""
PAGE_BUDGET, GROUP_BUDGET, CASE_BUDGET = 21, 28, 19
"""Statements for the whole pages of the queue and of one case, sign-in and guard included; more where similar cases of
the first one stand on another page."""


@pytest.fixture
def long_app(databases: Databases, database_kind: str) -> Flask:
    """The application with ten thousand waiting cases, filled once for all tests that only look at it."""

    def fill() -> None:
        with transaction() as session:
            make.actor(session, make.account(session), role=Role.MODERATOR)
            fill_queue(session, make.process(session), LONG, now=NOW)
            _decided_before(session)
        # With figures about the tables, as in a database that is in use.
        with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("ANALYZE" if database_kind == "sqlite" else "VACUUM ANALYZE")

    return databases.filled_app(database_kind, "waiting", fill)


def _decided_before(session: Session) -> None:
    """Add as many cases again that are closed: they stay in the table, but not in the queue."""
    columns = [column.name for column in Case.__table__.columns if column.name not in ("id", "closed_at")]
    waiting = select(*(getattr(Case, name) for name in columns), literal(NOW, UtcDateTime()))
    session.execute(insert(Case).from_select([*columns, "closed_at"], waiting))


@pytest.mark.parametrize("number", [1, 3])
def test_a_short_queue_keeps_to_the_budget(app: Flask, transact: Sessions, database: Sessions, number: int) -> None:
    with transact() as session:
        place = make.process(session)
        fill_queue(session, place, number * 10, now=NOW)
    with database() as session, queries(app, BUDGET):
        page = queue(session, SOMEBODY, process_id=place.id, now=NOW)
    assert page.counts.whole == number * 10


def test_a_page_of_a_long_queue_keeps_to_the_same_budget(long_app: Flask) -> None:
    with long_app.app_context(), Session(db.engine) as session:
        with queries(long_app, BUDGET):
            first = queue(session, SOMEBODY, process_id=PLACE.id, now=NOW)
        middle = _middle(session)
        with queries(long_app, BUDGET):
            page = queue(session, SOMEBODY, process_id=PLACE.id, now=NOW, after=middle)
        for wanted, found in (
            (QueueFilter(words="Number 4321."), 1),
            (QueueFilter(signal=SignalKind.LINKS), LONG // 10),
            (QueueFilter(subject=SubjectKind.ADDENDUM, assigned=Assigned.NOBODY), LONG // 10),
        ):
            with queries(long_app, FILTERED_BUDGET):
                assert queue(session, SOMEBODY, process_id=PLACE.id, now=NOW, wanted=wanted).found == found
    counts = first.counts
    assert (counts.ideas, counts.comments, counts.addenda) == (4 * LONG // 10, 5 * LONG // 10, LONG // 10)
    assert [group.size for group in first.groups][:2] == [ALIKE, 1]
    assert len(first.items) == len(page.items) == PAGE
    assert page.next_after


def test_the_pages_keep_to_their_budgets(long_app: Flask) -> None:
    with long_app.app_context(), transaction() as session:
        token = sign_in(session, account_id=1, now=clock.now())
        middle = _middle(session)
    visitor = PageClient(long_app)
    with visitor.flask.session_transaction() as cookie:
        cookie.update({"_user_id": token, "_fresh": True})
    desk = f"/en/desk/processes/{PLACE.slug}"
    inside_a_group = f"after={encode_place(middle)}"
    for asked, budget in (("", 20), ("q=lamp&subject=idea", PAGE_BUDGET), (inside_a_group, GROUP_BUDGET)):
        page = visitor.get(f"{desk}/queue?{asked}", budget=budget)
        assert len(page.select("[data-row]")) == PAGE
    visitor.get(f"{desk}/cases/{middle.case_id}", budget=CASE_BUDGET)


@pytest.mark.parametrize("asked", ["the beginning", "the middle", "a group", "the next one"])
def test_the_database_walks_indexes(long_app: Flask, database_kind: str, asked: str) -> None:
    """No case is read from end to end and none are sorted, to show twenty of ten thousand."""
    with long_app.app_context(), Session(db.engine) as session:
        middle = _middle(session)
        calls: dict[str, Callable[[], object]] = {
            "the beginning": lambda: queue(session, SOMEBODY, process_id=PLACE.id, now=NOW),
            "the middle": lambda: queue(session, SOMEBODY, process_id=PLACE.id, now=NOW, after=middle),
            "a group": lambda: cases_of_group(session, process_id=PLACE.id, group_id=middle.group_id, now=NOW),
            "the next one": lambda: next_case(session, _moderator(), process_id=PLACE.id, now=NOW),
        }
        found = plans(db.engine, calls[asked])
        session.rollback()
    assert len(found) == (4 if asked.startswith("the ") and asked != "the next one" else 1)
    for statement, plan in found:
        if COUNTING in statement:
            # Counting half of a table PostgreSQL rather reads all of it, and is right.
            assert database_kind == "postgres" or "COVERING INDEX ix_moderation_case_waiting" in plan
            continue
        index = "ix_moderation_case_queue" if IN_QUEUE in statement else "ix_moderation_case_(group|subject)"
        assert re.search(index, plan), (statement, plan)
        assert not re.search(r"Seq Scan on moderation_case|SCAN moderation_case", plan), (statement, plan)
        assert IN_QUEUE not in statement or not re.search(r"\bSort\b|TEMP B-TREE", plan), (statement, plan)


def plans(engine: Engine, work: Callable[[], object]) -> list[tuple[str, str]]:
    """Return each statement about cases that ``work`` sends, and how the database goes about it."""
    sent: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_rest: Any) -> None:
        if re.search(r"SELECT .* FROM moderation_case\b", " ".join(statement.split())):
            sent.append((statement, parameters))

    event.listen(engine, "before_cursor_execute", note)
    work()
    event.remove(engine, "before_cursor_execute", note)
    explain, column = ("EXPLAIN QUERY PLAN ", 3) if engine.dialect.name == "sqlite" else ("EXPLAIN ", 0)
    with engine.connect() as connection:
        return [
            (sql, "\n".join(str(row[column]) for row in connection.exec_driver_sql(explain + sql, parameters)))
            for sql, parameters in sent
        ]


def _middle(session: Session) -> Any:
    return place_of(session.scalars(select(Case).order_by(Case.place_at).offset(LONG // 2).limit(1)).one())


def _moderator() -> Actor:
    return Actor(1, "", frozenset({(Role.MODERATOR, None)}))
