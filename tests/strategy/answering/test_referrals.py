"""Asking departments for answers: who may, what stays visible, what ends it, and two who do it at once."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from participation.accounts.actor import ANONYMOUS, SYSTEM, Actor, Role
from participation.activity.models import LogEntry
from participation.ideas.models import Idea, IdeaState
from participation.kit import clock
from participation.kit.permissions import Missing, Refused
from participation.processes.models import Process
from participation.strategy.answering.following import referrals_around, referrals_of
from participation.strategy.answering.policies import may_answer_bundle, may_begin_measure, may_refer, may_report
from participation.strategy.answering.referrals import refer, take_back_referral
from participation.strategy.answering.subjects import Subject, SubjectKind
from participation.strategy.models import AnswerOutcome, MeasureState, Referral, ReferralEnd
from tests import make
from tests.conftest import Sessions
from tests.pages import PageClient

Member = Callable[..., PageClient]
HERE, ELSEWHERE = 1, 2
DESK = "/en/desk/processes/digital"
MODERATES, ANSWERS = "refers", "answers"
ACTORS: dict[str, tuple[Actor, set[str]]] = {
    "anonymous": (ANONYMOUS, set()),
    "resident": (Actor(7), set()),
    "moderator here": (Actor(8, grants=frozenset({(Role.MODERATOR, HERE)})), {MODERATES}),
    "moderator elsewhere": (Actor(9, grants=frozenset({(Role.MODERATOR, ELSEWHERE)})), set()),
    "staff here": (Actor(10, grants=frozenset({(Role.STAFF, HERE)})), {MODERATES, ANSWERS}),
    "staff elsewhere": (Actor(11, grants=frozenset({(Role.STAFF, ELSEWHERE)})), set()),
    "system": (SYSTEM, {MODERATES, ANSWERS}),
}


@pytest.mark.parametrize("name", ACTORS)
def test_who_refers_answers_together_and_reports(name: str) -> None:
    actor, can = ACTORS[name]
    for is_public in (True, False):
        assert bool(may_refer(actor, HERE, is_public=is_public)) is (MODERATES in can and is_public)
        assert bool(may_answer_bundle(actor, HERE, is_public=is_public)) is (ANSWERS in can and is_public)
    for outcome in AnswerOutcome:
        for is_latest in (True, False):
            allowed = ANSWERS in can and is_latest and outcome is not AnswerOutcome.NO
            assert bool(may_begin_measure(actor, HERE, outcome, is_latest=is_latest)) is allowed
    not_possible = {
        (MeasureState.RUNNING, MeasureState.PLANNED),
        (MeasureState.DONE, MeasureState.PLANNED),
        (MeasureState.DONE, MeasureState.STOPPED),
        (MeasureState.STOPPED, MeasureState.DONE),
    }
    for before in MeasureState:
        for after in MeasureState:
            allowed = ANSWERS in can and (before, after) not in not_possible
            assert bool(may_report(actor, HERE, before, after)) is allowed


def test_a_day_that_is_moved_leaves_a_trace_and_the_answer_ends_it(transact: Sessions, database: Sessions) -> None:
    first, second = date(2030, 1, 10), date(2030, 2, 1)
    with transact() as session:
        place = make.process(session)
        idea = make.idea(session, place)
        version = session.get_one(Process, place.id).version
    asked = [("Roads", first), ("Roads", first), (" Parks ", second)]
    for department, day in asked:
        with transact() as session:
            make.referral(session, idea_id=idea, department=department, due_on=day)
    subject = Subject(SubjectKind.IDEA, idea)
    with database() as session:
        view = referrals_of(session, [subject])[subject]
        assert (view.department, view.due_on, view.first_due_on) == ("Parks", second, first)
        assert [one.id for one in referrals_around(session, idea)] == [view.id]
        assert (view.is_overdue(second), view.is_overdue(second + timedelta(days=1))) == (False, True)
        assert session.get_one(Process, place.id).version == version + 2, "asking twice for the same changes nothing"
    with transact() as session:
        answer = make.answer(session, idea_id=idea)
    with database() as session:
        rows = session.scalars(select(Referral).order_by(Referral.id)).all()
        assert [(row.ended_as, row.answer_id, row.closed_at is None) for row in rows] == [
            (ReferralEnd.MOVED, None, False),
            (ReferralEnd.ANSWERED, answer, False),
        ]
        assert referrals_around(session, idea) == ()
    with transact() as session:
        make.referral(session, idea_id=idea, due_on=second)
    with database() as session:
        assert referrals_of(session, [subject])[subject].first_due_on == second, "a new question has a new first day"


def test_what_is_not_public_is_not_referred_and_strangers_change_nothing(
    transact: Sessions, database: Sessions
) -> None:
    with transact() as session:
        place, other = make.process(session), make.process(session, "other")
        hidden = make.idea(session, place, state=IdeaState.HIDDEN)
        idea = make.idea(session, place)
        waiting = make.referral(session, idea_id=idea)
        ended = make.referral(session, idea_id=make.idea(session, place))
        take_back_referral(session, SYSTEM, process_id=place.id, referral_id=ended, now=clock.now())
        stranger = make.actor(session, make.account(session), role=Role.STAFF, process_id=other.id)
    day, now = date(2030, 1, 1), clock.now()
    for actor, number, department in ((SYSTEM, hidden, "Parks"), (stranger, idea, "Parks"), (SYSTEM, idea, " ")):
        subject = Subject(SubjectKind.IDEA, number)
        with pytest.raises(Refused), transact() as session:
            refer(session, actor, subject=subject, department=department, due_on=day, now=now)
    for actor, process_id, number, problem in (
        (stranger, place.id, waiting, Refused),
        (SYSTEM, other.id, waiting, Missing),
        (SYSTEM, place.id, ended, Missing),
        (SYSTEM, place.id, 10**6, Missing),
    ):
        with pytest.raises(problem), transact() as session:
            take_back_referral(session, actor, process_id=process_id, referral_id=number, now=now)
    with database() as session:
        still = session.scalars(select(Referral.id).where(Referral.closed_at.is_(None))).all()
        assert still == [waiting]
        actions = session.scalars(
            select(LogEntry.action).where(LogEntry.action.contains("efer")).order_by(LogEntry.id)
        ).all()
        assert sorted(actions) == ["ReferralTakenBack", "SubjectReferred", "SubjectReferred"]


def test_a_bundle_and_a_statement_are_asked_about_on_the_pages_of_their_ideas(
    transact: Sessions, client: PageClient, database: Sessions
) -> None:
    with transact() as session:
        place = make.process(session)
        ideas = [make.idea(session, place) for _ in range(3)]
        make.referral(session, bundle_id=make.bundle(session, ideas[:2]), department="Roads")
        statement = make.statement(session, place, [make.cluster(session, place, ideas=ideas[1:2])])
        make.referral(session, statement_id=statement, department="Parks", due_on=date(2020, 1, 1))
    names = [client.get(place.url(f"/ideas/{idea}", language="en")).texts(".referral__who") for idea in ideas]
    assert names == [["Roads"], ["Parks", "Roads"], []]
    page = client.get(place.url(f"/statements/{statement}", language="en"))
    assert "The answer was due by 1 January 2020. Overdue" in page.one(".referral")
    with transact() as session:
        session.get_one(Idea, ideas[0]).state = IdeaState.HIDDEN
        session.get_one(Process, place.id).version += 1
    client.get(place.url(f"/ideas/{ideas[0]}", language="en"), status=404)


def test_moderators_ask_at_the_desk_and_take_it_back(member: Member, client: PageClient, transact: Sessions) -> None:
    with transact() as session:
        place = make.process(session)
        idea = make.idea(session, place)
        draft = make.statement(session, place, [make.cluster(session, place)], published=False)
    moderator = member(Role.MODERATOR, process_id=place.id)
    page = moderator.get(f"{DESK}/referrals/ideas/{idea}")
    answer = moderator.submit(page, "referral-form", status=422, due_on="2020-01-01")
    assert answer.errors == ["Responsible department: Please write something here.", "Answer by: This day is over."]
    assert moderator.submit(page, "referral-form", status=422, department="X", due_on="soon\x01").errors == [
        "Answer by: Please enter a day, for example 2027-03-01."
    ]
    moderator.submit(page, "referral-form", status=303, department="Parks & <b>paths</b>", due_on="2030-05-03")
    public = place.url(f"/ideas/{idea}", language="en")
    assert "The answer is due by 3 May 2030." in client.get(public).one(".referral")
    assert client.get(public).one(".referral__who") == "Parks & <b>paths</b>"
    page = moderator.get(f"{DESK}/referrals/ideas/{idea}")
    assert page.select("[name=department]")[0].get("value") == "Parks & <b>paths</b>"
    assert "Answer for the city" not in page.links()
    moderator.submit(page, "main .post-button", status=303)
    assert client.get(public).select(".referral") == []
    page = moderator.get(f"{DESK}/referrals/statements/{draft}")
    answer = moderator.submit(page, "referral-form", status=409, department="X", due_on="2030-05-03")
    assert answer.errors == ["This is not public, so no department can answer it in public."]
    for status, path in (
        (404, f"referrals/ideas/{10**6}"),
        (404, "referrals/comments/1"),
        (404, "referrals/bundles/1"),
    ):
        moderator.get(f"{DESK}/{path}", status=status)
    member().get(f"{DESK}/referrals/ideas/{idea}", status=403)
