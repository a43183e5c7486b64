"""Who may decide what about which contribution in which state, take it back, or keep text blocks: whole tables."""

from datetime import UTC, datetime, timedelta

import pytest

from participation.accounts.actor import ANONYMOUS, SYSTEM, Actor, Role
from participation.cases.models import SubjectKind
from participation.moderation.models import Automation, DecisionKind
from participation.moderation.policies import (
    UndoFacts,
    may_decide,
    may_keep_blocks,
    may_say_why,
    may_suspend_until,
    may_turn_to_author,
    may_undo,
    possible_kinds,
)

HERE, ELSEWHERE = 1, 2
NOW = datetime(2026, 5, 4, 12, tzinfo=UTC)
WINDOW = timedelta(minutes=2)
ACTORS = {
    "anonymous": ANONYMOUS,
    "resident": Actor(1),
    "moderator here": Actor(2, grants=frozenset({(Role.MODERATOR, HERE)})),
    "moderator elsewhere": Actor(3, grants=frozenset({(Role.MODERATOR, ELSEWHERE)})),
    "moderator everywhere": Actor(4, grants=frozenset({(Role.MODERATOR, None)})),
    "staff here": Actor(5, grants=frozenset({(Role.STAFF, HERE)})),
    "admin here": Actor(6, grants=frozenset({(Role.ADMIN, HERE)})),
    "admin": Actor(7, grants=frozenset({(Role.ADMIN, None)})),
    "the clock": SYSTEM,
}
DECIDERS = {"moderator here", "moderator everywhere", "admin here", "admin", "the clock"}
STATES = ("in_review", "published", "hidden", "withdrawn")
# A column for each state; i, c and a: possible for ideas, comments and addenda.
TABLE = {
    #                          in_review, published, hidden, withdrawn
    DecisionKind.PUBLISH: ("ica", "", "", ""),
    DecisionKind.KEEP: ("", "ica", "ica", "ica"),
    DecisionKind.HIDE: ("ica", "ica", "", ""),
    DecisionKind.RESTORE: ("", "", "ica", ""),
    DecisionKind.REDACT: ("ia", "ia", "ia", ""),
    DecisionKind.ASK_CHANGE: ("ic", "ic", "", ""),
    DecisionKind.MOVE: ("i", "i", "i", ""),
    DecisionKind.WARN: ("ica", "ica", "ica", "ica"),
    DecisionKind.SUSPEND: ("ica", "ica", "ica", "ica"),
    DecisionKind.LIFT: ("ica", "ica", "ica", "ica"),
    DecisionKind.ELSEWHERE: ("i", "i", "i", ""),
}
LETTERS = {SubjectKind.IDEA: "i", SubjectKind.COMMENT: "c", SubjectKind.ADDENDUM: "a"}


@pytest.mark.parametrize("kind", DecisionKind)
@pytest.mark.parametrize("name", ACTORS)
def test_who_decides_what_in_which_state(name: str, kind: DecisionKind) -> None:
    allowed = {
        (subject, state)
        for subject in SubjectKind
        for state in STATES
        if may_decide(ACTORS[name], HERE, subject, state, kind)
    }
    table = {
        (subject, state)
        for subject in SubjectKind
        for state, letters in zip(STATES, TABLE[kind], strict=True)
        if LETTERS[subject] in letters
    }
    assert allowed == (table if name in DECIDERS else set())


def test_what_can_be_decided_about_one_contribution() -> None:
    moderator = ACTORS["moderator here"]
    kinds = possible_kinds(moderator, HERE, SubjectKind.COMMENT, "in_review")
    about_author = (DecisionKind.WARN, DecisionKind.SUSPEND, DecisionKind.LIFT)
    assert kinds == (DecisionKind.PUBLISH, DecisionKind.HIDE, DecisionKind.ASK_CHANGE, *about_author)
    assert possible_kinds(ACTORS["resident"], HERE, SubjectKind.COMMENT, "in_review") == ()


@pytest.mark.parametrize("subject", SubjectKind)
@pytest.mark.parametrize(("kind", "state"), [(DecisionKind.PUBLISH, "hidden"), (DecisionKind.HIDE, "withdrawn")])
def test_a_refusal_names_what_it_is_about(subject: SubjectKind, kind: DecisionKind, state: str) -> None:
    refused = may_decide(SYSTEM, HERE, subject, state, kind)
    assert f"This {subject.value} is not " in str(refused.reason)


@pytest.mark.parametrize("automation", Automation)
@pytest.mark.parametrize("kind", DecisionKind)
def test_what_has_to_be_said_why(kind: DecisionKind, automation: Automation) -> None:
    grounds = {DecisionKind.HIDE, DecisionKind.REDACT, DecisionKind.WARN, DecisionKind.SUSPEND}
    facts = grounds | {DecisionKind.ASK_CHANGE}
    imported = automation is Automation.IMPORTED
    said = {
        (ground, fact): bool(may_say_why(kind, has_ground=ground, has_facts=fact, automation=automation))
        for ground in (True, False)
        for fact in (True, False)
    }
    assert said == {
        (ground, fact): imported or ((ground or kind not in grounds) and (fact or kind not in facts))
        for ground, fact in said
    }


@pytest.mark.parametrize(
    ("kind", "account", "suspended", "allowed"),
    [
        (DecisionKind.WARN, 9, None, True),
        (DecisionKind.SUSPEND, 9, None, True),
        (DecisionKind.LIFT, 9, NOW + timedelta(days=1), True),
        (DecisionKind.LIFT, 9, NOW - timedelta(days=1), False),
        (DecisionKind.LIFT, 9, None, False),
        # Nobody to hear of it, and oneself.
        (DecisionKind.WARN, None, None, False),
        (DecisionKind.SUSPEND, None, None, False),
        (DecisionKind.SUSPEND, 2, None, False),
        (DecisionKind.LIFT, 2, NOW + timedelta(days=1), False),
    ],
)
def test_whom_one_can_warn_or_suspend(
    kind: DecisionKind, account: int | None, suspended: datetime | None, allowed: bool
) -> None:
    actor = ACTORS["moderator here"]
    asked = may_turn_to_author(actor, kind, account_id=account, suspended_until=suspended, now=NOW)
    assert bool(asked) is allowed


@pytest.mark.parametrize(
    ("days", "allowed"), [(None, False), (-1, False), (0, False), (1, True), (90, True), (91, False)]
)
def test_how_long_a_suspension_lasts(days: int | None, allowed: bool) -> None:
    until = None if days is None else NOW + timedelta(days=days)
    assert bool(may_suspend_until(until, longest=timedelta(days=90), now=NOW)) is allowed


UNDONE = UndoFacts(2, NOW - timedelta(seconds=100), DecisionKind.HIDE, is_undone=False, is_latest=True)


@pytest.mark.parametrize("name", ACTORS)
@pytest.mark.parametrize("decider", [None, 2, 7])
def test_only_whoever_decided_takes_it_back(name: str, decider: int | None) -> None:
    actor = ACTORS[name]
    facts = UndoFacts(decider, UNDONE.decided_at, DecisionKind.HIDE, is_undone=False, is_latest=True)
    allowed = may_undo(actor, HERE, facts, window=WINDOW, now=NOW)
    assert bool(allowed) is (decider is not None and decider == actor.account_id and name in DECIDERS)


@pytest.mark.parametrize(
    ("facts", "reason"),
    [
        (UndoFacts(2, NOW - WINDOW, DecisionKind.HIDE, False, True), "too late"),
        (UndoFacts(2, NOW, DecisionKind.HIDE, True, True), "taken back already"),
        (UndoFacts(2, NOW, DecisionKind.HIDE, False, False), "Something has happened since"),
        (UndoFacts(2, NOW, DecisionKind.REDACT, False, True), "is gone"),
        (UndoFacts(2, NOW, DecisionKind.RESTORE, False, True, answers_appeal=True), "answers an objection"),
    ],
)
def test_what_cannot_be_taken_back(facts: UndoFacts, reason: str) -> None:
    refused = may_undo(ACTORS["moderator here"], HERE, facts, window=WINDOW, now=NOW)
    assert not refused
    assert reason in str(refused.reason)


@pytest.mark.parametrize("name", ACTORS)
def test_who_keeps_text_blocks(name: str) -> None:
    actor = ACTORS[name]
    assert bool(may_keep_blocks(actor, HERE)) is (name in DECIDERS)
    assert bool(may_keep_blocks(actor, None)) is (name in {"moderator everywhere", "admin", "the clock"})
