"""Saying something about oneself: optional, with consent, changeable, deletable, and nobody else's business."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from sqlalchemy import select

from participation.accounts.actor import ANONYMOUS, Actor, Role
from participation.activity.models import LogEntry, RecordedEvent
from participation.demographics.models import CharacteristicOption, SelfDescription
from participation.demographics.policies import may_describe_self
from participation.demographics.service import describe_self
from participation.kit import clock
from participation.kit.permissions import Missing, Refused
from participation.processes.models import Process, ProcessState
from participation.processes.queries import process_by_slug
from participation.voting.models import Stance
from tests import make, self_descriptions
from tests.conftest import Sessions
from tests.make import Place
from tests.pages import Page, PageClient

Member = Callable[..., PageClient]
URL = "/en/processes/digital/about-me"
EMAIL = "teller@example.org"
DELETE = f"[action='{URL}/delete']"
OFFER = f".panel a[href='{URL}']"


@dataclass(frozen=True, slots=True)
class Asked:
    """A process that asks about age and district, and somebody who takes part in it."""

    place: Place
    account: int
    participant: int
    options: dict[str, int]
    age: str
    district: str


@pytest.fixture
def asked(transact: Sessions) -> Asked:
    """The process, and the names of its two questions in the form."""
    with transact() as session:
        place = make.process(session)
        options = self_descriptions.questions(session, place)
        account = make.account(session, EMAIL)
        names = [
            f"about_{session.get_one(CharacteristicOption, options[key]).characteristic_id}" for key in ("old", "north")
        ]
        return Asked(place, account, make.participant(session, place, account_id=account), options, *names)


def stored(database: Sessions) -> list[tuple[int, int]]:
    """Return who said what."""
    with database() as session:
        rows = session.execute(select(SelfDescription.participant_id, SelfDescription.option_id))
        return sorted((row[0], row[1]) for row in rows)


def said(answers: dict[str, Any]) -> dict[str, Any]:
    """Return fields of the form by name."""
    return answers


def chosen(page: Page) -> list[str | None]:
    """Return what is chosen on the form."""
    return [one.get("value") for one in page.select("#about-me input[type=radio][checked]")]


def test_answers_are_given_changed_and_deleted(
    asked: Asked, member: Member, database: Sessions, transact: Sessions
) -> None:
    young, old, north = (asked.options[key] for key in ("young", "old", "north"))
    visitor = member(email=EMAIL)
    page = visitor.get(URL, budget=9)
    assert chosen(page) == ["none", "none"]
    page = visitor.follow(visitor.submit(page, "about-me", consent=True, **said({asked.age: young})))
    assert (stored(database), chosen(page)) == ([(asked.participant, young)], [str(young), "none"])
    page = visitor.follow(visitor.submit(page, "about-me", **said({asked.age: old, asked.district: north})))
    assert stored(database) == [(asked.participant, old), (asked.participant, north)], "consent was given before"
    with transact() as session:
        other = make.participant(session, asked.place)
        self_descriptions.say(session, other, young)
    page = visitor.follow(visitor.submit(page, DELETE))
    assert (stored(database), chosen(page)) == ([(other, young)], ["none", "none"])
    assert page.select(DELETE) == []


def test_without_consent_nothing_is_stored_and_nothing_is_lost(
    asked: Asked, member: Member, database: Sessions
) -> None:
    visitor = member(email=EMAIL)
    page = visitor.submit(visitor.get(URL), "about-me", status=422, **said({asked.age: asked.options["old"]}))
    label, error = page.errors[0].split(": ")
    assert (label, len(page.errors)) == ("I agree that my answers are stored and counted in published sums.", 1)
    assert error == "Without your consent we cannot store your answers. Please tick the box."
    assert chosen(page) == [str(asked.options["old"]), "none"]
    # What is not offered: nonsense, and an answer to another question.
    for forged in ("999999", "x\x00", asked.options["north"]):
        visitor.submit(page, "about-me", status=422, forge={asked.age: forged}, consent=True)
    visitor.submit(page, "about-me", status=303, **said({asked.age: "none"}))
    assert stored(database) == []


def test_nothing_about_it_is_logged(asked: Asked, transact: Sessions, database: Sessions) -> None:
    answers = {int(asked.age.removeprefix("about_")): asked.options["old"]}
    with transact() as session:
        describe_self(session, Actor(asked.account), slug="digital", answers=answers, now=clock.now())
    with database() as session:
        assert [session.scalars(select(table.id)).all() for table in (LogEntry, RecordedEvent)] == [[], []]
    assert stored(database) == [(asked.participant, asked.options["old"])]


def test_answers_to_other_questions_are_refused(asked: Asked, transact: Sessions, database: Sessions) -> None:
    age = int(asked.age.removeprefix("about_"))
    for answers in ({age: asked.options["north"]}, {999: asked.options["old"]}):
        with transact() as session, pytest.raises(Missing):
            describe_self(session, Actor(asked.account), slug="digital", answers=answers, now=clock.now())
    assert stored(database) == []


@pytest.mark.parametrize("state", list(ProcessState))
@pytest.mark.parametrize("actor", [ANONYMOUS, Actor(1)], ids=["anonymous", "signed in"])
def test_who_may_say_something(transact: Sessions, database: Sessions, state: ProcessState, actor: Actor) -> None:
    with transact() as session:
        make.process(session, state=state)
    with database() as session:
        process = process_by_slug(session, "digital")
    for takes_part in (True, False):
        permission = may_describe_self(actor, process, takes_part=takes_part)
        assert bool(permission) == (state is ProcessState.PUBLISHED and takes_part and actor.is_signed_in)
        assert permission or permission.reason


def test_whoever_does_not_take_part_is_told_so(asked: Asked, member: Member, transact: Sessions) -> None:
    page = member().get(URL)
    assert "please vote, comment or propose something first" in page.text
    assert page.select("#about-me") == []
    with transact() as session:
        stranger = Actor(make.account(session))
    with transact() as session, pytest.raises(Refused):
        describe_self(session, stranger, slug="digital", answers={}, now=clock.now())


def test_taking_back_is_possible_in_an_archived_process(
    asked: Asked, member: Member, transact: Sessions, database: Sessions
) -> None:
    with transact() as session:
        self_descriptions.say(session, asked.participant, asked.options["old"])
        session.get_one(Process, asked.place.id).state = ProcessState.ARCHIVED
    visitor = member(email=EMAIL)
    page = visitor.get(URL)
    assert page.select("#about-me") == []
    visitor.submit(page, DELETE, status=303)
    assert stored(database) == []


def test_a_process_that_asks_nothing_has_no_such_page(member: Member, transact: Sessions, client: PageClient) -> None:
    with transact() as session:
        make.process(session)
    member().get(URL, status=404)
    assert (client.get(URL, status=302).location or "").startswith("/en/sign-in")


def test_a_draft_does_not_show_that_it_is_there(asked: Asked, member: Member, transact: Sessions) -> None:
    with transact() as session:
        session.get_one(Process, asked.place.id).state = ProcessState.DRAFT
    member().get(URL, status=404)
    member(Role.STAFF, process_id=asked.place.id).get(URL)


def test_the_questions_are_offered_with_the_first_vote_only(asked: Asked, member: Member, transact: Sessions) -> None:
    with transact() as session:
        urls = [asked.place.url(f"/ideas/{make.idea(session, asked.place)}", language="en") for _ in range(2)]
    visitor, offered = member(email=EMAIL), []
    for url in urls:
        offered.append(len(visitor.get(url).select(OFFER)))
        visitor.submit(visitor.get(url), f"[action='{url}/vote']", press=Stance.AGREE.value)
        offered.append(len(visitor.get(url).select(OFFER)))
    assert offered == [0, 1, 0, 0]


def test_the_offer_does_not_stay(asked: Asked, member: Member, transact: Sessions) -> None:
    with transact() as session:
        idea = make.idea(session, asked.place)
        make.vote(session, asked.place, idea, Stance.AGREE, by=asked.participant)
    url = asked.place.url(f"/ideas/{idea}", language="en")
    visitor = member(email=EMAIL)
    assert len(visitor.get(url).select(OFFER)) == 1
    with time_machine.travel(clock.now() + timedelta(minutes=11), tick=False):
        assert visitor.get(url).select(OFFER) == []
    with transact() as session:
        self_descriptions.say(session, asked.participant, asked.options["old"])
    assert visitor.get(url).select(OFFER) == []


def test_whoever_votes_in_a_row_is_asked_at_its_end(asked: Asked, member: Member, transact: Sessions) -> None:
    with transact() as session:
        idea = make.idea(session, asked.place)
    visitor, row, offer = member(email=EMAIL), asked.place.url("/vote", language="en"), f"main a[href='{URL}']"
    with transact() as session:
        make.vote(session, asked.place, idea, Stance.AGREE, by=asked.participant)
    assert len(visitor.get(row).select(offer)) == 1
    with transact() as session:
        self_descriptions.say(session, asked.participant, asked.options["old"])
    assert visitor.get(row).select(offer) == []
