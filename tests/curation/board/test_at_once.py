"""Two people at one board at the same moment: nothing is lost, nothing stands twice, every step has its number."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from participation.accounts.actor import Actor
from participation.curation.board.clusters import remove_cluster, rename_cluster
from participation.curation.board.conflicts import Conflict
from participation.curation.board.filing import file_ideas
from participation.curation.board.places import MAIN, TOUCHES
from participation.curation.board.reshaping import merge_clusters, split_cluster
from participation.curation.models import BoardChange, Cluster, Filing
from participation.kit import clock
from participation.kit.db import transaction
from participation.kit.permissions import Missing, Refused
from participation.strategy.statements.sources import clusters_in_use
from tests import make
from tests.conftest import Sessions
from tests.curation.board.desk import Desk

Work = Callable[[Any], object]


def at_once(app: Flask, *works: Work) -> list[object]:
    """Do all of it at the same moment, each in a thread and transactions of its own; return what came of each."""
    barrier = threading.Barrier(len(works))

    def run(work: Work) -> object:
        with app.app_context():
            barrier.wait(30)
            try:
                with transaction() as session:
                    return work(session)
            except (Conflict, Missing, Refused) as problem:
                return type(problem).__name__

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(run, works))


def check_board(database: Sessions, process_id: int) -> None:
    """The steps are numbered without gaps and tell, one after the other, just what is filed now."""
    with database() as session:
        steps = session.scalars(
            select(BoardChange).where(BoardChange.process_id == process_id).order_by(BoardChange.number)
        ).all()
        filed = {
            (row.idea_id, row.cluster_id): MAIN if row.is_main else TOUCHES
            for row in session.scalars(select(Filing).where(Filing.ended_at.is_(None)))
        }
    assert [step.number for step in steps] == [*range(1, len(steps) + 1)]
    told: dict[tuple[int, int], int] = {}
    for step in steps:
        for idea, theme, before, after in step.details.get("moves", ()):
            assert told.get((idea, theme), 0) == before
            told[idea, theme] = after
    assert {pair: strength for pair, strength in told.items() if strength} == filed


def test_two_people_file_different_ideas(app: Flask, desk: Desk, database: Sessions) -> None:
    ideas = desk.ideas(24)
    parks, streets = desk.themes("Parks", "Streets")
    seen = desk.version

    def filing(actor: Actor, idea: int, theme: int) -> Work:
        where: dict[str, Any] = {"process_id": desk.place.id, "idea_ids": [idea], "cluster_id": theme, "seen": seen}
        return lambda session: file_ideas(session, actor, now=clock.now(), **where).number

    for start in range(0, 24, 4):
        one, two, three, four = ideas[start : start + 4]
        at_once(
            app,
            filing(desk.moderator, one, parks),
            filing(desk.colleague, two, streets),
            filing(desk.moderator, three, streets),
            filing(desk.colleague, four, parks),
        )
    assert all(MAIN in places.values() for places in desk.places(*ideas))
    assert desk.version == seen + 24
    check_board(database, desk.place.id)


def test_two_people_file_the_same_idea(app: Flask, desk: Desk, database: Sessions) -> None:
    ideas = desk.ideas(3)
    parks, streets = desk.themes("Parks", "Streets")

    def filing(actor: Actor, idea: int, theme: int, seen: int) -> Work:
        where: dict[str, Any] = {"process_id": desk.place.id, "idea_ids": [idea], "cluster_id": theme, "seen": seen}
        return lambda session: file_ideas(session, actor, now=clock.now(), **where).number

    for idea in ideas:
        seen = desk.version
        answers = at_once(app, filing(desk.moderator, idea, parks, seen), filing(desk.colleague, idea, streets, seen))
        assert sorted(map(str, answers)) == [str(seen + 1), "Conflict"]
        assert [len(places) for places in desk.places(idea)] == [1]
    check_board(database, desk.place.id)


def test_the_first_step_of_a_board_is_taken_once(app: Flask, desk: Desk, database: Sessions) -> None:
    def making(session: Any) -> object:
        return make.cluster(session, desk.place)

    at_once(app, making, making, making)
    assert desk.version == 3
    check_board(database, desk.place.id)


def test_filing_while_a_theme_is_merged_away(app: Flask, desk: Desk, database: Sessions) -> None:
    ideas = desk.ideas(3)
    (into,) = desk.themes("Into")

    def filing(idea: int, theme: int, where: dict[str, Any]) -> Work:
        return lambda session: file_ideas(session, desk.moderator, idea_ids=[idea], cluster_id=theme, **where).moved

    def merging(theme: int, where: dict[str, Any]) -> Work:
        return lambda session: (
            merge_clusters(
                session, desk.colleague, cluster_ids=[theme], into=into, in_use=clusters_in_use, **where
            ).moved
        )

    for idea in ideas:
        (going,) = desk.themes("Going")
        where: dict[str, Any] = {"process_id": desk.place.id, "seen": desk.version, "now": clock.now()}
        answers = at_once(app, filing(idea, going, where), merging(going, where))
        # Either it was in there and went along, or its filer hears that the theme is gone.
        assert (answers[0] == "Conflict") == (desk.places(idea) == [{}])
    check_board(database, desk.place.id)
    with database() as session:
        gone = session.scalar(
            select(func.count())
            .select_from(Filing)
            .join(Cluster, Cluster.id == Filing.cluster_id)
            .where(Filing.ended_at.is_(None), Cluster.removed_at.is_not(None))
        )
    assert gone == 0


def test_a_theme_is_removed_while_a_statement_is_written_on_it(app: Flask, desk: Desk, database: Sessions) -> None:
    ideas = desk.ideas(4)
    for idea in ideas:
        (parks,) = desk.themes("Parks")
        desk.file([idea], parks)

        def writing(session: Session, theme: int = parks) -> object:
            return make.statement(session, desk.place, [theme], published=False)

        def removing(session: Session, theme: int = parks) -> object:
            where: dict[str, Any] = {"in_use": clusters_in_use, "now": clock.now()}
            return remove_cluster(session, desk.colleague, cluster_id=theme, **where).number

        written, removed = at_once(app, writing, removing)
        assert (written == "Refused") != (removed == "Refused"), "no statement rests on what is not there"
    check_board(database, desk.place.id)


def test_two_people_split_and_rename_at_once(app: Flask, desk: Desk, database: Sessions) -> None:
    ideas = desk.ideas(4)
    (parks,) = desk.themes("Parks")
    desk.file(ideas, parks)
    where: dict[str, Any] = {"title": make.text("New"), "description": {}, "seen": desk.version, "now": clock.now()}
    answers = at_once(
        app,
        lambda session: split_cluster(session, desk.moderator, cluster_id=parks, idea_ids=ideas[:3], **where).id,
        lambda session: split_cluster(session, desk.colleague, cluster_id=parks, idea_ids=ideas[2:], **where).id,
        lambda session: rename_cluster(session, desk.colleague, cluster_id=parks, **where).id,
    )
    assert answers.count("Conflict") == 1, "one idea cannot go both ways"
    assert all(len(places) == 1 for places in desk.places(*ideas))
    check_board(database, desk.place.id)
