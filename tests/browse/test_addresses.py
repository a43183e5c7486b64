"""What the address of a public page may ask for: filters, places in a list, and whatever somebody makes up."""

import re
from collections.abc import Callable
from urllib.parse import quote

import pytest
from flask import Flask
from sqlalchemy import insert, select

from participation.ideas.models import Idea
from participation.listings.ideas import COUNT_STOPS_AT
from tests import make
from tests.architecture.test_routes import addresses
from tests.conftest import Sessions
from tests.make import Place
from tests.pages import PageClient

Member = Callable[..., PageClient]
MARKER = "\"><svg onload=x>'--"
PARAMETERS = (
    "after", "answer_to", "before", "cluster", "district", "endpoint", "field", "idea_id", "language", "next", "page",
    "per_page", "principle", "q", "slug", "sort", "values", "_anchor", "_external", "_method", "_scheme",
)  # fmt: skip
NOT_COPIED = {"id", "_sa_instance_state"}
ODD = (
    "9" * 40,
    "-1",
    "1.5",
    "٣",
    "%00",
    "%FF%FE",
    "%ED%A0%80",
    "a%0D%0ASet-Cookie:%20x=1",
    "javascript:alert(1)",
    "//evil.example",
    "%27%20OR%201=1--",
    "1-9999999999999999999",
    "99999999999999999999-1",
    "x" * 3000,
)


def titles(page: object) -> list[str]:
    """Return the titles of the idea cards on a page."""
    return page.texts(".idea-card__title")


@pytest.mark.parametrize(
    "query",
    [
        "principle=unknown",
        "principle=1",
        "field=x",
        "district=987",
        "language=xx",
        "language=DE",
        "cluster=987654",
        "cluster=x",
        "after=x",
        "before=1",
        "after=1-2-3",
        "after=%D9%A3-1",
        "before=" + "9" * 60,
    ],
)
def test_unknown_filters_and_places_are_refused(client: PageClient, place: Place, query: str) -> None:
    assert client.get(place.url(f"/ideas?{query}"), status=400).h1


def test_themes_of_another_process_are_unknown(client: PageClient, place: Place, transact: Sessions) -> None:
    with transact() as session:
        other = make.process(session, "other")
        cluster = make.cluster(session, other)
    client.get(other.url(f"/ideas?cluster={cluster}"))
    client.get(place.url(f"/ideas?cluster={cluster}"), status=400)


def test_filters_in_the_address_and_in_the_form_agree(client: PageClient, place: Place, transact: Sessions) -> None:
    with transact() as session:
        make.idea(session, place, title="Climate in German", principles=["climate"])
        make.idea(session, place, title="Climate in Turkish", principles=["climate"], language="tr")
        make.idea(session, place, title="Not sure yet")
    page = client.get(place.url("/ideas?sort=newest"))
    page = client.submit(page, ".filter-bar", principle="climate")
    assert titles(page) == ["Climate in Turkish", "Climate in German"]
    page = client.submit(page, ".filter-bar", language="tr")
    assert titles(page) == ["Climate in Turkish"]
    remove = page.select("a.filter-bar__remove")
    assert len(remove) == 2
    page = client.get(next(link.get("href") for link in remove if "language" not in link.get("href")))
    assert titles(page) == ["Climate in Turkish", "Climate in German"]
    page = client.submit(page, ".filter-bar", principle="not-sure")
    assert titles(page) == ["Not sure yet"]
    page = client.submit(page, ".filter-bar", language="fr")
    assert titles(page) == []
    assert place.url("/ideas") in page.links("main a").values()


def test_paging_keeps_the_filter_and_covers_everything(client: PageClient, place: Place, transact: Sessions) -> None:
    with transact() as session:
        author = make.participant(session, place)
        for number in range(45):
            make.idea(session, place, author=author, title=f"Idea {number}", principles=["climate"])
            make.idea(session, place, author=author, title=f"Other {number}")
    seen, address = list[str](), place.url("/ideas?principle=climate&sort=newest")
    while address:
        page = client.get(address)
        seen += titles(page)
        address = next((link.get("href") for link in page.select("a[rel=next]")), "")
    assert seen == [f"Idea {number}" for number in range(44, -1, -1)]
    back = [titles(page)]
    while previous := page.select("a[rel=prev]"):
        page = client.get(previous[0].get("href"))
        back.insert(0, titles(page))
    assert [title for one in back for title in one] == seen


def test_counts_stop_at_a_thousand(client: PageClient, place: Place, transact: Sessions) -> None:
    with transact() as session:
        author = make.participant(session, place)
        make.idea(session, place, author=author)
        row = {
            name: value for name, value in vars(session.scalars(select(Idea)).one()).items() if name not in NOT_COPIED
        }
        session.execute(insert(Idea), [row] * (COUNT_STOPS_AT - 1))
    status = client.get(place.url("/ideas", language="en")).texts("main [role=status]")
    assert status == ["1,000 ideas"] or status == ["1000 ideas"]
    with transact() as session:
        make.idea(session, place, author=author)
    status = client.get(place.url("/ideas", language="en")).texts("main [role=status]")
    assert status == ["1,000+ ideas"]


def public_addresses(app: Flask, place: Place, idea: int) -> list[str]:
    """Return an address for each route that answers a GET, with ids that exist where there is a place for them."""
    found = []
    for address, rule in addresses(app, method="GET"):
        if "desk" in rule.rule or rule.endpoint.startswith("machine."):
            continue
        # The made-up values are all 1; better ones where something is there.
        real = address.replace("/processes/1", f"/processes/{place.slug}").replace("/ideas/1", f"/ideas/{idea}")
        found.append(real if "slug" in rule.arguments else address)
    assert len(found) >= 20
    return sorted(set(found))


def test_no_parameter_comes_back_unescaped_or_breaks_a_page(
    app: Flask, client: PageClient, member: Member, place: Place, transact: Sessions
) -> None:
    with transact() as session:
        idea = make.idea(session, place)
    resident = member()
    answered = 0
    for address in public_addresses(app, place, idea):
        visitor = resident if "comments" in address else client
        for name in PARAMETERS:
            # Straight, without the check of every page, which would take most of the time.
            answer = visitor.flask.get(f"{address}?{name}={quote(MARKER)}")
            assert answer.status_code < 500, answer.request.url
            assert b"<svg onload" not in answer.data, answer.request.url
            answered += answer.status_code == 200
    assert answered > 200


def test_odd_parameters_are_answered_with_a_page(
    client: PageClient, member: Member, place: Place, transact: Sessions
) -> None:
    with transact() as session:
        idea = make.idea(session, place)
    resident = member()
    targets = [
        (client, place.url("/ideas"), ("after", "before", "principle", "cluster", "language")),
        (client, place.url(f"/ideas/{idea}"), ("after", "_scheme")),
        (client, "/de/sign-in", ("next",)),
        (resident, place.url(f"/ideas/{idea}/comments/new"), ("answer_to",)),
        (client, "/de/", ("_scheme", "_anchor", "_external", "_method", "endpoint", "language")),
    ]
    for visitor, address, names in targets:
        for name in names:
            for value in ODD:
                answer = visitor.flask.get(f"{address}?{name}={value}")
                assert answer.status_code in {200, 303, 400, 404}, answer.request.url
                assert "Set-Cookie: x" not in str(answer.headers)
                assert not re.search(r"""(href|src|action)=["'](javascript:|//)""", answer.text), answer.request.url
    for visitor in (client, resident):
        for part in ("%00", "9" * 40, "-1", "%D9%A3", "1%0A", "..%2f1"):
            visitor.get(place.url(f"/ideas/{part}"), status=404)
            visitor.get(f"/de/processes/{part}", status=404)
            visitor.get(f"/de/processes/{part}/ideas", status=404)
