"""The pages of results: what they show, what they keep back while results are hidden, and what they cost."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select, update

from participation.browse.timelines import process_timeline
from participation.demographics.models import Characteristic, CharacteristicOption
from participation.ideas.models import Idea, IdeaState
from participation.insights.figures import DayCount
from participation.insights.jobs import put_figures
from participation.kit import clock
from participation.principles.models import District
from participation.processes.models import Capability, Participant, ProcessState
from participation.processes.queries import process_by_id
from participation.voting.models import Stance
from tests import group_runs, make
from tests.conftest import Sessions
from tests.make import Place
from tests.markup import text_of
from tests.pages import Page, PageClient

ZONE = clock.zone("Europe/Berlin")
PAGES = ("/results", "/results/ideas", "/results/participation")
Member = Callable[..., PageClient]


def take(transact: Sessions, place: Place) -> None:
    """Let the worker take the figures."""
    with transact() as session:
        put_figures(session, place.id, zone=ZONE, now=clock.now())


def fill(transact: Sessions, place: Place) -> dict[str, int]:
    """Make ideas that find much, little, divided and hardly any attention, and take the figures."""
    with transact() as session:
        north = session.scalars(select(District.id).order_by(District.position)).first()
        tags = {"Liked": ["climate", "access"], "Disliked": ["climate"]}
        ideas = {
            title: make.idea(session, place, title=title, principles=tags.get(title, []), district_id=north)
            for title in ("Liked", "Disliked", "Divided", "Unknown")
        }
        make.votes(session, place, ideas["Liked"], agree=9, disagree=1, unsure=3)
        make.votes(session, place, ideas["Disliked"], disagree=8)
        make.votes(session, place, ideas["Divided"], agree=6, disagree=6)
        make.votes(session, place, ideas["Unknown"], agree=2)
        make.comment(session, place, ideas["Liked"])
    take(transact, place)
    return ideas


def table(page: Page, caption: str) -> dict[str, list[str]]:
    """Return the cells by the head of their row of the table that a caption names."""
    for found in page.select("main table"):
        if text_of(found.find("caption")) == caption:
            heads = [row.find("th") for row in found.iter("tr")]
            cells = [[text_of(cell) for cell in row.iter("td")] for row in found.iter("tr")]
            return {text_of(head): cell for head, cell in zip(heads, cells, strict=True) if cell}
    raise LookupError(caption)


MAJORITY = (
    "A majority counts when it is clear: with a confidence of 95 percent, more than half of those who took a side."
)
NAMED = "Ideas can name up to three principles and count for each of them."
DOTS = (
    "The dot is the share that agrees among those who took a side; the line reaches as far as chance may go, with a "
    "confidence of 95 percent."
)


def test_the_overview_says_what_happened_and_what_votes_say(
    client: PageClient, place: Place, transact: Sessions
) -> None:
    fill(transact, place)
    page = client.get(place.url("/results", language="en"))
    assert page.h1 == "Results"
    assert page.texts(".stat__value") == ["4", "1", "35", "40"]
    assert "On 1 of 3 ideas a majority agrees, on 1 a majority disagrees." in page.text
    assert table(page, MAJORITY) == {
        "A majority agrees": ["1"],
        "Open: it could be either": ["1"],
        "A majority disagrees": ["1"],
        "Too few votes so far": ["1"],
    }
    assert table(page, NAMED) == {
        "Innovation (en)": ["0", "0", "0"],
        "Equality (en)": ["0", "0", "0"],
        "Education (en)": ["0", "0", "0"],
        "Climate (en)": ["2", "1", "21"],
        "Access (en)": ["1", "1", "13"],
        "Not sure": ["2", "0", "14"],
    }
    assert page.texts(".plot-intervals__label")[::3] == ["Liked", "Divided"]


def test_opinion_groups_are_introduced(client: PageClient, place: Place, transact: Sessions) -> None:
    ideas = list(fill(transact, place).values())
    assert "can be told apart" not in client.get(place.url("/results", language="en")).text
    with transact() as session:
        group_runs.stored(session, place, group_runs.two_groups(ideas), group_runs.steady(ideas))
    page = client.get(place.url("/results", language="en"))
    assert page.one("section[aria-labelledby=groups] .lead") == (
        "85 people can be told apart in 2 groups by how they voted. All of them are of one mind about 1 idea."
    )
    assert page.links()["The map of the opinion groups"] == place.url("/results/groups", language="en")


def test_ideas_show_their_share_and_its_span(client: PageClient, place: Place, transact: Sessions) -> None:
    fill(transact, place)
    page = client.get(place.url("/results/ideas", language="en"))
    assert page.texts(".plot-intervals__label") == ["Liked", "Unknown", "Divided", "Disliked"]
    assert page.texts(".plot-intervals__note") == [
        "between 60% and 98%; 3 are unsure",
        "Too few votes so far",
        "between 25% and 75%; 0 are unsure",
        "between 0% and 32%; 0 are unsure",
    ]
    assert page.texts("td.plot-intervals__number") == [
        *("Agree 90%", "Votes 13", "Agree –", "Votes 2"),
        *("Agree 50%", "Votes 12", "Agree 0%", "Votes 8"),
    ]
    assert [dot.get("cx") for dot in page.select(".plot__dot")] == ["90.0%", "50.0%", "0.0%"]
    assert page.one("#histogram-1-desc") == "3 ideas. Most of them, 1, find agreement of 0% to 10%."
    contested = client.get(place.url("/results/ideas?sort=contested", language="en"))
    assert contested.texts(".plot-intervals__label")[0] == "Divided"


def test_ideas_of_one_principle(client: PageClient, place: Place, transact: Sessions) -> None:
    fill(transact, place)
    page = client.get(place.url("/results/ideas?principle=climate", language="en"))
    assert page.texts(".plot-intervals__label") == ["Liked", "Disliked"]
    assert page.select("#histogram-table-caption") == [], "it would say something about all ideas"
    assert page.links(".tabs__link")["Most contested first"].endswith("?principle=climate&sort=contested")
    principle = client.get(place.url("/principles/climate", language="en"))
    link = principle.links()["How much agreement these ideas find"]
    assert client.get(link).texts(".plot-intervals__label") == ["Liked", "Disliked"]
    process = client.get(place.url("", language="en"))
    assert process.links()["All figures and what the votes say"] == place.url("/results", language="en")


def test_many_ideas_are_paged(client: PageClient, place: Place, transact: Sessions) -> None:
    with transact() as session:
        for number in range(23):
            make.votes(session, place, make.idea(session, place, title=f"Idea {number:02}"), agree=number % 3)
    page = client.get(place.url("/results/ideas", language="en"))
    seen = page.texts(".plot-intervals__label")
    assert len(seen) == 20
    following = client.get(page.links()["Next"])
    seen += following.texts(".plot-intervals__label")
    assert sorted(seen) == [f"Idea {number:02}" for number in range(23)]
    assert client.get(following.links()["Previous"]).texts(".plot-intervals__label") == seen[:20]


@pytest.mark.parametrize("query", ["sort=newest", "sort=x", "principle=x", "after=x", "sort=contested&after=a1-1"])
def test_what_is_not_on_offer_is_refused(client: PageClient, place: Place, query: str) -> None:
    client.get(place.url(f"/results/ideas?{query}"), status=400)


def test_participation_counts_by_time_and_place(client: PageClient, place: Place, transact: Sessions) -> None:
    fill(transact, place)
    page = client.get(place.url("/results/participation", language="en"))
    today = clock.now().astimezone(ZONE).date()
    when = f"{today.day} {today:%B %Y}"
    assert table(page, "Per day") == {when: ["35", "1", "4", "40"]}
    assert page.one("#timeline-1-title") == "Participation over time: Votes"
    assert page.one("#timeline-1-desc") == f"35 in all. Most at this time: {when}, 35."
    assert table(page, "Ideas can name the district that they are about.") == {
        "North (en)": ["4", "1", "35"],
        "South (en)": ["0", "0", "0"],
    }
    assert "How many people live in each district is not known here" in page.text
    assert "Half of those who voted did so on 1 idea or more." in page.text
    assert page.texts(".plot__legend dd")[0].startswith("Phase discuss (en)")


def test_of_a_few_voters_it_is_not_told_how_busy_they_are(client: PageClient, place: Place, transact: Sessions) -> None:
    with transact() as session:
        make.votes(session, place, make.idea(session, place), agree=9)
    take(transact, place)
    assert "Half of those who voted" not in client.get(place.url("/results/participation", language="en")).text


def test_districts_are_held_against_their_residents(client: PageClient, place: Place, transact: Sessions) -> None:
    with transact() as session:
        row = Characteristic(
            framework_id=place.framework_id,
            key="home",
            position=1,
            title=make.text("Home"),
            question=make.text("Where do you live?"),
            source=make.text("Yearbook"),
        )
        session.add(row)
        session.flush()
        for position, (key, residents) in enumerate((("north", 250_000), ("south", 750_000))):
            option = {"position": position, "title": make.text(key), "outreach": {}, "residents": residents}
            session.add(CharacteristicOption(characteristic_id=row.id, key=key, **option))
    fill(transact, place)
    page = client.get(place.url("/results/participation", language="en"))
    assert "The diamond shows how many ideas there would be if ideas were spread like residents." in page.text
    assert [mark.get("x") for mark in page.select(".plot-bars .plot__mark")] == ["25.0%", "75.0%"]
    assert "is not known here" not in page.text


def test_hidden_results_stay_hidden(client: PageClient, transact: Sessions, member: Member) -> None:
    with transact() as session:
        place = make.process(session, hides_results=True)
    fill(transact, place)
    reason = "so that nobody is swayed by them."
    for visitor in (client, member()):
        overview = visitor.get(place.url("/results", language="en"))
        assert reason in overview.text
        assert "majority" not in overview.text
        assert overview.select(".plot-intervals") == []
        assert table(overview, NAMED)["Climate (en)"] == ["2", "1"], "no votes"
        ideas = visitor.get(place.url("/results/ideas", language="en"))
        assert reason in ideas.text
        assert ideas.select("main table, main .plot") == []
        took_part = visitor.get(place.url("/results/participation", language="en"))
        assert table(took_part, NAMED)["Climate (en)"] == ["2", "1"]
        assert took_part.texts(".plot-timeline__name") == ["Votes", "Comments", "Ideas", "New people"]
        principle = visitor.get(place.url("/principles/climate", language="en"))
        assert "How much agreement these ideas find" not in principle.links()


def test_hidden_results_appear_when_voting_has_ended(client: PageClient, transact: Sessions) -> None:
    moment = clock.now()
    with transact() as session:
        place = make.process(
            session, hides_results=True, starts_at=moment - timedelta(days=9), ends_at=moment - timedelta(hours=1)
        )
    fill(transact, place)
    assert "On 1 of 3 ideas a majority agrees" in client.get(place.url("/results", language="en")).text


def test_what_was_hidden_since_is_not_named(client: PageClient, place: Place, transact: Sessions) -> None:
    ideas = fill(transact, place)
    with transact() as session:
        session.get_one(Idea, ideas["Liked"]).state = IdeaState.HIDDEN
    for rest in PAGES:
        assert "Liked" not in client.get(place.url(rest, language="en")).text


def test_before_there_are_figures_pages_say_so(client: PageClient, place: Place) -> None:
    for rest in ("/results", "/results/participation"):
        page = client.get(place.url(rest, language="en"))
        assert "The figures are being worked out. Please come back in a few minutes." in page.text
    assert "No ideas yet" in client.get(place.url("/results/ideas", language="en")).text


def test_a_process_without_anything_has_results_too(client: PageClient, place: Place, transact: Sessions) -> None:
    take(transact, place)
    for rest in PAGES:
        client.get(place.url(rest, language="en"))


def test_tabs_lead_to_what_the_process_is_about(client: PageClient, transact: Sessions) -> None:
    with transact() as session:
        everything = make.process(session)
        talking = make.process(session, "talking", allows=frozenset({Capability.PROPOSE, Capability.COMMENT}))
    page = client.get(everything.url("/results", language="en"))
    tabs = page.links(".tabs__link")
    assert list(tabs)[:3] == ["Overview", "Ideas", "Opinion groups"]
    assert [text_of(tab) for tab in page.select(".tabs__link[aria-current=page]")] == ["Overview"]
    for address in tabs.values():
        assert client.get(address).texts(".tabs__link")[: len(tabs)] == list(tabs)
    tabs = client.get(talking.url("/results", language="en")).links(".tabs__link")
    assert list(tabs) == ["Overview", "Participation", "Who takes part"]


def test_drafts_are_for_the_desk(client: PageClient, transact: Sessions) -> None:
    with transact() as session:
        place = make.process(session, state=ProcessState.DRAFT)
    for rest in PAGES:
        client.get(place.url(rest), status=404)


@pytest.mark.parametrize(("rest", "budget"), [("/results", 8), ("/results/ideas", 5), ("/results/participation", 5)])
@pytest.mark.parametrize("count", [1, 3])
def test_costs(
    app: Flask, client: PageClient, place: Place, transact: Sessions, rest: str, budget: int, count: int
) -> None:
    with transact() as session:
        for _ in range(count):
            idea = make.idea(session, place, principles=["climate"])
            make.vote(session, place, idea, Stance.AGREE)
    take(transact, place)
    client.get(place.url(rest), budget=budget)


@pytest.mark.parametrize(
    ("length", "each", "names"),
    [
        (1, "Per day", ["1 March 2026"]),
        (40, "Per day", ["1 March 2026", "9 April 2026"]),
        (70, "Per week", ["Week from 23 February 2026", "Week from 4 May 2026"]),
        (600, "Per month", ["Mar 2026", "Oct 2027"]),
        (4000, "Per year", ["2026", "2037"]),
    ],
)
def test_time_is_put_together_until_it_fits(
    app: Flask, database: Sessions, transact: Sessions, length: int, each: str, names: list[str]
) -> None:
    first = date(2026, 3, 1)
    with transact() as session:
        start = datetime(2026, 3, 1, tzinfo=UTC)
        place = make.process(session, starts_at=start, ends_at=start + timedelta(days=5))
    with database() as session:
        outline = process_by_id(session, place.id)
    days = {first: DayCount(votes=3), first + timedelta(days=length - 1): DayCount(votes=1)}
    with app.test_request_context("/en/"):
        app.preprocess_request()
        found = process_timeline(outline, days, start + timedelta(days=9000))
    assert found is not None
    assert found.each == each
    assert [row[0] for row in found.table.rows] == names
    assert sum(int(row[1]) for row in found.table.rows) == sum(day.votes for day in set(days.values()))
    assert [stretch.label for stretch in found.stretches] == ["1"]
    assert all(0 <= tick.at <= 100 for tick in found.axis)
    assert found.stretches[0].x + found.stretches[0].width <= 100.01


def test_a_quiet_process_shows_the_quiet(app: Flask, database: Sessions, transact: Sessions) -> None:
    moment = clock.now()
    with transact() as session:
        place = make.process(session, starts_at=moment - timedelta(days=20), ends_at=moment + timedelta(days=2))
        joined = moment - timedelta(days=15)
        make.participant(session, place)
        session.execute(update(Participant).values(joined_at=joined))
    with database() as session:
        outline = process_by_id(session, place.id)
    with app.test_request_context("/en/"):
        app.preprocess_request()
        found = process_timeline(outline, {joined.date(): DayCount(people=1)}, moment)
    assert found is not None
    (panel,) = found.panels
    (column,) = panel.columns
    assert 20 < column.x < 30, "five of twenty-one days after the beginning"
