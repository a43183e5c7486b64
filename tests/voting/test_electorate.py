"""Voting where only those vote who live here: what the page says, and that a code from a letter opens the way."""

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import func, select

from participation.accounts.actor import Actor
from participation.accounts.models import Account
from participation.accounts.residence import make_codes
from participation.accounts.service import SIGN_IN_LASTS
from participation.kit import clock
from participation.kit.forms import opened_now
from participation.kit.permissions import Refused
from participation.processes.models import Electorate, Process
from participation.voting.models import Priority, Skip, Stance, Vote
from participation.voting.service import cast_vote
from tests import make
from tests.conftest import Sessions
from tests.make import Place
from tests.pages import PageClient

Member = Callable[..., PageClient]
FORM = ".vote-buttons form"


@pytest.fixture
def place(transact: Sessions) -> Place:
    """A process in which those vote who live here."""
    with transact() as session:
        place = make.process(session)
        session.get_one(Process, place.id).electorate = Electorate.VERIFIED
        return place


def votes(database: Sessions) -> int:
    """Return how many votes there are."""
    with database() as session:
        return session.scalar(select(func.count()).select_from(Vote)) or 0


def test_a_code_from_a_letter_opens_the_way(
    member: Member, client: PageClient, transact: Sessions, database: Sessions, place: Place
) -> None:
    with transact() as session:
        url = place.url(f"/ideas/{make.idea(session, place)}", language="en")
        (code,) = make_codes(session, number=1, lasts=SIGN_IN_LASTS, now=clock.now())
    assert [link.get("href") for link in client.get(url).select(".vote-buttons a")] == [
        f"/en/sign-in?next={url}%23vote"
    ]
    voter = member()
    page = voter.get(url)
    assert "In this process those vote who live here." in page.one(".vote-buttons__reason")
    assert page.select(FORM) == []
    (way,) = [link.get("href") for link in page.select(".vote-buttons a")]
    answer = voter.submit(voter.get(way), "residence-form", status=303, code=code)
    assert answer.location == f"{url}#vote"
    assert votes(database) == 0
    voter.submit(voter.get(url), FORM, press="agree", status=303)
    assert votes(database) == 1


def test_the_rule_is_in_the_service_too(transact: Sessions, database: Sessions, place: Place) -> None:
    with transact() as session:
        idea, account = make.idea(session, place), make.account(session)

    def vote(*, verified: bool) -> None:
        actor = Actor(account, is_verified=verified)
        with transact() as session:
            cast_vote(session, actor, slug=place.slug, idea_id=idea, stance=Stance.AGREE, revision=1, now=clock.now())

    with pytest.raises(Refused):
        vote(verified=False)
    assert votes(database) == 0
    vote(verified=True)
    assert votes(database) == 1


def test_every_way_to_vote_keeps_to_the_rule(
    member: Member, transact: Sessions, database: Sessions, place: Place, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    with transact() as session:
        idea = make.idea(session, place)
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", False)
    with app.test_request_context():
        opened = opened_now()
    attempts = {
        f"/ideas/{idea}/vote": {"stance": "agree", "revision": "1", "opened": opened},
        f"/vote/{idea}": {"stance": "disagree", "revision": "1", "opened": opened},
        f"/vote/{idea}?skip": {"stance": "skip", "revision": "1", "opened": opened},
        "/priorities": {f"points-{idea}": "1", "opened": opened},
    }
    stranger, resident = member(), member(email="resident@example.org")
    with transact() as session:
        account = session.scalars(select(Account).where(Account.email == "resident@example.org")).one()
        account.verified_at = clock.now()
    for rest, form in attempts.items():
        assert stranger.post(place.url(rest), data=form).status == 403, rest
    with database() as session:
        assert [session.scalar(select(func.count()).select_from(table)) for table in (Vote, Skip, Priority)] == [
            0,
            0,
            0,
        ]
    for rest, form in attempts.items():
        assert resident.post(place.url(rest), data=form).status == 303, rest
