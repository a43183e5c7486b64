"""Two moderators never work on the same case: holding, letting go, giving away, and taking the next one."""

import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import update

from participation.accounts.actor import ANONYMOUS, Actor, Role
from participation.cases.models import Case, CaseKind, SubjectKind
from participation.ideas.models import IdeaState
from participation.kit import clock
from participation.kit.db import transaction
from participation.kit.permissions import Missing, Refused
from participation.moderation.models import Decision, DecisionKind
from participation.moderation.queue.filters import Assigned, QueueFilter
from participation.moderation.queue.holds import (
    HELD_FOR,
    CaseStatus,
    Colleague,
    Settled,
    Taken,
    assign,
    colleagues,
    hold,
    next_case,
    release,
    statuses,
)
from participation.moderation.queue.notes import NOTE_LONGEST, write_note
from tests import make
from tests.conftest import Sessions

NOW = clock.now()
SOON = NOW + timedelta(minutes=1)


class Desk:
    """A process with two moderators and cases that wait, the oldest first."""

    def __init__(self, transact: Sessions, cases: int) -> None:
        self.transact = transact
        with transact() as session:
            self.place = make.process(session)
            emails = ("one@example.org", "two@example.org")
            accounts = [make.account(session, email) for email in emails]
            self.one, self.two = (
                make.actor(session, account, role=Role.MODERATOR, process_id=self.place.id) for account in accounts
            )
            for number in range(cases):
                at = NOW - timedelta(hours=cases - number)
                make.idea(session, self.place, state=IdeaState.IN_REVIEW, at=at)
            self.cases = [case.id for case in session.query(Case).order_by(Case.id)]

    def hold(self, actor: Actor, case_id: int, *, now: datetime = NOW) -> Case:
        with self.transact() as session:
            return hold(session, actor, process_id=self.place.id, case_id=case_id, now=now)

    def release(self, actor: Actor, case_id: int) -> Case:
        with self.transact() as session:
            return release(session, actor, process_id=self.place.id, case_id=case_id, now=NOW)

    def assign(self, actor: Actor, case_id: int, to: int | None) -> Case:
        with self.transact() as session:
            return assign(session, actor, process_id=self.place.id, case_id=case_id, account_id=to, now=NOW)

    def next(
        self, actor: Actor, *, now: datetime = NOW, wanted: QueueFilter | None = None, instead_of: int | None = None
    ) -> int | None:
        with self.transact() as session:
            case = next_case(session, actor, process_id=self.place.id, now=now, wanted=wanted, instead_of=instead_of)
            return case.id if case else None

    def status(self, actor: Actor, case_id: int, *, now: datetime = NOW) -> CaseStatus:
        with self.transact() as session:
            (status,) = statuses(session, actor, process_id=self.place.id, case_ids=[case_id, 10**9], now=now)
            return status


@pytest.fixture
def desk(transact: Sessions) -> Desk:
    """Three cases that wait."""
    return Desk(transact, 3)


def test_what_is_held_nobody_else_gets(desk: Desk) -> None:
    case_id = desk.cases[0]
    held = desk.hold(desk.one, case_id)
    assert (held.held_by, held.held_since, held.held_until) == (desk.one.account_id, NOW, NOW + HELD_FOR)
    with pytest.raises(Taken):
        desk.hold(desk.two, case_id, now=SOON)
    with pytest.raises(Taken):
        desk.assign(desk.two, case_id, desk.two.account_id)
    assert desk.release(desk.two, case_id).held_by == desk.one.account_id
    renewed = desk.hold(desk.one, case_id, now=SOON)
    assert (renewed.held_since, renewed.held_until) == (NOW, SOON + HELD_FOR)
    over = SOON + HELD_FOR
    assert desk.status(desk.two, case_id) == CaseStatus(case_id, True, False, "one@example.org", over, "")
    assert desk.status(desk.one, case_id) == CaseStatus(case_id, True, True, "", over, "")
    assert desk.status(desk.two, case_id, now=over) == CaseStatus(case_id, True, False, "", None, "")
    taken_over = desk.hold(desk.two, case_id, now=over)
    assert (taken_over.held_by, taken_over.held_since) == (desk.two.account_id, over)


def test_letting_go_gives_it_back(desk: Desk) -> None:
    case_id = desk.cases[0]
    desk.hold(desk.one, case_id)
    left = desk.release(desk.one, case_id)
    assert (left.held_by, left.held_since, left.held_until) == (None, None, None)
    assert desk.hold(desk.two, case_id).held_by == desk.two.account_id


def test_giving_a_case_to_somebody(desk: Desk, transact: Sessions) -> None:
    case_id = desk.cases[0]
    desk.hold(desk.one, case_id)
    assert desk.assign(desk.one, case_id, desk.one.account_id).held_by == desk.one.account_id
    given = desk.assign(desk.one, case_id, desk.two.account_id)
    assert (given.assigned_to, given.held_by) == (desk.two.account_id, None)
    assert desk.status(desk.one, case_id).assigned_to == "two@example.org"
    assert desk.assign(desk.one, case_id, None).assigned_to is None
    with transact() as session:
        staff = make.actor(session, make.account(session), role=Role.STAFF, process_id=desk.place.id)
    with pytest.raises(Refused):
        desk.assign(desk.one, case_id, staff.account_id)


def test_who_may_be_given_something(desk: Desk, transact: Sessions) -> None:
    with transact() as session:
        other = make.process(session, "other")
        for email, role, process_id in (
            ("admin@example.org", Role.ADMIN, None),
            ("elsewhere@example.org", Role.MODERATOR, other.id),
            ("staff@example.org", Role.STAFF, desk.place.id),
            ("one@example.org", Role.MODERATOR, None),
        ):
            make.actor(session, make.account(session, email), role=role, process_id=process_id)
        found = colleagues(session, desk.place.id)
    assert [one.email for one in found] == ["admin@example.org", "one@example.org", "two@example.org"]
    assert found[1] == Colleague(desk.one.account_id or 0, "one@example.org")


def test_the_next_one_is_the_first_that_nobody_has(desk: Desk) -> None:
    first, second, third = desk.cases
    assert desk.next(desk.one) == first
    assert desk.next(desk.two) == second
    # What one works on already comes again.
    assert desk.next(desk.one) == first
    assert desk.next(desk.one, instead_of=first) == third
    assert desk.status(desk.one, first) == CaseStatus(first, True, False, "", None, "")
    # Behind the last one it goes on at the beginning.
    assert desk.next(desk.one, instead_of=third) == first
    assert desk.next(desk.two, instead_of=second) == third
    assert desk.next(desk.two, now=NOW + HELD_FOR) == first


def test_the_next_one_was_given_to_nobody_else_and_fits_the_filter(desk: Desk, transact: Sessions) -> None:
    first, second, third = desk.cases
    desk.assign(desk.one, first, desk.one.account_id)
    with transact() as session:
        session.execute(update(Case).where(Case.id == second).values(closed_at=NOW))
    assert desk.next(desk.two) == third
    assert desk.next(desk.one, wanted=QueueFilter(assigned=Assigned.ME)) == first
    assert desk.next(desk.two, wanted=QueueFilter(words="problem", subject=SubjectKind.IDEA)) == third
    assert desk.next(desk.one, wanted=QueueFilter(words="elephant")) is None
    assert desk.next(desk.two, instead_of=third) is None


def test_an_objection_to_an_own_decision_is_left_to_others(desk: Desk, transact: Sessions) -> None:
    with transact() as session:
        first = session.get_one(Case, desk.cases[0])
        decision = Decision(
            process_id=desk.place.id,
            idea_id=first.subject_id,
            kind=DecisionKind.HIDE,
            reason="",
            decided_by=desk.one.account_id,
            decided_at=NOW,
        )
        session.add(decision)
        session.flush()
        first.kind, first.about_id = CaseKind.APPEAL, decision.id
    assert desk.next(desk.one) == desk.cases[1]
    assert desk.next(desk.two) == desk.cases[0]


def test_what_is_closed_is_not_held_or_given_away(desk: Desk, transact: Sessions) -> None:
    case_id = desk.cases[0]
    with transact() as session:
        session.execute(update(Case).where(Case.id == case_id).values(closed_at=NOW))
    with pytest.raises(Settled):
        desk.hold(desk.one, case_id)
    with pytest.raises(Settled):
        desk.assign(desk.one, case_id, None)
    assert not desk.status(desk.one, case_id).is_open


@pytest.mark.parametrize("action", ["hold", "release", "assign", "next", "note"])
def test_only_moderators_and_only_here(desk: Desk, transact: Sessions, action: str) -> None:
    case_id = desk.cases[0]
    with transact() as session:
        other = make.process(session, "other")
        elsewhere = make.actor(session, make.account(session), role=Role.MODERATOR, process_id=other.id)
        resident = make.actor(session, make.account(session))

    def act(actor: Actor, process_id: int) -> None:
        here: dict[str, Any] = {"process_id": process_id, "now": NOW}
        calls: dict[str, Callable[[], object]] = {
            "hold": lambda: hold(session, actor, case_id=case_id, **here),
            "release": lambda: release(session, actor, case_id=case_id, **here),
            "assign": lambda: assign(session, actor, case_id=case_id, account_id=None, **here),
            "next": lambda: next_case(session, actor, instead_of=case_id, **here),
            "note": lambda: write_note(session, actor, case_id=case_id, text="Hm", **here),
        }
        with transact() as session:
            calls[action]()

    for stranger in (ANONYMOUS, resident, elsewhere):
        with pytest.raises(Refused):
            act(stranger, desk.place.id)
    # The number of a case of another process leads nowhere.
    with pytest.raises(Missing):
        act(elsewhere, other.id)


def test_a_note_says_something_and_not_too_much(desk: Desk, transact: Sessions) -> None:
    with transact() as session:
        here: dict[str, Any] = {"process_id": desk.place.id, "case_id": desk.cases[0], "now": NOW}
        note = write_note(session, desk.one, text="  Ask the library.\n", **here)
        assert (note.text, note.written_by, note.subject_kind) == (
            "Ask the library.",
            desk.one.account_id,
            SubjectKind.IDEA,
        )
        for text in (" \n", "x" * (NOTE_LONGEST + 1)):
            with pytest.raises(Refused):
                write_note(session, desk.one, text=text, **here)


def test_everybody_who_asks_at_once_gets_another_one(app: Flask, transact: Sessions) -> None:
    """Real connections at the same moment, each asking twice: ten cases for ten requests."""
    desk = Desk(transact, 10)
    with transact() as session:
        people = [
            make.actor(session, make.account(session), role=Role.MODERATOR, process_id=desk.place.id) for _ in range(5)
        ]
    barrier, given, failures = threading.Barrier(5), list[int](), list[Exception]()

    def work(actor: Actor) -> None:
        try:
            barrier.wait(30)
            last = None
            for _ in range(2):
                with app.app_context(), transaction() as session:
                    case = next_case(session, actor, process_id=desk.place.id, now=clock.now(), instead_of=last)
                    assert case
                    last = case.id
                    # Never offered again, as if it had been decided.
                    case.assigned_to = actor.account_id
                given.append(last)
        except Exception as problem:  # noqa: BLE001  # told to the test, which is another thread
            failures.append(problem)

    threads = [threading.Thread(target=work, args=(actor,)) for actor in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert failures == []
    assert sorted(given) == desk.cases
