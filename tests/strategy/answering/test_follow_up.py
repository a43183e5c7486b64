"""What is waited for: counted, listed in windows, overdue first; what is not public counts nowhere."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import update

from participation.accounts.actor import Role
from participation.ideas.models import Idea, IdeaState
from participation.kit import clock
from participation.processes.models import Process
from participation.strategy.answering import overview
from participation.strategy.answering.departments import departments_used
from participation.strategy.answering.follow_up import DepartmentLoad, FollowUp, follow_ups, loads, waiting_referrals
from participation.strategy.models import AnswerOutcome, MeasureState
from tests import make
from tests.conftest import Sessions
from tests.pages import PageClient

Member = Callable[..., PageClient]
BUDGET = 19
TODAY = date(2030, 6, 15)
OVER, SOON = TODAY - timedelta(days=1), TODAY


def fill(transact: Sessions) -> tuple[make.Place, list[int]]:
    """Return a process with something of each kind, overdue and not, and an idea of which all that is hidden."""
    with transact() as session:
        place = make.process(session)
        ideas = [make.idea(session, place, title=f"Idea {number}") for number in range(9)]
        make.referral(session, idea_id=ideas[0], department="Roads", due_on=SOON)
        make.referral(session, idea_id=ideas[1], department="Roads", due_on=OVER)
        make.answer(session, idea_id=ideas[2], due_on=OVER, department="Lab")
        make.answer(session, idea_id=ideas[3], due_on=OVER, at=clock.now() - timedelta(days=1))
        make.answer(session, idea_id=ideas[3], outcome=AnswerOutcome.NO)
        reported = make.answer(session, idea_id=ideas[4], due_on=OVER)
        make.measure(session, reported, due_on=SOON)
        make.measure(session, reported, title="Late", due_on=OVER)
        done = make.measure(session, reported, title="Done", due_on=OVER)
        make.step(session, done, MeasureState.DONE)
        bundle = make.bundle(session, ideas[5:7])
        make.answer(session, bundle_id=bundle, outcome=AnswerOutcome.EXPERIMENT)
        hidden = ideas[8]
        make.referral(session, idea_id=ideas[7], department="Nowhere", due_on=OVER)
        make.measure(session, make.answer(session, idea_id=hidden, due_on=OVER), department="Nowhere", due_on=OVER)
        session.execute(update(Idea).where(Idea.id.in_((ideas[7], hidden))).values(state=IdeaState.HIDDEN))
    return place, ideas


def test_what_is_counted(transact: Sessions, database: Sessions) -> None:
    place, _ideas = fill(transact)
    with transact() as session:
        other = make.process(session, "other")
    with database() as session:
        counted = follow_ups(session, [place.id, other.id], today=TODAY)
        assert counted[other.id] == FollowUp()
        assert counted[other.id].is_empty
        assert counted[place.id] == FollowUp(
            referrals=2,
            referrals_overdue=1,
            answers={AnswerOutcome.YES: 2, AnswerOutcome.NO: 1, AnswerOutcome.EXPERIMENT: 1},
            promises_overdue=1,
            measures={MeasureState.PLANNED: 2, MeasureState.DONE: 1},
            measures_overdue=1,
        )
        assert (counted[place.id].overdue, counted[place.id].measures_open) == (3, 2)
        assert loads(session, place.id, today=TODAY) == [
            DepartmentLoad("Office for parks", 0, 0, 2, 1),
            DepartmentLoad("Roads", 2, 1, 0, 0),
        ]
        assert departments_used(session, place.id)[:2] == ("Office for parks", "Nowhere")
        assert [view.due_on for view in waiting_referrals(session, place.id, size=5)] == [OVER, SOON]


@pytest.mark.parametrize("part", ["", "?show=referrals", "?show=measures", "?show=done", "?show=answers"])
def test_everybody_reads_what_is_waited_for(
    client: PageClient, transact: Sessions, monkeypatch: pytest.MonkeyPatch, part: str
) -> None:
    place, _ideas = fill(transact)
    monkeypatch.setattr(clock, "today", lambda _zone: TODAY)
    page = client.get(place.url(f"/follow-up{part}", language="en"))
    assert page.texts(".stat__value") == ["2", "4", "2"]
    assert page.texts(".stat__note") == ["1 overdue", "1 promised day is over", "1 overdue"]
    expected = {
        "": [
            "Promised days that are over",
            "Waiting for an answer",
            "Under way or planned",
            "Done or stopped",
            "Answers",
        ],
        "?show=referrals": ["Waiting for an answer"],
        "?show=measures": ["Under way or planned"],
        "?show=done": ["Done or stopped"],
        "?show=answers": ["Answers"],
    }[part]
    assert page.texts("main h2") == expected
    assert "Nowhere" not in page.text
    assert "Idea 7" not in page.one("main")
    overdue = {"": 3, "?show=referrals": 1, "?show=measures": 1}.get(part, 0)
    assert page.texts("main .badge").count("Overdue") == overdue


def test_windows_lead_from_one_to_the_next(
    client: PageClient, transact: Sessions, monkeypatch: pytest.MonkeyPatch
) -> None:
    with transact() as session:
        place = make.process(session)
        for number in range(5):
            idea = make.idea(session, place, title=f"Asked {number}")
            make.referral(session, idea_id=idea, due_on=date(2030, 1, 20 - number // 2))
    monkeypatch.setattr(overview, "PAGE", 2)
    url, seen = place.url("/follow-up?show=referrals", language="en"), []
    while url:
        page = client.get(url)
        seen += page.texts(".follow-up__what a")
        url = page.links("[rel=next]").get("Next", "")
    assert seen == ["Asked 4", "Asked 2", "Asked 3", "Asked 0", "Asked 1"]
    for wrong in ("?show=everything", "?after=first", "?after=-1"):
        client.get(place.url(f"/follow-up{wrong}", language="en"), status=400)
    client.get("/en/processes/none/follow-up", status=404)
    assert "Nothing here yet" in client.get(place.url("/follow-up?show=done", language="en")).one("main")


@pytest.mark.parametrize("number", [1, 3])
def test_the_number_of_queries_does_not_grow(client: PageClient, transact: Sessions, number: int) -> None:
    with transact() as session:
        place = make.process(session)
        for _ in range(number):
            ideas = [make.idea(session, place) for _ in range(4)]
            make.referral(session, idea_id=ideas[0])
            answers = [
                make.answer(session, idea_id=ideas[1]),
                make.answer(session, bundle_id=make.bundle(session, ideas[2:])),
                make.answer(
                    session, statement_id=make.statement(session, place, [make.cluster(session, place, ideas=ideas)])
                ),
            ]
            for answer in answers:
                make.step(session, make.measure(session, answer), MeasureState.DONE)
                make.measure(session, answer, title="More")
    client.get(place.url("/follow-up", language="en"), budget=BUDGET)


def test_the_desk_leads_to_everything(
    member: Member, transact: Sessions, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    place, ideas = fill(transact)
    monkeypatch.setattr(clock, "today", lambda _zone: TODAY)
    desk = f"/en/desk/processes/{place.slug}"
    staff, moderator = member(Role.STAFF, process_id=place.id), member(Role.MODERATOR, process_id=place.id)
    page = staff.get(f"{desk}/answers")
    addresses = {link.get("href") for link in page.select("main a")}
    assert {f"{desk}/ideas/{ideas[0]}/answer", f"{desk}/referrals/ideas/{ideas[1]}", f"{desk}/measures/1"} <= addresses
    page = moderator.get(f"{desk}/answers")
    addresses = {link.get("href") for link in page.select("main a")}
    assert f"{desk}/referrals/ideas/{ideas[1]}" in addresses
    assert not {f"{desk}/ideas/{ideas[0]}/answer", f"{desk}/measures/1"} & addresses
    assert "3 overdue" in staff.get("/en/desk").text
    with transact() as session:
        session.get_one(Process, place.id).version += 1
    member().get(f"{desk}/answers", status=403)
