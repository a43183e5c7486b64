"""Feeds about a whole process: its discussion, answers and measures, decisions; nothing that a page would not say."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from participation.accounts.actor import SYSTEM
from participation.comments.models import CommentState
from participation.ideas.models import IdeaState
from participation.ideas.service import hide_idea
from participation.kit import clock
from participation.moderation.models import Decision
from tests import lineages, make
from tests.browse.test_feeds import ATOM, read, titles
from tests.conftest import Sessions
from tests.make import Place
from tests.pages import PageClient

SECRET = "Unheard-of"


def contents(client: PageClient, address: str) -> list[str]:
    """Return the contents of the entries of a feed."""
    return [one.text for one in read(client, address).findall(f"{ATOM}entry/{ATOM}content")]


def _comment(session: Session, place: Place, idea: int) -> int:
    """Return a comment whose author has an account, and so can object."""
    author = make.participant(session, place, account_id=make.account(session))
    return make.comment(session, place, idea, author=author, body=SECRET)


def test_the_whole_discussion(client: PageClient, place: Place, transact: Sessions) -> None:
    with transact() as session:
        first, second = (make.idea(session, place, title=f"Idea {name}") for name in "AB")
        hidden = make.idea(session, place, title=SECRET, state=IdeaState.HIDDEN)
        make.comment(session, place, hidden, body=SECRET)
        make.comment(session, place, first, body=SECRET, state=CommentState.IN_REVIEW)
        for number, idea in enumerate((first, second, first)):
            make.comment(session, place, idea, body=f"Comment {number}")
    assert [one.split()[-1].strip("“”") for one in titles(read(client, place.url("/discussion.atom")))] == [*"ABA"]
    assert contents(client, place.url("/discussion.atom")) == [f"<p>Comment {number}</p>" for number in (2, 1, 0)]


def test_what_the_city_answers_and_does(cached: PageClient, transact: Sessions) -> None:
    with transact() as session:
        scene = lineages.scene(session)
        idea = make.idea(session, scene.place, title=SECRET)
        make.answer(session, idea_id=idea)
    address = scene.place.url("/follow-up.atom", language="en")
    page = cached.get(address)
    assert page.text.count("<entry") == 4
    assert "Under way: Twelve benches" in page.text
    assert SECRET in page.text
    with transact() as session:
        hide_idea(session, SYSTEM, idea_id=idea, now=clock.now())
    page = cached.get(address)
    assert page.text.count("<entry") == 3
    assert SECRET not in page.text


def test_what_moderators_decided(client: PageClient, place: Place, transact: Sessions) -> None:
    with transact() as session:
        idea = make.idea(session, place, title=SECRET, body=SECRET)
        decision, _appeal = make.objection(session, _comment(session, place, idea))
        session.scalars(select(Decision).where(Decision.id == decision)).one().decided_at = datetime(
            2026, 5, 3, 22, 30, tzinfo=UTC
        )
    feed = read(client, place.url("/moderation.atom"))
    (entry,) = feed.findall(f"{ATOM}entry")
    # In the city it was the fourth of May; the minute is told to nobody.
    assert entry.find(f"{ATOM}updated").text == "2026-05-03T22:00:00Z"
    assert SECRET not in client.get(place.url("/moderation.atom")).text


@pytest.mark.parametrize("number", [1, 3])
def test_query_budgets(client: PageClient, transact: Sessions, number: int) -> None:
    with transact() as session:
        scene = lineages.scene(session)
        for _ in range(number):
            idea = make.idea(session, scene.place)
            make.measure(session, make.answer(session, idea_id=idea))
            make.objection(session, _comment(session, scene.place, idea))
    for rest, budget in (("/discussion.atom", 3), ("/follow-up.atom", 6), ("/moderation.atom", 4)):
        assert len(titles(read(client, scene.place.url(rest), budget=budget))) >= number


def test_the_page_of_a_process_leads_to_its_feeds(client: PageClient, place: Place) -> None:
    heads = client.get(place.url()).select("head link[type='application/atom+xml']")
    assert [link.get("href").rpartition("/")[2] for link in heads] == [
        "ideas.atom",
        "discussion.atom",
        "statements.atom",
        "follow-up.atom",
    ]
    for link in heads:
        read(client, link.get("href"))
