"""Who may submit, sign off, send back and withdraw: actor × state of the revision × state of the statement."""

import itertools

import pytest

from participation.accounts.actor import ANONYMOUS, SYSTEM, Actor, Role
from participation.strategy.models import RevisionState, StatementState
from participation.strategy.statements.policies import (
    Waiting,
    may_rewrite,
    may_send_back,
    may_sign_off,
    may_submit,
    may_withdraw,
)

HERE, ELSEWHERE = 1, 2
ACTORS = {
    "anonymous": ANONYMOUS,
    "system": SYSTEM,
    "resident": Actor(9),
    "moderator": Actor(9, grants=frozenset({(Role.MODERATOR, HERE)})),
    "moderator everywhere": Actor(9, grants=frozenset({(Role.MODERATOR, None)})),
    "moderator elsewhere": Actor(9, grants=frozenset({(Role.MODERATOR, ELSEWHERE)})),
    "staff": Actor(9, grants=frozenset({(Role.STAFF, HERE)})),
    "admin": Actor(9, grants=frozenset({(Role.ADMIN, HERE)})),
    "admin who moderates": Actor(9, grants=frozenset({(Role.ADMIN, None), (Role.MODERATOR, HERE)})),
}
TEAM = {"moderator", "moderator everywhere", "staff", "admin who moderates"}
WRITERS = TEAM | {"admin", "system"}


@pytest.mark.parametrize("name", ACTORS)
@pytest.mark.parametrize(("state", "revision"), list(itertools.product(StatementState, RevisionState)))
def test_who_does_what_when(name: str, state: StatementState, revision: RevisionState) -> None:
    actor, is_there = ACTORS[name], state is not StatementState.WITHDRAWN
    submitted = revision is RevisionState.SUBMITTED
    for own, others, reopened in itertools.product((True, False), (0, 2), (True, False)):
        writers = frozenset({9}) if own else frozenset({5})
        waiting = Waiting(HERE, state, revision, writers, others, reopened)
        signs = name in TEAM or (name == "admin" and not others)
        assert bool(may_sign_off(actor, waiting)) is (signs and is_there and submitted and not own)
        fresh = revision in {RevisionState.WORKING, RevisionState.SENT_BACK}
        new = fresh or (revision is RevisionState.SIGNED and reopened)
        assert bool(may_submit(actor, waiting)) is (name in WRITERS and is_there and new)
        assert bool(may_send_back(actor, waiting)) is (name in WRITERS and is_there and submitted)
    assert bool(may_rewrite(actor, HERE, state)) is (name in WRITERS and is_there)
    assert bool(may_withdraw(actor, HERE, state)) is (name in WRITERS and is_there)


@pytest.mark.parametrize("others", [0, 1])
def test_every_no_has_a_reason(others: int) -> None:
    for state, revision, actor in itertools.product(StatementState, RevisionState, ACTORS.values()):
        waiting = Waiting(HERE, state, revision, frozenset({9}), others)
        for rule in (may_submit, may_sign_off, may_send_back):
            permission = rule(actor, waiting)
            assert permission or permission.reason
