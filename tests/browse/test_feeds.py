"""Atom feeds: valid, escaped, the newest first, and never with anything that is not public."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from lxml import etree

from participation.accounts.actor import SYSTEM, Role
from participation.comments.models import Comment, CommentState, Voice
from participation.comments.service import hide_comment
from participation.ideas.models import Idea, IdeaState
from participation.ideas.service import hide_idea, publish_idea
from participation.kit import clock
from participation.processes.models import ProcessState
from tests import make
from tests.conftest import Sessions
from tests.make import Place
from tests.pages import PageClient, queries

Member = Callable[..., PageClient]
ATOM = "{http://www.w3.org/2005/Atom}"
LANG = "{http://www.w3.org/XML/1998/namespace}lang"
START = datetime(2026, 5, 3, 12, 0, tzinfo=UTC)
NASTY = "]]> <script>alert(1)</script> & \"'"
REQUIRED = {"feed": ("id", "title", "updated"), "entry": ("id", "title", "updated")}


def read(client: PageClient, address: str, *, budget: int | None = None) -> etree._Element:
    """Return the feed at an address, held against what the standard asks of every feed."""
    page = client.get(address, budget=budget)
    assert page.headers["Content-Type"] == "application/atom+xml; charset=utf-8"
    feed = etree.fromstring(page.data, etree.XMLParser(resolve_entities=False, no_network=True))
    assert feed.tag == f"{ATOM}feed"
    check(feed, "feed")
    own = [link.get("href") for link in feed.findall(f"{ATOM}link[@rel='self']")]
    assert [link.partition("/de/")[2] for link in own] == [address.partition("/de/")[2]]
    entries = feed.findall(f"{ATOM}entry")
    for entry in entries:
        check(entry, "entry")
        assert entry.find(f"{ATOM}author/{ATOM}name").text
        assert entry.get(LANG)
    ids = [entry.find(f"{ATOM}id").text for entry in entries]
    assert len(set(ids)) == len(ids)
    assert len(ids) <= 30
    return feed


def check(element: etree._Element, kind: str) -> None:
    """Raise unless an element has exactly one of each required part, an absolute alternate link and real moments."""
    for name in REQUIRED[kind]:
        assert len(element.findall(f"{ATOM}{name}")) == 1, (kind, name)
    assert element.find(f"{ATOM}id").text.startswith("tag:127.0.0.1,2026:")
    for name in ("updated", "published"):
        for moment in element.findall(f"{ATOM}{name}"):
            assert datetime.fromisoformat(moment.text).utcoffset() == timedelta(0)
    links = element.findall(f"{ATOM}link[@rel='alternate']")
    assert [link.get("href").startswith("http://") for link in links] == [True]


def titles(feed: etree._Element) -> list[str]:
    """Return the titles of the entries."""
    return [title.text for title in feed.findall(f"{ATOM}entry/{ATOM}title")]


def test_the_newest_ideas_come_first(client: PageClient, place: Place, transact: Sessions) -> None:
    with transact() as session:
        author = make.participant(session, place, pseudonym="Quiet Otter")
        for number in range(33):
            make.idea(session, place, author=author, title=f"Idea {number}", at=START + timedelta(hours=number))
        last = make.idea(
            session,
            place,
            author=author,
            title="مكتبة للجميع",
            body="One\n\ntwo https://example.org/x",
            language="ar",
            principles=["climate"],
            at=START + timedelta(days=9),
        )
    feed = read(client, place.url("/ideas.atom"))
    assert titles(feed) == ["مكتبة للجميع", *(f"Idea {number}" for number in range(32, 3, -1))]
    entry = feed.find(f"{ATOM}entry")
    assert entry.get(LANG) == "ar"
    assert entry.find(f"{ATOM}author/{ATOM}name").text == "Quiet Otter"
    assert entry.find(f"{ATOM}category").get("term") == "climate"
    assert entry.find(f"{ATOM}link").get("href").endswith(place.url(f"/ideas/{last}"))
    content = entry.find(f"{ATOM}content")
    assert content.get("type") == "html"
    assert content.text.startswith("<p>One</p><p>two <a href=")
    assert feed.find(f"{ATOM}updated").text == entry.find(f"{ATOM}updated").text == "2026-05-12T12:00:00Z"


def test_an_edit_shows_in_the_feed(client: PageClient, place: Place, transact: Sessions) -> None:
    with transact() as session:
        idea = make.idea(session, place, at=START)
        session.get_one(Idea, idea).revised_at = START + timedelta(hours=1)
    feed = read(client, place.url("/ideas.atom"))
    assert feed.find(f"{ATOM}entry/{ATOM}updated").text == "2026-05-03T13:00:00Z"


def test_a_feed_has_the_filters_of_its_list(client: PageClient, place: Place, transact: Sessions) -> None:
    with transact() as session:
        make.idea(session, place, title="Climate in German", principles=["climate"])
        make.idea(session, place, title="Climate in Turkish", principles=["climate"], language="tr")
        make.idea(session, place, title="Other")
    page = client.get(place.url("/ideas?principle=climate&sort=newest&explain=1"))
    (link,) = page.select("link[type='application/atom+xml']")
    assert link.get("href") == place.url("/ideas.atom?principle=climate")
    assert link.get("href") in page.links("main a").values()
    assert titles(read(client, link.get("href"))) == ["Climate in Turkish", "Climate in German"]
    assert titles(read(client, place.url("/ideas.atom?principle=climate&language=tr"))) == ["Climate in Turkish"]
    for wrong in ("principle=unknown", "sort=unknown", "after=x", "state=x", "answered=maybe"):
        client.get(place.url(f"/ideas.atom?{wrong}"), status=400)


def test_markup_is_inert(client: PageClient, place: Place, transact: Sessions) -> None:
    with transact() as session:
        author = make.participant(session, place, pseudonym=f"Name {NASTY}")
        idea = make.idea(session, place, author=author, title=f"Title {NASTY}", body=f"Text {NASTY} and more")
        make.comment(session, place, idea, author=author, body=f"Comment {NASTY}")
        make.statement(session, place, [make.cluster(session, place, ideas=[idea])], words=f"Words {NASTY}")
    for rest, title in (
        ("/ideas.atom", f"Title {NASTY}"),
        ("/statements.atom", f"Words {NASTY} (de)"),
        (f"/ideas/{idea}/comments.atom", f"Kommentar von Name {NASTY}"),
    ):
        feed = read(client, place.url(rest))
        assert titles(feed)[0].split(" ", 2)[-1:] == title.split(" ", 2)[-1:] or NASTY in titles(feed)[0]
        for content in feed.findall(f"{ATOM}entry/{ATOM}content"):
            assert "<script" not in content.text
            assert "&lt;script&gt;" in content.text
            assert len(content) == 0


def test_who_lends_the_city_a_voice_is_not_named(client: PageClient, place: Place, transact: Sessions) -> None:
    with transact() as session:
        idea = make.idea(session, place)
        person = make.participant(session, place, pseudonym="Leises Moos")
        make.comment(session, place, idea, author=person, body="As myself")
        official = make.comment(session, place, idea, author=person, body="For the city")
        session.get_one(Comment, official).voice = Voice.MODERATION
    feed = read(client, place.url(f"/ideas/{idea}/comments.atom"))
    authors = [name.text for name in feed.findall(f"{ATOM}entry/{ATOM}author/{ATOM}name")]
    assert authors == [client.app.config["OPERATOR_NAME"], "Leises Moos"]
    assert ["Leises Moos" in title for title in titles(feed)] == [False, True]


def test_what_is_hidden_leaves_every_feed_at_once(cached: PageClient, place: Place, transact: Sessions) -> None:
    with transact() as session:
        secret = make.idea(session, place, title="Secret idea")
        public = make.idea(session, place, title="Public idea")
        comment = make.comment(session, place, public, body="Secret comment")
        make.comment(session, place, public, body="Public comment")
        make.comment(session, place, secret, body="Comment on a secret")
    addresses = [
        place.url("/ideas.atom"),
        place.url("/ideas.atom?language=de"),
        place.url(f"/ideas/{public}/comments.atom"),
    ]
    for address in addresses * 2:
        assert "Secret" in cached.get(address).text
    cached.get(place.url(f"/ideas/{secret}/comments.atom"))
    with transact() as session:
        hide_idea(session, SYSTEM, idea_id=secret, now=clock.now())
        hide_comment(session, SYSTEM, comment_id=comment, now=clock.now())
    for address in addresses:
        text = cached.get(address).text
        assert "Secret" not in text
        assert "Public" in text
    cached.get(place.url(f"/ideas/{secret}/comments.atom"), status=404)
    with transact() as session:
        publish_idea(session, SYSTEM, idea_id=secret, now=clock.now())
    assert "Secret" in cached.get(addresses[0]).text


def test_only_what_is_public_is_in_a_feed(client: PageClient, member: Member, transact: Sessions) -> None:
    with transact() as session:
        place = make.process(session)
        for state in IdeaState:
            make.idea(session, place, title=f"Idea {state.value}", state=state)
        idea = make.idea(session, place, title="Idea with comments")
        for comment_state in CommentState:
            make.comment(session, place, idea, body=f"Comment {comment_state.value}", state=comment_state)
        cluster = make.cluster(session, place, ideas=[idea])
        make.statement(session, place, [cluster], words="Public statement")
        make.statement(session, place, [cluster], words="Draft statement", published=False)
        draft = make.process(session, "draft", state=ProcessState.DRAFT)
        make.process(session, "archived", state=ProcessState.ARCHIVED)
    for visitor in (client, member(Role.MODERATOR, process_id=place.id)):
        assert set(titles(read(visitor, place.url("/ideas.atom")))) == {"Idea published", "Idea with comments"}
        comments = read(visitor, place.url(f"/ideas/{idea}/comments.atom"))
        assert [content.text for content in comments.findall(f"{ATOM}entry/{ATOM}content")] == [
            "<p>Comment published</p>"
        ]
        assert titles(read(visitor, place.url("/statements.atom"))) == ["Public statement (de)"]
        assert set(titles(read(visitor, "/de/processes.atom"))) == {"Process digital (de)", "Process archived (de)"}
        for rest in ("/ideas.atom", "/statements.atom"):
            visitor.get(draft.url(rest), status=404)


def test_orders_by_votes_are_refused_in_feeds_too(client: PageClient, transact: Sessions) -> None:
    with transact() as session:
        place = make.process(session, hides_results=True)
    client.get(place.url("/ideas.atom?sort=agreement"), status=400)
    client.get(place.url("/ideas.atom?sort=discussed"))


def test_a_feed_comes_from_memory_with_a_validator(cached: PageClient, place: Place, transact: Sessions) -> None:
    with transact() as session:
        idea = make.idea(session, place)
    for address in (place.url("/ideas.atom"), place.url(f"/ideas/{idea}/comments.atom"), "/de/processes.atom"):
        for _ in range(2):
            page = cached.get(address)
            assert "Set-Cookie" not in page.headers
            assert page.headers["Content-Type"] == "application/atom+xml; charset=utf-8"
            assert (page.headers["Cache-Control"], page.headers["Vary"]) == ("no-cache", "Cookie, Accept-Encoding")
        cached.get(address, status=304, headers={"If-None-Match": page.headers["ETag"]})
        with queries(cached.app) as statements:
            cached.get(address)
        assert len(statements) <= 2


@pytest.mark.parametrize("number", [1, 3])
def test_query_budgets(client: PageClient, place: Place, transact: Sessions, number: int) -> None:
    with transact() as session:
        ideas = [make.idea(session, place, principles=["climate"]) for _ in range(number)]
        for idea in ideas:
            for _ in range(number):
                make.comment(session, place, idea)
            make.statement(session, place, [make.cluster(session, place, ideas=ideas)])
    for address, budget in (
        (place.url("/ideas.atom"), 6),
        (place.url(f"/ideas/{ideas[0]}/comments.atom"), 4),
        (place.url("/statements.atom"), 3),
        ("/de/processes.atom", 1),
    ):
        feed = read(client, address, budget=budget)
        assert len(titles(feed)) in {number, 1}


def test_lists_lead_to_their_feeds(client: PageClient, place: Place, transact: Sessions) -> None:
    with transact() as session:
        idea = make.idea(session, place)
    for address, feed in (
        (place.url("/ideas"), place.url("/ideas.atom")),
        (place.url("/statements"), place.url("/statements.atom")),
        ("/de/processes", "/de/processes.atom"),
        (place.url(f"/ideas/{idea}"), place.url(f"/ideas/{idea}/comments.atom")),
        (place.url("/follow-up"), place.url("/follow-up.atom")),
        (place.url("/moderation"), place.url("/moderation.atom")),
    ):
        page = client.get(address)
        heads = [link.get("href") for link in page.select("head link[type='application/atom+xml']")]
        assert heads == [feed]
        assert feed in page.links("main a").values()
        read(client, feed)
