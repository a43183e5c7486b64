"""Words that their authors or moderators take out are gone from everything that was made of them, too."""

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from participation.accounts.actor import SYSTEM, Actor, Role
from participation.comments.changes import withdraw_comment
from participation.comments.models import Comment
from participation.ideas.models import Idea
from participation.ideas.withdrawal import withdraw_idea
from participation.kit import clock
from participation.moderation.service import redact
from participation.processes.models import Participant
from participation.processes.queries import process_by_id
from tests import lineages, make
from tests.conftest import Sessions
from tests.databases import Databases
from tests.lineages import BODY, COMMENT, QUOTED, TITLE, Scene
from tests.pages import PageClient

Member = Callable[..., PageClient]
PUBLIC = (
    "statements",
    "statements/1",
    "statements/1/provenance",
    "statements/1/provenance.svg",
    "statements/1/provenance.json",
    "ideas/1/provenance",
    "ideas/1/provenance.svg",
    "ideas/1/provenance.json",
    "ideas/2/provenance",
    "ideas/2/provenance.json",
    "bundles/1",
    "strategy",
    "strategy?version=1",
    "strategy?since=0",
    "strategy.atom",
    "strategy/versions",
    "matrix",
    "matrix.csv",
    "follow-up",
)
OWN = ("/en/my/outcomes", "/en/my/inbox")
DESK = (
    "statements",
    "statements/1",
    "statements/1/quotes",
    "statements/1/sign-off",
    "statements/1/revisions",
    "board",
    "board/changes",
    "board/state.json?since=0",
    "answers",
    "referrals/bundles/1",
    "referrals/statements/1",
)


@pytest.fixture
def app(databases: Databases) -> Flask:
    """The application on one kind of database only: what is shown is decided after it is read."""
    return databases.fresh_app("sqlite")


@pytest.fixture
def around(transact: Sessions) -> Scene:
    with transact() as session:
        scene = lineages.scene(session)
        author = make.participant(session, scene.place, account_id=make.account(session, "author@example.org"))
        session.get_one(Idea, scene.ideas[0]).participant_id = author
        session.get_one(Comment, scene.comment).participant_id = author
        return scene


def author_of(session: Session, scene: Scene) -> Actor:
    """Return who wrote the idea and the comment."""
    participant = session.get_one(Participant, session.get_one(Idea, scene.ideas[0]).participant_id)
    return Actor(participant.account_id, "author@example.org", frozenset())


def take_idea_back(session: Session, scene: Scene) -> None:
    """Let the author take the idea back."""
    process = process_by_id(session, scene.place.id)
    author = author_of(session, scene)
    withdraw_idea(session, author, process=process, idea_id=scene.ideas[0], reason=None, now=clock.now())


def take_comment_back(session: Session, scene: Scene) -> None:
    """Let the author delete the comment."""
    author = author_of(session, scene)
    withdraw_comment(session, author, slug=scene.place.slug, comment_id=scene.comment, now=clock.now())


def take_words_out(session: Session, scene: Scene) -> None:
    """Let a moderator take the quoted words out of the idea."""
    said = {"reason": "A name", "ground": "rule-privacy"}
    redact(session, SYSTEM, idea_id=scene.ideas[0], passages=[QUOTED], now=clock.now(), **said)


GONE = {
    "idea": (take_idea_back, (TITLE, BODY, QUOTED, COMMENT)),
    "comment": (take_comment_back, (COMMENT,)),
    "words": (take_words_out, (QUOTED,)),
}


@pytest.mark.parametrize("what", GONE)
def test_nothing_is_said_of_what_was_taken_out(
    client: PageClient, cached: PageClient, member: Member, transact: Sessions, around: Scene, what: str
) -> None:
    take, words = GONE[what]
    visitors = (client, cached, member(email="author@example.org"), member(Role.ADMIN))
    addresses = [f"/en/processes/digital/{page}" for page in PUBLIC]
    more = [*OWN, *(f"/en/desk/processes/digital/{page}" for page in DESK)]

    def saying(visitor: PageClient, addresses: list[str]) -> dict[str, list[str]]:
        texts = {address: visitor.flask.get(address).get_data().decode() for address in addresses}
        return {address: said for address, text in texts.items() if (said := [one for one in words if one in text])}

    assert {word for said in saying(cached, addresses).values() for word in said} == {*words}
    with transact() as session:
        take(session, around)
    assert [saying(visitor, addresses) for visitor in visitors] == [{}] * 4
    assert {address: said for visitor in visitors[2:] for address, said in saying(visitor, more).items()} == {}


def test_what_is_for_one_reader_alone_is_kept_nowhere(client: PageClient, member: Member, around: Scene) -> None:
    reader = member(email="author@example.org")
    for address in ("/en/my/outcomes", "/en/processes/digital/strategy"):
        kept = reader.get(address).headers["Cache-Control"]
        assert "private" in kept
        assert "no-store" in kept
    assert client.get("/en/processes/digital/strategy").select("main form") == []
