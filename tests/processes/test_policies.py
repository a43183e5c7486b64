"""Who may do what in a process: actors against actions, and phases against moments."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask, g

from participation.accounts.actor import ANONYMOUS, SYSTEM, Actor, Role
from participation.processes.models import Capability, Electorate, PhaseKind, ProcessState
from participation.processes.outline import PhaseOutline, ProcessOutline
from participation.processes.policies import (
    DeskRights,
    desk_rights,
    is_possible,
    may_contribute,
    may_create_process,
    may_edit_process,
    may_see_process,
    may_see_results,
)

HERE, ELSEWHERE = 1, 2
START = datetime(2027, 3, 1, 8, 0, tzinfo=UTC)
END = datetime(2027, 4, 1, 8, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
RESIDENT = Actor(7)
ACTORS = {
    "anonymous": ANONYMOUS,
    "resident": RESIDENT,
    "moderator here": Actor(8, grants=frozenset({(Role.MODERATOR, HERE)})),
    "moderator elsewhere": Actor(9, grants=frozenset({(Role.MODERATOR, ELSEWHERE)})),
    "moderator everywhere": Actor(10, grants=frozenset({(Role.MODERATOR, None)})),
    "staff here": Actor(11, grants=frozenset({(Role.STAFF, HERE)})),
    "admin here": Actor(12, grants=frozenset({(Role.ADMIN, HERE)})),
    "admin": Actor(13, grants=frozenset({(Role.ADMIN, None)})),
    "system": SYSTEM,
}
# actor: (sees a draft, edits, creates, moderates, exports)
TABLE = {
    "anonymous": (False, False, False, False, False),
    "resident": (False, False, False, False, False),
    "moderator here": (True, False, False, True, False),
    "moderator elsewhere": (False, False, False, False, False),
    "moderator everywhere": (True, False, False, True, False),
    "staff here": (True, False, False, False, True),
    "admin here": (True, True, False, True, True),
    "admin": (True, True, True, True, True),
    "system": (True, True, True, True, True),
}


def phase(
    start: datetime = START, end: datetime = END, *allows: Capability, review_first: bool = False
) -> PhaseOutline:
    """Return a phase between two moments."""
    return PhaseOutline(1, PhaseKind.PROPOSE, {}, {}, start, end, frozenset(allows), review_first)


def process(
    *phases: PhaseOutline, state: ProcessState = ProcessState.PUBLISHED, hides_results: bool = False
) -> ProcessOutline:
    """Return a process with these phases."""
    return ProcessOutline(HERE, "p", 1, state, {}, {}, {}, {}, {}, {}, hides_results, 1, phases)


@pytest.mark.parametrize("name", ACTORS)
def test_who_works_where(name: str) -> None:
    actor = ACTORS[name]
    draft = process(state=ProcessState.DRAFT)
    rights = desk_rights(actor, HERE)
    found = (
        bool(may_see_process(actor, draft)),
        bool(may_edit_process(actor, draft)),
        bool(may_create_process(actor)),
        rights.moderates,
        rights.exports,
    )
    assert found == TABLE[name]
    assert rights == DeskRights(moderates=found[3], exports=found[4], edits=found[1])
    assert may_see_process(actor, process())


@pytest.mark.parametrize(
    ("moment", "refusal"),
    [
        (START - MINUTE, "will be possible from 1 March 2027, 09:00."),
        (START, ""),
        (END - MINUTE, ""),
        (END, "has been closed since 1 April 2027, 10:00."),
        (END + timedelta(days=9), "has been closed since 1 April 2027, 10:00."),
    ],
)
@pytest.mark.parametrize("capability", list(Capability))
def test_phases_open_and_close(app: Flask, moment: datetime, refusal: str, capability: Capability) -> None:
    permission = may_contribute(RESIDENT, process(phase(START, END, capability)), capability, now=moment)
    assert bool(permission) is (refusal == "")
    if refusal:
        with app.test_request_context("/en/"):
            g.language = "en"
            assert str(permission.reason).endswith(refusal)


@pytest.mark.parametrize("other", list(Capability))
@pytest.mark.parametrize("wanted", list(Capability))
def test_a_phase_allows_only_what_it_names(wanted: Capability, other: Capability) -> None:
    assert bool(is_possible(process(phase(START, END, other)), wanted, now=START)) is (wanted is other)


@pytest.mark.parametrize(
    ("opened", "now", "allowed"),
    [
        (END - MINUTE, END, True),
        (END - MINUTE, END + 15 * MINUTE, True),
        (END - MINUTE, END + 16 * MINUTE, False),
        # Opened long ago: still within the grace, as long as the form itself has not expired.
        (END - timedelta(hours=23), END + 10 * MINUTE, True),
        (END - timedelta(hours=24), END + 10 * MINUTE, False),
        (END, END + MINUTE, False),
        (END + 5 * MINUTE, END + 4 * MINUTE, False),
        (START - MINUTE, START - MINUTE, False),
        (None, END, False),
    ],
)
def test_an_open_form_has_a_grace(opened: datetime | None, now: datetime, allowed: bool) -> None:
    open_until_end = process(phase(START, END, Capability.PROPOSE))
    assert bool(may_contribute(RESIDENT, open_until_end, Capability.PROPOSE, now=now, opened_at=opened)) is allowed


def test_the_grace_is_for_signed_in_people_in_published_processes() -> None:
    open_until_end = process(phase(START, END, Capability.PROPOSE))
    archived = process(phase(START, END, Capability.PROPOSE), state=ProcessState.ARCHIVED)
    assert not may_contribute(ANONYMOUS, open_until_end, Capability.PROPOSE, now=START, opened_at=START)
    assert not may_contribute(RESIDENT, archived, Capability.PROPOSE, now=START, opened_at=START)


@pytest.mark.parametrize(
    ("hides", "moment", "shown"),
    [
        (False, START, True),
        (True, START - MINUTE, False),
        (True, START, False),
        (True, END - MINUTE, False),
        (True, END, True),
    ],
)
def test_results_appear_for_everybody_at_once(hides: bool, moment: datetime, shown: bool) -> None:
    voting = process(phase(START, END, Capability.VOTE), hides_results=hides)
    assert bool(may_see_results(voting, now=moment)) is shown


LATER = END + timedelta(days=9)


@pytest.mark.parametrize(
    ("moment", "reason"),
    [
        (START - MINUTE, "voting and giving points have ended"),
        (START, "voting and giving points have ended"),
        (END, "voting and giving points have ended"),
        (LATER - MINUTE, "voting and giving points have ended"),
        (LATER, ""),
    ],
)
@pytest.mark.parametrize("first", [Capability.VOTE, Capability.PRIORITISE])
def test_votes_and_points_stay_hidden_until_both_have_ended(
    app: Flask, first: Capability, moment: datetime, reason: str
) -> None:
    (second,) = {Capability.VOTE, Capability.PRIORITISE} - {first}
    both = process(phase(START, END, first), phase(END, LATER, second), hides_results=True)
    permission = may_see_results(both, now=moment)
    assert bool(permission) is (reason == "")
    if first is Capability.PRIORITISE and END <= moment < LATER:
        reason = "voting has ended"
    with app.test_request_context("/en/"):
        g.language = "en"
        assert reason in str(permission.reason)


def test_nobody_votes_who_may_have_seen_results_that_were_hidden() -> None:
    def late(*phases: PhaseOutline, hides: bool) -> bool:
        voting = process(*phases, hides_results=hides)
        return bool(may_contribute(RESIDENT, voting, Capability.VOTE, now=END, opened_at=END - MINUTE))

    votes, points = phase(START, END, Capability.VOTE), phase(END, LATER, Capability.PRIORITISE)
    assert late(votes, hides=False)
    assert not late(votes, hides=True)
    assert late(votes, points, hides=True)


@pytest.mark.parametrize("capability", list(Capability))
@pytest.mark.parametrize("electorate", list(Electorate))
@pytest.mark.parametrize("verified", [False, True])
def test_who_may_vote(capability: Capability, electorate: Electorate, verified: bool) -> None:
    open_now = replace(process(phase(START, END, capability)), electorate=electorate)
    needs_code = electorate is Electorate.VERIFIED and capability in (Capability.VOTE, Capability.PRIORITISE)
    actor = Actor(7, is_verified=verified)
    assert bool(may_contribute(actor, open_now, capability, now=START)) is (verified or not needs_code)
    assert not may_contribute(ANONYMOUS, open_now, capability, now=START)
    assert not may_contribute(actor, open_now, capability, now=END)
