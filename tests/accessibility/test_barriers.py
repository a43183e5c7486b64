"""Reporting a barrier without an account and with one, the promised day, the answer, and what is forgotten."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier
from typing import Any

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from participation.accessibility.expiry import erase_old_barrier_contacts
from participation.accessibility.models import BarrierReport, BarrierState
from participation.accessibility.pages import promised_by
from participation.accessibility.policies import (
    may_answer_barrier,
    may_edit_statement,
    may_handle_barriers,
    may_keep_sign_videos,
    may_put_off_barrier,
)
from participation.accessibility.service import BarrierText, put_off_barrier, report_barrier
from participation.accounts.actor import ANONYMOUS, SYSTEM, Actor, Role
from participation.activity.models import LogEntry
from participation.kit import clock
from participation.notifications.barriers import remind_of_barriers
from participation.notifications.models import EntryKind, InboxEntry
from tests import make
from tests.accounts.people import letters
from tests.conftest import NewClient, Sessions
from tests.make import Place
from tests.pages import Page, PageClient

Member = Callable[..., PageClient]
WORDS = "The screen reader says nothing when I press the button."
READS = "NVDA with Firefox"
REASON = "We wait for a new player."
ANSWER = "We have given the button a name."


def report(visitor: PageClient, where: str = "/en/processes", **fields: Any) -> Page:
    """Return the answer to the filled-in form, reached through the footer of a page."""
    form = visitor.get(visitor.get(where).links(".site-footer a")["Report a barrier"])
    return visitor.submit(form, "barrier-form", **{"text": WORDS, "uses": READS, **fields})


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("came", "due"),
    [
        # The day of the city counts, and its end: also where the clocks are set back in between.
        (datetime(2026, 10, 20, 22, 30, tzinfo=UTC), datetime(2026, 11, 4, 22, 59, tzinfo=UTC)),
        (datetime(2026, 3, 20, 23, 30, tzinfo=UTC), datetime(2026, 4, 4, 21, 59, tzinfo=UTC)),
        (datetime(2026, 6, 1, 0, 0, tzinfo=UTC), datetime(2026, 6, 15, 21, 59, tzinfo=UTC)),
    ],
)
def test_a_report_is_answered_by_the_end_of_the_promised_day(app: Flask, came: datetime, due: datetime) -> None:
    with app.app_context():
        assert promised_by(came) == due


def test_a_form_sent_twice_at_the_same_moment_is_one_report(transact: Sessions, database: Sessions) -> None:
    start, said = Barrier(3), BarrierText("/en/", WORDS, "", "", "en")

    def send(_time: int) -> int:
        start.wait(10)
        now, key = clock.now(), {"code": "A code", "submission_key": "the same key"}
        with transact() as session:
            return report_barrier(session, ANONYMOUS, said=said, **key, due_at=now, now=now).id

    with ThreadPoolExecutor(3) as times:
        assert len(set(times.map(send, range(3)))) == 1
    assert len(reports(database)) == 1
    with database() as session:
        log = select(LogEntry.id).where(LogEntry.action == "BarrierReported")
        assert len(session.scalars(log).all()) == 1


def reports(database: Sessions) -> list[BarrierReport]:
    """Return all reports in order."""
    with database() as session:
        return list(session.scalars(select(BarrierReport).order_by(BarrierReport.id)))


def entries(database: Sessions, kind: EntryKind) -> list[int]:
    """Return who has an entry of this kind, by account."""
    with database() as session:
        return list(session.scalars(select(InboxEntry.account_id).where(InboxEntry.kind == kind).order_by("id")))


def test_anybody_reports_a_barrier_and_hears_what_became_of_it(
    app: Flask, client: PageClient, new_client: NewClient, member: Member, database: Sessions
) -> None:
    staff = member(Role.STAFF)
    status = client.follow(report(client, contact="who@example.org", wants="As plain text"))
    code = status.one(".receipt-code")
    assert (status.h1, WORDS in status.text) == ("Your report is here", False)
    (row,) = reports(database)
    assert (row.page, row.text, row.uses, row.wants) == ("/en/processes", WORDS, READS, "As plain text")
    assert (row.contact, row.account_id) == ("who@example.org", None)
    with app.app_context():
        assert row.due_at == promised_by(row.submitted_at)
    assert code not in str(row.__dict__)
    (received, told) = sorted(letters(app), key=lambda letter: str(letter["To"]), reverse=True)
    assert (received["To"], code in received.get_content()) == ("who@example.org", True)
    assert (told["To"], "barrier" in told.get_content() or "Barriere" in told.get_content()) == (
        "staff-everywhere@example.org",
        True,
    )
    queue = staff.get("/en/desk/barriers")
    page = staff.get(queue.links("main a")[f"Report {row.id}"])
    assert (WORDS in page.text, READS in page.text, "who@example.org" in page.text) == (True, True, False)
    assert staff.submit(page, "answer-form", text="No").status == 422
    staff.submit(page, "answer-form", text=ANSWER, is_removed=True, status=303)
    (answered,) = letters(app)
    for words in (ANSWER, "The barrier is gone", "https://www.lbbp.nrw.de/ombudsstelle"):
        assert words in answered.get_content()
    seen = new_client().get(f"/en/barriers?code={code.lower().replace('-', ' ')}")
    assert (seen.h1, ANSWER in seen.text) == ("Your report has an answer", True)
    assert "Ombuds office" in seen.text
    assert seen.headers["Cache-Control"] == "private, no-store"
    late = staff.submit(page, "answer-form", text="Something else, much later")
    assert (late.status, late.errors) == (422, ["This report has been answered already."])
    assert [letter["To"] for letter in letters(app)] == []


@pytest.mark.parametrize(
    ("fields", "problems"),
    [
        ({"text": "No."}, 1),
        ({"text": "x" * 2001}, 1),
        ({"contact": "somebody"}, 1),
        ({"uses": "x" * 1001, "wants": "\u202eback"}, 2),
        ({"website": "https://example.org"}, 1),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_lost(
    client: PageClient, database: Sessions, fields: dict[str, Any], problems: int
) -> None:
    page = report(client, **{"contact": "who@example.org", **fields})
    assert (page.status, len(page.errors)) == (422, problems)
    assert page.one("#text") == fields.get("text", WORDS)
    assert page.select("#page")[0].get("value") == "/en/processes"
    assert reports(database) == []


def test_sending_twice_makes_one_report_and_unknown_codes_lead_nowhere(client: PageClient, database: Sessions) -> None:
    form = client.get("/en/barriers/new")
    first, second = (client.submit(form, "barrier-form", text=WORDS) for _ in range(2))
    assert (first.location, len(reports(database))) == (second.location, 1)
    enter = client.get("/en/barriers")
    assert client.submit(enter, "code-form", code="nonsense").status == 422
    assert client.submit(enter, "code-form", code="0000-0000-0000-0000-0000").status == 404


def test_the_link_names_the_page_but_nothing_secret(client: PageClient, transact: Sessions, place: Place) -> None:
    with transact() as session:
        idea = make.idea(session, place)
        code = make.notice(session, place, idea)
    pages = {
        place.url(f"/ideas/{idea}?sort=helpful", language="en"): place.url(f"/ideas/{idea}", language="en"),
        f"/en/notices/{code}": "/en/notices",
        "/en/nothing-here": "/en/nothing-here",
    }
    for address, named in pages.items():
        link = client.get(address, status=None).links(".site-footer a")["Report a barrier"]
        assert client.get(link).select("#page")[0].get("value") == named
    for elsewhere in ("https://example.org/", "//example.org", "javascript:1"):
        assert client.get(f"/en/barriers/new?page={elsewhere}").select("#page")[0].get("value") == ""
    page = {"page": ["http://localhost/en/rules"]}
    whole = client.submit(client.get("/en/barriers/new"), "barrier-form", text=WORDS, forge=page)
    assert client.follow(whole).links("dl.facts a") == {"/en/rules": "/en/rules"}


def test_those_signed_in_are_told_in_their_inbox_and_once_more_when_it_takes_longer(
    app: Flask, member: Member, database: Sessions, transact: Sessions
) -> None:
    staff, resident = member(Role.STAFF), member(email="ada@example.org")
    form, today = resident.get("/en/barriers/new"), clock.today("Europe/Berlin")
    assert form.select("#contact") == []
    status = resident.submit(form, "barrier-form", text=WORDS, status=303).location or ""
    letters(app)
    later = staff.get("/en/desk/barriers/1/later")
    for days, reason in ((13, "not later"), (43, "later than the rules allow")):
        refused = staff.submit(later, "later-form", text=REASON, until=(today + timedelta(days=days)).isoformat())
        assert (refused.status, reason in refused.errors[0]) == (422, True)
    staff.submit(later, "later-form", text=REASON, until=(today + timedelta(days=42)).isoformat(), status=303)
    assert staff.get("/en/desk/barriers/1/later").select("#later-form") == []
    letters(app)
    inbox = resident.get("/en/my/inbox")
    assert REASON in inbox.text
    told = [label for label, url in inbox.links("main a").items() if url == status]
    assert [label.partition(",")[0] for label in told] == ["The barrier that you reported: the answer takes longer"]
    with transact() as session:
        session.get_one(BarrierReport, 1).due_at = clock.now() - timedelta(hours=1)
    assert "are late" in resident.get(status).one(".lead")
    assert "Ombuds office" in resident.get(status).text
    assert resident.get("/en/accessibility").texts("#barriers dl dd")[-4:] == ["1", "1", "0", "0"]
    assert "Longer than promised" in staff.get("/en/desk/barriers").text
    staff.submit(staff.get("/en/desk/barriers/1"), "answer-form", text=ANSWER, status=303)
    letters(app)
    told = resident.get("/en/my/inbox").text
    assert (ANSWER in told, "takes longer" in told) == (True, False)
    assert len(entries(database, EntryKind.BARRIER)) == 2, "one of staff, one of the resident"
    assert resident.get("/en/accessibility").texts("#barriers dl dd")[-4:] == ["0", "0", "1", "0"]


def test_staff_are_reminded_once_of_all_that_is_due_and_again_after_it_was_put_off(
    app: Flask, client: PageClient, member: Member, database: Sessions, transact: Sessions
) -> None:
    staff, start = member(Role.STAFF), clock.now()
    with transact() as session:
        place = make.process(session)
    member(Role.STAFF, process_id=place.id)
    member(Role.MODERATOR)

    def remind(day: int) -> int:
        with time_machine.travel(start + timedelta(days=day), tick=False), app.app_context():
            remind_of_barriers(lambda: None)
        return len(entries(database, EntryKind.BARRIER_DUE))

    for _ in range(2):
        report(client)
    assert [remind(day) for day in (10, 12, 13)] == [0, 1, 1]
    with transact() as session:
        for row in session.scalars(select(BarrierReport)):
            row.due_at = clock.now() + timedelta(days=1)
    assert "2 reports of barriers have to be answered soon" in staff.get("/en/my/inbox").text
    with transact() as session:
        session.scalars(select(InboxEntry).where(InboxEntry.kind == EntryKind.BARRIER_DUE)).one().read_at = start
        options: dict[str, Any] = {
            "text": REASON,
            "language": "en",
            "until": start + timedelta(30),
            "latest": start + timedelta(42),
        }
        put_off_barrier(session, SYSTEM, report_id=1, **options, now=start)
    assert [remind(day) for day in (14, 28, 29)] == [1, 2, 2]


def test_how_to_reach_people_and_what_they_need_is_forgotten(
    app: Flask, client: PageClient, database: Sessions, transact: Sessions
) -> None:
    report(client, contact="who@example.org")
    report(client, contact="open@example.org")
    answered = clock.now()
    with transact() as session:
        row = session.get_one(BarrierReport, 1)
        row.state, row.answer, row.answered_at = BarrierState.ANSWERED, ANSWER, answered
    kept = []
    for days in (89, 90):
        with time_machine.travel(answered + timedelta(days=days), tick=False), app.app_context():
            erase_old_barrier_contacts(lambda: None)
        first, second = reports(database)
        assert (second.contact, second.uses) == ("open@example.org", READS), "it is not answered yet"
        kept.append((first.contact, first.uses, first.text))
    assert kept == [("who@example.org", READS, WORDS), (None, "", WORDS)]


@pytest.mark.parametrize("others", [0, 2])
def test_pages_ask_the_database_little(client: PageClient, member: Member, others: int) -> None:
    staff = member(Role.STAFF)
    for _ in range(others):
        report(client)
    where = report(client).location or ""
    client.get("/en/barriers/new", budget=0)
    client.get("/en/barriers", budget=0)
    client.get(where, budget=2)
    client.get("/en/accessibility", budget=2)
    staff.get("/en/desk/barriers", budget=3)
    staff.get("/en/desk/barriers/1", budget=3)


@pytest.mark.parametrize("role", [None, Role.RESIDENT, Role.MODERATOR])
def test_only_staff_of_the_whole_platform_read_reports(member: Member, role: Role | None) -> None:
    member(role).get("/en/desk/barriers", status=403)
    member(Role.STAFF, email="staff@example.org").get("/en/desk/accessibility", status=403)
    member(Role.STAFF, email="more@example.org").get("/en/desk/sign-videos", status=403)


ACTORS = {
    "nobody": ANONYMOUS,
    "resident": Actor(1),
    "moderator": Actor(1, grants=frozenset({(Role.MODERATOR, None)})),
    "staff of a process": Actor(1, grants=frozenset({(Role.STAFF, 7), (Role.ADMIN, 7)})),
    "staff": Actor(1, grants=frozenset({(Role.STAFF, None)})),
    "admin": Actor(1, grants=frozenset({(Role.ADMIN, None)})),
}
NOW = datetime(2026, 3, 2, tzinfo=UTC)


@pytest.mark.parametrize("name", ACTORS)
def test_who_may_do_what(name: str) -> None:
    actor, answers, decides = ACTORS[name], name in ("staff", "admin"), name == "admin"
    waiting = BarrierReport(state=BarrierState.OPEN, due_at=NOW, interim_at=None)
    put_off = BarrierReport(state=BarrierState.OPEN, due_at=NOW, interim_at=NOW)
    done = BarrierReport(state=BarrierState.ANSWERED, due_at=NOW, interim_at=None)
    assert bool(may_handle_barriers(actor)) is answers
    assert [bool(may_answer_barrier(actor, one)) for one in (waiting, put_off, done)] == [answers, answers, False]
    soon, latest = NOW + timedelta(days=1), NOW + timedelta(days=2)
    for one, until, allowed in (
        (waiting, soon, answers),
        (waiting, latest, answers),
        (waiting, NOW, False),
        (waiting, latest + timedelta(days=1), False),
        (put_off, soon, False),
        (done, soon, False),
    ):
        assert bool(may_put_off_barrier(actor, one, until=until, latest=latest)) is allowed
    assert [bool(may(actor)) for may in (may_edit_statement, may_keep_sign_videos)] == [decides, decides]
