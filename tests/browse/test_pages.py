"""Public pages: what they show, what they cost, and what an address may ask for."""

from collections.abc import Callable
from datetime import datetime, timedelta
from urllib.parse import quote

import pytest
import time_machine
from flask import Flask
from sqlalchemy import insert, select

from participation.accounts.actor import Role
from participation.ideas.models import Idea, IdeaSource, IdeaState
from participation.kit import clock
from participation.listings.ideas import COUNT_STOPS_AT
from participation.moderation.models import Decision, DecisionKind
from participation.principles.models import District
from participation.processes.models import Capability, Participant, PhaseKind, ProcessState
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


@pytest.fixture
def place(transact: Sessions) -> Place:
    """A process in which everything is possible."""
    with transact() as session:
        return make.process(session)


def titles(page: object) -> list[str]:
    """Return the titles of the idea cards on a page."""
    return page.texts(".idea-card__title")


def test_without_any_process_the_front_page_says_so(client: PageClient) -> None:
    for language in ("de", "en"):
        assert client.get(f"/{language}/").h1
        assert client.get(f"/{language}/processes").h1


def test_a_front_page_in_five_seconds(client: PageClient, place: Place, transact: Sessions) -> None:
    with transact() as session:
        for number in range(8):
            make.idea(session, place, title=f"Idea {number}")
    page = client.get("/en/")
    assert page.h1 == "Question of digital? (en)"
    assert titles(page) == [f"Idea {number}" for number in range(7, 1, -1)]
    targets = set(page.links("main a").values())
    assert {place.url("/ideas", language="en"), place.url("/ideas/new", language="en")} <= targets
    assert "The result is advice to the council (en)" in page.one("main")


@pytest.mark.parametrize(
    ("state", "anonymous", "resident", "moderator"),
    [
        (ProcessState.DRAFT, 404, 404, 200),
        (ProcessState.PUBLISHED, 200, 200, 200),
        (ProcessState.ARCHIVED, 200, 200, 200),
    ],
)
def test_who_sees_a_process(
    transact: Sessions,
    client: PageClient,
    member: Member,
    state: ProcessState,
    anonymous: int,
    resident: int,
    moderator: int,
) -> None:
    with transact() as session:
        secret = make.process(session, "secret", state=state)
        idea = make.idea(session, secret)
        statement = make.statement(session, secret, [make.cluster(session, secret, ideas=[idea])])
    visitors = ((client, anonymous), (member(), resident), (member(Role.MODERATOR, process_id=secret.id), moderator))
    for visitor, status in visitors:
        for rest in ("", "/ideas", "/statements", f"/ideas/{idea}", f"/statements/{statement}", "/ideas/new"):
            visitor.get(secret.url(rest), status=status)
    assert ("secret" in client.get("/de/processes").text) is (anonymous == 200)
    if state is ProcessState.DRAFT:
        assert "secret" not in client.get("/de/").text


def test_an_idea_shows_everything_about_itself(transact: Sessions, client: PageClient, place: Place) -> None:
    with transact() as session:
        north = session.scalars(select(District.id).order_by(District.position)).first()
        author = make.participant(session, place, pseudonym="Quiet Otter")
        idea = make.idea(
            session,
            place,
            author=author,
            title="مكتبة للجميع في كل حي",
            body="First.\n\nSecond https://example.org/x",
            principles=["climate"],
            district_id=north,
            language="ar",
            source=IdeaSource.IMPORTED,
            external_id="A-17",
        )
        make.votes(session, place, idea, agree=3, disagree=2)
        cluster = make.cluster(session, place, title="Libraries", ideas=[idea])
        statement = make.statement(session, place, [cluster], words="More libraries")
    page = client.get(place.url(f"/ideas/{idea}", language="en"))
    heading = page.select("h1")[0]
    assert (heading.get("lang"), heading.get("dir")) == ("ar", "rtl")
    main = page.one("main")
    for text in (
        "Quiet Otter",
        "Climate (en)",
        "North (en)",
        "A-17",
        "Libraries (en)",
        "More libraries (en)",
        "Arabic",
    ):
        assert text in main, text
    assert [element.text for element in page.select(".stance-bar__figures .number")] == ["3", "0", "2"]
    links = set(page.links("main a").values())
    assert place.url(f"/statements/{statement}", language="en") in links
    assert place.url(f"/ideas?cluster={cluster}", language="en") in links
    assert place.url("/ideas?principle=climate", language="en") in links


def test_a_hidden_idea_is_for_its_author_and_moderators(
    transact: Sessions, client: PageClient, member: Member, place: Place
) -> None:
    with transact() as session:
        account = make.account(session, "author@example.org")
        author = make.participant(session, place, account_id=account)
        idea = make.idea(session, place, author=author, title="Secret idea", state=IdeaState.HIDDEN)
        session.add(
            Decision(
                process_id=place.id,
                idea_id=idea,
                kind=DecisionKind.HIDE,
                reason="Names a neighbour",
                decided_at=clock.now(),
            )
        )
        cluster = make.cluster(session, place, ideas=[idea])
        statement = make.statement(session, place, [cluster])
    visible = place.url(f"/ideas/{idea}")
    assert "Names a neighbour" in member(email="author@example.org").get(visible).one("main")
    assert member(Role.MODERATOR, process_id=place.id).get(visible).h1 == "Secret idea"
    others = (client, member(), member(Role.STAFF), member(Role.MODERATOR, process_id=make_other(transact)))
    for visitor in others:
        page = visitor.get(visible, status=404)
        assert "Secret" not in page.text
        for address in (
            "/de/",
            place.url(),
            place.url("/ideas"),
            place.url(f"/ideas?cluster={cluster}"),
            place.url("/statements"),
            place.url(f"/statements/{statement}"),
        ):
            assert "Secret" not in visitor.get(address).text


def make_other(transact: Sessions) -> int:
    """Return the id of another process."""
    with transact() as session:
        return make.process(session, "other").id


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
    page = client.get(place.url("/ideas"))
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
    seen, address = list[str](), place.url("/ideas?principle=climate")
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
    assert status == ["More than 1,000 ideas"]


BUDGETS = {
    "front": ("/de/", 16),
    "processes": ("/de/processes", 4),
    "process": ("{process}", 16),
    "ideas": ("{process}/ideas", 10),
    "filtered": ("{process}/ideas?principle=climate", 10),
    "idea": ("{process}/ideas/{idea}", 12),
    "statements": ("{process}/statements", 5),
    "statement": ("{process}/statements/{statement}", 12),
    "principles": ("/de/principles", 7),
}


@pytest.mark.parametrize("number", [1, 3])
def test_query_budgets(client: PageClient, member: Member, place: Place, transact: Sessions, number: int) -> None:
    """What a page costs does not depend on how much there is; signed-in readers cost a few queries more."""
    with transact() as session:
        ideas = [make.idea(session, place, principles=["climate"]) for _ in range(number)]
        for idea in ideas:
            make.votes(session, place, idea, agree=number)
            for _ in range(number):
                make.comment(session, place, idea, parent_id=make.comment(session, place, idea))
        clusters = [make.cluster(session, place, ideas=ideas) for _ in range(number)]
        statements = [make.statement(session, place, clusters) for _ in range(number)]
        for other in range(number - 1):
            make.process(session, f"other-{other}")
    values = {"process": place.url(), "idea": ideas[0], "statement": statements[0]}
    resident = member()
    for pattern, budget in BUDGETS.values():
        client.get(pattern.format(**values), budget=budget)
        resident.get(pattern.format(**values), budget=budget + 4)


@pytest.mark.parametrize(
    ("left", "sentence"),
    [
        (timedelta(days=5, hours=1), "5 more days"),
        (timedelta(days=2), "2 more days"),
        (timedelta(hours=30), "30 more hours"),
        (timedelta(minutes=90), "90 more minutes"),
        (timedelta(seconds=61), "1 more minute"),
        (timedelta(seconds=1), "1 more minute"),
    ],
)
def test_how_long_still(transact: Sessions, client: PageClient, left: timedelta, sentence: str) -> None:
    moment = datetime.fromisoformat("2026-05-03T10:00:00+00:00")
    with transact() as session:
        place = make.process(session, starts_at=moment - timedelta(days=1), ends_at=moment + left)
    with time_machine.travel(moment, tick=False):
        assert sentence in client.get(place.url(language="en")).one("main")


def test_what_is_possible_in_words(transact: Sessions, client: PageClient) -> None:
    start = datetime.fromisoformat("2026-05-03T10:00:00+00:00")
    with transact() as session:
        place = make.process(
            session,
            starts_at=start,
            ends_at=start + timedelta(days=10),
            allows=frozenset({Capability.PROPOSE, Capability.COMMENT}),
        )
        make.phase(
            session,
            place,
            starts_at=start + timedelta(days=20),
            ends_at=start + timedelta(days=30),
            allows=frozenset({Capability.VOTE}),
            kind=PhaseKind.VOTE,
        )
    for at, sentence in (
        (start - timedelta(days=1), "Taking part will be possible from 3 May 2026, 12:00."),
        (start, "Until 13 May 2026, 12:00 you can propose ideas and comment."),
        (start + timedelta(days=15), "Taking part will be possible from 23 May 2026, 12:00."),
        (start + timedelta(days=25), "Until 2 June 2026, 12:00 you can vote."),
        (start + timedelta(days=31), "Taking part has ended. You can read everything."),
    ):
        with time_machine.travel(at, tick=False):
            assert sentence in client.get("/en/processes").one("main")


def test_names_full_of_markup_are_inert_everywhere(
    transact: Sessions, client: PageClient, member: Member, place: Place
) -> None:
    with transact() as session:
        account = make.account(session)
        author = make.participant(session, place, account_id=account, pseudonym=MARKER)
        idea = make.idea(
            session, place, author=author, title=f"Title {MARKER}", body=f"Text {MARKER} and more", external_id=MARKER
        )
        make.comment(
            session,
            place,
            idea,
            author=author,
            body=f"Comment {MARKER}",
            parent_id=make.comment(session, place, idea, author=author),
        )
        cluster = make.cluster(session, place, title=f"Theme {MARKER}", ideas=[idea])
        statement = make.statement(session, place, [cluster], words=f"Statement {MARKER}")
    addresses_ = [
        "/de/",
        "/de/processes",
        place.url(),
        place.url("/ideas"),
        place.url(f"/ideas?cluster={cluster}"),
        place.url(f"/ideas/{idea}"),
        place.url("/statements"),
        place.url(f"/statements/{statement}"),
    ]
    found = 0
    for visitor in (client, member(), member(Role.ADMIN)):
        for address in addresses_:
            page = visitor.get(address)
            found += page.one("body").count(MARKER)
            assert "<svg onload" not in page.text
            assert page.select("[onload]") == []
    assert found > 30, "there was something to get wrong"


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
            page = visitor.get(f"{address}?{name}={quote(MARKER)}", status=None)
            assert page.status < 500, page.url
            assert "<svg onload" not in page.text, page.url
            answered += page.status == 200
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
                page = visitor.get(f"{address}?{name}={value}", status=None)
                assert page.status in {200, 303, 400, 404}, page.url
                assert "Set-Cookie: x" not in str(page.headers)
                assert page.select("a[href^='javascript:'], a[href^='//evil']") == []
    for visitor in (client, resident):
        for part in ("%00", "9" * 40, "-1", "%D9%A3", "1%0A", "..%2f1"):
            visitor.get(place.url(f"/ideas/{part}"), status=404)
            visitor.get(f"/de/processes/{part}", status=404)
            visitor.get(f"/de/processes/{part}/ideas", status=404)


def test_an_idea_of_another_process_is_not_found(client: PageClient, place: Place, transact: Sessions) -> None:
    with transact() as session:
        other = make.process(session, "other")
        idea = make.idea(session, other)
        statement = make.statement(session, other, [make.cluster(session, other, ideas=[idea])])
    client.get(other.url(f"/ideas/{idea}"))
    client.get(other.url(f"/statements/{statement}"))
    client.get(place.url(f"/ideas/{idea}"), status=404)
    client.get(place.url(f"/statements/{statement}"), status=404)


def test_a_draft_statement_is_not_public(client: PageClient, place: Place, transact: Sessions) -> None:
    with transact() as session:
        cluster = make.cluster(session, place, ideas=[make.idea(session, place)])
        draft = make.statement(session, place, [cluster], words="Secret statement", published=False)
        idea = session.scalars(select(Participant.id)).first()
    client.get(place.url(f"/statements/{draft}"), status=404)
    for address in ("/de/", place.url(), place.url("/statements"), place.url("/ideas")):
        assert "Secret" not in client.get(address).text
    assert idea is not None
