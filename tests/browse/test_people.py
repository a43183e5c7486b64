"""The page about who takes part: gaps named, few people protected, and honest about what is not known."""

from collections.abc import Callable

import pytest
from lxml.etree import _Element

from participation.demographics.publishing import publish
from participation.kit import clock
from participation.processes.models import Process, ProcessState
from tests import make, self_descriptions
from tests.conftest import Sessions
from tests.make import Place
from tests.pages import Page, PageClient

URL = "/en/processes/digital/results/people"
CITY = {"young": 400_000, "old": 600_000}


def rows(page: Page) -> list[list[str]]:
    """Return the tables of all drawings, row by row: label and note, then the numbers (aloud, without their heads)."""
    return [
        [" ".join("".join(cell.xpath(".//text()[not(ancestor::*[@aria-hidden])]")).split()) for cell in cells(row)]
        for row in page.select(".plot-intervals tbody tr")
    ]


def cells(row: _Element) -> list[_Element]:
    """Return what stands in a row of a drawing's table."""
    return list(row.xpath("./th//span | ./td"))


@pytest.fixture
def people(transact: Sessions) -> Place:
    """A process in which 11 young and 60 old people said something, and 13 of them lives in a district."""
    with transact() as session:
        place = make.process(session)
        options = self_descriptions.questions(session, place, residents=CITY)
        self_descriptions.people(session, place, options["young"], many=11)
        self_descriptions.people(session, place, options["old"], many=47)
        self_descriptions.people(session, place, options["old"], options["north"], many=9)
        self_descriptions.people(session, place, options["old"], options["south"], many=4)
        publish(session, process_id=place.id, now=clock.now())
    return place


def test_gaps_are_named_with_a_hint_where_to_invite(people: Place, client: PageClient) -> None:
    page = client.get(URL, budget=7)
    assert page.texts(".stat__value") == ["71", "71"]
    assert page.texts("article h3") == ["Age (en): Young (en)"]
    assert page.texts("article strong") == ["15 % of those who told us; 40 % in the city."]
    assert page.texts("article li") == ["Where to meet: young (en)"]
    spread = [[part.replace("\u00a0", " ").replace("\u2060", "") for part in row] for row in rows(page)]
    assert spread[:2] == [
        ["Young (en)", "11 people · Fewer than in the city", "15 % (8–27 %)", "40 %"],
        ["Old (en)", "60 people · More than in the city", "85 % (73–92 %)", "60 %"],
    ]


def test_few_people_are_never_counted(people: Place, client: PageClient) -> None:
    page = client.get(URL)
    north, south = rows(page)[2:]
    assert [north[0], south[0]] == ["North (en)", "South (en)"]
    assert {*north[1:], *south[1:]}.isdisjoint({"9 people", "4 people"})
    assert "For this no figures of the whole city are known here." in page.text
    assert "13 people answered this." in page.text


def test_nothing_is_said_of_fewer_than_ten(transact: Sessions, client: PageClient) -> None:
    with transact() as session:
        place = make.process(session)
        options = self_descriptions.questions(session, place)
        self_descriptions.people(session, place, options["old"], many=9)
        assert not publish(session, process_id=place.id, now=clock.now())
    page = client.get(URL)
    assert page.texts(".empty-state__title") == ["Not enough answers yet"]
    assert rows(page) == []


def test_without_figures_of_the_city_the_page_says_so(transact: Sessions, client: PageClient) -> None:
    with transact() as session:
        place = make.process(session)
        options = self_descriptions.questions(session, place)
        self_descriptions.people(session, place, options["old"], many=30)
        self_descriptions.people(session, place, options["young"], many=12)
        publish(session, process_id=place.id, now=clock.now())
    page = client.get(URL)
    assert "We do not know yet how the whole city is made up" in page.text
    assert page.select("article") == []
    assert [len(row) for row in rows(page)] == [3, 3]


def test_figures_of_a_question_wait_for_enough_answers(transact: Sessions, client: PageClient) -> None:
    with transact() as session:
        place = make.process(session)
        options = self_descriptions.questions(session, place, residents={"young": 500_000, "old": 500_000})
        self_descriptions.people(session, place, options["old"], many=30)
        self_descriptions.people(session, place, options["young"], options["north"], many=25)
        publish(session, process_id=place.id, now=clock.now())
    page = client.get(URL)
    assert "No group is so much smaller here than in the city that it could not be chance." in page.text


def test_a_process_that_asks_nothing_and_one_that_is_over(transact: Sessions, client: PageClient) -> None:
    with transact() as session:
        place = make.process(session)
    assert client.get(URL).texts(".empty-state__title") == ["Nobody is asked about themselves here"]
    with transact() as session:
        self_descriptions.questions(session, place)
    offer = "a[href='/en/processes/digital/about-me']"
    assert len(client.get(URL).select(offer)) == 1
    with transact() as session:
        session.get_one(Process, place.id).state = ProcessState.ARCHIVED
    assert client.get(URL).select(offer) == []
    with transact() as session:
        session.get_one(Process, place.id).state = ProcessState.DRAFT
    client.get(URL, status=404)


def test_people_see_the_same_page_as_everybody(people: Place, member: Callable[..., PageClient]) -> None:
    assert rows(member().get(URL))
