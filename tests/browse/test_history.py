"""The history of an idea: public revisions with what changed, tombstones, pages, costs, and who sees it."""

from collections.abc import Callable

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from participation.accounts.actor import Role
from participation.ideas.models import Idea, IdeaRevision, IdeaState, Replacement
from participation.ideas.revisions import PAGE
from participation.kit import clock
from tests.conftest import Sessions
from tests.ideas.test_editing import own_idea
from tests.make import Place
from tests.pages import PageClient

Member = Callable[..., PageClient]
BUDGET = 6


def was(session: Session, idea: int, revision: int, text: str, *, closed: str = "", language: str = "en") -> None:
    """Give the idea an earlier revision; ``closed`` is the reason why it is not public any more."""
    moment = clock.now()
    session.add(
        IdeaRevision(
            idea_id=idea,
            revision=revision,
            title="A library for everybody",
            text=text,
            language=language,
            written_at=moment,
            replaced_at=moment,
            replaced_by=Replacement.EDIT,
            reason=closed,
            closed_at=moment if closed else None,
        )
    )


def revised(transact: Sessions, place: Place, number: int) -> int:
    """Return an idea with so many revisions."""
    idea, _author = own_idea(transact, place)
    with transact() as session:
        row = session.get_one(Idea, idea)
        row.title, row.text, row.language = "A library for everybody", f"Word {number} of it.", "en"
        row.revision, row.revised_at = number, clock.now()
        for revision in range(1, number):
            was(session, idea, revision, f"Word {revision} of it.")
    return idea


def test_what_changed_between_neighbours(client: PageClient, transact: Sessions, place: Place) -> None:
    idea = revised(transact, place, 3)
    page = client.get(place.url(f"/ideas/{idea}/history", language="en"))
    assert page.texts(".revision h2") == ["Revision 3", "Revision 2", "Revision 1"]
    assert page.texts(".revision ins") == ["[added: 3]", "[added: 2]"]
    assert page.texts(".revision del") == ["[removed: 2]", "[removed: 1]"]
    assert page.select(".difference")[0].get("lang") == "en"
    assert page.texts(".revision .badge") == ["Current"]
    assert "Word 1 of it." in page.texts(".revision")[2]
    link = client.get(place.url(f"/ideas/{idea}", language="en")).links()["History"]
    assert link == place.url(f"/ideas/{idea}/history", language="en")


def test_an_idea_that_never_changed_has_a_history_too(client: PageClient, transact: Sessions, place: Place) -> None:
    idea, _author = own_idea(transact, place)
    assert client.get(place.url(f"/ideas/{idea}/history", language="en")).texts(".revision h2") == ["Revision 1"]
    assert "History" not in client.get(place.url(f"/ideas/{idea}", language="en")).links()


def test_closed_revisions_leave_a_tombstone(client: PageClient, transact: Sessions, place: Place) -> None:
    idea = revised(transact, place, 4)
    with transact() as session:
        row = session.scalars(select(IdeaRevision).where(IdeaRevision.revision == 2)).one()
        row.closed_at, row.reason = clock.now(), "A name"
    page = client.get(place.url(f"/ideas/{idea}/history", language="en"))
    assert "Word 2" not in page.text
    assert page.texts(".revision ins") == ["[added: 4]"], "no change that touches the closed one"
    assert page.texts(".revision--closed .redaction-note")[0].endswith("Reason: A name")


def test_what_was_never_public_leaves_nothing(client: PageClient, transact: Sessions, place: Place) -> None:
    idea, _author = own_idea(transact, place)
    with transact() as session:
        row = session.get_one(Idea, idea)
        row.text, row.revision = "Word 3 of it.", 3
        row.title, row.language = "A library for everybody", "en"
        was(session, idea, 1, "Word 1 of it.")
    page = client.get(place.url(f"/ideas/{idea}/history", language="en"))
    assert page.texts(".revision h2") == ["Revision 3", "Revision 1"]
    assert page.texts(".revision ins") == ["[added: 3]"]


def test_texts_from_right_to_left(client: PageClient, transact: Sessions, place: Place) -> None:
    idea = revised(transact, place, 2)
    with transact() as session:
        row = session.get_one(Idea, idea)
        row.text, row.language = "مكتبة جديدة في كل حي", "ar"
    page = client.get(place.url(f"/ideas/{idea}/history", language="en"))
    shown = page.select(".difference")[0]
    assert (shown.get("lang"), shown.get("dir")) == ("ar", "rtl")
    assert [said.get("lang") for said in page.select(".difference [lang]")] == ["en", "en"]
    assert "The language of the text was set to Arabic." in page.text


@pytest.mark.parametrize("state", list(IdeaState))
def test_who_sees_it(member: Member, client: PageClient, transact: Sessions, place: Place, state: IdeaState) -> None:
    idea = revised(transact, place, 2)
    with transact() as session:
        session.get_one(Idea, idea).state = state
    url = place.url(f"/ideas/{idea}/history")
    public, gone = state is IdeaState.PUBLISHED, state is IdeaState.WITHDRAWN
    client.get(url, status=200 if public else 404)
    member(email="somebody@example.org").get(url, status=200 if public else 404)
    for inside in (member(), member(Role.MODERATOR, process_id=place.id)):
        inside.get(url, status=404 if gone else 200)


def test_it_comes_in_pages_and_costs_the_same(client: PageClient, transact: Sessions, place: Place) -> None:
    short, long = revised(transact, place, 3), revised(transact, place, PAGE + 5)
    url = place.url(f"/ideas/{long}/history", language="en")
    client.get(place.url(f"/ideas/{short}/history", language="en"), budget=BUDGET)
    page = client.get(url, budget=BUDGET)
    assert len(page.select(".revision")) == PAGE
    assert len(page.select(".revision ins")) == PAGE, "the last one is compared with the first of the next page"
    assert f"{url}?before=6" in page.links("nav a").values()
    following = client.get(f"{url}?before=6", budget=BUDGET)
    assert len(following.select(".revision")) == 5
    for wrong in ("x", "-1", "1" * 20):
        client.get(f"{url}?before={wrong}", status=400)
    assert client.get(f"{url}?before=1").select(".revision") == []
