"""Who may suggest, take back and decide about wordings: actor × state × process."""

from datetime import UTC, datetime, timedelta
from itertools import product
from typing import Any

import pytest

from participation.accounts.actor import ANONYMOUS, SYSTEM, Actor, Role
from participation.kit.permissions import Permission
from participation.processes.models import ProcessState
from participation.processes.outline import ProcessOutline
from participation.wordings.models import WordingState
from participation.wordings.suggesting.policies import (
    MOST_WAITING,
    WordingFacts,
    may_accept,
    may_correct,
    may_refuse,
    may_suggest,
    may_take_down,
    may_undo,
    may_withdraw,
)

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
WINDOW = timedelta(minutes=2)
RESIDENT = Actor(7)
SUSPENDED = Actor(8, suspensions={1: NOW + timedelta(days=1)})
SUSPENDED_ELSEWHERE = Actor(9, suspensions={2: NOW + timedelta(days=1)})
MODERATOR = Actor(1, grants=frozenset({(Role.MODERATOR, 1)}))
FAR = Actor(2, grants=frozenset({(Role.MODERATOR, 2)}))
STAFF = Actor(3, grants=frozenset({(Role.STAFF, 1)}))
ADMIN = Actor(4, grants=frozenset({(Role.ADMIN, None)}))
EVERYBODY = (ANONYMOUS, RESIDENT, SUSPENDED, MODERATOR, FAR, STAFF, ADMIN, SYSTEM)
DECIDING = (MODERATOR, ADMIN, SYSTEM)


def outline(state: ProcessState = ProcessState.PUBLISHED) -> ProcessOutline:
    """Return a process without any phase: suggesting asks for none."""
    empty: dict[str, str] = {}
    texts = (empty, empty, empty, empty, empty, empty)
    return ProcessOutline(1, "digital", 1, state, *texts, hides_results=False, version=1, phases=())


def says_why(permission: Permission) -> bool:
    """Return what a permission says, and make sure that a "no" has its reason."""
    assert bool(permission) is (permission.reason is None)
    return bool(permission)


@pytest.mark.parametrize("actor", EVERYBODY)
def test_who_suggests(actor: Actor) -> None:
    writes = actor.is_signed_in and actor is not SUSPENDED
    for state, is_public in product(ProcessState, (True, False)):
        permission = may_suggest(actor, outline(state), is_public=is_public, now=NOW)
        assert says_why(permission) is (writes and is_public and state is ProcessState.PUBLISHED)
    assert not may_suggest(actor, outline(), is_public=True, waiting=MOST_WAITING, now=NOW)


def test_a_suspension_holds_in_its_process_only() -> None:
    assert may_suggest(SUSPENDED_ELSEWHERE, outline(), is_public=True, now=NOW)
    assert not may_suggest(SUSPENDED, outline(), is_public=True, now=NOW)


@pytest.mark.parametrize(("actor", "state"), list(product(EVERYBODY, WordingState)))
def test_who_decides_about_which_wording(actor: Actor, state: WordingState) -> None:
    decides = actor in DECIDING
    waits, is_shown = state is WordingState.WAITING, state is WordingState.SHOWN
    facts, outdated = (WordingFacts(1, state, is_current=current) for current in (True, False))
    assert says_why(may_accept(actor, facts)) is (decides and waits)
    assert says_why(may_refuse(actor, facts)) is (decides and waits)
    assert says_why(may_correct(actor, facts)) is (decides and is_shown)
    assert says_why(may_take_down(actor, facts)) is (decides and is_shown)
    assert not may_accept(actor, outdated)
    assert not may_correct(actor, outdated)
    assert says_why(may_refuse(actor, outdated)) is (decides and waits), "it must be possible to be done with it"
    assert says_why(may_take_down(actor, outdated)) is (decides and is_shown)
    for is_own in (True, False):
        own = WordingFacts(1, state, is_own=is_own)
        assert says_why(may_withdraw(actor, own)) is (is_own and waits and actor.is_signed_in)


@pytest.mark.parametrize(("actor", "state"), list(product(EVERYBODY, WordingState)))
def test_who_takes_back_a_decision(actor: Actor, state: WordingState) -> None:
    by_me: dict[str, Any] = {"decided_by": actor.account_id, "decided_at": NOW - WINDOW / 2}
    ended = state in (WordingState.SHOWN, WordingState.REFUSED)
    is_mine = actor.account_id is not None and actor in DECIDING
    cases = (
        (WordingFacts(1, state, **by_me), ended and is_mine),
        (WordingFacts(1, state, **by_me, is_latest=False), False),
        (WordingFacts(1, state, **{**by_me, "decided_at": NOW - WINDOW}), False),
        (WordingFacts(1, state, **{**by_me, "decided_by": 99}), False),
        (WordingFacts(1, state), False),
    )
    for facts, expected in cases:
        assert says_why(may_undo(actor, facts, window=WINDOW, now=NOW)) is expected
