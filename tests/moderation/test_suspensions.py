"""Whoever is suspended writes nothing in that process until then, is told so, and votes all the same."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
import time_machine

from participation.accounts.actor import SYSTEM, Actor
from participation.comments.models import CommentState
from participation.comments.policies import CommentFacts, may_comment, may_mark_helpful
from participation.ideas.models import IdeaState
from participation.ideas.policies import IdeaFacts, may_add, may_edit, may_withdraw
from participation.kit import clock
from participation.moderation.models import DecisionKind
from participation.moderation.service import Subject, decide
from participation.processes.models import Capability, Participant, PhaseKind, ProcessState
from participation.processes.outline import PhaseOutline, ProcessOutline
from participation.processes.policies import BALLOTS, may_contribute, may_take_part, may_write
from tests import make
from tests.conftest import Sessions
from tests.pages import PageClient

Member = Callable[..., PageClient]
WHY = {"ground": "rule-respect", "reason": "Insults"}
DAY = timedelta(days=1)
HERE = 1
PHASES = {"before": (1, 9), "open": (-1, 9), "ended": (-9, -1)}


def outline(starts_at: datetime, ends_at: datetime) -> ProcessOutline:
    """Return a process with one phase in which everything is possible."""
    everything = frozenset(Capability)
    phase = PhaseOutline(1, PhaseKind.DISCUSS, {}, {}, starts_at, ends_at, everything, review_first=False)
    return ProcessOutline(HERE, "p", 1, ProcessState.PUBLISHED, {}, {}, {}, {}, {}, {}, False, 1, (phase,))


@pytest.mark.parametrize("until", [None, -1, 0, 1])
@pytest.mark.parametrize("elsewhere", [False, True])
def test_until_when_somebody_writes_nothing(until: int | None, elsewhere: bool) -> None:
    now = clock.now()
    suspensions = {} if until is None else {2 if elsewhere else 1: now + until * DAY}
    actor = Actor(7, suspensions=suspensions)
    ends = now + DAY if until == 1 and not elsewhere else None
    assert actor.suspended_until(1, now) == ends
    assert bool(may_write(actor, 1, now=now)) is (ends is None)
    assert hash(actor) == hash(Actor(7))


@pytest.mark.parametrize("phase", PHASES)
@pytest.mark.parametrize("capability", Capability)
@pytest.mark.parametrize("name", ["somebody", "suspended", "suspended elsewhere", "suspended before"])
def test_what_a_suspension_takes_away(name: str, capability: Capability, phase: str) -> None:
    now, (starts, ends) = clock.now(), PHASES[phase]
    process = outline(now + starts * DAY, now + ends * DAY)
    suspensions: dict[str, dict[int, datetime]] = {
        "somebody": {},
        "suspended": {HERE: now + DAY},
        "suspended elsewhere": {HERE + 1: now + DAY},
        "suspended before": {HERE: now - DAY},
    }
    actor = Actor(7, suspensions=suspensions[name])
    is_open = phase == "open"
    assert bool(may_contribute(actor, process, capability, now=now)) is (
        is_open and (name != "suspended" or capability in BALLOTS)
    )
    assert bool(may_take_part(actor, process, capability, now=now)) is is_open


def test_what_authors_can_still_do() -> None:
    now = clock.now()
    process = outline(now - DAY, now + DAY)
    idea = IdeaFacts(IdeaState.PUBLISHED, is_author=True, is_frozen=False)
    frozen = IdeaFacts(IdeaState.PUBLISHED, is_author=True, is_frozen=True)
    asked = IdeaFacts(IdeaState.IN_REVIEW, is_author=True, is_frozen=False, is_asked=True)
    comment = CommentFacts(CommentState.PUBLISHED, False, now, 0, has_answers=False)
    for actor, writes in ((Actor(7), True), (Actor(7, suspensions={HERE: now + DAY}), False)):
        assert bool(may_edit(actor, process, idea, now=now)) is writes
        assert bool(may_edit(actor, process, asked, now=now)) is writes
        assert bool(may_add(actor, process, frozen, now=now)) is writes
        assert bool(may_comment(actor, process, IdeaState.PUBLISHED, now=now)) is writes
        # These are no writing.
        assert may_withdraw(actor, process, idea)
        assert may_mark_helpful(actor, process, IdeaState.PUBLISHED, comment, now=now)


def test_the_person_is_told_and_votes(member: Member, transact: Sessions) -> None:
    with transact() as session:
        place = make.process(session)
        other = make.idea(session, place, title="Somebody else's")
        account = make.account(session, "author@example.org")
        author = make.participant(session, place, account_id=account)
        own = make.idea(session, place, author=author, title="Own one")
    person = member(email="author@example.org")
    idea = place.url(f"/ideas/{other}", language="en")
    before = person.get(idea)
    suspend(transact, own)
    page = person.get(idea)
    assert "You cannot write in this process until" in page.text
    answer = person.submit(before, "#comment-form", text="I must say", status=422)
    assert any("You cannot write in this process until" in error for error in answer.errors)
    assert "I must say" in answer.text
    proposing = person.get(place.url("/ideas/new", language="en"), status=None)
    assert "You cannot write in this process until" in proposing.text
    for told in (page, proposing):
        assert told.links(".alert a") == {"Why, and how to object": "/en/my/decisions"}
    person.submit(page, ".vote-buttons form", press="agree", status=303)
    # It ends by itself.
    with time_machine.travel(clock.now() + timedelta(days=8), tick=True):
        again = member(email="author@example.org")
        again.submit(again.get(idea), "#comment-form", text="I must say", status=303)


def suspend(transact: Sessions, idea: int) -> None:
    """Keep the author of an idea from writing for a week."""
    with transact() as session:
        now = clock.now()
        decide(
            session,
            SYSTEM,
            subject=Subject("idea", idea),
            kind=DecisionKind.SUSPEND,
            lasts_until=now + 7 * DAY,
            now=now,
            **WHY,
        )
        assert session.query(Participant).filter(Participant.suspended_until.is_not(None)).count() == 1
