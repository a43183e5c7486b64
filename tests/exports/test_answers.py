"""What the city answers, and what ideas touch, in the strategy input."""

from datetime import UTC, datetime

from flask import Flask

from participation.accounts.actor import SYSTEM
from participation.exports.files import snapshot
from participation.exports.queries import Place, strategy_input
from participation.kit import clock
from participation.kit.db import db
from participation.processes.queries import process_by_id
from participation.strategy.models import AnswerOutcome
from tests import make
from tests.conftest import Sessions

PLACE = Place(city="Sample City", timezone="Europe/Berlin", idea_url=str)
DAY = datetime(2026, 5, 3, 12, 0, tzinfo=UTC)


def test_the_latest_answer_stands_with_idea_and_statement(app: Flask, transact: Sessions) -> None:
    with transact() as session:
        place = make.process(session)
        one, two = make.idea(session, place, at=DAY), make.idea(session, place)
        make.touches(session, place, one, ["peace", "water", "children"])
        statement = make.statement(session, place, [make.cluster(session, place, ideas=[one, two])])
        make.statement(session, place, [make.cluster(session, place)])
        make.answer(session, idea_id=one, outcome=AnswerOutcome.EXPERIMENT, words="We try")
        make.answer(session, idea_id=one, outcome=AnswerOutcome.NO, words="It failed", at=DAY)
        make.answer(session, statement_id=statement, words="Done", at=DAY)
    with app.app_context(), snapshot(db.engine) as session:
        process = process_by_id(session, place.id)
        read = strategy_input(session, SYSTEM, process, language="en", now=clock.now(), place=PLACE)
        ideas = {row.id: row for row in read.ideas()}
    assert ideas[str(one)].aspects == ("Children (en)", "Water (en)", "Peace (en)")
    assert ideas[str(two)].aspects == ()
    assert ideas[str(one)].answer.startswith("We will try it out (Office for parks, "), (
        "answered later, whatever its id"
    )
    assert ideas[str(two)].answer == ""
    answered, unanswered = (row.answer for row in read.statements)
    assert answered == "Yes, we will do this (Office for parks, 3 May 2026)\nDone (en)"
    assert unanswered == ""
