"""Reminders of days that come near: to staff alone, one for all of a kind until it is read, again after a day moved."""

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from participation.accounts.actor import Actor, Role
from participation.ideas.models import Idea, IdeaState
from participation.kit import clock
from participation.notifications.models import EntryKind, InboxEntry
from participation.notifications.reminding import AHEAD, remind_of_days
from participation.notifications.service import mark_read
from participation.strategy.models import AnswerOutcome, MeasureState
from tests import make
from tests.conftest import Sessions
from tests.pages import PageClient

Member = Callable[..., PageClient]


@pytest.fixture
def today() -> date:
    """The present day in the city."""
    return clock.today("Europe/Berlin")


def remind(app: Flask) -> None:
    """Do what the routine does."""
    with app.app_context():
        remind_of_days(lambda: None)


def entries(database: Sessions) -> list[tuple[EntryKind, int, int]]:
    """Return all entries by kind, subject and reader."""
    with database() as session:
        rows = session.execute(select(InboxEntry.kind, InboxEntry.subject_id, InboxEntry.account_id))
        return sorted((tuple(row) for row in rows), key=lambda row: (row[0].value, row[1:]))


def test_staff_hear_once_of_what_comes_near(app: Flask, transact: Sessions, database: Sessions, today: date) -> None:
    near, far = today + AHEAD, today + AHEAD + timedelta(days=1)
    with transact() as session:
        place, other = make.process(session), make.process(session, "other")
        ideas = [make.idea(session, place) for _ in range(8)]
        here, everywhere, moderator, elsewhere = (make.account(session) for _ in range(4))
        make.actor(session, here, role=Role.STAFF, process_id=place.id)
        make.actor(session, everywhere, role=Role.STAFF)
        make.actor(session, moderator, role=Role.MODERATOR, process_id=place.id)
        make.actor(session, elsewhere, role=Role.STAFF, process_id=other.id)
        make.referral(session, idea_id=ideas[0], due_on=near - timedelta(days=1))
        asked = make.referral(session, idea_id=ideas[1], due_on=near)
        make.referral(session, idea_id=ideas[2], due_on=far)
        hidden = make.referral(session, idea_id=ideas[3], due_on=near)
        promised = make.answer(session, idea_id=ideas[4], due_on=near)
        make.answer(session, idea_id=ideas[5], due_on=far)
        followed = make.answer(session, idea_id=ideas[6], due_on=near)
        measure = make.measure(session, followed, due_on=far)
        make.step(session, measure, MeasureState.RUNNING, due_on=near)
        make.answer(session, idea_id=ideas[7], due_on=near)
        make.answer(session, idea_id=ideas[7], outcome=AnswerOutcome.NO, at=clock.now() + timedelta(seconds=1))
        session.get_one(Idea, ideas[3]).state = IdeaState.HIDDEN
        assert hidden > asked
    expected = [
        (kind, subject_id, account_id)
        for kind, subject_id in (
            (EntryKind.MEASURE_DUE, 2),
            (EntryKind.PROMISE_DUE, promised),
            (EntryKind.REFERRAL_DUE, asked),
        )
        for account_id in (here, everywhere)
    ]
    for _night in range(2):
        remind(app)
        found = [entry for entry in entries(database) if entry[0].value.endswith("_due")]
        assert found == expected
    with transact() as session:
        mark_read(session, Actor(here), now=clock.now(), through=10**6)
    remind(app)
    assert len(entries(database)) == len(expected), "whoever has read it knows"
    with transact() as session:
        moved = make.step(session, measure, MeasureState.RUNNING, words="Sooner", due_on=near - timedelta(days=3))
    remind(app)
    assert (EntryKind.MEASURE_DUE, moved, here) in entries(database)
    assert len(entries(database)) == len(expected) + 1, "who has not read the first one gets no other"


def test_the_inbox_says_how_many_days_are_near(
    app: Flask, member: Member, transact: Sessions, today: date, database: Sessions
) -> None:
    with transact() as session:
        place = make.process(session)
        ideas = [make.idea(session, place) for _ in range(2)]
        for idea in ideas:
            make.referral(session, idea_id=idea, due_on=today)
    staff = member(Role.STAFF, process_id=place.id)
    remind(app)
    page = staff.get("/en/my/inbox")
    assert page.texts(".inbox-item__title", seen=True) == ["2 answers of departments are due"]
    (link,) = page.links(".inbox-item__title a").values()
    assert link == f"/en/desk/processes/{place.slug}/answers"
    with transact() as session:
        for idea in ideas:
            make.answer(session, idea_id=idea)
    assert staff.get("/en/my/inbox").texts(".inbox-item__title", seen=True) == ["An answer of a department was due"]


def test_a_day_counts_as_near_from_midnight_in_the_city(transact: Sessions, database: Sessions, app: Flask) -> None:
    with transact() as session:
        place = make.process(session)
        make.actor(session, make.account(session), role=Role.STAFF, process_id=place.id)
        make.referral(session, idea_id=make.idea(session, place), due_on=date(2020, 1, 1), at=_long_ago())
    remind(app)
    assert [kind for kind, _subject, _account in entries(database)] == [EntryKind.REFERRAL_DUE]


def _long_ago() -> datetime:
    return clock.now() - timedelta(days=400)
