"""Deciding about many cases at once: each by itself, each with its own result."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update

from participation.accounts.actor import Actor, Role
from participation.cases.models import Case, CaseKind, SubjectKind
from participation.cases.service import CaseSubject, open_case
from participation.comments.models import Comment, CommentState
from participation.ideas.models import Idea, IdeaState
from participation.kit import clock
from participation.moderation.grounds import grounds
from participation.moderation.models import Automation, Decision, DecisionKind
from participation.moderation.queue.bulk import (
    MOST_AT_ONCE,
    BulkDecision,
    BulkResult,
    Wanted,
    decide_all,
    undo_all,
    wanted_from,
)
from participation.moderation.queue.items import case_items
from participation.moderation.queue.listing import cases_about
from participation.multilingual import in_language
from tests import make
from tests.conftest import Sessions
from tests.revisions import addendum

NOW = clock.now()
PUBLISH = BulkDecision(DecisionKind.PUBLISH)
Decide = Callable[..., tuple[BulkResult, ...]]


class Queue:
    """A process with a moderator, and one waiting contribution of each kind."""

    def __init__(self, transact: Sessions) -> None:
        with transact() as session:
            self.place = make.process(session)
            self.moderator = make.actor(session, make.account(session), role=Role.MODERATOR, process_id=self.place.id)
            self.public = make.idea(session, self.place, title="Public already")
            self.idea = make.idea(session, self.place, title="An idea", state=IdeaState.IN_REVIEW)
            self.comment = make.comment(
                session, self.place, self.public, body="A comment. " * 20, state=CommentState.IN_REVIEW
            )
            self.addendum = addendum(session, self.place, self.public, body="More", state=IdeaState.IN_REVIEW)
            subject = CaseSubject(self.place.id, SubjectKind.IDEA, self.public, self.public, "de")
            self.notice = open_case(session, CaseKind.NOTICE, subject, due_at=NOW, now=NOW).id
            session.flush()
            self.cases = [
                *cases_about(session, kind=SubjectKind.IDEA, subject_id=self.idea, now=NOW),
                *cases_about(session, kind=SubjectKind.COMMENT, subject_id=self.comment, now=NOW),
                *cases_about(session, kind=SubjectKind.ADDENDUM, subject_id=self.addendum, now=NOW),
                self.notice,
            ]


@pytest.fixture
def waiting(transact: Sessions) -> Queue:
    """One waiting contribution of each kind, and a public one that somebody pointed at."""
    return Queue(transact)


@pytest.fixture
def decide(app: Flask, waiting: Queue) -> Decide:
    """Decide about several cases as the moderator: ``decide(tokens)``."""

    def act(
        wanted: tuple[Wanted, ...], decision: BulkDecision = PUBLISH, *, actor: Actor | None = None
    ) -> tuple[BulkResult, ...]:
        with app.app_context():
            return decide_all(
                actor or waiting.moderator,
                process_id=waiting.place.id,
                wanted=wanted,
                decision=decision,
                now=clock.now(),
            )

    return act


def shown(transact: Sessions, waiting: Queue) -> tuple[Wanted, ...]:
    """Return the cases with the texts that a page shows."""
    with transact() as session:
        items = case_items(session, waiting.moderator, case_ids=waiting.cases, now=NOW)
    return wanted_from([item.token for item in items])


def states(transact: Sessions, waiting: Queue) -> list[str]:
    """Return the states of the idea, the comment and the addendum."""
    with transact() as session:
        items = case_items(session, waiting.moderator, case_ids=waiting.cases[:3], now=NOW)
    return [item.state for item in items]


def test_everything_that_waits_is_published_and_what_is_public_is_kept(
    waiting: Queue, decide: Decide, transact: Sessions
) -> None:
    results = decide(shown(transact, waiting))
    assert [(one.id, one.kind, one.problem) for one in results] == [
        *((case_id, DecisionKind.PUBLISH, None) for case_id in waiting.cases[:3]),
        (waiting.notice, DecisionKind.KEEP, None),
    ]
    assert [one.title for one in results][::3] == ["An idea", "Public already"]
    assert results[1].title.startswith("A comment. A comment.")
    assert results[1].title.endswith("…")
    assert states(transact, waiting) == ["published"] * 3
    with transact() as session:
        closed = {
            case.id: case.decision_id for case in session.scalars(select(Case).where(Case.closed_at.is_not(None)))
        }
    assert closed == {one.id: one.decision_id for one in results}


def test_what_goes_wrong_with_one_leaves_the_others_alone(
    app: Flask, waiting: Queue, decide: Decide, transact: Sessions
) -> None:
    wanted = shown(transact, waiting)
    with transact() as session:
        other = make.process(session, "other")
        strange = make.idea(session, other, state=IdeaState.IN_REVIEW)
        (elsewhere,) = cases_about(session, kind=SubjectKind.IDEA, subject_id=strange, now=NOW + timedelta(hours=1))
        colleague = make.account(session)
        held = {"held_by": colleague, "held_until": clock.now() + timedelta(minutes=5)}
        session.execute(update(Case).where(Case.id == waiting.cases[2]).values(held))
        session.execute(update(Case).where(Case.id == waiting.notice).values(closed_at=NOW))
        session.execute(update(Comment).where(Comment.id == waiting.comment).values(text="Something else"))
        session.execute(update(Idea).where(Idea.id == waiting.idea).values(revision=2))
    results = decide((*wanted, Wanted(elsewhere), Wanted(10**15)))
    assert [one.decision_id for one in results] == [None] * 6
    with app.app_context(), in_language("en"):
        assert [str(one.problem) for one in results] == [
            "The author has changed this idea since you read it. Please read it again.",
            "The author has changed this comment since you read it. Please read it again.",
            "A colleague is working on this at the moment.",
            "A colleague has decided about this already.",
            "This is not there any more.",
            "This is not there any more.",
        ]
    assert states(transact, waiting) == ["in_review"] * 3
    # Whoever sends no text has decided whatever it says now.
    (idea, held_one) = decide((Wanted(waiting.cases[0]), Wanted(waiting.cases[2])))
    assert (idea.kind, held_one.kind) == (DecisionKind.PUBLISH, None)
    assert states(transact, waiting) == ["published", "in_review", "in_review"]


def test_hiding_many_takes_one_ground_for_all(waiting: Queue, decide: Decide, transact: Sessions) -> None:
    ground = grounds()[0].key
    decision = BulkDecision(DecisionKind.HIDE, reason="All the same", ground=ground, block_texts={"de": "Werbung"})
    wanted = tuple(Wanted(case_id) for case_id in waiting.cases)
    assert all(one.problem for one in decide(wanted, BulkDecision(DecisionKind.HIDE, reason="All the same")))
    results = decide(wanted, decision)
    assert [one.kind for one in results] == [DecisionKind.HIDE] * 4
    assert states(transact, waiting) == ["hidden"] * 3
    with transact() as session:
        kept = session.scalars(select(Decision)).all()
    assert {(one.ground, one.reason, one.block_texts["de"], one.automation) for one in kept} == {
        (ground, "All the same", "Werbung", Automation.NONE)
    }


def test_two_cases_about_the_same_contribution_are_one_decision(
    waiting: Queue, decide: Decide, transact: Sessions
) -> None:
    with transact() as session:
        subject = CaseSubject(waiting.place.id, SubjectKind.IDEA, waiting.idea, waiting.idea, "de")
        second = open_case(session, CaseKind.HINT, subject, due_at=NOW, now=NOW).id
        answer = open_case(session, CaseKind.MESSAGE, subject, due_at=NOW, now=NOW, about_id=1).id
    first, again, message = decide((Wanted(waiting.cases[0]), Wanted(second), Wanted(answer)))
    assert (first.decision_id, again.id) == (again.decision_id, second)
    assert (message.decision_id, bool(message.problem)) == (None, True)
    with transact() as session:
        assert len(session.scalars(select(Decision)).all()) == 1


def test_nobody_else_decides(waiting: Queue, decide: Decide, transact: Sessions) -> None:
    with transact() as session:
        stranger = make.actor(session, make.account(session), role=Role.STAFF, process_id=waiting.place.id)
    results = decide(tuple(Wanted(case_id) for case_id in waiting.cases), actor=stranger)
    assert all(one.problem and one.decision_id is None for one in results)
    assert states(transact, waiting) == ["in_review"] * 3


def test_all_of_them_are_undone_in_time(
    app: Flask, waiting: Queue, decide: Decide, transact: Sessions, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.config, "UNDO_SECONDS", 120)
    made = decide(tuple(Wanted(case_id) for case_id in waiting.cases))
    ids = [one.decision_id for one in made if one.decision_id]
    here: dict[str, Any] = {"process_id": waiting.place.id, "now": clock.now()}
    with app.app_context():
        undone = undo_all(waiting.moderator, decision_ids=ids, **here)
        again = undo_all(waiting.moderator, decision_ids=[*ids[:1], 10**15], **here)
    assert len(ids) == 4
    assert [(one.id, one.decision_id, one.problem) for one in undone] == [(id_, id_, None) for id_ in ids]
    assert all(one.problem for one in again)
    assert states(transact, waiting) == ["in_review"] * 3
    with transact() as session:
        assert session.scalars(select(Case.id).where(Case.closed_at.is_(None)).order_by(Case.id)).all() == sorted(
            waiting.cases
        )


@pytest.mark.parametrize("made_up", ["", "1", "-1", "1-x", "1-" + "a" * 65, "²-1", "1-1 ", "1" * 19 + "-"])
def test_what_no_form_of_ours_sends_is_refused(made_up: str) -> None:
    with pytest.raises(ValueError, match="no case"):
        wanted_from(["7-1", made_up])


def test_each_case_counts_once_and_not_too_many() -> None:
    assert wanted_from(["7-1", "8-", "7-2"]) == (Wanted(7, "1"), Wanted(8, ""))
    with pytest.raises(ValueError, match="too many"):
        wanted_from([f"{number}-" for number in range(MOST_AT_ONCE + 1)])
