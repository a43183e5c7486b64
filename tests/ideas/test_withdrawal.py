"""Withdrawing an idea: it is gone everywhere, and those who took part find the trace of it."""

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import func, select

from participation.accounts.actor import ANONYMOUS, SYSTEM, Actor, Role
from participation.exports.files import snapshot
from participation.exports.queries import Place as ExportPlace
from participation.exports.queries import strategy_input
from participation.ideas.models import Addendum, Idea, IdeaState, WithdrawalReason
from participation.ideas.queries import visible_to
from participation.ideas.search import matching
from participation.ideas.withdrawal import withdraw_idea
from participation.kit import clock
from participation.kit.db import db
from participation.kit.permissions import Missing, Refused
from participation.moderation.models import DecisionKind
from participation.moderation.service import Subject, decide
from participation.processes.queries import process_by_id, process_by_slug
from participation.voting.models import Stance, Vote
from tests import make
from tests.channels import saying
from tests.conftest import Sessions
from tests.ideas.test_editing import own_idea
from tests.make import Place
from tests.pages import PageClient

Member = Callable[..., PageClient]
TITLE, TEXT, COMMENT, ADDED = (
    "Unmistakable title",
    "Unmistakable text of it.",
    "Unmistakable comment",
    "Unmistakable too",
)


@pytest.fixture
def idea(transact: Sessions, place: Place) -> int:
    """An idea with a vote, a comment and an addendum, at the root of a statement."""
    idea, _author = own_idea(transact, place)
    with transact() as session:
        row = session.get_one(Idea, idea)
        row.title, row.text = TITLE, TEXT
        voter = make.participant(session, place, account_id=make.account(session, "voter@example.org"))
        make.vote(session, place, idea, Stance.DISAGREE, by=voter)
        talker = make.participant(session, place, account_id=make.account(session, "talker@example.org"))
        make.comment(session, place, idea, author=talker, body=COMMENT)
        for state in (IdeaState.PUBLISHED, IdeaState.IN_REVIEW):
            session.add(
                Addendum(
                    process_id=place.id,
                    idea_id=idea,
                    state=state,
                    text=ADDED,
                    language="en",
                    submitted_at=clock.now(),
                    published_at=clock.now(),
                )
            )
        make.statement(session, place, [make.cluster(session, place, ideas=[idea])])
    return idea


def take_back(
    transact: Sessions, place: Place, idea: int, actor: Actor, reason: WithdrawalReason | None = None
) -> None:
    """Withdraw the idea."""
    with transact() as session:
        process = process_by_slug(session, place.slug)
        withdraw_idea(session, actor, process=process, idea_id=idea, reason=reason, now=clock.now())


def test_it_is_gone_everywhere(
    app: Flask, transact: Sessions, database: Sessions, member: Member, client: PageClient, place: Place, idea: int
) -> None:
    values = {"slug": place.slug, "idea_id": idea, "comment_id": 1, "statement_id": 1, "cluster_id": 1}
    before = saying(app, client, values, TITLE, TEXT, COMMENT, ADDED)
    assert {word for words in before.values() for word in words} == {TITLE, TEXT, COMMENT, ADDED}
    with transact() as session:
        author = Actor(make.account(session, "resident-everywhere@example.org"))
    take_back(transact, place, idea, author, WithdrawalReason.MISTAKE)
    for visitor in (client, member(email="somebody@example.org")):
        assert saying(app, visitor, values, TITLE, TEXT, COMMENT, ADDED) == {}
    own = place.url(f"/ideas/{idea}", language="en")
    for email, expected in (
        # Authors keep what they wrote themselves, on a page of their own.
        ("resident-everywhere@example.org", {TITLE, ADDED}),
        ("voter@example.org", {TITLE}),
        ("talker@example.org", {TITLE, COMMENT}),
    ):
        said = saying(app, member(email=email), values, TITLE, TEXT, COMMENT, ADDED)
        assert said[own] == [TITLE]
        assert {word for words in said.values() for word in words} <= expected
    with database() as session:
        for actor in (ANONYMOUS, author, SYSTEM):
            found = select(Idea.id).where(visible_to(actor, place.id), matching("unmistakable"))
            assert session.scalars(found).all() == []
        assert session.scalar(select(func.count()).select_from(Vote)) == 1, "votes stay stored"
        states = session.scalars(select(Addendum.state).order_by(Addendum.id)).all()
        assert states == [IdeaState.PUBLISHED, IdeaState.WITHDRAWN], "nobody needs to review what is gone"
    with app.app_context(), snapshot(db.engine) as session:
        where = ExportPlace(city="City", timezone="Europe/Berlin", idea_url=str)
        process = process_by_id(session, place.id)
        document = strategy_input(session, SYSTEM, process, language="en", now=clock.now(), place=where)
        assert [*document.ideas(), *document.comments()] == []


def test_what_stands_at_its_address(
    member: Member, client: PageClient, transact: Sessions, database: Sessions, place: Place, idea: int
) -> None:
    url = place.url(f"/ideas/{idea}", language="en")
    with transact() as session:
        author = Actor(make.account(session, "resident-everywhere@example.org"))
    take_back(transact, place, idea, author, WithdrawalReason.SETTLED)
    gone = client.get(url, status=410)
    assert gone.h1 == "This idea was withdrawn by its author"
    assert "It is settled" in gone.one("main")
    assert gone.select("#own") == []
    voter = member(email="voter@example.org").get(url, status=410)
    assert "Disagree" in voter.one("main")
    assert TITLE in voter.one("main")
    talker = member(email="talker@example.org").get(url, status=410)
    assert TITLE in talker.one("main")
    assert talker.select("dt") == []
    assert "You proposed this idea." in member().get(url, status=410).one("main")
    moderator = member(Role.MODERATOR, process_id=place.id)
    assert moderator.get(url, status=410).select("#own") == []
    for rest in ("/history", "/edit", "/addenda/new", "/withdrawal"):
        assert client.get(url + rest, status=None).status in (302, 404)
    assert member().get(f"{url}/history", status=404).h1
    statement = client.get(place.url("/statements/1", language="en"))
    assert f"Idea {idea} is not public any more: its author took it back." in statement.one(".tombstones")


def test_nobody_brings_it_back(transact: Sessions, database: Sessions, place: Place, idea: int) -> None:
    with transact() as session:
        author = Actor(make.account(session, "resident-everywhere@example.org"))
        stranger = Actor(make.account(session, "voter@example.org"))
        elsewhere = make.process(session, "other")
    for actor, where, problem in (
        (stranger, place, Refused),
        (SYSTEM, place, Refused),
        (ANONYMOUS, place, Refused),
        (author, elsewhere, Missing),
    ):
        with pytest.raises(problem):
            take_back(transact, where, idea, actor)
    take_back(transact, place, idea, author)
    with pytest.raises(Refused):
        take_back(transact, place, idea, author)
    for kind in (DecisionKind.PUBLISH, DecisionKind.RESTORE, DecisionKind.HIDE):
        subject = Subject("idea", idea)
        with pytest.raises(Refused), transact() as session:
            decide(session, SYSTEM, subject=subject, kind=kind, reason="Why", ground="rule-topic", now=clock.now())
    with database() as session:
        assert session.get_one(Idea, idea).state is IdeaState.WITHDRAWN


def test_the_form(member: Member, transact: Sessions, database: Sessions, place: Place, idea: int) -> None:
    url = place.url(f"/ideas/{idea}", language="en")
    author = member()
    form = author.get(author.get(url).links()["Withdraw"])
    odd = author.submit(form, "withdrawal-form", forge={"reason": "because"}, status=422)
    assert len(odd.errors) == 1
    assert author.submit(form, "withdrawal-form", reason="better", status=303).location == url
    with database() as session:
        assert session.get_one(Idea, idea).withdrawn_for is WithdrawalReason.BETTER
    member(email="voter@example.org").get(f"{url}/withdrawal", status=404)


def test_what_was_never_public_leaves_no_trace_for_others(
    member: Member, client: PageClient, transact: Sessions, place: Place
) -> None:
    idea, author = own_idea(transact, place, state=IdeaState.IN_REVIEW)
    take_back(transact, place, idea, author, WithdrawalReason.PERSONAL)
    url = place.url(f"/ideas/{idea}", language="en")
    assert "You proposed this idea." in member().get(url, status=410).one("main")
    for visitor in (client, member(email="somebody@example.org"), member(Role.MODERATOR, process_id=place.id)):
        visitor.get(url, status=404)
