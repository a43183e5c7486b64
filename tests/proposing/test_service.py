"""Drafts as rows: who may begin and submit when, what is listed, and when drafts go."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from participation.accounts.actor import ANONYMOUS, SYSTEM, Actor, Role
from participation.kit import clock
from participation.kit.permissions import Missing, Refused
from participation.processes.models import Capability, PhaseKind, ProcessState
from participation.processes.outline import PhaseOutline, ProcessOutline
from participation.processes.policies import GRACE
from participation.proposing.models import Draft
from participation.proposing.policies import MOST_DRAFTS, counts_as_opened, may_begin_draft, may_submit_draft
from participation.proposing.queries import draft_of, drafts_of, text_mark
from participation.proposing.service import (
    KEPT,
    ChangedElsewhere,
    DraftText,
    Incomplete,
    KeyTaken,
    Preset,
    SubmittedAlready,
    Writing,
    choose_principles,
    delete_draft,
    expire_drafts,
    keep_text,
    submit_draft,
)
from participation.proposing.steps import Step, first_gap
from tests import make
from tests.conftest import Sessions

START = datetime(2027, 3, 1, 8, 0, tzinfo=UTC)
END = datetime(2027, 4, 1, 8, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
ACTORS = {
    "anonymous": ANONYMOUS,
    "resident": Actor(7),
    "moderator": Actor(8, grants=frozenset({(Role.MODERATOR, 1)})),
    "staff": Actor(9, grants=frozenset({(Role.STAFF, 1)})),
    "admin": Actor(10, grants=frozenset({(Role.ADMIN, None)})),
}
MAY_PROPOSE = {"resident", "moderator", "staff", "admin"}
TITLE, TEXT = "A title that is long enough", "A text that is long enough as well."


def process(state: ProcessState = ProcessState.PUBLISHED, *, proposing: bool = True) -> ProcessOutline:
    """Return a process whose only phase lasts from ``START`` to ``END``."""
    allows = frozenset({Capability.PROPOSE} if proposing else {Capability.VOTE})
    phase = PhaseOutline(1, PhaseKind.PROPOSE, {}, {}, START, END, allows, review_first=False)
    return ProcessOutline(1, "p", 1, state, {}, {}, {}, {}, {}, {}, False, 1, (phase,))


@pytest.mark.parametrize("name", ACTORS)
@pytest.mark.parametrize(
    ("moment", "is_open"), [(START - MINUTE, False), (START, True), (END - MINUTE, True), (END, False)]
)
@pytest.mark.parametrize("state", ProcessState)
def test_who_may_begin_a_draft_when(name: str, moment: datetime, is_open: bool, state: ProcessState) -> None:
    expected = name in MAY_PROPOSE and is_open and state is ProcessState.PUBLISHED
    assert bool(may_begin_draft(ACTORS[name], process(state), drafts=0, now=moment)) is expected
    assert bool(may_submit_draft(ACTORS[name], process(state), opened_at=moment, now=moment)) is expected
    assert not may_begin_draft(ACTORS[name], process(state, proposing=False), drafts=0, now=moment)


@pytest.mark.parametrize(("drafts", "allowed"), [(0, True), (MOST_DRAFTS - 1, True), (MOST_DRAFTS, False)])
def test_drafts_are_limited(drafts: int, allowed: bool) -> None:
    assert bool(may_begin_draft(Actor(7), process(), drafts=drafts, now=START)) is allowed


@pytest.mark.parametrize(
    ("opened_at", "now", "allowed"),
    [
        (START, END, True),
        (START, END + GRACE, True),
        (START, END + GRACE + timedelta(seconds=1), False),
        (END - timedelta(seconds=1), END + GRACE, True),
        (END, END + MINUTE, False),
        (END + MINUTE, END + MINUTE, False),
        (START - timedelta(days=200), END + GRACE, True),
    ],
)
def test_the_grace_of_a_draft_is_as_old_as_the_draft(opened_at: datetime, now: datetime, allowed: bool) -> None:
    assert bool(may_submit_draft(Actor(7), process(), opened_at=opened_at, now=now)) is allowed
    assert counts_as_opened(process(), opened_at, now) <= now


@pytest.mark.parametrize(
    ("title", "text", "has_answer", "gap"),
    [
        ("", TEXT, True, Step.TEXT),
        ("Short", TEXT, True, Step.TEXT),
        (TITLE, "", True, Step.TEXT),
        (TITLE, "Too short", False, Step.TEXT),
        (TITLE, TEXT, False, Step.PRINCIPLES),
        (TITLE, TEXT, True, None),
    ],
)
def test_what_a_draft_lacks(title: str, text: str, has_answer: bool, gap: Step | None) -> None:
    assert first_gap(title=title, text=text, has_answer=has_answer) is gap


def write(session: Any, actor: Actor, place: make.Place, key: str, **fields: Any) -> Draft:
    """Keep a text under ``key``; ``fields`` differ from the usual."""
    now = fields.pop("now", clock.now())
    writing = Writing(fields.pop("form_key", "form"), fields.pop("seen", ""), None)
    written = DraftText(**{"title": TITLE, "text": TEXT, "language": "en", "chosen": False, **fields})
    return keep_text(
        session, actor, process_id=place.id, key=key, written=written, writing=writing, preset=Preset(), now=now
    )


def test_drafts_are_listed_for_their_author_alone(transact: Sessions, database: Sessions) -> None:
    now = clock.now()
    with transact() as session:
        one, two = make.process(session, "one"), make.process(session, "two")
        author, other = Actor(make.account(session)), Actor(make.account(session))
        write(session, author, one, "a", now=now - timedelta(hours=2))
        write(session, author, two, "b", now=now - timedelta(hours=3))
        write(session, author, one, "c", title="", now=now - timedelta(hours=1))
        write(session, other, one, "d")
        choose_principles(session, author, process_id=one.id, key="a", principle_ids=(), not_sure=True, now=now)
    with database() as session:
        listed = drafts_of(session, author.account_id or 0)
        assert [(line.key, line.slug, line.step) for line in listed] == [
            ("a", "one", Step.PREVIEW),
            ("c", "one", Step.TEXT),
            ("b", "two", Step.PRINCIPLES),
        ]
        assert [line.key for line in drafts_of(session, author.account_id or 0, process_id=one.id)] == ["a", "c"]
        with pytest.raises(Missing):
            draft_of(session, other, process_id=one.id, key="a")
        for nobody in (ANONYMOUS, SYSTEM):
            with pytest.raises(Missing):
                draft_of(session, nobody, process_id=one.id, key="a")


def test_keeping_a_text(transact: Sessions) -> None:
    with transact() as session:
        place = make.process(session)
        author, other = Actor(make.account(session)), Actor(make.account(session))
        draft = write(session, author, place, "a")
        opened_at = draft.opened_at
        write(session, author, place, "a", text=f"{TEXT} More.")
        assert (draft.text, draft.opened_at) == (f"{TEXT} More.", opened_at)
        with pytest.raises(KeyTaken):
            write(session, other, place, "a")
        with pytest.raises(ChangedElsewhere) as problem:
            write(session, author, place, "a", form_key="other window")
        assert problem.value.text == f"{TEXT} More."
        write(session, author, place, "a", form_key="other window", seen=text_mark(TITLE, f"{TEXT} More."))
        assert draft.text == TEXT


def test_submitting(transact: Sessions) -> None:
    with transact() as session:
        place = make.process(session)
        author, other = Actor(make.account(session)), Actor(make.account(session))
        write(session, author, place, "a")
        with pytest.raises(Incomplete) as problem:
            submit_draft(session, author, process_id=place.id, key="a", now=clock.now())
        assert problem.value.step is Step.PRINCIPLES
        with pytest.raises(Refused):
            choose_principles(
                session,
                author,
                process_id=place.id,
                key="a",
                principle_ids=(1, 2, 3, 4),
                not_sure=False,
                now=clock.now(),
            )
        choose_principles(
            session, author, process_id=place.id, key="a", principle_ids=(), not_sure=True, now=clock.now()
        )
        with pytest.raises(Missing):
            submit_draft(session, other, process_id=place.id, key="a", now=clock.now())
        idea = submit_draft(session, author, process_id=place.id, key="a", now=clock.now())
        assert submit_draft(session, author, process_id=place.id, key="a", now=clock.now()).id == idea.id
        assert session.scalars(select(Draft.key)).all() == []
        with pytest.raises(Missing):
            submit_draft(session, other, process_id=place.id, key="a", now=clock.now())
        with pytest.raises(SubmittedAlready):
            write(session, author, place, "a")
        with pytest.raises(Missing):
            delete_draft(session, author, process_id=place.id, key="a")


def test_drafts_that_nobody_changes_go_in_short_batches(transact: Sessions) -> None:
    now = clock.now()
    ages = {"new": KEPT - MINUTE, "old": KEPT + MINUTE, "older": 2 * KEPT, "oldest": 3 * KEPT}
    with transact() as session:
        place = make.process(session)
        author = Actor(make.account(session))
        for key, age in ages.items():
            write(session, author, place, key).changed_at = now - age
        session.flush()
        removed = [expire_drafts(session, now=now, batch=2) for _ in range(3)]
        assert removed == [2, 1, 0]
        assert session.scalars(select(Draft.key)).all() == ["new"]
