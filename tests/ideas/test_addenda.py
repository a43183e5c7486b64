"""Addenda: who adds what when, review, hiding, and that voters see what came after their vote."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select

from participation.accounts.actor import ANONYMOUS, SYSTEM, Actor, Role
from participation.activity.models import LogEntry
from participation.ideas.addenda import add_addendum
from participation.ideas.models import Addendum, Idea, IdeaState
from participation.ideas.policies import MOST_ADDENDA
from participation.ideas.queries import visible_to
from participation.ideas.search import matching
from participation.kit import clock
from participation.kit.permissions import Refused
from participation.moderation.grounds import grounds
from participation.processes.queries import process_by_slug
from participation.receipts.models import Receipt, ReceiptKind
from participation.voting.models import Stance, Vote
from tests import make
from tests.conftest import Sessions
from tests.ideas.test_editing import own_idea
from tests.make import Place
from tests.pages import PageClient

Member = Callable[..., PageClient]
TEXT = "The library in the north has agreed to try it."
QUEUE = "/en/desk/processes/digital/queue"


def frozen_idea(transact: Sessions, place: Place) -> tuple[int, Actor]:
    """Return an idea that somebody else has voted on, and its author."""
    idea, author = own_idea(transact, place)
    with transact() as session:
        voter = make.participant(session, place, account_id=make.account(session, "voter@example.org"))
        make.vote(session, place, idea, Stance.AGREE, by=voter)
        session.get_one(Idea, idea).frozen_at = clock.now()
    return idea, author


def add(transact: Sessions, place: Place, idea: int, actor: Actor, *, key: str = "k", text: str = TEXT) -> int:
    """Add a text below the idea and return its id."""
    with transact() as session:
        process = process_by_slug(session, place.slug)
        return add_addendum(
            session,
            actor,
            process=process,
            idea_id=idea,
            text=text,
            language="en",
            submission_key=key,
            opened_at=None,
            now=clock.now(),
        ).id


def found(database: Sessions, place: Place, words: str) -> list[int]:
    """Return the ideas that a search finds."""
    with database() as session:
        return list(session.scalars(select(Idea.id).where(visible_to(ANONYMOUS, place.id), matching(words))))


def test_an_addendum_is_public_searched_and_receipted(
    transact: Sessions, database: Sessions, client: PageClient, place: Place
) -> None:
    idea, author = frozen_idea(transact, place)
    addendum = add(transact, place, idea, author)
    assert add(transact, place, idea, author) == addendum, "sending twice is sending once"
    assert found(database, place, "agreed to try") == [idea]
    page = client.get(place.url(f"/ideas/{idea}", language="en"))
    assert page.texts(".addendum .prose") == [TEXT]
    with database() as session:
        assert session.scalars(select(LogEntry.action)).all() == ["AddendumSubmitted"]
        kinds = select(Receipt.subject_id).where(Receipt.kind == ReceiptKind.ADDENDUM)
        assert session.scalars(kinds).all() == [addendum]
        assert session.scalars(select(Vote.stance)).all() == [Stance.AGREE], "votes are not asked anew"


def test_what_is_refused(transact: Sessions, place: Place) -> None:
    free, author = own_idea(transact, place)
    with pytest.raises(Refused):
        add(transact, place, free, author)
    idea, author = frozen_idea(transact, place)
    with transact() as session:
        stranger = Actor(make.account(session), grants=frozenset({(Role.ADMIN, None)}))
    with pytest.raises(Refused):
        add(transact, place, idea, stranger)
    for number in range(MOST_ADDENDA):
        add(transact, place, idea, author, key=f"k{number}")
    with pytest.raises(Refused):
        add(transact, place, idea, author, key="one-too-many")
    with pytest.raises(Refused):
        add(transact, place, free, author, key="k0")


def test_voters_see_what_came_after_their_vote(member: Member, transact: Sessions, place: Place) -> None:
    idea, author = frozen_idea(transact, place)
    url = place.url(f"/ideas/{idea}", language="en")
    voter = member(email="voter@example.org")
    assert voter.get(url).select(".addendum") == []
    add(transact, place, idea, author)
    page = voter.get(url)
    assert page.texts(".addendum .badge") == ["New since your vote"]
    assert page.links("aside a")["The author has added something since your vote."] == "#addendum-1"
    with transact() as session:
        session.scalars(select(Vote)).one().cast_at = clock.now() + timedelta(minutes=1)
    assert voter.get(url).texts(".addendum .badge") == []
    assert member(email="somebody@example.org").get(url).texts(".addendum .badge") == []


def test_review_hide_and_restore(member: Member, client: PageClient, transact: Sessions, database: Sessions) -> None:
    with transact() as session:
        place = make.process(session, review_first=True)
    idea, author = frozen_idea(transact, place)
    with transact() as session:
        moment = clock.now() - timedelta(hours=5)
        make.idea(session, place, state=IdeaState.IN_REVIEW, at=moment)
    addendum = add(transact, place, idea, author)
    url = place.url(f"/ideas/{idea}", language="en")
    moderator, resident = member(Role.MODERATOR, process_id=place.id), member()
    assert client.get(url).select(".addendum") == []
    assert resident.get(url).texts(".addendum .badge") == ["In review"]
    assert found(database, place, "agreed to try") == []
    queue = moderator.get(QUEUE)
    assert queue.texts(".queue-row__kind") == ["Idea", "Addendum"]
    case = moderator.get(queue.select(".queue-row__link")[-1].get("href") or "")
    moderator.submit(case, ".case__do > .post-button", press="publish", status=303)
    assert client.get(url).texts(".addendum .prose") == [TEXT]
    assert found(database, place, "agreed to try") == [idea]
    deciding = moderator.get(f"/en/desk/processes/digital/addenda/{addendum}/decision")
    hide = {"decision": "hide", "ground": grounds()[0].key}
    refused = moderator.submit(deciding, reason="", status=422, **hide)
    assert refused.h1 == "Decide about an addendum"
    moderator.submit(refused, reason="Off the point", status=303, **hide)
    assert client.get(url).select(".addendum") == []
    assert "Off the point" in resident.get(url).one(".addendum")
    assert found(database, place, "agreed to try") == []
    deciding = moderator.get(f"/en/desk/processes/digital/addenda/{addendum}/decision")
    moderator.submit(deciding, decision="restore", status=303)
    assert client.get(url).texts(".addendum .prose") == [TEXT]
    with database() as session:
        assert session.get_one(Addendum, addendum).state is IdeaState.PUBLISHED


def test_the_form(member: Member, transact: Sessions, database: Sessions, place: Place) -> None:
    idea, _author = frozen_idea(transact, place)
    url = place.url(f"/ideas/{idea}", language="en")
    resident = member()
    form = resident.get(resident.get(url).links()["Add something"])
    short = resident.submit(form, "addendum-form", text="a", status=422)
    assert len(short.errors) == 1
    done = resident.submit(short, "addendum-form", text="Die Bibliothek im Norden macht mit.", status=303)
    assert done.location == f"{url}#addendum-1"
    with database() as session:
        assert session.get_one(Addendum, 1).language == "de"
    member(email="voter@example.org").get(f"{url}/addenda/new", status=404)


def test_the_system_is_no_author(transact: Sessions, place: Place) -> None:
    with transact() as session:
        imported = make.idea(session, place, external_id="A-1")
        session.get_one(Idea, imported).frozen_at = clock.now()
    for actor in (SYSTEM, ANONYMOUS):
        with pytest.raises(Refused):
            add(transact, place, imported, actor)
