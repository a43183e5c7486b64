"""Proposing an idea through the form: what is taken, what is refused, and that nothing typed gets lost."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from sqlalchemy import func, select

from participation.activity.models import LogEntry
from participation.ideas.models import Idea, IdeaPrinciple, IdeaState
from participation.kit import clock
from participation.processes.models import Capability, Participant, ProcessState
from participation.processes.policies import GRACE
from tests import make
from tests.conftest import NewClient, Sessions
from tests.make import Place
from tests.pages import Page, PageClient

Member = Callable[..., PageClient]
TITLE = "Homework corner in every library"
TEXT = "Many children have no quiet place at home; a corner with laptops would help."


@pytest.fixture
def place(transact: Sessions) -> Place:
    """A process in which everything is possible."""
    with transact() as session:
        return make.process(session)


def fill(client: PageClient, place: Place, **fields: Any) -> Page:
    """Return the answer to the form, filled in well except for ``fields``; ``forge`` sends what it does not offer."""
    page = client.get(place.url("/ideas/new"))
    values = {"title": TITLE, "text": TEXT, "principles": ["not-sure"], **fields}
    return client.submit(page, "idea-form", **values)


def typed(page: Page) -> dict[str, str]:
    """Return what stands in the fields of the form that came back."""
    return {
        element.get("name"): (element.get("value") or str(element.xpath("string()")).removeprefix("\n"))
        for element in page.select("main input[name], main textarea[name]")
        if element.get("type") not in {"checkbox", "submit"}
    }


def rows(database: Sessions) -> dict[str, int]:
    """Return how many rows there are of everything that a proposal writes."""
    with database() as session:
        return {
            table.__tablename__: session.scalar(select(func.count()).select_from(table)) or 0
            for table in (Idea, IdeaPrinciple, Participant, LogEntry)
        }


def refused(page: Page, database: Sessions, before: dict[str, int], *, status: int = 422) -> None:
    """Raise ``AssertionError`` unless the page refuses with a reason and nothing was written."""
    assert page.status == status
    assert rows(database) == before


def test_an_idea_is_published_at_once(member: Member, place: Place, database: Sessions, client: PageClient) -> None:
    with database() as session:
        principles = make.principle_ids(session, place, ["climate", "access"])
    answer = fill(
        member(), place, principles=[str(id_) for id_ in principles], title=f"  {TITLE} ", text=f"{TEXT}\n\nSecond."
    )
    assert answer.status == 303
    with database() as session:
        idea = session.scalars(select(Idea)).one()
        assert (idea.title, idea.text, idea.state) == (TITLE, f"{TEXT}\n\nSecond.", IdeaState.PUBLISHED)
        tagged = session.scalars(select(IdeaPrinciple.principle_id).order_by(IdeaPrinciple.principle_id))
        assert list(tagged) == sorted(principles)
        assert session.scalars(select(LogEntry.action)).all() == ["IdeaSubmitted"]
        pseudonym = session.scalars(select(Participant.pseudonym)).one()
    assert answer.location == place.url(f"/ideas/{idea.id}")
    page = client.get(answer.location)
    assert page.h1 == TITLE
    assert pseudonym in page.text
    assert "@example.org" not in page.text


def test_where_the_phase_says_so_a_moderator_reads_it_first(
    transact: Sessions, member: Member, client: PageClient, database: Sessions
) -> None:
    with transact() as session:
        place = make.process(session, review_first=True)
    author = member()
    answer = fill(author, place)
    with database() as session:
        idea = session.scalars(select(Idea)).one()
    assert (idea.state, idea.published_at) == (IdeaState.IN_REVIEW, None)
    assert author.follow(answer).h1 == TITLE
    client.get(answer.location, status=404)
    member(email="other@example.org").get(answer.location, status=404)
    for address in ("/de/", place.url(), place.url("/ideas")):
        assert TITLE not in client.get(address).text


BAD = {
    "no title": ({"title": ""}, "title"),
    "blank title": ({"title": "   "}, "title"),
    "short title": ({"title": "Short"}, "title"),
    "long title": ({"title": "x" * 141}, "title"),
    "invisible title": ({"title": "\u200b" * 20}, "title"),
    "title with NUL": ({"title": f"{TITLE}\x00"}, "title"),
    "title with an override": ({"title": f"{TITLE}\u202egnihtemos"}, "title"),
    "title with an isolate": ({"title": f"\u2067{TITLE}"}, "title"),
    "escape sequences": ({"title": f"{TITLE}\x1b[2J"}, "title"),
    "no text": ({"text": ""}, "text"),
    "short text": ({"text": "Too short"}, "text"),
    "long text": ({"text": "word " * 1001}, "text"),
    "1 MB of text": ({"text": "x" * 1_000_000}, "text"),
    "text with NUL": ({"text": f"{TEXT}\x00{TEXT}"}, "text"),
    "text with an override": ({"text": f"{TEXT}\u202e"}, "text"),
    "no principle": ({"principles": []}, "principles"),
    "unknown principle": ({"forge": {"principles": ["987654321"]}}, "principles"),
    "no number as principle": ({"forge": {"principles": ["<svg onload=x>"]}}, "principles"),
    "four principles": ({"forge": {"principles": "FOUR"}}, "principles"),
    "a principle and not sure": ({"forge": {"principles": "BOTH"}}, "principles"),
    "unknown district": ({"forge": {"district": "987654321"}}, "district"),
    "unknown field of action": ({"forge": {"field": "x"}}, "field"),
    "unknown language": ({"forge": {"language": "xx"}}, "language"),
    "no key": ({"forge": {"submission_key": "\x00"}}, "submission_key"),
    "long key": ({"forge": {"submission_key": "x" * 5000}}, "submission_key"),
}


@pytest.mark.parametrize(("fields", "wrong"), BAD.values(), ids=BAD)
def test_bad_input_is_refused_and_comes_back(
    member: Member, place: Place, database: Sessions, fields: dict[str, Any], wrong: str
) -> None:
    before = rows(database)
    with database() as session:
        ids = [str(id_) for id_ in make.principle_ids(session, place, make.PRINCIPLES)]
    lists = {"FOUR": ids[:4], "BOTH": [ids[0], "not-sure"]}
    forge = {
        name: lists.get(value, value) if isinstance(value, str) else value
        for name, value in fields.get("forge", {}).items()
    }
    author = member()
    page = fill(author, place, **{**fields, "forge": forge})
    refused(page, database, before)
    targets = [link.get("href") for link in page.select(".error-summary a")]
    assert {target.removeprefix("#").removesuffix("-0") for target in targets} == {wrong}
    expected = {name: str(fields.get(name, default)).strip() for name, default in (("title", TITLE), ("text", TEXT))}
    shown = typed(page)
    assert {name: shown[name].strip() for name in expected} == {
        name: value.replace("\x00", "\ufffd").replace("\x1b", "\ufffd") for name, value in expected.items()
    }
    # The form that came back is complete: corrected it goes through.
    again = author.submit(
        page, "idea-form", title=TITLE, text=TEXT, principles=["not-sure"], district="", field="", language="de"
    )
    assert again.status == 303
    assert rows(database)["idea"] == 1


@pytest.mark.parametrize(
    "title",
    [
        "<script>alert(1)</script> & more",
        '"><svg onload=alert(1)> idea',
        "{{ 7 * 7 }} and %(name)s %s",
        "Fahrräder &amp; Busse",
    ],
)
def test_markup_is_stored_as_typed_and_shown_inert_everywhere(
    member: Member, place: Place, database: Sessions, transact: Sessions, client: PageClient, title: str
) -> None:
    body = f"{title} is what I typed, and https://example.org/?a=1&b=2"
    author = member()
    answer = fill(author, place, title=title, text=body)
    assert answer.status == 303
    with database() as session:
        idea = session.scalars(select(Idea)).one()
    assert (idea.title, idea.text) == (title, body)
    with transact() as session:
        statement = make.statement(session, place, [make.cluster(session, place, ideas=[idea.id])])
    page = client.get(answer.location)
    assert page.h1 == title
    assert page.one("title").startswith(title)
    pages = ["/de/", place.url(), place.url("/ideas"), answer.location, place.url(f"/statements/{statement}")]
    for visitor in (client, author):
        for address in pages:
            shown = visitor.get(address)
            assert title in shown.one("main")
            assert shown.select("main script, main svg[onload]") == []
    assert title in author.get(f"{answer.location}/comments/new").one("main")


def test_marks_that_writers_of_arabic_need_are_kept(member: Member, place: Place, database: Sessions) -> None:
    title = "مكتبة\u200f للجميع \u200e2030\u061c"
    assert fill(member(), place, title=title).status == 303
    with database() as session:
        assert session.scalars(select(Idea.title)).one() == title


def test_sending_twice_makes_one_idea(member: Member, place: Place, database: Sessions) -> None:
    author = member()
    form = author.get(place.url("/ideas/new"))
    answers = [
        author.submit(form, "idea-form", title=TITLE, text=TEXT, principles=["not-sure"], forge={"text": text})
        for text in (TEXT, TEXT, TEXT + " And more.")
    ]
    assert [answer.status for answer in answers] == [303, 303, 303]
    assert len({answer.location for answer in answers}) == 1
    after = rows(database)
    assert (after["idea"], after["log_entry"]) == (1, 1)


def test_a_key_of_somebody_else_is_refused(member: Member, place: Place, database: Sessions) -> None:
    author, other = member(), member(email="other@example.org")
    form = author.get(place.url("/ideas/new"))
    author.submit(form, "idea-form", title=TITLE, text=TEXT, principles=["not-sure"])
    key = form.select("input[name=submission_key]")[0].get("value")
    page = fill(other, place, title="A very different idea", forge={"submission_key": key})
    assert page.status == 422
    assert typed(page)["title"] == "A very different idea"
    assert rows(database)["idea"] == 1
    with database() as session:
        assert session.scalars(select(Idea.title)).all() == [TITLE]


def test_a_stale_form_comes_back_and_can_be_sent_again(member: Member, place: Place, database: Sessions) -> None:
    author = member()
    before = rows(database)
    form = author.get(place.url("/ideas/new"))
    fields = {"title": TITLE, "text": f"{TEXT}\nSecond line", "principles": ["not-sure"]}
    page = author.submit(form, "idea-form", **fields, forge={"csrf_token": "stale"})
    refused(page, database, before, status=400)
    assert typed(page)["text"].replace("\r", "") == f"{TEXT}\nSecond line"
    assert typed(page)["title"] == TITLE
    again = author.submit(page, "resend-form")
    assert again.status == 303
    with database() as session:
        assert session.scalars(select(Idea.text)).one() == f"{TEXT}\nSecond line"


def test_a_form_from_elsewhere_gets_nothing_to_send_again(member: Member, place: Place, database: Sessions) -> None:
    author = member()
    before = rows(database)
    for header in ({"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}):
        page = author.post(place.url("/ideas/new"), {"title": TITLE, "text": TEXT}, headers=header, status=400)
        assert page.select("#resend-form") == []
        assert TITLE not in page.text
    assert rows(database) == before


def test_what_somebody_signed_out_typed_waits_for_the_sign_in(
    member: Member, place: Place, database: Sessions, transact: Sessions
) -> None:
    author = member()
    before = rows(database)
    form = author.get(place.url("/ideas/new"))
    with author.flask.session_transaction() as session:
        del session["_user_id"]
    page = author.submit(form, "idea-form", title=TITLE, text=TEXT, principles=["not-sure"])
    refused(page, database, before, status=401)
    assert (typed(page)["title"], typed(page)["text"]) == (TITLE, TEXT)
    # Signed in again in another window, the page can be sent as it is.
    other_window = member()
    with other_window.flask.session_transaction() as session:
        token = session["_user_id"]
    with author.flask.session_transaction() as session:
        session["_user_id"] = token
    assert author.submit(page, "resend-form").status == 303
    assert rows(database)["idea"] == 1


def test_nobody_signed_in_sees_how_to_sign_in_instead_of_a_form(client: PageClient, place: Place) -> None:
    page = client.get(place.url("/ideas/new"))
    assert page.select("#idea-form") == []
    assert "/de/sign-in?next=/de/processes/digital/ideas/new" in page.links("main a").values()


def test_the_licence_and_the_advice_are_named_before_sending(member: Member, place: Place) -> None:
    form = " ".join(member().get(place.url("/ideas/new")).texts("#idea-form"))
    assert "Contributions are under CC BY 4.0 (de)" in form
    assert "The result is advice to the council (de)" in form


@pytest.mark.parametrize("address", ["/de/processes/unknown/ideas/new", "/de/processes/draft/ideas/new"])
def test_a_process_that_is_not_there_takes_nothing(
    app: Flask, member: Member, place: Place, transact: Sessions, database: Sessions, address: str
) -> None:
    with transact() as session:
        make.process(session, "draft", state=ProcessState.DRAFT)
    before = rows(database)
    author = member()
    token = author.get(place.url("/ideas/new")).select("input[name=csrf_token]")[0].get("value")
    author.get(address, status=404)
    author.post(address, {"csrf_token": token, "title": TITLE, "text": TEXT}, status=404)
    assert rows(database) == before


def closing(transact: Sessions, ends_at: datetime) -> Place:
    """Return a process in which proposing ends at ``ends_at``."""
    with transact() as session:
        return make.process(session, starts_at=ends_at - timedelta(days=30), ends_at=ends_at)


@pytest.mark.parametrize(
    ("ends_at", "german", "english"),
    [
        # Summer time, the last hour of it, and winter time.
        (datetime(2026, 7, 1, 16, 0, tzinfo=UTC), "1. Juli 2026, 18:00", "1 July 2026, 18:00"),
        (datetime(2026, 10, 25, 0, 30, tzinfo=UTC), "25. Oktober 2026, 02:30", "25 October 2026, 02:30"),
        (datetime(2027, 1, 10, 16, 0, tzinfo=UTC), "10. Januar 2027, 17:00", "10 January 2027, 17:00"),
    ],
)
def test_a_form_opened_in_time_has_a_grace_and_then_a_sentence_with_the_date(
    transact: Sessions, member: Member, database: Sessions, ends_at: datetime, german: str, english: str
) -> None:
    place = closing(transact, ends_at)
    with time_machine.travel(ends_at - timedelta(minutes=5), tick=False) as travel:
        author = member()
        forms = [author.get(place.url("/ideas/new", language=language)) for language in ("de", "de", "en")]
        travel.move_to(ends_at + GRACE)
        fields = {"title": TITLE, "text": TEXT, "principles": ["not-sure"]}
        assert author.submit(forms[0], "idea-form", **fields).status == 303
        assert rows(database)["idea"] == 1
        before = rows(database)
        travel.shift(timedelta(seconds=1))
        for form, date in ((forms[1], german), (forms[2], english)):
            page = author.submit(form, "idea-form", **fields)
            refused(page, database, before)
            assert [date in error for error in page.errors] == [True]
            assert (typed(page)["title"], typed(page)["text"]) == (TITLE, TEXT)
        for language, date in (("de", german), ("en", english)):
            closed = author.get(place.url("/ideas/new", language=language))
            assert closed.select("#idea-form") == []
            assert date in closed.one("main")


def test_a_form_opened_too_late_or_forged_has_no_grace(transact: Sessions, member: Member, database: Sessions) -> None:
    ends_at = datetime(2026, 7, 1, 16, 0, tzinfo=UTC)
    place = closing(transact, ends_at)
    with time_machine.travel(ends_at - timedelta(minutes=5), tick=False) as travel:
        author = member()
        form = author.get(place.url("/ideas/new"))
        before = rows(database)
        travel.move_to(ends_at + timedelta(minutes=1))
        for opened in ("", "open.x.y", "2026-07-01T15:00:00Z"):
            page = author.submit(
                form, "idea-form", title=TITLE, text=TEXT, principles=["not-sure"], forge={"opened": opened}
            )
            refused(page, database, before)


def test_a_phase_that_has_not_begun_says_when_it_will(transact: Sessions, client: PageClient) -> None:
    moment = clock.now().replace(microsecond=0)
    with transact() as session:
        place = make.process(
            session, starts_at=moment - timedelta(days=9), ends_at=moment - timedelta(days=5), allows=frozenset()
        )
        starts = datetime(2030, 5, 3, 16, 0, tzinfo=UTC)
        make.phase(
            session, place, starts_at=starts, ends_at=starts + timedelta(days=9), allows=frozenset({Capability.PROPOSE})
        )
    page = client.get(place.url("/ideas/new", language="en"))
    assert "Proposing ideas will be possible from 3 May 2030, 18:00." in page.one("main")


def test_the_form_costs_the_same_whatever_is_in_the_process(
    transact: Sessions, member: Member, place: Place, new_client: NewClient
) -> None:
    author = member()
    author.get(place.url("/ideas/new"), budget=12)
    with transact() as session:
        for _ in range(3):
            make.idea(session, place)
    author.get(place.url("/ideas/new"), budget=12)
