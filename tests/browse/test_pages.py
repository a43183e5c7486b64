"""Public pages: what they show, what they cost, and what an address may ask for."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
import time_machine
from sqlalchemy import select

from participation.accounts.actor import Role
from participation.ideas.models import IdeaSource, IdeaState
from participation.kit import clock
from participation.moderation.models import Decision, DecisionKind
from participation.principles.models import District
from participation.processes.models import Capability, Participant, PhaseKind, ProcessState
from tests import make
from tests.conftest import Sessions
from tests.make import Place
from tests.pages import PageClient

Member = Callable[..., PageClient]
MARKER = "\"><svg onload=x>'--"


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
    shown = titles(page)
    assert len(shown) == len(set(shown)) == 6
    assert set(shown) <= {f"Idea {number}" for number in range(8)}
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


BUDGETS = {
    "front": ("/de/", 16),
    "processes": ("/de/processes", 4),
    "process": ("{process}", 16),
    "ideas": ("{process}/ideas", 10),
    "filtered": ("{process}/ideas?principle=climate", 10),
    "idea": ("{process}/ideas/{idea}", 13),
    "statements": ("{process}/statements", 5),
    "statement": ("{process}/statements/{statement}", 26),
    "principles": ("/de/principles", 8),
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
