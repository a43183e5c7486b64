"""Taking a decision back: everything stands as before, nobody hears of it, and the history shows both."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from participation.accounts.actor import Actor
from participation.activity.models import Delivery, RecordedEvent
from participation.cases.models import Case, CaseKind, SubjectKind
from participation.comments.models import Comment, CommentState
from participation.ideas.models import Addendum, Idea, IdeaState
from participation.ideas.standing import Standing
from participation.ideas.tagging import tags_of
from participation.kit.permissions import Missing, Refused
from participation.moderation.models import Decision, DecisionKind
from participation.moderation.service import Subject, redact
from participation.moderation.undoing import LatestDecision, undo_decision, undoable
from participation.notices.models import Notice
from participation.processes.models import Participant, Process
from participation.signals.models import Signal
from tests import make
from tests.conftest import Sessions
from tests.moderation.decided import NOW, WHY, Scene

WINDOW = 120
SOON = NOW + timedelta(seconds=WINDOW - 1)
SUSPENDED: dict[str, Any] = {"lasts_until": NOW + timedelta(days=3)}


@pytest.fixture
def scene(app: Flask, transact: Sessions) -> Iterator[Scene]:
    app.config["UNDO_SECONDS"] = WINDOW
    yield Scene(transact)
    app.config["UNDO_SECONDS"] = 0


@pytest.fixture
def undo(scene: Scene) -> Callable[..., Decision]:
    def take_back(decision_id: int, *, by: Actor | None = None, now: datetime = SOON) -> Decision:
        with scene.transact() as session:
            return undo_decision(session, by or scene.one, decision_id=decision_id, now=now)

    return take_back


@pytest.mark.parametrize("kind", [DecisionKind.PUBLISH, DecisionKind.HIDE])
def test_what_waited_waits_again(scene: Scene, undo: Callable[..., Decision], kind: DecisionKind) -> None:
    scene.notice(scene.waiting)
    before = scene.case()
    decision = undo(scene.decide(kind))
    assert (decision.undone_by, decision.undone_at) == (scene.one.account_id, SOON)
    assert scene.cases(scene.waiting) == {CaseKind.REVIEW: True, CaseKind.NOTICE: True}
    case = scene.case()
    assert (case.due_at, case.decision_id, case.opened_at) == (before.due_at, None, before.opened_at)
    with scene.transact() as session:
        idea = session.get_one(Idea, scene.waiting)
        assert (idea.state, idea.published_at) == (IdeaState.IN_REVIEW, None)
        assert session.execute(select(Notice.closed_at, Notice.decision_id)).all() == [(None, None)]
        assert session.scalars(select(Signal.settled_at)).all() == [None]
        counts = session.execute(select(Case.notices, Case.signals).where(Case.kind == CaseKind.NOTICE)).all()
        assert counts == [(1, 1)]


def test_comments_and_addenda_too(scene: Scene, undo: Callable[..., Decision]) -> None:
    with scene.transact() as session:
        comment = make.comment(session, scene.place, scene.public)
        idea = session.get_one(Idea, scene.public)
        addendum = Addendum(
            process_id=scene.place.id,
            idea_id=idea.id,
            state=IdeaState.PUBLISHED,
            text="More of it",
            language="de",
            submitted_at=NOW,
            published_at=NOW,
        )
        session.add(addendum)
        session.flush()
        version = _version(session, scene)
    for subject in (Subject("comment", comment), Subject("addendum", addendum.id)):
        undo(scene.decide(DecisionKind.HIDE, subject=subject))
    with scene.transact() as session:
        assert session.get_one(Comment, comment).state is CommentState.PUBLISHED
        assert session.get_one(Addendum, addendum.id).state is IdeaState.PUBLISHED
        assert session.get_one(Standing, scene.public).comments == 1
        assert _version(session, scene) == version + 4


def test_a_request_is_taken_back(scene: Scene, undo: Callable[..., Decision]) -> None:
    before = scene.case()
    undo(scene.decide(DecisionKind.ASK_CHANGE))
    case = scene.case()
    assert (case.due_at, case.place_at, case.resumes_at, case.decision_id) == (
        before.due_at,
        before.place_at,
        None,
        None,
    )
    # Nobody was waiting for this one.
    undo(scene.decide(DecisionKind.ASK_CHANGE, scene.public))
    assert scene.cases(scene.public) == {CaseKind.REVIEW: False}


def test_a_suspension_is_taken_back(scene: Scene, undo: Callable[..., Decision]) -> None:
    def until() -> datetime | None:
        with scene.transact() as session:
            return session.get_one(Participant, scene.author).suspended_until

    scene.decide(DecisionKind.SUSPEND, **SUSPENDED)
    longer = scene.decide(DecisionKind.SUSPEND, lasts_until=NOW + timedelta(days=30))
    assert until() == NOW + timedelta(days=30)
    undo(longer)
    assert until() == SUSPENDED["lasts_until"]
    undo(scene.decide(DecisionKind.LIFT))
    assert until() == SUSPENDED["lasts_until"]


def test_a_move_is_taken_back(scene: Scene, undo: Callable[..., Decision]) -> None:
    undo(scene.decide(DecisionKind.MOVE, details={"principles": scene.principles()}))
    with scene.transact() as session:
        assert tags_of(session, session.get_one(Idea, scene.waiting)).principle_ids == ()


def test_nobody_hears_of_it_before(scene: Scene, undo: Callable[..., Decision]) -> None:
    scene.notice(scene.waiting)
    undo(scene.decide(DecisionKind.HIDE))
    with scene.transact() as session:
        event = session.scalars(select(RecordedEvent.id).where(RecordedEvent.name == "Decided")).one()
        due = session.scalars(select(Delivery.available_at).where(Delivery.event_id == event)).all()
    assert set(due) == {NOW + timedelta(seconds=WINDOW)}


def test_it_is_too_late(scene: Scene, undo: Callable[..., Decision]) -> None:
    decision = scene.decide(DecisionKind.PUBLISH)
    with pytest.raises(Refused):
        undo(decision, now=NOW + timedelta(seconds=WINDOW))
    with pytest.raises(Refused):
        undo(decision, by=scene.two)
    with pytest.raises(Missing):
        undo(10**6)
    undo(decision)
    with pytest.raises(Refused):
        undo(decision)


def test_what_has_happened_since_stays(scene: Scene, undo: Callable[..., Decision]) -> None:
    asked = scene.decide(DecisionKind.ASK_CHANGE)
    scene.edit(scene.waiting)
    with pytest.raises(Refused):
        undo(asked)
    hidden = scene.decide(DecisionKind.HIDE)
    restored = scene.decide(DecisionKind.RESTORE, by=scene.two)
    with pytest.raises(Refused):
        undo(hidden)
    undo(restored, by=scene.two)
    # What was taken back does not count as having happened.
    undo(hidden)
    assert scene.cases(scene.waiting) == {CaseKind.REVIEW: True}


def test_what_was_taken_out_is_gone(scene: Scene, undo: Callable[..., Decision]) -> None:
    with scene.transact() as session:
        decided = redact(session, scene.one, idea_id=scene.public, passages=["the problem"], now=NOW, **WHY)
    with pytest.raises(Refused):
        undo(decided[0].id)


def test_what_can_be_taken_back(scene: Scene, undo: Callable[..., Decision]) -> None:
    def latest(now: datetime = SOON) -> LatestDecision | None:
        with scene.transact() as session:
            return undoable(session, scene.one, scene.place.id, now)

    assert latest() is None
    scene.decide(DecisionKind.PUBLISH, scene.waiting)
    hidden = scene.decide(DecisionKind.HIDE, scene.public)
    scene.decide(DecisionKind.HIDE, scene.waiting, by=scene.two)
    one = latest()
    assert one is not None
    assert (one.id, one.kind, one.subject_kind, one.subject_id) == (
        hidden,
        DecisionKind.HIDE,
        SubjectKind.IDEA,
        scene.public,
    )
    assert (one.seconds_left, one.number) == (1, 2)
    assert latest(NOW + timedelta(seconds=WINDOW)) is None
    undo(hidden)
    again = latest()
    assert again is not None
    assert (again.subject_id, again.number) == (scene.waiting, 1)


def _version(session: Session, scene: Scene) -> int:
    return session.get_one(Process, scene.place.id, populate_existing=True).version
