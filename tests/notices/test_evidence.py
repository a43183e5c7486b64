"""Evidence: held whatever becomes of the contribution, seen only by those who need it, emptied in the end."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from participation.accounts.actor import Role
from participation.activity.models import LogEntry
from participation.cases.models import CaseKind
from participation.cases.service import open_case
from participation.comments.models import Comment, CommentRevision, CommentState
from participation.comments.service import subject_of
from participation.kit import clock
from participation.notices.evidence import digest_of
from participation.notices.expiry import empty_old_evidence
from participation.notices.models import Evidence, EvidenceAccess
from tests import make
from tests.conftest import Sessions
from tests.make import Place
from tests.pages import PageClient

Member = Callable[..., PageClient]
TEXT, EARLIER = "I know where you live", "We know where you live"


@pytest.fixture
def case_id(transact: Sessions, place: Place, idea: int) -> int:
    """The case of a comment that was changed once."""
    moment = clock.now()
    with transact() as session:
        comment = session.get_one(Comment, make.comment(session, place, idea))
        comment.text = TEXT
        session.add(CommentRevision(comment_id=comment.id, text=EARLIER, written_at=moment, replaced_at=moment))
        return open_case(session, CaseKind.NOTICE, subject_of(comment), due_at=moment, now=moment).id


def held(moderator: PageClient, place: Place, case_id: int) -> str:
    """Hold what the case is about and return the address of the evidence."""
    form = moderator.get(place.url(f"/cases/{case_id}/evidence", language="en").replace("/en/", "/en/desk/"))
    assert moderator.submit(form, "evidence-form", reason=" ").status == 422
    answer = moderator.submit(form, "evidence-form", reason="§ 241 StGB, asked for by nobody yet", status=303)
    return answer.location or ""


def test_evidence_outlives_the_contribution_and_whoever_looks_is_written_down(
    member: Member, transact: Sessions, database: Sessions, place: Place, case_id: int
) -> None:
    moderator = member(Role.MODERATOR, process_id=place.id)
    where = held(moderator, place, case_id)
    with transact() as session:
        comment = session.scalars(select(Comment)).one()
        comment.text, comment.state = "", CommentState.WITHDRAWN
        session.query(CommentRevision).delete()
    colleague = member(Role.ADMIN)
    page = colleague.get(where)
    assert [text for text in (TEXT, EARLIER) if text in page.text] == [], "not before it is opened"
    assert "Nobody so far." in page.text
    opened = colleague.submit(page, press="Open it; this is written down", status=200)
    assert [text for text in (TEXT, EARLIER) if text not in opened.text] == []
    assert opened.texts("#who-looked + div li bdi") == ["admin-everywhere@example.org"]
    assert TEXT not in moderator.get(where).text
    with database() as session:
        evidence = session.scalars(select(Evidence)).one()
        assert evidence.digest == digest_of(evidence.snapshot)
        assert "@" not in str(evidence.snapshot)
        assert len(session.scalars(select(EvidenceAccess)).all()) == 1
        logged = select(LogEntry.action).where(LogEntry.action.like("Evidence%")).order_by(LogEntry.id)
        assert list(session.scalars(logged)) == ["EvidenceHeld", "EvidenceOpened"]


def test_evidence_is_emptied_when_its_time_is_over(
    app: Flask, member: Member, database: Sessions, place: Place, case_id: int
) -> None:
    moderator = member(Role.MODERATOR, process_id=place.id)
    where = held(moderator, place, case_id)
    page = moderator.get(where)
    moment = clock.now()
    for days, is_there in ((179, True), (181, False)):
        with time_machine.travel(moment + timedelta(days=days), tick=False), app.app_context():
            empty_old_evidence(lambda: None)
        with database() as session:
            evidence = session.scalars(select(Evidence)).one()
            assert (bool(evidence.snapshot), bool(evidence.reason), evidence.deleted_at is None) == (is_there,) * 3
    assert moderator.submit(page, press="Open it; this is written down").status == 404
    assert "its content is deleted" in moderator.get(where).text
    assert len(moderator.get(where.rpartition("/")[0]).select(".desk-list__entry")) == 1


@pytest.mark.parametrize("number", [1, 3])
def test_the_list_asks_the_database_little(
    member: Member, transact: Sessions, place: Place, idea: int, number: int
) -> None:
    moderator = member(Role.MODERATOR, process_id=place.id)
    with transact() as session:
        ids = [make.evidence(session, place, idea) for _number in range(number)]
    page = moderator.get(f"/de/desk/processes/{place.slug}/evidence", budget=5)
    assert len(page.select(".desk-list__entry")) == number
    moderator.get(f"/de/desk/processes/{place.slug}/evidence/{ids[0]}", budget=6)


@pytest.mark.parametrize(
    ("role", "here", "status"),
    [
        (None, True, 403),
        (Role.STAFF, True, 403),
        (Role.MODERATOR, False, 403),
        (Role.MODERATOR, True, 200),
        (Role.ADMIN, True, 200),
    ],
)
def test_evidence_is_for_moderators_and_admins_of_the_process(
    member: Member, transact: Sessions, place: Place, case_id: int, role: Role | None, here: bool, status: int
) -> None:
    with transact() as session:
        other = make.process(session, "other")
    evidence = held(member(Role.MODERATOR, process_id=place.id, email="first@example.org"), place, case_id)
    visitor = member(role, process_id=(place if here else other).id if role else None)
    for address in (
        evidence,
        evidence.rpartition("/")[0],
        evidence.replace("/evidence/1", f"/cases/{case_id}/evidence"),
    ):
        assert visitor.get(address, status=None).status == status
    if status == 200 and role is Role.ADMIN:
        everywhere = member(Role.ADMIN)
        for address in (evidence, f"{evidence}/opening"):
            elsewhere = address.replace("/digital/", "/other/")
            assert everywhere.get(elsewhere, status=None).status in {404, 405}
