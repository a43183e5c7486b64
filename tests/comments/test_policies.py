"""Who may do what with comments: person × phase × state, row by row."""

from datetime import UTC, datetime, timedelta
from itertools import product

import pytest

from participation.accounts.actor import ANONYMOUS, Actor, Role
from participation.comments.models import CommentState, Voice
from participation.comments.policies import (
    CommentFacts,
    may_comment,
    may_delete_comment,
    may_edit_comment,
    may_mark_helpful,
    may_speak_as,
    voices_of,
)
from participation.ideas.models import IdeaState
from participation.processes.models import Capability, PhaseKind, ProcessState
from participation.processes.outline import PhaseOutline, ProcessOutline

NOW = datetime(2026, 5, 3, 10, 0, tzinfo=UTC)
HERE, ELSEWHERE = 7, 8
WINDOW = timedelta(minutes=15)
RESIDENT = Actor(1)
PEOPLE = {
    "anonymous": ANONYMOUS,
    "resident": RESIDENT,
    "moderator": Actor(2, "", frozenset({(Role.MODERATOR, HERE)})),
    "moderator elsewhere": Actor(3, "", frozenset({(Role.MODERATOR, ELSEWHERE)})),
    "staff": Actor(4, "", frozenset({(Role.STAFF, HERE)})),
    "admin": Actor(5, "", frozenset({(Role.ADMIN, None)})),
}


def process(*, allows: frozenset[Capability] = frozenset(Capability), ended: bool = False) -> ProcessOutline:
    """Return a process with one phase around ``NOW``, or just before it."""
    end = NOW if ended else NOW + timedelta(days=1)
    phase = PhaseOutline(1, PhaseKind.DISCUSS, {}, {}, NOW - timedelta(days=1), end, allows, False)
    texts = {key: {"en": "x"} for key in ("title", "question", "summary", "advice", "next_step", "licence")}
    return ProcessOutline(
        id=HERE,
        slug="x",
        framework_id=1,
        state=ProcessState.PUBLISHED,
        hides_results=False,
        version=1,
        phases=(phase,),
        **texts,
    )


OPEN, CLOSED, NEVER = process(), process(ended=True), process(allows=frozenset({Capability.VOTE}))
PHASES = {"open": OPEN, "closed": CLOSED, "never": NEVER}


def facts(
    state: CommentState = CommentState.PUBLISHED,
    *,
    own: bool = True,
    age: timedelta = timedelta(0),
    helpful: int = 0,
    answered: bool = False,
) -> CommentFacts:
    """Return a comment of which only one thing is out of the ordinary."""
    return CommentFacts(state, own, NOW - age, helpful, answered)


@pytest.mark.parametrize(("who", "phase", "state"), list(product(PEOPLE, PHASES, IdeaState)))
def test_commenting(who: str, phase: str, state: IdeaState) -> None:
    permission = may_comment(PEOPLE[who], PHASES[phase], state, now=NOW)
    assert bool(permission) is (who != "anonymous" and phase == "open" and state is IdeaState.PUBLISHED)
    assert permission or permission.reason is not None


VOICES = {
    "anonymous": (Voice.RESIDENT,),
    "resident": (Voice.RESIDENT,),
    "moderator": (Voice.RESIDENT, Voice.MODERATION),
    "moderator elsewhere": (Voice.RESIDENT,),
    "staff": (Voice.RESIDENT, Voice.ADMINISTRATION),
    "admin": tuple(Voice),
}


@pytest.mark.parametrize("who", PEOPLE)
def test_official_voices(who: str) -> None:
    assert voices_of(PEOPLE[who], HERE) == VOICES[who]
    for voice in Voice:
        permission = may_speak_as(PEOPLE[who], HERE, voice)
        assert bool(permission) is (voice in VOICES[who])
        assert permission or permission.reason is not None


@pytest.mark.parametrize(("who", "phase", "state", "own"), list(product(PEOPLE, PHASES, CommentState, (False, True))))
def test_marking(who: str, phase: str, state: CommentState, own: bool) -> None:
    permission = may_mark_helpful(PEOPLE[who], PHASES[phase], IdeaState.PUBLISHED, facts(state, own=own), now=NOW)
    possible = who != "anonymous" and phase == "open" and state is CommentState.PUBLISHED and not own
    assert bool(permission) is possible
    assert permission or permission.reason is not None


@pytest.mark.parametrize("state", IdeaState)
def test_marking_needs_a_public_idea(state: IdeaState) -> None:
    permission = may_mark_helpful(RESIDENT, OPEN, state, facts(own=False), now=NOW)
    assert bool(permission) is (state is IdeaState.PUBLISHED)


EDITING = [
    (facts(), OPEN, True),
    (facts(CommentState.IN_REVIEW), OPEN, True),
    (facts(age=WINDOW), OPEN, True),
    (facts(age=WINDOW), CLOSED, True),
    (facts(age=WINDOW + timedelta(seconds=1)), OPEN, False),
    (facts(age=WINDOW + timedelta(seconds=1)), CLOSED, False),
    (facts(), NEVER, False),
    (facts(own=False), OPEN, False),
    (facts(answered=True), OPEN, False),
    (facts(helpful=1), OPEN, False),
    (facts(CommentState.HIDDEN), OPEN, False),
    (facts(CommentState.WITHDRAWN), OPEN, False),
]


@pytest.mark.parametrize(("comment", "phase", "possible"), EDITING, ids=range(len(EDITING)))
def test_changing(comment: CommentFacts, phase: ProcessOutline, possible: bool) -> None:
    permission = may_edit_comment(RESIDENT, phase, IdeaState.PUBLISHED, comment, window=WINDOW, now=NOW)
    assert bool(permission) is possible
    assert permission or permission.reason is not None


@pytest.mark.parametrize(
    ("age", "open_for", "possible"),
    [
        (23, 23, True),
        (24, 24, True),
        # Opened before it was written, too late, or so long ago that the form is no good any more.
        (23, 24, False),
        (23, 22, False),
        (25, 25, False),
    ],
)
def test_who_opened_the_form_in_time_may_take_time(age: int, open_for: int, possible: bool) -> None:
    comment, opened_at = facts(age=timedelta(hours=age)), NOW - timedelta(hours=open_for)
    permission = may_edit_comment(
        RESIDENT, OPEN, IdeaState.PUBLISHED, comment, window=WINDOW, now=NOW, opened_at=opened_at
    )
    assert bool(permission) is possible


@pytest.mark.parametrize("state", [state for state in IdeaState if state is not IdeaState.PUBLISHED])
def test_changing_needs_a_public_idea(state: IdeaState) -> None:
    assert not may_edit_comment(RESIDENT, OPEN, state, facts(), window=WINDOW, now=NOW)


@pytest.mark.parametrize(("who", "state", "own"), list(product(PEOPLE, CommentState, (False, True))))
def test_deleting(who: str, state: CommentState, own: bool) -> None:
    comment = facts(state, own=own, age=timedelta(days=400), helpful=3, answered=True)
    permission = may_delete_comment(PEOPLE[who], comment)
    assert bool(permission) is (own and who != "anonymous" and state is not CommentState.WITHDRAWN)
    assert permission or permission.reason is not None
