"""The worker takes the figures of a process: what is counted, by which day, and when it is counted anew."""

from datetime import UTC, date, datetime, timedelta

from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from participation.comments.models import CommentState
from participation.handlers import ROUTINES
from participation.ideas.models import IdeaState
from participation.insights.figures import Activity, Amount, DayCount, Figures, Verdicts
from participation.insights.jobs import refresh_figures, take_figures
from participation.insights.models import Snapshot
from participation.insights.queries import latest_figures
from participation.kit import clock
from participation.principles.models import District, FieldOfAction
from participation.processes.models import Participant
from participation.voting.models import Stance, Vote
from tests import make
from tests.conftest import Sessions
from tests.make import Place

EVENING = datetime(2026, 7, 1, 22, 30, tzinfo=UTC)
"""In the city it is half past midnight already, as always in summer."""
WINTER = datetime(2026, 1, 1, 22, 30, tzinfo=UTC)


def figures_of(database: Sessions, place: Place) -> Figures:
    """Return what is stored."""
    with database() as session:
        found = latest_figures(session, place.id)
    assert found is not None
    return found.figures


def everything_at(session: Session, place: Place, moment: datetime) -> None:
    """Let all votes be cast and all people join at one moment."""
    session.execute(update(Vote).values(cast_at=moment))
    session.execute(update(Participant).where(Participant.process_id == place.id).values(joined_at=moment))


def test_everything_public_is_counted_once(app: Flask, database: Sessions, transact: Sessions, place: Place) -> None:
    with transact() as session:
        north = session.scalars(select(District.id).order_by(District.position)).first()
        schools = session.scalars(select(FieldOfAction.id).where(FieldOfAction.key == "schools")).one()
        climate, access = make.principle_ids(session, place, ["climate", "access"])
        author = make.participant(session, place)
        tags = ["climate", "access"]
        one = make.idea(session, place, author=author, principles=tags, district_id=north, at=EVENING)
        two = make.idea(session, place, author=author, principles=["climate"], field_id=schools, at=WINTER)
        hidden = make.idea(session, place, author=author, principles=["climate"], state=IdeaState.HIDDEN, at=EVENING)
        make.votes(session, place, one, agree=6, unsure=2)
        make.votes(session, place, two, agree=1, disagree=6)
        make.vote(session, place, hidden, Stance.AGREE, by=author)
        make.comment(session, place, one, author=author, at=WINTER)
        make.comment(session, place, one, author=author, state=CommentState.HIDDEN)
        make.comment(session, place, hidden, author=author)
        other = make.process(session, "other")
        make.votes(session, other, make.idea(session, other), agree=3)
        everything_at(session, place, EVENING)
    with app.app_context():
        assert take_figures(place.id)
    assert figures_of(database, place) == Figures(
        total=Amount(2, 1, 15),
        people=16,
        days={
            date(2026, 1, 1): DayCount(ideas=1, comments=1),
            date(2026, 7, 2): DayCount(ideas=1, votes=15, people=16),
        },
        principles={climate: Amount(2, 1, 15), access: Amount(1, 1, 8)},
        fields={None: Amount(1, 1, 8), schools: Amount(1, 0, 7)},
        districts={north: Amount(1, 1, 8), None: Amount(1, 0, 7)},
        verdicts=Verdicts(agreed=1, undecided=1),
        shares=(0, 1, 0, 0, 0, 0, 0, 0, 0, 1),
        activity=Activity(voters=16, median=1),
    )


def test_ideas_without_a_principle_are_counted_apart(
    app: Flask, database: Sessions, transact: Sessions, place: Place
) -> None:
    with transact() as session:
        make.idea(session, place)
    with app.app_context():
        take_figures(place.id)
    assert figures_of(database, place).principles == {None: Amount(ideas=1)}


def test_nothing_is_counted_anew_before_something_changes(
    app: Flask, database: Sessions, transact: Sessions, place: Place
) -> None:
    with transact() as session:
        idea = make.idea(session, place)
        voter = make.vote(session, place, idea, Stance.AGREE)
    with app.app_context():
        assert take_figures(place.id)
        assert not take_figures(place.id)
    with transact() as session:
        make.vote(session, place, idea, Stance.UNSURE, by=voter)
    with app.app_context():
        assert take_figures(place.id), "the same number of votes, but another stance"
        assert not take_figures(place.id)
    assert figures_of(database, place).total == Amount(1, 0, 1)


def test_figures_of_an_earlier_version_are_not_shown_but_taken_anew(
    app: Flask, database: Sessions, transact: Sessions, place: Place
) -> None:
    with app.app_context():
        assert take_figures(place.id)
    with transact() as session:
        session.execute(update(Snapshot).values(version=0, mark="0:old"))
    with database() as session:
        assert latest_figures(session, place.id) is None
    with app.app_context():
        assert take_figures(place.id)
    assert figures_of(database, place).total == Amount()


def test_the_worker_takes_the_figures_of_all_processes(
    app: Flask, database: Sessions, transact: Sessions, place: Place
) -> None:
    with transact() as session:
        other = make.process(session, "other")
    beats: list[None] = []
    with app.app_context():
        refresh_figures(lambda: beats.append(None))
    assert len(beats) == 2
    assert figures_of(database, other) == figures_of(database, place)
    task = ROUTINES["take the figures"]
    assert task.run is refresh_figures
    assert task.when.after(clock.now(), clock.zone("Europe/Berlin")) <= clock.now() + timedelta(minutes=5)
