"""What stands behind statements: every idea and every person once, whatever way they are reached."""

from collections.abc import Callable
from contextlib import AbstractContextManager

from flask import Flask
from sqlalchemy.orm import Session

from participation.strategy.behind import PeopleBehind, ideas_behind, people_behind
from participation.voting.models import Stance
from tests import make, recount

Sessions = Callable[[], AbstractContextManager[Session]]


def test_everybody_counts_once_across_clusters(app: Flask, transact: Sessions, database: Sessions) -> None:
    with transact() as session:
        place = make.process(session)
        one, two, hidden = (make.idea(session, place) for _ in range(3))
        person = make.vote(session, place, one, Stance.AGREE)
        make.vote(session, place, two, Stance.DISAGREE, by=person)
        make.vote(session, place, two, Stance.UNSURE)
        make.vote(session, place, hidden, Stance.AGREE)
        clusters = [make.cluster(session, place, ideas=ideas) for ideas in ([one, two], [two])]
        statement = make.statement(session, place, clusters=clusters)
        empty = make.statement(session, place, clusters=[make.cluster(session, place, ideas=[])])
    with database() as session:
        assert ideas_behind(session, [statement, empty]) == {statement: 2}
        behind = people_behind(session, [statement, empty])
        assert behind == {
            statement: PeopleBehind(agree=1, disagree=1, unsure=1, people=2),
            empty: PeopleBehind(),
        }
        assert behind[statement] == recount.people(session, [one, two])
