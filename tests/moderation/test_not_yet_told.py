"""As long as a decision can be taken back, no page and no answer tells anybody outside the desk of it."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from participation.accounts.actor import Role
from participation.accounts.models import Account
from participation.ideas.models import Addendum, Idea, IdeaState
from participation.kit import clock
from participation.moderation.models import DecisionKind
from participation.moderation.service import Subject, decide
from participation.moderation.undoing import undo_decision
from tests import make
from tests.conftest import Sessions
from tests.pages import PageClient

Member = Callable[..., PageClient]
WHY = "It insults somebody"
MINE = "/en/my/contributions"
WINDOW = timedelta(seconds=120)


class Scene:
    """An idea with an addendum, its author, and a moderator who decides."""

    def __init__(self, transact: Sessions) -> None:
        self.transact = transact
        with transact() as session:
            self.place = make.process(session, review_first=True)
            account = make.account(session, "author@example.org")
            author = make.participant(session, self.place, account_id=account)
            self.idea = make.idea(session, self.place, author=author)
            self.waiting = make.idea(session, self.place, author=author, state=IdeaState.IN_REVIEW)
            addendum = Addendum(
                process_id=self.place.id,
                idea_id=self.idea,
                state=IdeaState.PUBLISHED,
                text="More of it",
                language="de",
                submitted_at=clock.now(),
                published_at=clock.now(),
            )
            session.add(addendum)
            session.flush()
            self.addendum = addendum.id
            moderator = make.account(session, "moderator@example.org")
            self.moderator = make.actor(session, moderator, role=Role.MODERATOR, process_id=self.place.id)

    def decide(self, subject: Subject, kind: DecisionKind = DecisionKind.HIDE) -> int:
        """Return a decision of the moderator."""
        why: dict[str, Any] = {"reason": WHY, "ground": "rule-respect"}
        with self.transact() as session:
            return decide(session, self.moderator, subject=subject, kind=kind, **why, now=clock.now()).id

    def page_of(self, idea: int) -> str:
        """Return the address of an idea."""
        return self.place.url(f"/ideas/{idea}", language="en")


@pytest.fixture
def scene(app: Flask, transact: Sessions, monkeypatch: pytest.MonkeyPatch) -> Scene:
    """The scene, in an installation where decisions can be taken back for two minutes."""
    monkeypatch.setitem(app.config, "UNDO_SECONDS", WINDOW.seconds)
    return Scene(transact)


def the_author(member: Member) -> PageClient:
    """Return the author of the ideas, signed in."""
    return member(email="author@example.org")


@pytest.mark.parametrize("part", ["idea", "addendum", "request"])
def test_the_page_of_the_author_tells_it_afterwards(
    member: Member, transact: Sessions, scene: Scene, part: str
) -> None:
    author = the_author(member)
    address = scene.page_of(scene.waiting if part == "request" else scene.idea)
    subject = {
        "idea": Subject("idea", scene.idea),
        "addendum": Subject("addendum", scene.addendum),
        "request": Subject("idea", scene.waiting),
    }[part]
    telling = ("asks for a change", "/my/decisions") if part == "request" else ("Hidden", WHY, "/my/decisions")
    with time_machine.travel(clock.now(), tick=False) as moment:
        scene.decide(subject, DecisionKind.ASK_CHANGE if part == "request" else DecisionKind.HIDE)
        early = author.get(address)
        assert "until a moderator has read it" in early.text
        assert [word for word in telling if word in early.text] == []
        if part != "request":
            assert "and how to object" not in author.get(MINE).text
        moment.shift(WINDOW)
        late = author.get(address)
        assert telling[0] in late.text
        if part != "request":
            assert WHY in late.text
            assert "and how to object" in author.get(MINE).text
        assert part != "request" or "/my/decisions" in late.text


def test_nobody_objects_to_it_or_finds_it_in_lists(
    member: Member, client: PageClient, transact: Sessions, database: Sessions, scene: Scene
) -> None:
    author = the_author(member)
    log = scene.place.url("/moderation", language="en")
    with time_machine.travel(clock.now(), tick=False) as moment:
        told = scene.decide(Subject("addendum", scene.addendum))
        moment.shift(WINDOW)
        form = author.get(f"/en/my/decisions/{told}")
        fresh = scene.decide(Subject("idea", scene.idea))
        moment.shift(WINDOW / 2)

        def nothing_of(decision: int) -> None:
            appeal = f"/en/my/decisions/{decision}/appeal"
            token = form.select("[name=csrf_token]")[0].get("value")
            answer = author.flask.post(appeal, data={"csrf_token": token, "text": "I object, this is unfair."})
            assert answer.status_code == 404
            for address in (f"/en/my/decisions/{decision}", f"/en/my/decisions?before={decision}"):
                author.get(address, status=404)
            client.get(f"{log}?before={decision}", status=404)
            assert client.get(f"{log}?before={told}").status == 200

        nothing_of(fresh)
        with transact() as session:
            undo_decision(session, scene.moderator, decision_id=fresh, now=clock.now())
        moment.shift(2 * WINDOW)
        nothing_of(fresh)
    with database() as session:
        assert session.get_one(Idea, scene.idea).state is IdeaState.PUBLISHED
        assert session.scalar(select(Account.unread).where(Account.email == "author@example.org")) == 0
