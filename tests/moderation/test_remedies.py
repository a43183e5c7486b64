"""What changing a decision after an objection does, for each kind of decision, and what it leaves alone."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from participation.accounts.actor import Role
from participation.cases.models import CaseKind
from participation.ideas.models import Idea, IdeaState
from participation.kit import clock
from participation.kit.permissions import Refused
from participation.moderation.appeals.service import answer_appeal
from participation.moderation.models import AppealOutcome, Decision, DecisionKind
from participation.moderation.service import redact
from participation.moderation.undoing import undo_decision, undoable
from participation.processes.models import Participant
from tests import make
from tests.conftest import Sessions
from tests.make import Place
from tests.objecting import (
    AUTHOR,
    DECIDER,
    OTHER,
    TEXT,
    TITLE,
    Scene,
    decided,
    hidden_idea,
    moderator,
    objected,
    open_cases,
)
from tests.pages import PageClient

Member = Callable[..., PageClient]


@pytest.fixture
def scene(transact: Sessions) -> Scene:
    """An idea that was hidden an hour ago."""
    with transact() as session:
        return hidden_idea(session)


def changed(session: Session, place: Place, decision: Decision) -> DecisionKind | None:
    """Object, let somebody else change the decision, and return what that decided."""
    other = moderator(session, place, OTHER)
    appeal = objected(session, decision.id)
    answer_appeal(session, other, appeal_id=appeal.id, outcome=AppealOutcome.CHANGED, answer="Yes.", now=clock.now())
    return session.get_one(Decision, appeal.new_decision_id).kind if appeal.new_decision_id else None


def author_of(session: Session, place: Place) -> int:
    """Return the participant who objects."""
    return make.participant(session, place, account_id=make.account(session, AUTHOR))


@pytest.mark.parametrize(
    ("state", "kind", "details", "remedy", "becomes"),
    [
        (IdeaState.PUBLISHED, DecisionKind.HIDE, {}, DecisionKind.RESTORE, IdeaState.PUBLISHED),
        (IdeaState.IN_REVIEW, DecisionKind.ASK_CHANGE, {}, DecisionKind.PUBLISH, IdeaState.PUBLISHED),
        (IdeaState.PUBLISHED, DecisionKind.ASK_CHANGE, {}, DecisionKind.KEEP, IdeaState.PUBLISHED),
        (IdeaState.PUBLISHED, DecisionKind.WARN, {}, None, IdeaState.PUBLISHED),
        (IdeaState.PUBLISHED, DecisionKind.ELSEWHERE, {"url": "https://example.org/"}, DecisionKind.ELSEWHERE, None),
    ],
)
def test_what_changing_a_decision_does(
    transact: Sessions,
    state: IdeaState,
    kind: DecisionKind,
    details: dict[str, object],
    remedy: DecisionKind | None,
    becomes: IdeaState | None,
) -> None:
    with transact() as session:
        place = make.process(session)
        idea = make.idea(session, place, author=author_of(session, place), state=state)
        decider = moderator(session, place, DECIDER)
        decision = decided(session, decider, idea, kind, details=details, now=clock.now())
        assert changed(session, place, decision) is remedy
        assert session.get_one(Idea, idea).state is (becomes or state)
        # Nobody waits for anything any more.
        assert open_cases(session) == []


def test_changing_a_suspension_ends_it(transact: Sessions) -> None:
    now = clock.now()
    with transact() as session:
        place = make.process(session)
        author = author_of(session, place)
        idea = make.idea(session, place, author=author)
        decider = moderator(session, place, DECIDER)
        until = now + timedelta(days=7)
        decision = decided(session, decider, idea, DecisionKind.SUSPEND, lasts_until=until, now=now)
        assert session.get_one(Participant, author).suspended_until == until
        assert changed(session, place, decision) is DecisionKind.LIFT
        session.expire_all()
        left = session.get_one(Participant, author).suspended_until
        assert left is None or left <= clock.now()


def test_changing_a_move_brings_the_principles_back(transact: Sessions) -> None:
    with transact() as session:
        place = make.process(session)
        idea = make.idea(session, place, author=author_of(session, place), principles=["climate"])
        climate, access = make.principle_ids(session, place, ["climate", "access"])
        decider = moderator(session, place, DECIDER)
        wanted = {"principles": [access]}
        decision = decided(session, decider, idea, DecisionKind.MOVE, details=wanted, now=clock.now())
        assert changed(session, place, decision) is DecisionKind.MOVE
        moves = select(Decision.details).where(Decision.kind == DecisionKind.MOVE).order_by(Decision.id.desc())
        assert session.scalars(moves).first()["after"]["principles"] == [climate]


def test_what_was_taken_out_does_not_come_back(transact: Sessions, member: Member) -> None:
    with transact() as session:
        place = make.process(session)
        idea = make.idea(session, place, author=author_of(session, place), title=TITLE, body=TEXT)
        decider = moderator(session, place, DECIDER)
        (decision,) = redact(
            session,
            decider,
            idea_id=idea,
            passages=["Am Hafen"],
            reason="Place",
            ground="rule-privacy",
            now=clock.now(),
        )
        appeal = objected(session, decision.id)
    other = member(Role.MODERATOR, process_id=place.id, email=OTHER)
    page = other.get(f"/en/desk/processes/digital/appeals/{appeal.id}")
    assert "kept nowhere" in page.one("#consequence")
    with transact() as session:
        assert changed_by(session, appeal.id) is None


def changed_by(session: Session, appeal_id: int) -> int | None:
    """Change what an objection is about and return the decision that did it."""
    other = make.actor(session, make.account(session, OTHER))
    moment = clock.now()
    return answer_appeal(
        session, other, appeal_id=appeal_id, outcome=AppealOutcome.CHANGED, answer="Yes.", now=moment
    ).new_decision_id


def test_a_later_decision_is_not_taken_back_along_with_an_earlier_one(transact: Sessions, scene: Scene) -> None:
    with transact() as session:
        decider = make.actor(session, make.account(session, DECIDER))
        decided(session, decider, scene.idea, DecisionKind.RESTORE, now=clock.now())
        decided(session, decider, scene.idea, DecisionKind.HIDE, now=clock.now())
        assert changed(session, scene.place, session.get_one(Decision, scene.decision)) is None
        assert session.get_one(Idea, scene.idea).state is IdeaState.HIDDEN


def test_objections_to_two_decisions_about_one_idea_wait_apart(transact: Sessions, scene: Scene) -> None:
    with transact() as session:
        decider = make.actor(session, make.account(session, DECIDER))
        warned = decided(session, decider, scene.idea, DecisionKind.WARN, now=clock.now())
        objected(session, scene.decision)
        appeal = objected(session, warned.id)
        other = moderator(session, scene.place, OTHER)
        answer_appeal(session, other, appeal_id=appeal.id, outcome=AppealOutcome.UPHELD, answer="No.", now=clock.now())
        assert open_cases(session) == [(CaseKind.APPEAL, scene.idea, scene.decision)]


def test_an_answer_is_not_undone(app: Flask, transact: Sessions, scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(app.config, "UNDO_SECONDS", 120)
    with transact() as session:
        appeal = objected(session, scene.decision)
        other = moderator(session, scene.place, OTHER)
        answer_appeal(
            session, other, appeal_id=appeal.id, outcome=AppealOutcome.CHANGED, answer="Yes.", now=clock.now()
        )
        assert undoable(session, other, scene.place.id, clock.now()) is None
        with pytest.raises(Refused):
            undo_decision(session, other, decision_id=appeal.new_decision_id or 0, now=clock.now())
