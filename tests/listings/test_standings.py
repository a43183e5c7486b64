"""The numbers behind the orders of lists: what drifts is found, said and put right."""

import logging

import pytest
from flask import Flask
from sqlalchemy import delete, select, update

from participation.comments.models import CommentState
from participation.ideas.models import Standing
from participation.ideas.standing import agreement, contested
from participation.listings import standings
from participation.listings.standings import reconcile_standings, standing_breaks
from tests import make
from tests.conftest import Sessions


def nothing() -> None:
    """Be the beat of a routine that nobody waits for."""


def test_what_the_product_keeps_needs_no_repair(transact: Sessions, database: Sessions) -> None:
    with transact() as session:
        place = make.process(session)
        idea = make.idea(session, place)
        make.votes(session, place, idea, agree=5, disagree=2, unsure=1)
        make.comment(session, place, idea, parent_id=make.comment(session, place, idea))
        make.comment(session, place, idea, state=CommentState.HIDDEN)
        make.idea(session, place)
    with database() as session:
        assert standing_breaks(session) == []
        row = session.get_one(Standing, idea)
        assert (row.agreement, row.contested, row.comments) == (agreement(5, 2), contested(5, 2), 2)


def test_drift_is_found_and_put_right(
    app: Flask,
    transact: Sessions,
    database: Sessions,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr(standings, "BATCH", 3)
    with transact() as session:
        place, other = make.process(session), make.process(session, "other")
        ideas = [make.idea(session, place) for _ in range(7)]
        elsewhere = make.idea(session, other)
        make.votes(session, place, ideas[1], agree=4, disagree=1)
        make.comment(session, place, ideas[5])
    with database() as session:
        places = dict(session.execute(select(Standing.idea_id, Standing.rotation)).all())
    with transact() as session:
        session.execute(update(Standing).where(Standing.idea_id == ideas[1]).values(agreement=7))
        session.execute(update(Standing).where(Standing.idea_id.in_([ideas[5], elsewhere])).values(comments=9))
        session.execute(delete(Standing).where(Standing.idea_id == ideas[6]))
    with database() as session:
        assert standing_breaks(session) == [ideas[1], ideas[5], ideas[6], elsewhere]
        assert standing_breaks(session, process_id=other.id) == [elsewhere]
    with caplog.at_level(logging.WARNING), app.app_context():
        reconcile_standings(nothing)
    assert sum(record.args[0] for record in caplog.records if record.name == standings.__name__) == 4
    with database() as session:
        assert standing_breaks(session) == []
        kept = dict(session.execute(select(Standing.idea_id, Standing.rotation)).all())
        del places[ideas[6]]
        assert {idea: kept[idea] for idea in places} == places, "no idea loses its place in the rotation"
        assert ideas[6] in kept
