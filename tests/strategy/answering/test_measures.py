"""Measures after answers: their steps, their days, who hears where of them, and what cannot follow."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from participation.accounts.actor import SYSTEM, Role
from participation.kit import clock
from participation.kit.permissions import Missing, Refused
from participation.strategy.answering.following import measures_after
from participation.strategy.answering.measures import MeasureDraft, StepDraft, begin_measure, report_step
from participation.strategy.answering.service import AnswerDraft, answer_idea
from participation.strategy.models import AnswerOutcome, Measure, MeasureState, MeasureStep
from tests import make
from tests.conftest import Sessions
from tests.pages import PageClient

Member = Callable[..., PageClient]
DESK = "/en/desk/processes/digital"
FIRST, LATER = date(2030, 1, 10), date(2030, 3, 1)


def test_steps_are_added_and_the_first_day_stays_visible(transact: Sessions, database: Sessions) -> None:
    with transact() as session:
        place = make.process(session)
        answer = make.answer(session, idea_id=make.idea(session, place))
    for _twice in range(2):
        with transact() as session:
            measure = make.measure(session, answer, due_on=FIRST)
    for _twice in range(2):
        with transact() as session:
            make.step(session, measure, MeasureState.RUNNING, words="It takes longer", due_on=LATER)
    with database() as session:
        (view,) = measures_after(session, [answer], "en")[answer]
        assert (view.id, view.state, view.due_on, view.first_due_on) == (measure, MeasureState.RUNNING, LATER, FIRST)
        assert [(step.text.text, step.due_on) for step in view.steps] == [
            ("It takes longer (en)", LATER),
            ("We look for places (en)", FIRST),
        ]
        assert (view.is_overdue(LATER), view.is_overdue(LATER + timedelta(days=1))) == (False, True)
    with transact() as session:
        make.step(session, measure, MeasureState.DONE, words="Ready")
    with database() as session:
        assert not measures_after(session, [answer], "en")[answer][0].is_overdue(LATER + timedelta(days=1))


@pytest.mark.parametrize("case", ["no", "earlier answer", "another process", "no words", "no department"])
def test_what_no_measure_can_follow(transact: Sessions, database: Sessions, case: str) -> None:
    with transact() as session:
        place, other = make.process(session), make.process(session, "other")
        idea = make.idea(session, place)
        outcome = AnswerOutcome.NO if case == "no" else AnswerOutcome.YES
        answer = make.answer(session, idea_id=idea, outcome=outcome)
        if case == "earlier answer":
            make.answer(session, idea_id=idea, words="Anew", at=clock.now() + timedelta(minutes=1))
    process_id = other.id if case == "another process" else place.id
    title = {"de": ""} if case == "no words" else {"de": "Bänke"}
    draft = MeasureDraft(title, " " if case == "no department" else "Parks", FIRST, {"de": "Bald"})
    with pytest.raises(Missing if case == "another process" else Refused), transact() as session:
        begin_measure(session, SYSTEM, process_id=process_id, answer_id=answer, draft=draft, now=clock.now())
    with database() as session:
        assert session.scalars(select(Measure.id)).all() == []


def test_what_is_no_step(transact: Sessions, database: Sessions) -> None:
    with transact() as session:
        place, other = make.process(session), make.process(session, "other")
        measure = make.measure(session, make.answer(session, idea_id=make.idea(session, place)))
        make.step(session, measure, MeasureState.DONE)
    for process_id, state, text, problem in (
        (place.id, MeasureState.PLANNED, {"de": "Doch nicht"}, Refused),
        (place.id, MeasureState.RUNNING, {"de": ""}, Refused),
        (other.id, MeasureState.RUNNING, {"de": "Weiter"}, Missing),
    ):
        draft = StepDraft(state, text)
        with pytest.raises(problem), transact() as session:
            report_step(session, SYSTEM, process_id=process_id, measure_id=measure, draft=draft, now=clock.now())
    with database() as session:
        assert len(session.scalars(select(MeasureStep.id)).all()) == 2


def test_a_no_names_no_day(transact: Sessions) -> None:
    with transact() as session:
        idea = make.idea(session, make.process(session))
    draft = AnswerDraft(AnswerOutcome.NO, "Parks", {"de": "Nein"}, FIRST)
    with pytest.raises(Refused), transact() as session:
        answer_idea(session, SYSTEM, idea_id=idea, draft=draft, now=clock.now())


def test_staff_begin_a_measure_and_report_on_it(member: Member, client: PageClient, transact: Sessions) -> None:
    with transact() as session:
        place = make.process(session)
        idea = make.idea(session, place)
    staff = member(Role.STAFF, process_id=place.id)
    page = staff.get(f"{DESK}/ideas/{idea}/answer")
    typed = {"outcome": "no", "department": "Parks", "text_en": "Yes.", "due_on": "2030-01-01"}
    wrong = staff.submit(page, "answer-form", status=422, **typed)
    assert wrong.errors == ["Until which day?: What the city does not do has no day until which it is done."]
    staff.submit(page, "answer-form", status=303, **(typed | {"outcome": "yes"}))
    public = place.url(f"/ideas/{idea}", language="en")
    assert client.get(public).one(".city-answer__due") == "The city wants to do this by 1 January 2030."
    page = staff.get(staff.get(f"{DESK}/ideas/{idea}/answer").links()["Add a measure"])
    assert page.select("[name=department]")[0].get("value") == "Parks"
    assert [option.get("value") for option in page.select("datalist option")] == ["Parks"]
    assert staff.submit(page, "measure-form", status=422, due_on="").errors == [
        "Done by: Please choose a day.",
        "What the city does (German): Please write this in at least one language.",
        "What is planned (German): Please write this in at least one language.",
    ]
    typed = {"title_en": "Benches & <b>trees</b>", "text_en": "Ten of them.", "due_on": "2030-02-01"}
    answer = staff.submit(page, "measure-form", status=303, **typed)
    desk = str(answer.location)
    page = client.get(public)
    assert page.texts(".measure__title") == ["Benches & <b>trees</b>"]
    assert "Planned · Parks · by 1 February 2030" in page.one(".measure__facts")
    page = staff.get(desk)
    assert staff.submit(page, "step-form", status=422).errors == [
        "How far is it?: Please choose how far it is.",
        "What happened (German): Please write this in at least one language.",
    ]
    done = {"state": "done", "text_en": "They stand.", "due_on": "2030-05-01"}
    assert staff.submit(page, "step-form", status=422, **done).errors == [
        "A new day until which it is done: What is done or stopped needs no new day."
    ]
    staff.submit(page, "step-form", status=303, **(done | {"due_on": ""}))
    page = client.get(public)
    assert page.texts(".measure__when") == [_day("Done"), _day("Planned")]
    assert page.one("details.measure__earlier > summary", seen=True) == "1 earlier step"
    offered = [field.get("value") for field in staff.get(desk).select("[name=state]")]
    assert offered == ["running", "done"]
    moderator = member(Role.MODERATOR, process_id=place.id)
    for path in (desk, f"{DESK}/answers/1/measures/new"):
        moderator.get(path, status=403)
    staff.get(f"{DESK}/measures/{10**6}", status=404)
    staff.get(f"{DESK}/answers/{10**6}/measures/new", status=404)


def _day(state: str) -> str:
    today = clock.today("Europe/Berlin")
    return f"{today.day} {today:%B %Y} · {state}"
