"""The living document as everybody reads it: what holds, what changed, its versions and its feed."""

from collections.abc import Callable

import pytest
from lxml import etree
from sqlalchemy import select

from participation.accounts.actor import Role
from participation.kit import clock
from participation.principles.models import FieldOfAction, Principle
from participation.processes.models import Process, ProcessState
from participation.strategy.models import Statement, Verdict
from participation.voting.models import Stance
from tests import documents, make
from tests.conftest import Sessions
from tests.make import Place
from tests.pages import Page, PageClient, queries

Member = Callable[..., PageClient]
ATOM = "{http://www.w3.org/2005/Atom}"
HOSTILE = '"><script>alert(1)</script> & <b>'


def here(place: Place, rest: str = "") -> str:
    """Return the address of the document."""
    return place.url(f"/strategy{rest}", language="en")


def texts(page: Page) -> list[str]:
    """Return the statements that a page shows."""
    return page.texts(".strategy-statement__text")


def ids_of(session: object, table: type, place: Place) -> dict[str, int]:
    """Return the entries of a list of the framework by key."""
    return dict(session.execute(select(table.key, table.id).where(table.framework_id == place.framework_id)).all())


def test_before_anything_is_signed_off_it_says_so(client: PageClient, transact: Sessions, place: Place) -> None:
    page = client.get(here(place), budget=5)
    assert "Nothing is signed off yet" in page.text
    assert "There is no version yet" in client.get(here(place, "/versions"), budget=5).text
    with transact() as session:
        make.statement(session, place, [make.cluster(session, place)], words="Never signed")
    page = client.get(here(place))
    assert texts(page) == []
    assert "1 statement is public but not signed off yet" in page.text
    assert client.get(here(place, "?since=0")).texts(".lead") == ["nothing changed"]


@pytest.mark.parametrize("number", [1, 3])
def test_it_shows_what_holds_with_figures_answers_and_criteria(
    client: PageClient, transact: Sessions, place: Place, number: int
) -> None:
    with transact() as session:
        principles, fields = ids_of(session, Principle, place), ids_of(session, FieldOfAction, place)
        criterion, _value = documents.names(session, place)
        for count in range(number):
            idea = make.idea(session, place)
            make.votes(session, place, idea, agree=4, disagree=2)
            statement = make.statement(session, place, [make.cluster(session, place, ideas=[idea])], words="Old")
            documents.reword(
                session,
                place,
                statement,
                f"Act {count}",
                department="Office for parks",
                principle_ids=[principles["climate"], principles["access"]],
                field_ids=[fields["mobility"]],
            )
            documents.judge(session, place, statement, {criterion: (Verdict.CONFLICT, "No")})
        make.answer(session, statement_id=statement, words="We do it")
    page = client.get(here(place), budget=18)
    assert page.texts(".strategy-group__title") == [f"Climate (en) {number}", f"Access (en) {number}"]
    assert texts(page) == [f"Act {count} (en)" for count in range(number)]
    assert page.texts(".strategy-again a") == [f"Statement {count + 1}" for count in range(number)]
    shown = page.texts(".strategy-statement")[0]
    for words in ("Statement 1", "Act 0 (en)", "Mobility (en)", "1 idea", "6 people voted", "4 agree", "2 disagree"):
        assert words in shown, words
    assert "1 in conflict · 1 not assessed yet" in shown
    assert "Office for parks" in shown
    assert f"{number} of {number} ideas filed · 0 not filed yet" in page.text
    assert "Yes, we will do this" in page.texts(".strategy-statement")[number - 1]
    assert texts(client.get(here(place, "?by=order"))) == [f"Act {count} (en)" for count in range(number)]
    assert client.get(here(place, "?by=field")).texts(".strategy-group__title") == [f"Mobility (en) {number}"]


def test_figures_follow_the_rule_for_results(client: PageClient, transact: Sessions) -> None:
    with transact() as session:
        place = make.process(session, hides_results=True)
        idea = make.idea(session, place)
        make.votes(session, place, idea, agree=7, disagree=1)
        statement = make.statement(session, place, [make.cluster(session, place, ideas=[idea])])
        documents.reword(session, place, statement, "Changed")
        few = make.idea(session, place)
        make.vote(session, place, few, Stance.AGREE)
        make.statement(session, place, [make.cluster(session, place, ideas=[few])], words="Few")
    for rest in ("", "?version=1"):
        page = client.get(here(place, rest))
        assert page.select(".stance-bar") == []
        assert "voted on them" not in page.text
    with transact() as session:
        session.get_one(Process, place.id).hides_results = False
    page = client.get(here(place, "?by=order"))
    assert page.texts(".stance-bar__figure") == ["7 agree", "0 unsure", "1 disagree"]
    assert page.texts(".stance-bar__note") == ["Numbers are shown from 5 votes on."]


def test_an_earlier_version_is_as_it_was_signed(client: PageClient, transact: Sessions, place: Place) -> None:
    with transact() as session:
        idea = make.idea(session, place)
        make.votes(session, place, idea, agree=6)
        statement = make.statement(session, place, [make.cluster(session, place, ideas=[idea])], words="First")
        make.votes(session, place, idea, agree=2)
        documents.reword(session, place, statement, "Second")
        other = documents.signed(session, place, "Other")
        documents.withdraw(session, place, other)
    page = client.get(here(place, "?version=1&by=order"), budget=12)
    assert texts(page) == ["First (en)"]
    assert page.texts(".stance-bar__figure") == ["6 agree", "0 unsure", "0 disagree"]
    assert "This is an earlier version" in page.text
    assert client.get(here(place)).texts(".stance-bar__figure")[0] == "8 agree"
    assert client.get(here(place, "?version=3&by=order")).texts(".badge") == ["Withdrawn since"]


@pytest.mark.parametrize("rest", ["?version=9", "?since=9", "?since=1&version=9", "?version=x", "?since=-1", "?by=x"])
def test_what_there_is_not(client: PageClient, transact: Sessions, place: Place, rest: str) -> None:
    with transact() as session:
        documents.signed(session, place)
    client.get(here(place, rest), status=404 if "9" in rest else 400)


def test_what_changed_is_readable(client: PageClient, transact: Sessions, place: Place) -> None:
    with transact() as session:
        principles = ids_of(session, Principle, place)
        one, two, _three = (documents.signed(session, place, words) for words in ("One", "Two", "Three"))
        documents.reword(session, place, one, "One more", principle_ids=[principles["climate"]])
        documents.withdraw(session, place, two, "Somebody was hurt by it")
        documents.signed(session, place, "Four")
    page = client.get(here(place, "?since=3"), budget=9)
    assert page.texts(".lead") == ["1 new statement, 1 changed, 1 withdrawn"]
    assert page.texts(".difference__added")[1:] == ["[added: more ]", "[added: more ]", "added: Climate (en)"]
    assert page.texts(".prose del.difference__removed") == ["Two (en)"]
    assert "Somebody was hurt by it (en)" in page.text
    assert "1 other statement is as it was." in page.text
    assert client.get(here(place, "?since=6&version=3")).texts(".lead") == page.texts(".lead")


def test_all_versions_are_listed(client: PageClient, transact: Sessions, place: Place) -> None:
    with transact() as session:
        statement = documents.signed(session, place, "One")
        for number in range(31):
            documents.reword(session, place, statement, f"Wording {number}")
    page = client.get(here(place, "/versions"), budget=6)
    assert len(page.texts(".strategy-versions__entry")) == 30
    assert page.texts(".strategy-versions__entry strong")[0] == "Version 32"
    last = client.get(page.links(".pagination__link--next")["Next"])
    assert last.texts(".strategy-versions__entry strong") == ["Version 2", "Version 1"]
    assert "1 new statement" in last.texts(".strategy-versions__entry")[1]
    compared = client.submit(page, "form.strategy-compare", since="3", version="32")
    assert compared.texts(".lead") == ["1 changed"]


def test_readers_are_told_what_changed_since_they_looked(member: Member, transact: Sessions, place: Place) -> None:
    with transact() as session:
        statement = documents.signed(session, place, "One")
    reader = member()
    page = reader.follow(reader.submit(reader.get(here(place)), 'form[action$="/seen"]', status=303))
    assert "What changed since you last looked" not in page.text
    with transact() as session:
        documents.reword(session, place, statement, "Two")
        documents.signed(session, place, "New")
    page = reader.get(here(place), budget=20)
    assert "1 new statement, 1 changed." in page.one(".alert--info")
    changes = reader.get(page.links()["Show the changes"])
    assert changes.texts(".lead") == ["1 new statement, 1 changed"]
    page = reader.follow(reader.submit(changes, 'form[action$="/seen"]', status=303))
    assert page.select(".alert--info") == []


def test_words_cannot_break_out(client: PageClient, transact: Sessions, place: Place) -> None:
    with transact() as session:
        statement = documents.signed(session, place, HOSTILE)
        documents.reword(session, place, statement, f"{HOSTILE} again", department=HOSTILE)
        documents.withdraw(session, place, documents.signed(session, place, HOSTILE), HOSTILE)
        criterion, _value = documents.names(session, place)
        documents.judge(session, place, statement, {criterion: (Verdict.CONFLICT, HOSTILE)})
    for address in (here(place), here(place, "?since=1"), here(place, "?version=3"), here(place, "/versions")):
        assert "<script>alert" not in client.get(address).text
    for rest in ("/matrix", f"/matrix?statement={statement}"):
        assert "<script>alert" not in client.get(place.url(rest, language="en")).text
    etree.fromstring(client.get(place.url("/strategy.atom")).data)


def test_the_feed_tells_of_each_version(client: PageClient, transact: Sessions, place: Place) -> None:
    with transact() as session:
        statement = documents.signed(session, place, "One")
        documents.reword(session, place, statement, "Two")
    with queries(client.app, 6):
        page = client.get(place.url("/strategy.atom", language="en"))
    feed = etree.fromstring(page.data)
    entries = feed.findall(f"{ATOM}entry")
    assert [entry.find(f"{ATOM}title").text for entry in entries] == [
        "Version 2: 1 changed",
        "Version 1: 1 new statement",
    ]
    assert "Two (en)" in entries[0].find(f"{ATOM}content").text
    assert entries[0].find(f"{ATOM}link").get("href").endswith("/strategy?version=2&since=1")


def test_a_draft_process_has_no_document_for_the_public(client: PageClient, member: Member, transact: Sessions) -> None:
    with transact() as session:
        place = make.process(session, "secret", state=ProcessState.DRAFT)
        statement = documents.signed(session, place)
    moderator = member(Role.MODERATOR, process_id=place.id)
    for rest in ("/strategy", "/strategy/versions", "/matrix", f"/matrix?statement={statement}", "/matrix.csv"):
        client.get(place.url(rest), status=404)
        moderator.get(place.url(rest))
    client.get(place.url("/strategy.atom"), status=404)


def test_a_cached_page_follows_each_version(cached: PageClient, transact: Sessions, place: Place) -> None:
    assert texts(cached.get(here(place))) == []
    with transact() as session:
        statement = documents.signed(session, place, "One")
    assert texts(cached.get(here(place))) == ["One (en)"]
    with transact() as session:
        session.get_one(Statement, statement).reopened_at = clock.now()
        documents.withdraw(session, place, statement)
    assert texts(cached.get(here(place))) == []
