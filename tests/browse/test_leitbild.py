"""The Leitbild as pages: the map, a principle within a process, and the entries of the framework."""

import itertools
from collections.abc import Callable

import pytest
import yaml
from sqlalchemy import select

from participation.accounts.actor import SYSTEM, Role
from participation.browse.framework_pages import CRITERIA, LIVED, PRINCIPLES, VALUES
from participation.browse.leitbild import levels
from participation.ideas.models import IdeaState
from participation.kit import clock
from participation.principles.models import District, FieldOfAction
from participation.principles.service import import_framework, read_catalogue
from participation.processes.models import Capability, Process, ProcessState
from participation.strategy.models import AnswerOutcome
from tests import make
from tests.conftest import Sessions
from tests.make import Place
from tests.markup import text_of
from tests.pages import Page, PageClient
from tests.principles.test_catalogue import DORTMUND

Member = Callable[..., PageClient]


def fill(transact: Sessions, place: Place) -> list[int]:
    """Make ideas on the map and return them: three on climate and schools, one without any tag, one on two."""
    with transact() as session:
        mobility, schools = session.scalars(select(FieldOfAction.id).order_by(FieldOfAction.position))
        north = session.scalars(select(District.id).order_by(District.position)).first()
        return [
            *(make.idea(session, place, principles=["climate"], field_id=schools, district_id=north) for _ in range(3)),
            make.idea(session, place),
            make.idea(session, place, principles=["climate", "access"], field_id=mobility),
        ]


def row(page: Page, title: str) -> list[str]:
    """Return the numbers in a row of the map's table; a gap that can be filled has none."""
    for line in page.select(".leitbild-map__table tr"):
        head, *cells = list(line)
        if text_of(head) == title:
            return [text_of(cell) for cell in cells]
    raise LookupError(title)


@pytest.mark.parametrize(
    ("largest", "expected"),
    [
        (0, ()),
        (1, ((1, 1),)),
        (4, ((1, 1), (2, 2), (3, 3), (4, 4))),
        (9, ((1, 2), (3, 3), (4, 6), (7, 9))),
        (16, ((1, 2), (3, 4), (5, 8), (9, 16))),
        (625, ((1, 5), (6, 25), (26, 125), (126, 625))),
    ],
)
def test_levels_of_shading(largest: int, expected: tuple[tuple[int, int], ...]) -> None:
    assert levels(largest) == expected


def test_levels_cover_every_number_once() -> None:
    for largest in range(400):
        covered = itertools.chain.from_iterable(range(low, high + 1) for low, high in levels(largest))
        assert list(covered) == list(range(1, largest + 1))


def test_the_map_counts_and_leads_to_the_ideas(client: PageClient, place: Place, transact: Sessions) -> None:
    fill(transact, place)
    page = client.get(place.url("/principles", language="en"))
    heads = page.texts(".leitbild-map__table thead th")
    assert heads == ["Guiding principle", "Mobility (en)", "Schools (en)", "No field named", "All ideas"]
    assert row(page, "Climate (en)") == ["1", "3", "0", "4"]
    assert row(page, "Access (en)") == ["1", "", "0", "1"]
    assert row(page, "Not sure") == ["0", "0", "1", "1"]
    assert row(page, "All ideas") == ["1", "3", "1", "5"]
    for link in page.select(".leitbild-map__table td a"):
        label, shown = str(link.get("aria-label")), text_of(link)
        if not shown:
            assert label.endswith(": propose the first one")
            client.get(str(link.get("href")))
            continue
        listed = client.get(str(link.get("href")))
        assert len(listed.texts(".idea-card__title")) == int(shown), label
    assert "7 of 10 meetings of a principle and a field of action have no idea yet." in page.text


def test_gaps_are_named_and_can_be_filled(client: PageClient, place: Place, transact: Sessions) -> None:
    fill(transact, place)
    page = client.get(place.url("/principles", language="en"))
    names = ["Innovation (en)", "Equality (en)", "Education (en)", "Access (en) × Schools (en)"]
    assert page.texts(".leitbild-gaps__names") == names
    assert "1 idea names the principle and 3 are in the field, but none does both." in page.text
    new = place.url("/ideas/new", language="en")
    queries = ("principle=innovation", "principle=equality", "principle=education", "principle=access&field=schools")
    assert [link.get("href") for link in page.select(".leitbild-gaps a")] == [f"{new}?{query}" for query in queries]
    big = [link.get("aria-label") for link in page.select("a.leitbild-tile--big")]
    assert big == ["Access (en), Schools (en): propose the first one"]
    # The same on a narrow screen, principle by principle.
    lines = page.texts(".leitbild-map__summary")
    assert [line for line in lines if "Climate" in line] == ["Climate (en)4 ideas"]
    assert [line for line in lines if "Innovation" in line] == ["Innovation (en)0 ideas · 2 gaps"]


def test_where_nobody_can_propose_no_link_says_so(client: PageClient, transact: Sessions) -> None:
    with transact() as session:
        place = make.process(session, allows=frozenset({Capability.VOTE}))
        make.idea(session, place, principles=["climate"])
    for rest in ("/principles", "/principles/climate"):
        page = client.get(place.url(rest, language="en"))
        assert [url for url in page.links("main a").values() if "/ideas/new" in url] == []
        assert "Proposing ideas is not part of this process." in page.text
    assert row(client.get(place.url("/principles", language="en")), "Access (en)") == ["0", "0", "0", "0"]


def test_an_empty_map_invites(client: PageClient, place: Place) -> None:
    page = client.get(place.url("/principles", language="en"))
    assert page.one(".empty-state__title") == "No ideas yet"
    assert page.select(".leitbild-gaps") == []
    assert "10 of 10 meetings" in page.text
    page = client.get(place.url("/principles/climate", language="en"))
    assert page.one(".empty-state__title") == "No ideas yet"
    assert place.url("/ideas/new?principle=climate", language="en") in page.links("main a").values()


def test_a_principle_shows_its_ideas_and_what_became_of_them(
    client: PageClient, place: Place, transact: Sessions
) -> None:
    ideas = fill(transact, place)
    with transact() as session:
        make.votes(session, place, ideas[0], agree=4, disagree=1)
        make.comment(session, place, ideas[0])
        cluster = make.cluster(session, place, title="Trees", ideas=ideas[:2])
        statement = make.statement(session, place, [cluster], words="More trees")
        make.answer(session, idea_id=ideas[0], outcome=AnswerOutcome.EXPERIMENT)
    page = client.get(place.url("/principles/climate", language="en"))
    assert page.h1 == "Climate (en)"
    stats = dict(zip(page.texts(".stat__label"), page.texts(".stat__value"), strict=True))
    # Four authors, one who commented, five who voted.
    assert stats == {"Ideas": "4", "Comments": "1", "People taking part": "10", "Votes": "5"}
    assert len(page.texts(".idea-card__title")) == 4
    links = page.links("main a")
    ideas_url = place.url("/ideas", language="en")
    assert links["All ideas on this principle"] == f"{ideas_url}?principle=climate"
    assert links["Schools (en)"] == f"{ideas_url}?principle=climate&field=schools"
    assert links["North (en)"] == f"{ideas_url}?principle=climate&district=north"
    assert links["South (en)"] == f"{ideas_url}/new?principle=climate&district=south"
    assert links["Trees (en)"] == f"{ideas_url}?principle=climate&cluster={cluster}"
    assert links["More trees (en)"] == place.url(f"/statements/{statement}", language="en")
    assert links["1 idea is answered."] == f"{ideas_url}?principle=climate&answered=yes"
    assert "We will try it out: 1" in page.one("main")
    assert "1 idea names no district." in page.one("main")
    for label in ("All ideas on this principle", "Schools (en)", "North (en)", "Trees (en)", "1 idea is answered."):
        assert client.get(links[label]).texts(".idea-card__title"), label
    feed = client.get(links["Follow them as a feed"])
    assert feed.headers["Content-Type"].startswith("application/atom+xml")


def test_no_figure_tells_of_votes_while_results_are_hidden(
    client: PageClient, member: Member, transact: Sessions
) -> None:
    with transact() as session:
        place = make.process(session, hides_results=True)
        idea = make.idea(session, place, principles=["climate"])
        make.votes(session, place, idea, agree=7)
    for visitor in (client, member(Role.ADMIN)):
        page = visitor.get(place.url("/principles/climate", language="en"))
        assert page.texts(".stat__label") == ["Ideas", "Comments", "People taking part"]
        assert page.texts(".stat__value") == ["1", "0", "1"], "only who wrote is counted"
        assert "Results are not shown yet." in page.text
    with transact() as session:
        session.get_one(Process, place.id).hides_results = False
        session.get_one(Process, place.id).version += 1
    page = client.get(place.url("/principles/climate", language="en"))
    assert page.texts(".stat__value") == ["1", "0", "8", "7"]


def test_what_is_not_public_is_not_on_the_map(client: PageClient, place: Place, transact: Sessions) -> None:
    with transact() as session:
        for state in set(IdeaState) - {IdeaState.PUBLISHED}:
            make.idea(session, place, title="Secret idea", principles=["climate"], state=state)
        make.idea(session, make.process(session, "other"), title="Secret idea", principles=["climate"])
        make.idea(session, place, principles=["access"])
    assert row(client.get(place.url("/principles", language="en")), "All ideas")[-1] == "1"
    page = client.get(place.url("/principles/climate", language="en"))
    assert page.texts(".stat__value")[0] == "0"
    assert "Secret" not in page.text


def test_unknown_principles_and_those_of_other_frameworks_are_not_found(
    client: PageClient, member: Member, place: Place, transact: Sessions
) -> None:
    with transact() as session:
        import_framework(session, SYSTEM, catalogue=read_catalogue(DORTMUND))
        draft = make.process(session, "draft", state=ProcessState.DRAFT)
    for rest in ("/principles/nothing", "/principles/sustainability", "/principles/climate/", "/principles/Climate"):
        client.get(place.url(rest), status=404)
    for address in ("/de/principles/nothing", "/de/criteria/climate", "/de/values/rights", "/de/criteria/democracy"):
        client.get(address, status=404)
    admin = member(Role.ADMIN)
    for rest in ("/principles", "/principles/climate"):
        client.get(draft.url(rest), status=404)
        admin.get(draft.url(rest))
    client.get("/de/processes/nothing/principles", status=404)


def test_each_entry_of_the_framework_has_its_page(client: PageClient, transact: Sessions, place: Place) -> None:
    fill(transact, place)
    overview = client.get("/en/principles")
    links = overview.links("main a")
    assert links["Process digital (en)"] == place.url("/principles", language="en")
    addresses = [url for url in links.values() if url.count("/") == 3]
    assert len(addresses) == len(make.PRINCIPLES) + 2
    for address in addresses:
        page = client.get(address)
        assert page.h1 in links
        assert "Source (en), Council (en), 1/2020" in page.one("main")
        assert client.get(address.replace("/en/", "/de/")).h1.endswith("(de)")
    page = client.get("/en/principles/climate")
    assert page.links("main a")["Process digital (en)"] == place.url("/principles/climate", language="en")
    assert "4 ideas" in page.one("main")
    assert "Guiding principle 4 of 5" in page.text
    assert (
        page.links(".principle-nav a") == {"Principle before Education (en)": "/en/principles/education"}
        or len(page.links(".principle-nav a")) == 2
    )


def test_how_the_platform_lives_the_framework_is_said_of_every_entry() -> None:
    catalogue = read_catalogue(DORTMUND)
    lived = yaml.safe_load(LIVED.read_text(encoding="utf-8"))
    assert {kind: list(entries) for kind, entries in lived.items()} == {
        kind: [entry["key"] for entry in catalogue[kind]] for kind in (PRINCIPLES, CRITERIA, VALUES)
    }
    for texts in itertools.chain.from_iterable(entries.values() for entries in lived.values()):
        assert sorted(texts) == ["de", "en"]
        assert all(30 < len(text) < 220 for text in texts.values())


def test_the_page_of_an_entry_says_how_the_platform_lives_it(client: PageClient, transact: Sessions) -> None:
    with transact() as session:
        import_framework(session, SYSTEM, catalogue=read_catalogue(DORTMUND))
    page = client.get("/en/criteria/equal-say")
    assert "One person, one vote on each idea." in page.one("main")
    assert "Drucksache 16691-20" in page.one("main")
    assert page.select("#lived")
    assert "No process goes by this framework yet." in page.one("main")


def test_an_idea_says_what_it_touches(client: PageClient, transact: Sessions, place: Place) -> None:
    with transact() as session:
        idea, plain = make.idea(session, place), make.idea(session, place)
        make.touches(session, place, idea, ["transport", "children", "everybody", "peace"])
    page = client.get(place.url(f"/ideas/{idea}", language="en"))
    facts = dict(zip(page.texts(".facts dt"), page.texts(".facts dd"), strict=True))
    assert facts["Who benefits"] == "Everybody (en), Children (en)"
    assert facts["Basic service"] == "Transport (en)"
    assert facts["Sustainability goal"] == "Peace (en)"
    assert "Who benefits" not in client.get(place.url(f"/ideas/{plain}", language="en")).texts(".facts dt")


BUDGETS = {
    "map": ("{process}/principles", 6),
    "principle": ("{process}/principles/climate", 19),
    "guiding principle": ("/de/principles/climate", 9),
    "criterion": ("/de/criteria/rights", 8),
    "value": ("/de/values/fairness", 8),
}


@pytest.mark.parametrize("number", [1, 3])
@pytest.mark.parametrize("name", BUDGETS)
def test_query_budgets(
    client: PageClient, member: Member, place: Place, transact: Sessions, number: int, name: str
) -> None:
    """What a page costs does not depend on how much there is; signed-in readers cost a few queries more."""
    with transact() as session:
        fields = session.scalars(select(FieldOfAction.id)).all()
        ideas = [
            make.idea(session, place, principles=["climate", "access"], field_id=field_id)
            for field_id in fields
            for _ in range(number)
        ]
        for idea in ideas:
            make.votes(session, place, idea, agree=number)
            make.comment(session, place, idea)
            make.answer(session, idea_id=idea, at=clock.now())
        clusters = [make.cluster(session, place, ideas=ideas) for _ in range(number)]
        for _ in range(number):
            make.answer(session, statement_id=make.statement(session, place, clusters))
        for other in range(number - 1):
            make.process(session, f"other-{other}")
    pattern, budget = BUDGETS[name]
    client.get(pattern.format(process=place.url()), budget=budget)
    member().get(pattern.format(process=place.url()), budget=budget + 4)
