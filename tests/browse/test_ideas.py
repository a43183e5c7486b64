"""The list of ideas as a page: orders with their explanations, rounds that stay stable, one idea after the other."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
import time_machine
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from participation.accounts.actor import SYSTEM, Role
from participation.ideas.rotation import redraw
from participation.ideas.service import hide_idea, publish_idea
from participation.kit import clock
from participation.processes.models import Capability, PhaseKind
from participation.voting.models import Stance
from tests import make
from tests.architecture.test_routes import no_writes
from tests.conftest import NewServer, Sessions
from tests.make import Place
from tests.pages import Page, PageClient

Member = Callable[..., PageClient]
SORTS = ("rotation", "newest", "agreement", "contested", "discussed")
NAMES = (
    "q", "principle", "field", "district", "language", "cluster", "state", "answered", "sort", "explain", "after",
    "before",
)  # fmt: skip
NOON = datetime(2026, 5, 3, 12, 3, tzinfo=UTC)


@pytest.fixture
def cached(new_server: NewServer) -> tuple[PageClient, PageClient]:
    """Visitors of two processes of the server, each with a memory of its own, on one database."""
    return PageClient(new_server(PAGE_CACHE_SECONDS=10)), PageClient(new_server(PAGE_CACHE_SECONDS=10))


def titles(page: Page) -> list[str]:
    """Return the titles of the idea cards on a page."""
    return page.texts(".idea-card__title")


def following(page: Page) -> str:
    """Return where the next page is, or nothing."""
    return next((link.get("href") for link in page.select("a[rel=next]")), "")


def redrawn(app: Flask, place: Place) -> None:
    """Draw the places anew, as the worker does at night."""
    with app.app_context():
        redraw(place.id, lambda: None)


def options(page: Page, name: str) -> list[str]:
    """Return the values that a list of the filter bar offers."""
    return [option.get("value") for option in page.select(f"#filter-{name} option")]


def test_paging_stays_in_the_round_when_the_list_moves_on(client: PageClient, place: Place, transact: Sessions) -> None:
    with transact() as session:
        author = make.participant(session, place)
        for number in range(45):
            make.idea(session, place, author=author, title=f"Idea {number}")
    with time_machine.travel(NOON, tick=False) as travel:
        page = client.get(place.url("/ideas"))
        first, seen = titles(page), titles(page)
        while address := following(page):
            travel.shift(timedelta(minutes=10))
            page = client.get(address)
            seen += titles(page)
        assert len(seen) == 45
        assert set(seen) == {f"Idea {number}" for number in range(45)}
        assert titles(client.get(place.url("/ideas"))) != first


def test_a_reader_is_told_when_the_places_were_drawn_anew(
    app: Flask, client: PageClient, place: Place, transact: Sessions
) -> None:
    with transact() as session:
        author = make.participant(session, place)
        for _ in range(25):
            make.idea(session, place, author=author)
    redrawn(app, place)
    page = client.get(place.url("/ideas", language="en"))
    second = following(page)
    assert "drawn anew" not in client.get(second).one("main")
    redrawn(app, place)
    told = client.get(second)
    assert "The order has been drawn anew" in told.one("main")
    assert titles(told) == titles(client.get(place.url("/ideas", language="en")))
    assert "drawn anew" not in client.get(following(told)).one("main")


def test_the_first_page_is_kept_until_the_list_moves_on(
    cached: tuple[PageClient, PageClient], place: Place, transact: Sessions
) -> None:
    with transact() as session:
        author = make.participant(session, place)
        for _ in range(60):
            make.idea(session, place, author=author)
    with time_machine.travel(datetime(2026, 5, 3, 12, 9, 50, tzinfo=UTC), tick=False) as travel:
        for address in ("/de/", place.url(), place.url("/ideas")):
            travel.move_to(datetime(2026, 5, 3, 12, 9, 50, tzinfo=UTC))
            before = titles(cached[0].get(address))
            travel.shift(timedelta(seconds=9))
            assert titles(cached[0].get(address)) == before
            travel.shift(timedelta(seconds=1))
            assert titles(cached[0].get(address)) != before
            assert titles(cached[0].get(address)) == titles(cached[1].get(address))


def test_each_order_explains_itself_with_its_numbers(client: PageClient, place: Place, transact: Sessions) -> None:
    with transact() as session:
        idea = make.idea(session, place, at=NOON - timedelta(days=1))
        make.votes(session, place, idea, agree=12, disagree=3, unsure=4)
        make.comment(session, place, idea)
    said = {
        "rotation": ("Place 1 of this round.", "This round began at 14:00 and moves on at 14:10.", "Sós"),
        "newest": ("Published on 2 May 2026, 14:03.", "the latest first", ""),
        "agreement": ("12 of 15 who took a side agree; at least 54.8 % with a confidence", "z = 1.96", "Wilson"),
        "contested": ("12 agree, 3 disagree: contested to at least 14.1 %", "doubled", "Wilson"),
        "discussed": ("1 published comment.", "published comments", ""),
    }
    with time_machine.travel(NOON, tick=False):
        for sort, (why, formula, source) in said.items():
            address = place.url(f"/ideas?sort={sort}", language="en")
            assert client.get(address).select(".idea-card__why") == []
            page = client.get(client.get(address).links("main a")["Explain this order"])
            assert page.texts(".idea-card__why")[0].startswith(why), sort
            explained = page.one(".order-explained")
            assert formula in explained
            assert source in explained
            back = page.links("main a")["Hide the explanation"]
            assert client.get(back).select(".order-explained") == []
            assert client.get(page.links("main a")["How all the orders work"].partition("#")[0]).select("#orders")


def test_hidden_results_leave_no_order_by_votes(client: PageClient, member: Member, transact: Sessions) -> None:
    with transact() as session:
        quiet = make.process(session, hides_results=True)
        idea = make.idea(session, quiet)
        make.votes(session, quiet, idea, agree=12, disagree=3)
        make.idea(session, quiet)
        moment = clock.now()
        make.phase(
            session, quiet, kind=PhaseKind.VOTE, starts_at=moment, ends_at=moment + timedelta(days=20),
            allows=frozenset({Capability.VOTE}),
        )  # fmt: skip
    open_sorts = {"", "newest", "discussed"}
    for visitor in (client, member(), member(Role.MODERATOR, process_id=quiet.id)):
        page = visitor.get(quiet.url("/ideas?explain=1", language="en"))
        assert set(options(page, "sort")) == open_sorts
        assert "took a side" not in page.text
        for sort in ("agreement", "contested"):
            for query in (f"sort={sort}", f"sort={sort}&explain=1", f"sort={sort}&after={sort[0]}1-1"):
                refused = visitor.get(quiet.url(f"/ideas?{query}", language="en"), status=400)
                assert "Results are shown when voting and giving points have ended" in refused.one("main")
                assert "12" not in refused.one("main")
    with time_machine.travel(moment + timedelta(days=21), tick=False):
        page = client.get(quiet.url("/ideas?sort=agreement&explain=1", language="en"))
        assert "12 of 15" in page.texts(".idea-card__why")[0]
        assert set(options(page, "sort")) == open_sorts | {"agreement", "contested"}


def test_state_and_answer_filter(client: PageClient, place: Place, transact: Sessions) -> None:
    with transact() as session:
        make.idea(session, place, title="Loose")
        filed, source = (make.idea(session, place, title=title) for title in ("Filed", "Source"))
        make.cluster(session, place, ideas=[filed])
        make.statement(session, place, [make.cluster(session, place, ideas=[source])])
    page = client.get(place.url("/ideas?sort=newest"))
    for state, shown in (("open", ["Loose"]), ("filed", ["Source", "Filed"]), ("source", ["Source"])):
        narrowed = client.submit(page, ".filter-bar", state=state)
        assert titles(narrowed) == shown
        (remove,) = narrowed.select("a.filter-bar__remove")
        assert titles(client.get(remove.get("href"))) == ["Source", "Filed", "Loose"]
    assert titles(client.submit(page, ".filter-bar", answered="yes")) == []
    assert len(titles(client.submit(page, ".filter-bar", answered="no", state="filed"))) == 2


def test_filters_fold_away_and_open_where_one_is_set(client: PageClient, place: Place) -> None:
    assert client.get(place.url("/ideas")).select("details.filter-bar__more[open]") == []
    assert client.get(place.url("/ideas?language=tr")).select("details.filter-bar__more[open]")


def test_words_ask_for_the_best_match(client: PageClient, place: Place) -> None:
    page = client.get(place.url("/ideas", language="en"))
    assert options(page, "sort")[0] == ""
    found = client.submit(page, ".filter-bar", q="  bench   tree ")
    assert found.select("#filter-q")[0].get("value") == "bench tree"
    assert set(options(found, "sort")) == {"", *SORTS}
    assert found.one(".list-head").startswith("0 ideas Order: Best match")
    (remove,) = found.select("a.filter-bar__remove")
    assert remove.get("href") == place.url("/ideas", language="en")
    client.get(place.url("/ideas?sort=relevance"), status=400)
    relevant = client.get(place.url("/ideas?q=bench&sort=relevance&language=tr"))
    for link in relevant.select("a.filter-bar__remove"):
        client.get(link.get("href"))
    for wrong in ("%00", "a%E2%80%AEb", "x" * 201):
        client.get(place.url(f"/ideas?q={wrong}"), status=400)
    assert client.get(place.url("/ideas?q=%20%20")).select("a.filter-bar__remove") == []


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.dictionaries(st.sampled_from(NAMES), st.one_of(st.text(max_size=30), st.sampled_from(("1", "r1-1-0-0")))))
def test_whatever_is_asked_for_is_a_page_or_refused(client: PageClient, fuzzed: Place, query: dict[str, str]) -> None:
    for rest in ("/ideas", "/ideas.atom"):
        answer = client.flask.get(fuzzed.url(rest), query_string=query)
        assert answer.status_code in {200, 400}, answer.request.url


@pytest.fixture
def fuzzed(place: Place, transact: Sessions) -> Place:
    """A process with a few ideas to be asked for in strange ways."""
    with transact() as session:
        for _ in range(3):
            make.idea(session, place)
    return place


@pytest.mark.parametrize("sort", SORTS)
def test_lists_from_memory_are_never_stale(
    cached: tuple[PageClient, PageClient], place: Place, transact: Sessions, sort: str
) -> None:
    with transact() as session:
        idea = make.idea(session, place, title="Secret idea")
        make.idea(session, place, title="Public idea")
        make.votes(session, place, idea, agree=3)
    addresses = [place.url(f"/ideas?sort={sort}{more}") for more in ("", "&explain=1", "&state=open", "&answered=no")]
    for visitor in cached:
        for address in addresses * 2:
            assert "Secret" in visitor.get(address).text
    with transact() as session:
        hide_idea(session, SYSTEM, idea_id=idea, now=clock.now())
    for visitor in cached:
        for address in addresses:
            assert "Secret" not in visitor.get(address).text
    with transact() as session:
        publish_idea(session, SYSTEM, idea_id=idea, now=clock.now())
    for visitor in cached:
        for address in addresses:
            assert "Secret" in visitor.get(address).text


def test_an_order_by_votes_is_at_most_seconds_old(
    cached: tuple[PageClient, PageClient], place: Place, transact: Sessions
) -> None:
    with transact() as session:
        one, other = (make.idea(session, place, title=title) for title in ("One", "Other"))
        make.votes(session, place, one, agree=2)
    address = place.url("/ideas?sort=agreement")
    with time_machine.travel(clock.now(), tick=False) as travel:
        assert titles(cached[0].get(address)) == ["One", "Other"]
        with transact() as session:
            for _ in range(5):
                make.vote(session, place, other, Stance.AGREE)
        travel.shift(timedelta(seconds=11))
        assert titles(cached[0].get(address)) == ["Other", "One"]


def next_unseen(visitor: PageClient, address: str) -> str:
    """Return the idea page that an address leads to."""
    page = visitor.get(address, status=302)
    location = page.headers["Location"]
    shown = visitor.get(location)
    (another,) = [href for text, href in shown.links("main a").items() if text.startswith("Show me another one")]
    return f"{shown.h1} {another}"


def test_a_round_shows_every_idea_once_and_then_ends(client: PageClient, place: Place, transact: Sessions) -> None:
    with transact() as session:
        for number in range(5):
            make.idea(session, place, title=f"Idea-{number}")
    with time_machine.travel(NOON, tick=False) as travel:
        address, seen = place.url("/ideas/unseen", language="en"), list[str]()
        for _ in range(5):
            travel.shift(timedelta(minutes=7))
            title, address = next_unseen(client, address).split()
            seen.append(title)
        assert sorted(seen) == [f"Idea-{number}" for number in range(5)]
        end = client.get(address)
        assert end.h1 == "You have seen them all"
        assert "Set-Cookie" not in end.headers
        again = end.links("main a")["Begin another round"]
        assert client.get(again, status=302)


def test_another_one_is_another_one(client: PageClient, place: Place, transact: Sessions) -> None:
    with transact() as session:
        ideas = [make.idea(session, place) for _ in range(2)]
    for idea in ideas:
        page = client.get(place.url(f"/ideas/{idea}", language="en"))
        another = page.links("main a")["Show me another one"]
        location = client.get(another, status=302).headers["Location"]
        assert urlsplit(location).path != place.url(f"/ideas/{idea}", language="en")
        assert set(parse_qs(urlsplit(location).query)) == {"round"}


def test_people_with_an_account_are_not_shown_what_they_took_part_in(
    app: Flask, member: Member, place: Place, transact: Sessions
) -> None:
    visitor = member(email="me@example.org")
    with transact() as session:
        me = make.participant(session, place, account_id=make.account(session, "me@example.org"))
        make.idea(session, place, author=me, title="Own")
        make.vote(session, place, make.idea(session, place, title="Voted"), Stance.UNSURE, by=me)
        make.comment(session, place, make.idea(session, place, title="Commented"), author=me)
        fresh = make.idea(session, place, title="Fresh")
    address = place.url("/ideas/unseen", language="en")
    with no_writes(app) as written:
        title, following_address = next_unseen(visitor, address).split(" ", 1)
        assert title == "Fresh"
        assert visitor.get(following_address).h1 == "You have seen them all"
    assert written == []
    with transact() as session:
        make.vote(session, place, fresh, Stance.AGREE, by=me)
    assert visitor.get(address).h1 == "You have seen them all"


def test_without_ideas_there_is_nothing_to_show(client: PageClient, place: Place) -> None:
    page = client.get(place.url("/ideas/unseen", language="en"))
    assert page.h1 == "No ideas yet"
    assert place.url("/ideas/new", language="en") in page.links("main a").values()


@pytest.mark.parametrize("query", ["round=x", "round=n1-1", "left=x", "left=-1", "round=r1-1-1", "left=" + "9" * 30])
def test_places_that_are_none_are_refused(client: PageClient, place: Place, transact: Sessions, query: str) -> None:
    with transact() as session:
        make.idea(session, place)
    client.get(place.url(f"/ideas/unseen?{query}"), status=400)


def test_a_round_of_another_draw_begins_anew(app: Flask, client: PageClient, place: Place, transact: Sessions) -> None:
    with transact() as session:
        for _ in range(3):
            make.idea(session, place)
    location = client.get(place.url("/ideas/unseen"), status=302).headers["Location"]
    redrawn(app, place)
    place_in_round = urlsplit(location).query
    again = client.get(place.url(f"/ideas/unseen?{place_in_round}"), status=302).headers["Location"]
    assert parse_qs(urlsplit(again).query)["round"][0].split("-")[2] == "2"


BUDGETS = {
    "/ideas": 8,
    "/ideas?sort=newest": 7,
    "/ideas?sort=agreement&state=open": 7,
    "/ideas?sort=contested&answered=no": 7,
    "/ideas?sort=discussed&explain=1": 8,
    "/ideas?explain=1": 10,
    "/ideas?q=help": 8,
}


@pytest.mark.parametrize("number", [1, 3])
def test_query_budgets(client: PageClient, member: Member, place: Place, transact: Sessions, number: int) -> None:
    with transact() as session:
        ideas = [make.idea(session, place, principles=["climate"]) for _ in range(number)]
        for idea in ideas:
            make.votes(session, place, idea, agree=number)
            make.comment(session, place, idea)
        make.statement(session, place, [make.cluster(session, place, ideas=ideas)])
    resident = member()
    for rest, budget in BUDGETS.items():
        client.get(place.url(rest), budget=budget)
        resident.get(place.url(rest), budget=budget + 4)
    client.get(place.url("/ideas/unseen"), status=302, budget=6)
    resident.get(place.url("/ideas/unseen"), status=302, budget=10)
