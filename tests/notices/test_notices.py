"""Pointing at a contribution, without an account and with one, and hearing what became of it."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from threading import Barrier
from typing import Any

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from participation.accounts.actor import Actor, Role
from participation.cases.models import Case, CaseKind, SubjectKind
from participation.comments.models import Comment, CommentState
from participation.ideas.models import Addendum, Idea, IdeaState
from participation.kit import clock
from participation.moderation.models import Decision, DecisionKind
from participation.moderation.service import Subject, decide
from participation.moderation.undoing import undo_decision
from participation.notices.expiry import erase_old_contacts
from participation.notices.models import Notice, NoticeReason
from participation.notices.policies import may_give_notice
from participation.processes.models import Process, ProcessState
from participation.processes.queries import process_by_slug
from tests import make
from tests.accounts.people import letters
from tests.conftest import NewClient, Sessions
from tests.make import Place
from tests.pages import Page, PageClient

Member = Callable[..., PageClient]
WORDS = "The second sentence calls for violence."
HIDDEN = "Stolen words"


@pytest.fixture
def things(transact: Sessions, place: Place) -> dict[str, int]:
    """A public idea with a comment and an addendum; the idea's number is in "idea"."""
    moment = clock.now()
    with transact() as session:
        idea_id = make.idea(session, place, title=HIDDEN)
        addendum = Addendum(
            process_id=place.id,
            idea_id=idea_id,
            state=IdeaState.PUBLISHED,
            text="Added",
            language="en",
            submitted_at=moment,
            published_at=moment,
        )
        session.add(addendum)
        session.flush()
        return {"idea": idea_id, "comment": make.comment(session, place, idea_id), "addendum": addendum.id}


def report(
    visitor: PageClient, place: Place, things: dict[str, int], kind: str = "idea", reason: str = "hate", **fields: Any
) -> Page:
    """Return the answer to the filled-in form, reached from the page of the idea."""
    page = visitor.get(place.url(f"/ideas/{things['idea']}", language="en"))
    folder = {"idea": "ideas", "comment": "comments", "addendum": "addenda"}[kind]
    address = place.url(f"/{folder}/{things[kind]}/notice", language="en")
    assert address in [link.get("href") for link in page.select("a.report-link")]
    return visitor.submit(visitor.get(address), "notice-form", reason=reason, **{"text": WORDS, **fields})


def notices(database: Sessions) -> list[Notice]:
    """Return all notices in order."""
    with database() as session:
        return list(session.scalars(select(Notice).order_by(Notice.id)))


def cases(database: Sessions) -> list[Case]:
    """Return all cases of notices in order."""
    with database() as session:
        return list(session.scalars(select(Case).where(Case.kind == CaseKind.NOTICE).order_by(Case.id)))


def moderator(transact: Sessions, place: Place) -> Actor:
    """Return a moderator of the process."""
    with transact() as session:
        return make.actor(session, make.account(session), role=Role.MODERATOR, process_id=place.id)


@pytest.mark.parametrize("kind", ["idea", "comment", "addendum"])
def test_anybody_reports_and_looks_up_what_became_of_it(
    client: PageClient, new_client: NewClient, database: Sessions, place: Place, things: dict[str, int], kind: str
) -> None:
    answer = report(client, place, things, kind)
    assert answer.status == 303
    page = client.follow(answer)
    code = page.one(".receipt-code")
    assert page.h1 == "Your report is here"
    assert "Thank you. We have got what you wrote." in page.text
    assert WORDS not in page.text
    form = client.get(place.url(f"/ideas/{things['idea']}/notice", language="en"))
    assert form.links("main a")["Rules"] == place.url("/rules", language="en")
    (notice,), (case,) = notices(database), cases(database)
    assert (notice.text, notice.reason, notice.account_id, notice.contact) == (WORDS, NoticeReason.HATE, None, None)
    assert code not in str(notice.__dict__)
    assert (case.subject_kind, case.subject_id, case.idea_id) == (SubjectKind(kind), things[kind], things["idea"])
    assert (case.notices, case.urgent, case.due_at - case.opened_at) == (1, False, timedelta(days=7))
    another = new_client()
    form = another.get("/en/notices")
    assert another.submit(form, "code-form", code=code.lower().replace("-", " ")).one(".receipt-code") == code
    assert another.submit(form, "code-form", code="nonsense").status == 422
    assert another.submit(form, "code-form", code="0000-0000-0000-0000-0000").status == 404
    for address in (answer.location or "", "/en/notices"):
        headers = another.get(address).headers
        assert (headers["Cache-Control"], headers["X-Robots-Tag"]) == ("private, no-store", "noindex")


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"reason": []}, ["reason"]),
        ({"text": "No."}, ["text"]),
        ({"text": "x" * 2001}, ["text"]),
        ({"contact": "somebody"}, ["contact"]),
        ({"website": "https://example.org"}, [None]),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_lost(
    client: PageClient,
    database: Sessions,
    place: Place,
    things: dict[str, int],
    fields: dict[str, Any],
    wrong: list[str | None],
) -> None:
    page = report(client, place, things, **{"contact": "who@example.org", **fields})
    assert page.status == 422
    assert len(page.errors) == len(wrong)
    assert page.one("#text") == (fields.get("text") or WORDS)
    assert page.select("#website")[0].get("value") is None
    assert (notices(database), cases(database)) == ([], [])


def test_a_threat_to_life_goes_to_the_top_at_once(
    client: PageClient, database: Sessions, place: Place, things: dict[str, int]
) -> None:
    report(client, place, things, "comment")
    (before,) = cases(database)
    form = client.get(place.url(f"/comments/{things['comment']}/notice", language="en"))
    assert form.links()["Call 110"] == "tel:110", "before anybody has typed anything"
    page = client.follow(client.submit(form, "notice-form", reason="threat_to_life", text=""))
    assert page.links()["Call 110"] == "tel:110"
    (case,) = cases(database)
    assert (case.id, case.urgent, case.notices) == (before.id, True, 2)
    assert case.due_at == case.place_at == notices(database)[1].submitted_at < before.due_at


def test_a_notice_keeps_its_language_where_letters_can_be_written_in_it(
    client: PageClient, database: Sessions, place: Place, things: dict[str, int]
) -> None:
    for words in ("Der zweite Satz ruft ganz offen zu Gewalt auf.", "De tweede zin roept openlijk op tot geweld."):
        report(client, place, things, text=words)
    assert [notice.language for notice in notices(database)] == ["de", "en"]


def test_sending_twice_makes_one_notice_with_one_code(
    client: PageClient, database: Sessions, place: Place, things: dict[str, int]
) -> None:
    form = client.get(place.url(f"/ideas/{things['idea']}/notice", language="en"))
    first, second = (client.submit(form, "notice-form", reason="spam", text=WORDS) for _ in range(2))
    assert first.location == second.location
    assert [case.notices for case in cases(database)] == [1]
    assert len(notices(database)) == 1


def test_notices_that_come_in_at_the_same_moment_are_all_counted(
    database: Sessions, transact: Sessions, place: Place, things: dict[str, int]
) -> None:
    start = Barrier(4)

    def give(_number: int) -> None:
        start.wait(10)
        with transact() as session:
            make.notice(session, place, things["idea"])

    with ThreadPoolExecutor(4) as people:
        list(people.map(give, range(4)))
    assert [case.notices for case in cases(database)] == [4]
    assert len(notices(database)) == 4


def test_those_signed_in_give_no_address_and_say_each_thing_once(
    member: Member, database: Sessions, place: Place, things: dict[str, int]
) -> None:
    resident = member()
    form = resident.get(place.url(f"/ideas/{things['idea']}/notice", language="en"))
    assert form.select("#contact") == []
    page = resident.follow(resident.submit(form, "notice-form", reason="hate", text=WORDS))
    assert "You will also find the outcome in your inbox." in page.text
    again = report(resident, place, things)
    assert (again.status, again.errors) == (422, ["You have told us this already. We are looking at it."])
    assert again.one("#text") == WORDS
    assert report(resident, place, things, reason="threat_to_life").status == 303
    assert [notice.account_id is None for notice in notices(database)] == [False, False]
    assert [case.notices for case in cases(database)] == [2]


@pytest.mark.parametrize("others", [0, 2])
def test_pages_ask_the_database_little(
    client: PageClient, transact: Sessions, place: Place, things: dict[str, int], others: int
) -> None:
    with transact() as session:
        for _number in range(others):
            make.notice(session, place, things["comment"], SubjectKind.COMMENT)
        code = make.notice(session, place, things["comment"], SubjectKind.COMMENT)
    client.get(place.url(f"/comments/{things['comment']}/notice"), budget=4)
    client.get(f"/de/notices/{code}", budget=5)
    client.get("/de/notices", budget=0)


@pytest.mark.parametrize("state", [state for state in IdeaState if state is not IdeaState.PUBLISHED])
def test_what_is_not_public_cannot_be_reported(
    client: PageClient, transact: Sessions, place: Place, things: dict[str, int], state: IdeaState
) -> None:
    addresses = [f"/ideas/{things['idea']}", f"/comments/{things['comment']}", f"/addenda/{things['addendum']}"]
    form = client.get(place.url(f"{addresses[0]}/notice", language="en"))
    with transact() as session:
        session.get_one(Idea, things["idea"]).state = state
    for address in addresses:
        client.get(place.url(f"{address}/notice"), status=404)
    page = client.submit(form, "notice-form", reason="hate", text=WORDS, status=404)
    assert page.texts("#resend-form textarea") == [WORDS], "what was typed is not lost"


def test_numbers_of_other_processes_and_hidden_comments_lead_nowhere(
    client: PageClient, member: Member, transact: Sessions, place: Place, things: dict[str, int]
) -> None:
    with transact() as session:
        other = make.process(session, "other")
        session.get_one(Comment, things["comment"]).state = CommentState.HIDDEN
        session.get_one(Process, place.id).state = ProcessState.DRAFT
    for address in ("/ideas/1/notice", "/comments/1/notice", "/addenda/1/notice"):
        client.get(other.url(address), status=404)
        client.get(place.url(address), status=404)
        member(Role.ADMIN, email=f"admin{len(address)}@example.org").get(other.url(address), status=404)


@pytest.mark.parametrize("state", ProcessState)
@pytest.mark.parametrize("phase", ["before", "open", "over"])
@pytest.mark.parametrize("is_public", [True, False])
def test_everybody_may_report_what_everybody_can_read(
    transact: Sessions, state: ProcessState, phase: str, is_public: bool
) -> None:
    moment = clock.now()
    begins = {"before": moment + timedelta(days=1), "open": None, "over": moment - timedelta(days=9)}[phase]
    ends = moment - timedelta(days=2) if phase == "over" else None
    with transact() as session:
        make.process(session, state=state, starts_at=begins, ends_at=ends)
        process = process_by_slug(session, "digital")
    allowed = bool(may_give_notice(process, is_public=is_public))
    assert allowed is (is_public and state is not ProcessState.DRAFT)


def decided(
    transact: Sessions, actor: Actor, things: dict[str, int], kind: DecisionKind, *, now: datetime | None = None
) -> None:
    """Decide about the idea."""
    with transact() as session:
        decide(
            session,
            actor,
            subject=Subject("idea", things["idea"]),
            kind=kind,
            reason="It incites people.",
            ground="law-hatred" if kind is DecisionKind.HIDE else "",
            now=now or clock.now(),
        )


@pytest.mark.parametrize(
    ("kind", "outcome"),
    [
        (DecisionKind.HIDE, "It is not public any more."),
        (DecisionKind.KEEP, "It stays as it is: it breaks neither the law nor our rules."),
    ],
)
def test_the_outcome_is_told_without_what_was_hidden(
    app: Flask,
    client: PageClient,
    transact: Sessions,
    database: Sessions,
    place: Place,
    things: dict[str, int],
    kind: DecisionKind,
    outcome: str,
) -> None:
    where = report(client, place, things, contact="who@example.org").location or ""
    code = where.rpartition("/")[2]
    (received,) = letters(app)
    assert (received["To"], received["Content-Language"]) == ("who@example.org", "en")
    assert code in received.get_content()
    decided(transact, moderator(transact, place), things, kind)
    (told,) = [letter for letter in letters(app) if letter["To"] == "who@example.org"]
    page = client.get(where)
    assert page.h1 == "We have decided about your report"
    assert page.one(".lead") == outcome
    for text in (received.get_content(), told.get_content()):
        assert HIDDEN not in text
        assert WORDS not in text
    assert outcome in told.get_content()
    if kind is DecisionKind.HIDE:
        assert "§ 130 StGB" in told.get_content()
        assert "§ 130 StGB" in page.one("dl.facts")
    assert "incites" not in told.get_content() + page.text
    assert (HIDDEN in page.text) is (kind is DecisionKind.KEEP)
    (notice,), (case,) = notices(database), cases(database)
    assert notice.closed_at == case.closed_at is not None
    assert letters(app) == []


def test_nothing_is_told_while_a_decision_can_be_undone_nor_when_it_was(
    app: Flask,
    client: PageClient,
    transact: Sessions,
    database: Sessions,
    place: Place,
    things: dict[str, int],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(app.config, "UNDO_SECONDS", 120)
    where = report(client, place, things, contact="who@example.org").location or ""
    assert len(letters(app)) == 1
    actor = moderator(transact, place)
    with time_machine.travel(clock.now(), tick=False) as moment:
        decided(transact, actor, things, DecisionKind.HIDE)
        assert client.get(where).h1 == "Your report is here"
        with transact() as session:
            decision = session.scalars(select(Decision)).one()
            undo_decision(session, actor, decision_id=decision.id, now=clock.now())
        moment.shift(121)
        assert client.get(where).h1 == "Your report is here"
        assert [letter for letter in letters(app) if letter["To"] == "who@example.org"] == []
        assert [case.notices for case in cases(database) if case.closed_at is None] == [1]
        decided(transact, actor, things, DecisionKind.KEEP)
        moment.shift(121)
        assert client.get(where).h1 == "We have decided about your report"
        assert [letter["To"] for letter in letters(app)] == ["who@example.org"]


def test_addresses_are_erased_some_time_after_the_outcome(
    app: Flask, client: PageClient, transact: Sessions, database: Sessions, place: Place, things: dict[str, int]
) -> None:
    report(client, place, things, contact="who@example.org")
    report(client, place, things, "comment", contact="still@example.org")
    decided(transact, moderator(transact, place), things, DecisionKind.KEEP)
    moment = clock.now()
    for days, kept in ((89, ["who@example.org", "still@example.org"]), (91, [None, "still@example.org"])):
        with time_machine.travel(moment + timedelta(days=days), tick=False), app.app_context():
            erase_old_contacts(lambda: None)
        assert [notice.contact for notice in notices(database)] == kept
    assert [notice.contact_erased_at is not None for notice in notices(database)] == [True, False]
