"""Pages from memory: shared by anonymous readers only, and never a moment longer than what they show is true."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import func, select

from participation.accounts.actor import SYSTEM
from participation.comments.service import hide_comment
from participation.ideas.models import Idea
from participation.ideas.rotation import turn_at
from participation.ideas.service import hide_idea, publish_idea
from participation.kit import clock
from participation.processes.models import Process
from participation.voting.models import Stance
from participation.voting.service import put_vote
from tests import make
from tests.conftest import NewServer, Sessions
from tests.make import Place
from tests.pages import Page, PageClient, queries

Member = Callable[..., PageClient]


@pytest.fixture
def cached(new_server: NewServer) -> tuple[PageClient, PageClient]:
    """Visitors of two processes of the server, each with a memory of its own, on one database."""
    return PageClient(new_server(PAGE_CACHE_SECONDS=10)), PageClient(new_server(PAGE_CACHE_SECONDS=10))


def warm(visitors: tuple[PageClient, ...], addresses: list[str]) -> list[Page]:
    """Let every visitor see every page twice and return the last answers of the first visitor."""
    for visitor in visitors:
        for address in addresses * 2:
            visitor.get(address)
    return [visitors[0].get(address) for address in addresses]


def test_a_warm_page_asks_for_a_version_and_nothing_more(
    cached: tuple[PageClient, PageClient], place: Place, transact: Sessions
) -> None:
    with transact() as session:
        idea = make.idea(session, place)
    for address in ("/de/", place.url(), place.url("/ideas"), place.url(f"/ideas/{idea}"), place.url("/statements")):
        cold = cached[0].get(address)
        with queries(cached[0].app) as statements:
            again = cached[0].get(address)
        assert again.text == cold.text
        assert len(statements) <= 2, statements


def test_hiding_shows_at_once_everywhere(
    cached: tuple[PageClient, PageClient], place: Place, transact: Sessions
) -> None:
    with transact() as session:
        idea = make.idea(session, place, title="Secret idea")
        make.idea(session, place, title="Public idea")
        cluster = make.cluster(session, place, ideas=[idea])
        statement = make.statement(session, place, [cluster])
        commented = make.idea(session, place)
        comment = make.comment(session, place, commented, body="Secret comment")
    lists = [
        "/de/",
        "/en/",
        place.url(),
        place.url("/ideas"),
        place.url(f"/ideas?cluster={cluster}"),
        place.url(f"/statements/{statement}"),
    ]
    pages = warm(cached, [*lists, place.url(f"/ideas/{idea}"), place.url(f"/ideas/{commented}")])
    assert ["Secret" in page.text for page in pages] == [True] * 8
    with transact() as session:
        hide_idea(session, SYSTEM, idea_id=idea, now=clock.now())
        hide_comment(session, SYSTEM, comment_id=comment, now=clock.now())
    for visitor in cached:
        for address in [*lists, place.url(f"/ideas/{commented}")]:
            assert "Secret" not in visitor.get(address).text, address
        visitor.get(place.url(f"/ideas/{idea}"), status=404)
    with transact() as session:
        publish_idea(session, SYSTEM, idea_id=idea, now=clock.now())
    for visitor in cached:
        assert "Secret" in visitor.get(place.url("/ideas")).text
        assert visitor.get(place.url(f"/ideas/{idea}")).h1 == "Secret idea"


def test_figures_are_at_most_a_few_seconds_old(
    cached: tuple[PageClient, PageClient], place: Place, transact: Sessions
) -> None:
    with transact() as session:
        idea = make.idea(session, place)
    start = clock.now()
    with time_machine.travel(start, tick=False) as travel:
        for address in (place.url("/ideas"), place.url(f"/ideas/{idea}")):
            warm(cached, [address])
        with transact() as session:
            make.vote(session, place, idea, Stance.AGREE)
        travel.shift(timedelta(seconds=11))
        for visitor in cached:
            for address in (place.url("/ideas"), place.url(f"/ideas/{idea}")):
                assert visitor.get(address).texts(".stance-bar__figures .number") == ["1", "0", "0"], address


def test_a_page_ends_with_its_phase(cached: tuple[PageClient, PageClient], transact: Sessions) -> None:
    ends_at = datetime(2026, 7, 1, 16, 0, tzinfo=UTC)
    with transact() as session:
        place = make.process(session, hides_results=True, starts_at=ends_at - timedelta(days=9), ends_at=ends_at)
        idea = make.idea(session, place)
        make.votes(session, place, idea, agree=2)
    visitor = cached[0]
    with time_machine.travel(ends_at - timedelta(seconds=2), tick=False) as travel:
        addresses = ["/en/", place.url(language="en"), place.url("/ideas"), place.url(f"/ideas/{idea}", language="en")]
        before = warm(cached, addresses)
        assert before[2].texts(".stance-bar__figures .number") == []
        assert before[3].texts(".stance-bar__figures .number") == []
        travel.move_to(ends_at)
        after = [visitor.get(address) for address in addresses]
    assert "Taking part has ended" in after[1].one("main")
    assert "Taking part has ended" in after[0].one("main")
    assert after[2].texts(".stance-bar__figures .number") == ["2", "0", "0"]
    assert after[3].texts(".stance-bar__figures .number") == ["2", "0", "0"]
    assert "Voting has been closed since 1 July 2026, 18:00." in after[3].one("main")


def test_anonymous_pages_open_no_session_and_have_a_validator(
    cached: tuple[PageClient, PageClient], place: Place, transact: Sessions
) -> None:
    with transact() as session:
        idea = make.idea(session, place)
    visitor = cached[0]
    for address in (
        "/de/",
        "/de/processes",
        place.url(),
        place.url("/ideas"),
        place.url(f"/ideas/{idea}"),
        "/de/principles",
    ):
        for _ in range(2):
            page = visitor.get(address)
            assert "Set-Cookie" not in page.headers
            assert (page.headers["Cache-Control"], page.headers["Vary"]) == ("no-cache", "Cookie, Accept-Encoding")
        same = visitor.get(address, status=304, headers={"If-None-Match": page.headers["ETag"]})
        assert same.data == b""
        visitor.get(address, headers={"If-None-Match": 'W/"another"'})
        assert visitor.flask.head(address).get_data() == b""
    tag = visitor.get(place.url("/ideas")).headers["ETag"]
    with transact() as session:
        hide_idea(session, SYSTEM, idea_id=idea, now=clock.now())
    changed = visitor.get(place.url("/ideas"), headers={"If-None-Match": tag})
    assert changed.headers["ETag"] != tag


def test_no_anonymous_get_sets_a_cookie(client: PageClient, place: Place, transact: Sessions) -> None:
    with transact() as session:
        idea = make.idea(session, place)
    for address in (
        "/",
        "/de/",
        place.url("/ideas/new"),
        place.url(f"/ideas/{idea}"),
        "/de/imprint",
        "/de/privacy",
        "/de/nothing",
        "/healthz",
    ):
        assert "Set-Cookie" not in client.get(address, status=None).headers, address


def test_signed_in_readers_get_pages_of_their_own(
    app: Flask, cached: tuple[PageClient, PageClient], member: Member, place: Place, transact: Sessions
) -> None:
    """What somebody signed in sees never reaches the memory, and memory never reaches them."""
    with transact() as session:
        idea = make.idea(session, place)
    cookie = member().flask.get_cookie("participation").value
    signed_in, anonymous = PageClient(cached[0].app), cached[0]
    signed_in.flask.set_cookie("participation", cookie)
    for address in ("/de/", place.url(), place.url("/ideas"), place.url(f"/ideas/{idea}")):
        own = signed_in.get(address)
        assert own.headers["Cache-Control"] == "private, no-store"
        assert "ETag" not in own.headers
        shared = anonymous.get(address)
        assert "/de/sign-out" in own.text
        assert "csrf_token" in own.text
        assert "/de/sign-out" not in shared.text
        assert "csrf_token" not in shared.text
        assert "/de/sign-out" in signed_in.get(address).text


def test_pages_of_one_language_or_filter_are_not_those_of_another(
    cached: tuple[PageClient, PageClient], place: Place, transact: Sessions
) -> None:
    with transact() as session:
        make.idea(session, place, title="In Turkish", language="tr")
        make.idea(session, place, title="In German")
    visitor = cached[0]
    pages = {
        address: visitor.get(address)
        for address in (
            place.url("/ideas?sort=newest"),
            place.url("/ideas?sort=newest", language="en"),
            place.url("/ideas?language=tr"),
            place.url("/ideas?language=de"),
        )
    }
    assert [page.texts(".idea-card__title") for page in pages.values()] == [
        ["In German", "In Turkish"],
        ["In German", "In Turkish"],
        ["In Turkish"],
        ["In German"],
    ]
    assert [page.select("html")[0].get("lang") for page in pages.values()] == ["de", "en", "de", "de"]


def test_refusals_are_not_kept(cached: tuple[PageClient, PageClient], place: Place, transact: Sessions) -> None:
    visitor = cached[0]
    with transact() as session:
        last = session.scalar(select(func.max(Idea.id))) or 0
    address = place.url(f"/ideas/{last + 1}")
    visitor.get(address, status=404)
    visitor.get("/de/processes/second", status=404)
    with transact() as session:
        idea = make.idea(session, place)
        make.process(session, "second")
        version = session.scalars(select(Process.version).where(Process.id == place.id)).one()
    assert visitor.get(place.url(f"/ideas/{idea}")).h1
    assert visitor.get("/de/processes/second").h1
    assert version >= 1


def test_the_page_of_an_idea_is_never_old(
    cached: tuple[PageClient, PageClient], place: Place, transact: Sessions
) -> None:
    with transact() as session:
        idea = make.idea(session, place)
    address = place.url(f"/ideas/{idea}")
    warm(cached, [address])
    person = 0
    for stance, figures in ((Stance.AGREE, ["1", "0", "0"]), (Stance.UNSURE, ["0", "1", "0"]), (None, [])):
        with transact() as session:
            if stance is None:
                put_vote(session, idea_id=idea, participant_id=person, stance=None, revision=1, now=clock.now())
            else:
                person = make.vote(session, place, idea, stance, by=person or None)
        for visitor in cached:
            assert visitor.get(address).texts(".stance-bar__figures .number") == figures


def test_a_list_that_is_still_true_is_not_made_anew(
    app: Flask, cached: tuple[PageClient, PageClient], place: Place, transact: Sessions
) -> None:
    with transact() as session:
        for _ in range(3):
            make.idea(session, place)
    visitor, address = cached[0], place.url("/ideas")
    # From the start of a turn on, because at its end the list begins with another idea.
    turn = turn_at(clock.now(), timedelta(minutes=app.config["ROTATION_MINUTES"]))
    with time_machine.travel(turn.ends_at, tick=False) as travel:
        before = visitor.get(address).text
        for _ in range(3):
            travel.shift(timedelta(seconds=11))
            # The version, the names around the process and the figures; a page made anew reads ideas and comments too.
            assert visitor.get(address, budget=3).text == before
