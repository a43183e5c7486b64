"""A vote from a form with an older text: refused, with what has changed and the buttons below."""

from collections.abc import Callable

from sqlalchemy import select

from participation.ideas.service import IdeaDraft
from participation.voting.models import Stance, Vote
from tests.conftest import Sessions
from tests.ideas.test_editing import OLD, edit, own_idea
from tests.make import Place
from tests.pages import PageClient

Member = Callable[..., PageClient]


def test_the_difference_is_shown_and_the_vote_can_be_cast(
    member: Member, transact: Sessions, database: Sessions, place: Place
) -> None:
    idea, author = own_idea(transact, place)
    voter = member(email="voter@example.org")
    opened = voter.get(place.url(f"/ideas/{idea}", language="en"))
    edit(transact, place, idea, author, draft=IdeaDraft(OLD[0], OLD[1].replace("at first", "at last"), "de"))
    answer = voter.submit(opened, ".vote-buttons form", press="agree", status=409)
    assert answer.texts("del.difference__removed, ins.difference__added") == ["[removed: first]", "[added: last]"]
    assert "You were about to choose “Agree”." in answer.one("main")
    with database() as session:
        assert session.scalars(select(Vote)).all() == []
    voter.submit(answer, ".vote-buttons form", press="disagree", status=303)
    with database() as session:
        assert session.execute(select(Vote.stance, Vote.revision)).all() == [(Stance.DISAGREE, 2)]


def test_where_the_old_text_is_not_public_only_the_new_one_is_shown(
    member: Member, transact: Sessions, place: Place
) -> None:
    idea, _author = own_idea(transact, place)
    voter = member(email="voter@example.org")
    page = voter.get(place.url(f"/ideas/{idea}", language="en"))
    answer = voter.submit(page, ".vote-buttons form", press="agree", forge={"revision": "7"}, status=409)
    assert answer.select("del, ins") == []
    assert OLD[1] in answer.one("article")
