"""The page of the opinion groups: what it says of a run, what it keeps to itself, and what it says without one."""

import csv
import io
from collections.abc import Callable
from math import hypot

import pytest
from flask import Flask
from sqlalchemy import update

from participation.browse.opinion_map import MOST_SIGNS, REACH, picture, where
from participation.ideas.models import Idea, IdeaState
from participation.multilingual import in_language
from participation.opinions.queries import OwnPlace
from participation.opinions.results import Cell, GroupResult, OpinionMap, Share
from participation.opinions.wording import share_words
from participation.processes.models import Capability
from participation.voting.models import Stance
from tests import group_runs, make
from tests.conftest import Sessions
from tests.make import Place
from tests.markup import text_of
from tests.pages import Page, PageClient

Member = Callable[..., PageClient]
BUDGET = 9
MINE = "voter@example.org"


def run(transact: Sessions, place: Place, *, stable: bool = True) -> list[int]:
    """Store a run with two groups on four ideas and return these."""
    with transact() as session:
        ideas = [make.idea(session, place, title=title) for title in ("Alpha", "Bravo", "Charlie", "Delta")]
        robustness = group_runs.steady(ideas) if stable else group_runs.shaken(ideas)
        group_runs.stored(session, place, group_runs.two_groups(ideas), robustness)
        return ideas


def splits(page: Page, section: str) -> dict[str, list[str]]:
    """Return for each idea of a section what is said about each group."""
    entries = page.select(f"section[aria-labelledby={section}] .opinion-splits__entry")
    return {
        text_of(entry.cssselect("h3")[0]): [text_of(words) for words in entry.cssselect(".group-stances__words")]
        for entry in entries
    }


def test_what_the_groups_share_and_what_divides_them(client: PageClient, place: Place, transact: Sessions) -> None:
    run(transact, place)
    page = client.get(place.url("/results/groups", language="en"), budget=BUDGET)
    assert page.h1 == "Opinion groups"
    assert page.texts("#map-title") == ["85 people form 2 groups that vote differently."]
    assert splits(page, "shared") == {"Alpha": ["69 % agree, 17 % unsure, 14 % disagree", "at least 78 % agree"]}
    assert splits(page, "dividing") == {"Bravo": ["67 % agree, 13 % unsure, 20 % disagree", "not shown"]}
    assert page.texts(".opinion-stage__group") == ["Group A60 people", "Group B25 people"]


def test_what_a_minority_holds_stands_beside_the_majority(client: PageClient, place: Place, transact: Sessions) -> None:
    run(transact, place)
    page = client.get(place.url("/results/groups", language="en"))
    assert page.texts("#group-a .opinion-holds__entry") == ["Bravo 90 % agree · everybody else: at least 20 % agree"]
    assert page.texts("#group-b .opinion-holds__entry") == [
        "Bravo at least 80 % disagree",
        "Charlie at least 64 % disagree · all people: 30 % disagree",
    ]
    assert page.texts("#group-b h4") == ["Against the majority"]


def test_the_map_is_a_picture_with_words_and_a_table(client: PageClient, place: Place, transact: Sessions) -> None:
    run(transact, place)
    page = client.get(place.url("/results/groups", language="en"))
    (picture,) = page.select(".opinion-map__picture")
    assert picture.get("role") == "img"
    assert page.texts("#opinion-map-words") == [
        "Group A: 60 people, on the left. Group B: 25 people, in the lower right."
    ]
    # One sign for each person, and one of each kind in the legend.
    assert [page.text.count(f'href="#opinion-map-{group}"') for group in (1, 2)] == [61, 26]
    marked = page.texts(".opinion-numbers__entry")
    assert marked == [
        "1Bravo on the left",
        "2Charlie in the lower right",
        "3Alpha in the middle",
    ]
    rows = [[text_of(cell) for cell in row] for row in page.select("table:has(#votes-by-group-caption) tbody tr")]
    assert rows[:3] == [
        ["Bravo", "Group A", "50", "10", "15"],
        ["Bravo", "Group B", "not shown", "not shown", "20"],
        ["Alpha", "Group A", "50", "12", "10"],
    ]


def test_the_counts_are_a_file(client: PageClient, place: Place, transact: Sessions) -> None:
    ideas = run(transact, place)
    with transact() as session:
        session.execute(update(Idea).where(Idea.id == ideas[1]).values(state=IdeaState.HIDDEN))
    response = client.flask.get(place.url("/results/groups.csv"))
    assert response.mimetype == "text/csv"
    rows = list(csv.DictReader(io.StringIO(response.get_data(as_text=True))))
    assert [(int(row["idea"]), row["group"]) for row in rows] == [
        (idea, group) for idea in (ideas[0], *ideas[2:]) for group in "AB"
    ]
    assert rows[0] == {
        "run": "1",
        "idea": str(ideas[0]),
        "group": "A",
        "people_in_group": "60",
        "agree": "50",
        "unsure": "12",
        "disagree": "10",
    }
    assert (rows[1]["agree"], rows[1]["unsure"], rows[1]["disagree"]) == ("", "", "")


def test_an_idea_hidden_since_the_run_is_not_named(client: PageClient, place: Place, transact: Sessions) -> None:
    ideas = run(transact, place, stable=False)
    address = place.url("/results/groups", language="en")
    assert "Bravo" in client.get(address).text
    with transact() as session:
        session.execute(update(Idea).where(Idea.id == ideas[1]).values(state=IdeaState.HIDDEN))
    page = client.get(address)
    assert "Bravo" not in page.text
    assert "1 idea is left out above: it is not public any more." in page.text


def test_hidden_results_hide_all_of_it(client: PageClient, member: Member, transact: Sessions) -> None:
    with transact() as session:
        place = make.process(session, hides_results=True)
        ideas = [make.idea(session, place) for _ in range(4)]
        group_runs.stored(session, place, group_runs.two_groups(ideas), group_runs.steady(ideas))
    for visitor in (client, member(email="staff@example.org")):
        page = visitor.get(place.url("/results/groups", language="en"))
        assert "Results are shown when voting" in page.text
        assert not page.select(".opinion-map__picture, .opinion-card, .stats, .facts, [id=how]")
    assert client.flask.get(place.url("/results/groups.csv")).status_code == 403


@pytest.mark.parametrize(("stored", "title"), [(False, "No groups yet"), (True, "No groups that differ")])
def test_without_groups_it_says_so(
    client: PageClient, place: Place, transact: Sessions, stored: bool, title: str
) -> None:
    with transact() as session:
        idea = make.idea(session, place)
        if stored:
            group_runs.stored(session, place, group_runs.no_groups(), group_runs.steady([idea]))
    page = client.get(place.url("/results/groups", language="en"))
    assert page.texts(".empty-state h2, .empty-state__title")[:1] == [title]
    assert bool(page.select("#how")) is stored


def test_a_steady_result_and_a_shaken_one(client: PageClient, place: Place, transact: Sessions) -> None:
    run(transact, place, stable=False)
    page = client.get(place.url("/results/groups", language="en"))
    assert "In 2 of 3 trials the result came out differently." in page.text
    assert page.texts(".opinion-trials__entry h3") == [
        "Without sudden bursts of votes late in the process",
        "Without copies: of people with exactly the same votes only one counts",
        "Without group B",
    ]
    assert page.texts(".opinion-trials__entry p") == [
        "14 people are left out. There would be 3 groups instead of 2. All groups would share other ideas.",
        "No longer shared by all: Alpha",
        "Shared by all in addition: Bravo",
        "Fewer than 10 people are left out. Nothing of weight changes.",
        "25 people are left out. No groups could be told apart any more.",
        "No longer shared by all: Alpha",
    ]


def test_ones_own_place_is_for_oneself(client: PageClient, member: Member, place: Place, transact: Sessions) -> None:
    ideas = run(transact, place)
    address = place.url("/results/groups", language="en")
    assert "sign in to see where your own votes are" in client.get(address).text
    voter = member(email=MINE)
    page = voter.get(address)
    assert "Vote on a few ideas to see where your own votes are on the map." in page.text
    with transact() as session:
        own = make.participant(session, place, account_id=make.account(session, MINE))
        for idea in [*ideas, *(make.idea(session, place) for _ in range(3))]:
            make.vote(session, place, idea, Stance.AGREE, by=own)
    page = voter.get(address)
    # The run knows four of these ideas, so three are missing.
    assert "Vote on 3 more ideas" in page.text
    assert not page.select(".opinion-map__own")


def test_ones_own_place_is_on_the_map(client: PageClient, member: Member, place: Place, transact: Sessions) -> None:
    with transact() as session:
        ideas = [make.idea(session, place) for _ in range(4)]
        group_runs.stored(session, place, group_runs.two_groups(ideas), group_runs.steady(ideas), ideas=4)
        own = make.participant(session, place, account_id=make.account(session, MINE))
        for idea in ideas:
            make.vote(session, place, idea, Stance.DISAGREE if idea == ideas[1] else Stance.AGREE, by=own)
    address = place.url("/results/groups", language="en")
    page = member(email=MINE).get(address, budget=BUDGET + 4)
    assert "Your votes are closest to group B." in page.text
    assert len(page.select(".opinion-map__own")) == 2
    assert page.texts("#group-b header p") == ["25 people · closest to your votes"]
    assert not client.get(address).select(".opinion-map__own")


def test_where_nobody_can_vote_any_more_nobody_is_asked_to(
    client: PageClient, member: Member, transact: Sessions
) -> None:
    with transact() as session:
        place = make.process(session, allows=frozenset({Capability.COMMENT}))
    run(transact, place)
    page = member().get(place.url("/results/groups", language="en"))
    assert "You have voted on too few ideas to have a place on the map." in page.text


def result_with(cells: tuple[Cell, ...]) -> GroupResult:
    result = group_runs.two_groups((1, 2, 3, 4))
    return GroupResult(
        people=sum(cell.people for cell in cells),
        too_few_votes=0,
        candidates=(),
        groups=result.groups,
        consensus=(),
        divisive=(),
        map=OpinionMap((0.3, 0.1), 1.0, cells),
        ideas=result.ideas,
    )


@pytest.mark.parametrize(("people", "per_sign"), [(300, 1), (301, 2), (700, 5), (2900, 10), (100_000, 500)])
def test_one_sign_stands_for_as_many_people_as_needed(app: Flask, people: int, per_sign: int) -> None:
    cells = (Cell(-0.5, 0.0, 0, people - 50), Cell(0.5, 0.0, 1, 50))
    with app.test_request_context("/en/"), in_language("en"):
        drawn = picture(result_with(cells), {1, 2}, None)
    signs = sum(len(swarm.signs) for group in drawn.groups for swarm in group.swarms)
    assert abs(signs - people / per_sign) <= 1
    assert signs <= MOST_SIGNS + 1
    assert drawn.idea_ids == (2, 1)


def test_letters_and_ideas_keep_apart(app: Flask) -> None:
    with app.test_request_context("/en/"), in_language("en"):
        drawn = picture(group_runs.two_groups((1, 2, 3, 4)), {1, 2, 3, 4}, None)
    spots = [*(group.spot for group in drawn.groups), *drawn.ideas]
    distances = [hypot(one.x - other.x, one.y - other.y) for one in spots for other in spots if one is not other]
    assert min(distances) >= 9
    assert all(0 <= spot.x <= 100 and 0 <= spot.y <= 100 for spot in spots)


def test_the_pin_of_ones_own_place_hides_no_letter(app: Flask) -> None:
    result = group_runs.two_groups((1, 2, 3, 4))
    with app.test_request_context("/en/"), in_language("en"):
        plain = picture(result, {1, 2, 3, 4}, None).groups[1].spot
        x, y = (plain.x - 50) / REACH, (50 - plain.y) / REACH
        pinned = picture(result, {1, 2, 3, 4}, OwnPlace(x, y, votes=4, needed=4, group=1))
    assert pinned.own
    assert min(hypot(group.spot.x - pinned.own.x, group.spot.y - pinned.own.y) for group in pinned.groups) >= 9


@pytest.mark.parametrize(
    ("x", "y", "words"),
    [
        (0, 0, "in the middle"),
        (-1, 1, "in the upper left"),
        (1, -1, "in the lower right"),
        (0, -0.5, "below the middle"),
    ],
)
def test_places_in_words(app: Flask, x: float, y: float, words: str) -> None:
    with app.test_request_context("/en/"), in_language("en"):
        assert where(x, y) == words


@pytest.mark.parametrize(
    ("share", "agrees", "words"),
    [
        (Share(85, True), True, "85 % agree"),
        (Share(85, False), False, "at least 85 % disagree"),
        (Share(12, False, at_most=True), True, "at most 12 % agree"),
        (Share(50, False), True, "at least half agree"),
        (Share(50, True), True, "50 % agree"),
    ],
)
def test_shares_in_words(app: Flask, share: Share, agrees: bool, words: str) -> None:
    with app.test_request_context("/en/"), in_language("en"):
        assert share_words(share, agrees=agrees) == words
