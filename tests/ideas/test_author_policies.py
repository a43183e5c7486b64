"""What the author of an idea may do with it: actor × state × frozen × phase."""

import itertools
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask

from participation.accounts.actor import ANONYMOUS, Actor, Role
from participation.ideas.models import IdeaState
from participation.ideas.policies import (
    MOST_ADDENDA,
    IdeaFacts,
    may_add,
    may_edit,
    may_redact,
    may_withdraw,
)
from participation.multilingual import in_language
from participation.processes.models import Capability, PhaseKind, ProcessState
from participation.processes.outline import PhaseOutline, ProcessOutline

START = datetime(2027, 3, 1, 8, 0, tzinfo=UTC)
END = datetime(2027, 4, 1, 8, 0, tzinfo=UTC)
NOW = START + timedelta(days=3)
AUTHOR = Actor(7)
MODERATOR = Actor(8, grants=frozenset({(Role.MODERATOR, 1)}))
ADMIN = Actor(9, grants=frozenset({(Role.ADMIN, None)}))
# Who acts, and whether the idea is theirs.
ACTORS = {
    "anonymous": (ANONYMOUS, False),
    "author": (AUTHOR, True),
    "another resident": (Actor(6), False),
    "moderator": (MODERATOR, False),
    "moderator and author": (MODERATOR, True),
    "admin": (ADMIN, False),
}
PHASES = {
    "proposing": {Capability.PROPOSE},
    "commenting": {Capability.COMMENT},
    "voting": {Capability.VOTE},
    "nothing": set(),
}


def process(*allows: Capability, state: ProcessState = ProcessState.PUBLISHED) -> ProcessOutline:
    """Return a process with one phase in which ``allows`` is possible."""
    phase = PhaseOutline(1, PhaseKind.PROPOSE, {}, {}, START, END, frozenset(allows), False)
    return ProcessOutline(1, "digital", 1, state, {}, {}, {}, {}, {}, {}, False, 1, (phase,))


def table() -> list[tuple[str, IdeaState, bool, str]]:
    """Return every combination."""
    return list(itertools.product(ACTORS, IdeaState, (False, True), PHASES))


@pytest.mark.parametrize(("name", "state", "frozen", "phase"), table())
def test_who_may_do_what(name: str, state: IdeaState, frozen: bool, phase: str) -> None:
    actor, is_author = ACTORS[name]
    facts = IdeaFacts(state, is_author, frozen)
    here = process(*PHASES[phase])
    writing = phase in ("proposing", "commenting")
    alive = state in (IdeaState.PUBLISHED, IdeaState.IN_REVIEW)
    assert bool(may_edit(actor, here, facts, now=NOW)) is (is_author and alive and writing and not frozen)
    published = state is IdeaState.PUBLISHED
    assert bool(may_add(actor, here, facts, now=NOW)) is (is_author and published and writing and frozen)
    assert bool(may_withdraw(actor, here, facts)) is (is_author and alive)
    moderates = "moderator" in name or name == "admin"
    assert bool(may_redact(actor, 1, state)) is (moderates and state is not IdeaState.WITHDRAWN)
    for permission in (may_edit(actor, here, facts, now=NOW), may_add(actor, here, facts, now=NOW)):
        assert permission or permission.reason is not None


def test_what_stays_when_a_process_is_over() -> None:
    over = process(*Capability, state=ProcessState.ARCHIVED)
    own = IdeaFacts(IdeaState.PUBLISHED, is_author=True, is_frozen=False)
    assert not may_edit(AUTHOR, over, own, now=NOW)
    assert not may_withdraw(AUTHOR, over, own)


def test_a_form_opened_in_time_has_a_grace() -> None:
    own = IdeaFacts(IdeaState.PUBLISHED, is_author=True, is_frozen=False)
    here, later = process(Capability.COMMENT), END + timedelta(minutes=5)
    assert not may_edit(AUTHOR, here, own, now=later)
    assert may_edit(AUTHOR, here, own, now=later, opened_at=END - timedelta(minutes=5))


def test_addenda_come_to_an_end() -> None:
    here = process(Capability.COMMENT)
    facts = IdeaFacts(IdeaState.PUBLISHED, True, True, MOST_ADDENDA - 1)
    assert may_add(AUTHOR, here, facts, now=NOW)
    assert not may_add(AUTHOR, here, IdeaFacts(IdeaState.PUBLISHED, True, True, MOST_ADDENDA), now=NOW)


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        (IdeaFacts(IdeaState.PUBLISHED, True, True), "People have voted or commented on this text"),
        (IdeaFacts(IdeaState.HIDDEN, True, False), "This idea is not public any more"),
        (IdeaFacts(IdeaState.PUBLISHED, False, False), "Only the author"),
    ],
)
def test_a_no_says_why(app: Flask, facts: IdeaFacts, words: str) -> None:
    with app.test_request_context(), in_language("en"):
        assert words in str(may_edit(AUTHOR, process(*Capability), facts, now=NOW).reason)
