"""Figures of who takes part come in steps, so that no two of them tell what one person said."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from participation.demographics.models import PeopleFigures, SelfDescription
from participation.demographics.publishing import publish, publish_people_figures
from participation.demographics.queries import told
from participation.kit import clock
from participation.processes.models import Process
from tests import make, self_descriptions
from tests.conftest import Sessions
from tests.make import Place
from tests.self_descriptions import people


@pytest.fixture
def asked(transact: Sessions) -> tuple[Place, dict[str, int]]:
    """A process that asks about age and district; twelve young people said so, of whom ten live in the north."""
    with transact() as session:
        place = make.process(session)
        options = self_descriptions.questions(session, place)
        people(session, place, options["young"], many=2)
        people(session, place, options["young"], options["north"], many=10)
    return place, options


def published(session: Session, place: Place) -> PeopleFigures | None:
    """Return the figures of the process."""
    return session.get(PeopleFigures, place.id)


def run(session_of: Sessions, place: Place, *, days_ago: float = 0) -> bool:
    """Publish what is due, and return whether anything was."""
    with session_of() as session:
        return publish(session, process_id=place.id, now=clock.now() - timedelta(days=days_ago))


def test_figures_come_when_enough_have_said_something(transact: Sessions, database: Sessions) -> None:
    with transact() as session:
        place = make.process(session)
        options = self_descriptions.questions(session, place)
        people(session, place, options["young"], many=9)
        elsewhere = make.process(session, "elsewhere")
        people(session, elsewhere, options["young"], many=1)
        version = session.get_one(Process, place.id).version
    assert not run(transact, place)
    with transact() as session:
        people(session, place, options["old"], many=1)
    assert run(transact, place)
    with database() as session:
        figures = published(session, place)
        assert figures is not None
        assert (figures.people, figures.figures["participants"]) == (10, 10)
        assert session.get_one(Process, place.id).version == version + 1
        assert published(session, elsewhere) is None


@pytest.mark.parametrize(
    "change", ["nine new", "ten new", "nine gone", "ten gone", "ten changed", "nine new, nine gone"]
)
def test_the_next_figures_wait_for_ten_people(
    asked: tuple[Place, dict[str, int]], transact: Sessions, change: str
) -> None:
    place, options = asked
    assert run(transact, place, days_ago=1)
    assert not run(transact, place)
    for step in change.split(", "):
        count, what = (9 if step.startswith("nine") else 10), step.split()[1]
        with transact() as session:
            if what == "new":
                people(session, place, options["old"], many=count, at=clock.now())
                continue
            some = session.scalars(select(SelfDescription.participant_id).distinct().limit(count)).all()
            session.execute(delete(SelfDescription).where(SelfDescription.participant_id.in_(some)))
            for one in some if what == "changed" else ():
                self_descriptions.say(session, one, options["old"])
    assert run(transact, place) == change.startswith("ten")


def test_what_is_published_names_nobody(asked: tuple[Place, dict[str, int]], transact: Sessions) -> None:
    place, options = asked
    assert run(transact, place)
    with transact() as session:
        said, figures = told(session, place.id), published(session, place)
        assert figures is not None
        assert (said.people, said.answers) == (12, {options["young"]: 12, options["north"]: 10})
        age, district = figures.figures["characteristics"].values()
        assert "value" not in age["options"]["old"]
        assert "value" not in district["options"]["south"]


def test_the_worker_publishes_every_process(
    app: Flask, asked: tuple[Place, dict[str, int]], transact: Sessions
) -> None:
    place, options = asked
    with transact() as session:
        other = make.process(session, "other")
        people(session, other, options["old"], many=15)
        make.process(session, "empty")
    beats: list[None] = []
    with app.app_context():
        publish_people_figures(lambda: beats.append(None))
    with transact() as session:
        assert set(session.scalars(select(PeopleFigures.process_id))) == {place.id, other.id}
    assert len(beats) == 3
