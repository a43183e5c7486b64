"""Two moderators on one item: through the whole application, one after the other and at the same moment."""

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select, update

from participation.accounts.actor import Actor, Role
from participation.cases.models import Case, SubjectKind
from participation.comments.models import CommentState
from participation.ideas.models import IdeaState
from participation.kit import clock
from participation.kit.db import transaction
from participation.kit.permissions import Refused
from participation.moderation.models import Decision, DecisionKind
from participation.moderation.queue.holds import Settled, Taken, next_case
from participation.moderation.queue.listing import cases_about
from participation.moderation.service import Subject, decide
from tests import make
from tests.conftest import Sessions
from tests.pages import Page, PageClient

Member = Callable[..., PageClient]
DESK = "/en/desk/processes/digital"


@pytest.fixture
def waiting(transact: Sessions) -> tuple[make.Place, int, int]:
    """A process, an idea that waits, and its case."""
    with transact() as session:
        place = make.process(session)
        idea = make.idea(session, place, state=IdeaState.IN_REVIEW)
        (case_id,) = cases_about(session, kind=SubjectKind.IDEA, subject_id=idea, now=clock.now())
    return place, idea, case_id


@pytest.fixture
def people(member: Member, waiting: tuple[make.Place, int, int]) -> tuple[PageClient, PageClient]:
    """Two moderators, each in a browser of their own."""
    place = waiting[0]
    first, second = (
        member(Role.MODERATOR, process_id=place.id, email=f"{name}@example.org") for name in ("first", "second")
    )
    return first, second


def hold(visitor: PageClient, case_id: int, *, status: int) -> Page:
    """Hold a case, as the script of the queue does."""
    token = visitor.get(f"{DESK}/cases/{case_id}").select("input[name=csrf_token]")[0].get("value")
    headers = {"Accept": "application/json"}
    return visitor.post(f"{DESK}/cases/{case_id}/hold", {"csrf_token": token}, headers=headers, status=status)


def test_what_a_colleague_holds_is_not_decided(
    people: tuple[PageClient, PageClient],
    waiting: tuple[make.Place, int, int],
    database: Sessions,
    transact: Sessions,
) -> None:
    first, second = people
    _place, idea, case_id = waiting
    page = second.get(f"{DESK}/ideas/{idea}/decision")
    hold(first, case_id, status=200)
    hold(second, case_id, status=409)
    refused = second.submit(page, decision="publish", status=409)
    assert "A colleague is working on this at the moment." in refused.text
    assert "first@example.org" in second.get(f"{DESK}/cases/{case_id}").text
    with transact() as session:
        # The colleague went home.
        session.execute(update(Case).values(held_until=clock.now() - timedelta(seconds=1)))
    second.submit(page, decision="publish", status=303)
    with database() as session:
        assert [row.kind for row in session.scalars(select(Decision))] == [DecisionKind.PUBLISH]


def test_what_a_colleague_has_decided_is_not_decided_again(
    people: tuple[PageClient, PageClient], waiting: tuple[make.Place, int, int], database: Sessions
) -> None:
    first, second = people
    _place, idea, case_id = waiting
    pages = [visitor.get(f"{DESK}/ideas/{idea}/decision") for visitor in (first, second)]
    first.submit(pages[0], decision="publish", forge={"case": str(case_id)}, status=303)
    second.submit(pages[1], decision="publish", forge={"case": str(case_id)}, status=409)
    hold(second, case_id, status=409)
    with database() as session:
        assert len(session.scalars(select(Decision)).all()) == 1


def test_of_two_decisions_at_the_same_moment_one_is_taken(app: Flask, transact: Sessions, database: Sessions) -> None:
    """Real connections: ten times two moderators decide about the same comment at once, one to publish, one to hide."""
    with transact() as session:
        place = make.process(session)
        idea = make.idea(session, place)
        comments = [make.comment(session, place, idea, state=CommentState.IN_REVIEW) for _ in range(10)]
        cases = [cases_about(session, kind=SubjectKind.COMMENT, subject_id=one, now=clock.now())[0] for one in comments]
        actors = [
            make.actor(session, make.account(session), role=Role.MODERATOR, process_id=place.id) for _ in range(2)
        ]
    barrier, refusals, failures = threading.Barrier(2), list[Refused](), list[Exception]()

    def work(actor: Actor, kind: DecisionKind) -> None:
        for comment, case_id in zip(comments, cases, strict=True):
            barrier.wait(30)
            try:
                with app.app_context(), transaction() as session:
                    decide(
                        session,
                        actor,
                        subject=Subject("comment", comment),
                        kind=kind,
                        reason="Off topic",
                        ground="rule-topic",
                        case_id=case_id,
                        now=clock.now(),
                    )
            except Refused as refused:
                refusals.append(refused)
            except Exception as problem:  # noqa: BLE001  # told to the test, which is another thread
                failures.append(problem)

    _both(lambda: work(actors[0], DecisionKind.PUBLISH), lambda: work(actors[1], DecisionKind.HIDE))
    assert failures == []
    assert len(refusals) == 10
    with database() as session:
        decided = session.scalars(select(Decision.comment_id).order_by(Decision.comment_id)).all()
        assert decided == comments
        assert session.scalars(select(Case).where(Case.closed_at.is_(None))).all() == []


def test_taking_and_deciding_at_the_same_moment_do_not_block_each_other(
    app: Flask, transact: Sessions, database: Sessions
) -> None:
    """One takes case after case while the other decides about all of them in turn: nobody waits for good."""
    with transact() as session:
        place = make.process(session)
        ideas = [make.idea(session, place, state=IdeaState.IN_REVIEW) for _ in range(10)]
        actors = [
            make.actor(session, make.account(session), role=Role.MODERATOR, process_id=place.id) for _ in range(2)
        ]
    failures: list[Exception] = []
    refusals: list[Refused] = []

    def take() -> None:
        last = None
        for _ in range(20):
            with app.app_context(), transaction() as session:
                case = next_case(session, actors[0], process_id=place.id, now=clock.now(), instead_of=last)
                last = case.id if case else last

    def publish() -> None:
        for idea in ideas:
            try:
                with app.app_context(), transaction() as session:
                    subject = Subject("idea", idea)
                    decide(session, actors[1], subject=subject, kind=DecisionKind.PUBLISH, now=clock.now())
            except Refused as refused:
                refusals.append(refused)

    def told(work: Callable[[], None]) -> Callable[[], None]:
        def inside() -> None:
            try:
                work()
            except Exception as problem:  # noqa: BLE001  # told to the test, which is another thread
                failures.append(problem)

        return inside

    _both(told(take), told(publish))
    assert failures == []
    assert all(isinstance(one, Taken | Settled) for one in refusals)
    with database() as session:
        open_cases = session.scalars(select(Case.id).where(Case.closed_at.is_(None))).all()
        assert len(session.scalars(select(Decision)).all()) == 10 - len(open_cases) == 10 - len(refusals)


def _both(*work: Callable[[], None]) -> None:
    threads = [threading.Thread(target=one) for one in work]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
