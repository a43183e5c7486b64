"""When proposing ends: the grace for what was begun in time, and that the text stays."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from sqlalchemy import func, select

from participation.ideas.models import Idea
from participation.kit import clock
from participation.processes.models import Capability
from participation.processes.policies import GRACE
from tests import make
from tests.conftest import Sessions
from tests.make import Place
from tests.pages import PageClient
from tests.proposing.walking import NOT_SURE, TEXT, TITLE, ready, refused, rows, send, typed

Member = Callable[..., PageClient]


def count(database: Sessions, table: Any) -> int:
    """Return how many rows a table has."""
    with database() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


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
        fields = {"title": TITLE, "text": TEXT}
        kept = author.submit(forms[0], "text-form", **fields)
        assert kept.status == 303
        # A draft that a form in time began can still be submitted, and says so.
        assert german[:-5] in author.follow(kept).one(".alert--warning")
        before = rows(database)
        travel.shift(timedelta(seconds=1))
        for form, date in ((forms[1], german), (forms[2], english)):
            page = author.submit(form, "text-form", **fields)
            refused(page, database, before)
            assert [date in error for error in page.errors] == [True]
            assert (typed(page)["title"], typed(page)["text"]) == (TITLE, TEXT)
        for language, date in (("de", german), ("en", english)):
            closed = author.get(place.url("/ideas/new", language=language))
            assert closed.select("#text-form") == []
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
            page = author.submit(form, "text-form", title=TITLE, text=TEXT, forge={"opened": opened})
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


def test_a_draft_from_before_the_end_has_a_grace_and_then_keeps_the_text(
    transact: Sessions, member: Member, database: Sessions
) -> None:
    ends_at = datetime(2026, 7, 1, 16, 0, tzinfo=UTC)
    with transact() as session:
        place = make.process(session, starts_at=ends_at - timedelta(days=30), ends_at=ends_at)
    with time_machine.travel(ends_at - timedelta(days=6), tick=False) as travel:
        first, second = member(), member(email="second@example.org")
        drafts = [ready(author, place) for author in (first, second)]
        travel.move_to(ends_at + GRACE)
        assert "18:15" in first.get(f"{drafts[0]}/text").one(".alert--warning")
        assert send(first, drafts[0]).status == 303
        form = second.get(f"{drafts[1]}/preview")
        travel.shift(timedelta(seconds=1))
        page = second.submit(form, "submit-form")
        assert page.status == 422
        assert "1. Juli 2026, 18:00" in page.one(".alert--warning")
        assert page.select("#submit-form") == []
        assert page.one(".idea-preview__title") == TITLE
        # Nothing is lost: it can still be read and changed.
        changed = second.submit(second.get(f"{drafts[1]}/text"), "text-form", text=f"{TEXT} More.")
        assert changed.status == 303
        assert list(second.get(place.url("/ideas/new")).links(".draft-list a")) == [TITLE]
    assert count(database, Idea) == 1


def test_a_draft_begun_in_the_grace_by_a_form_from_before_may_be_submitted(
    transact: Sessions, member: Member, database: Sessions
) -> None:
    ends_at = datetime(2026, 7, 1, 16, 0, tzinfo=UTC)
    with transact() as session:
        place = make.process(session, starts_at=ends_at - timedelta(days=30), ends_at=ends_at)
    with time_machine.travel(ends_at - timedelta(minutes=1), tick=False) as travel:
        author = member()
        form = author.get(place.url("/ideas/new"))
        travel.move_to(ends_at + timedelta(minutes=2))
        draft = str(author.submit(form, "text-form", title=TITLE, text=TEXT).location).rpartition("/")[0]
        author.submit(author.get(f"{draft}/principles"), "principles-form", principles=NOT_SURE)
        assert send(author, draft).status == 303
    assert count(database, Idea) == 1
