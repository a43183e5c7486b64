"""Traps for programs that fill in forms: people get through, with everything they typed."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import func, select

from participation.accounts.models import Account
from participation.comments.models import Comment
from participation.kit.forms import Trap, trap_of
from participation.notices.models import Notice
from tests.conftest import Sessions
from tests.make import Place
from tests.pages import Page, PageClient

Member = Callable[..., PageClient]
NOW = datetime(2026, 5, 3, 10, tzinfo=UTC)
QUICKEST = timedelta(seconds=3)
WORDS = "Some words that took a while"
TABLES = {"sign_up-form": Account, "comment-form": Comment, "notice-form": Notice}


@pytest.mark.parametrize(
    ("seconds", "unseen", "caught"),
    [
        (3, "", None),
        (3, None, None),
        (2.9, "", Trap.QUICK),
        (-5, "", Trap.QUICK),
        (None, "", Trap.QUICK),
        (60, "x", Trap.FILLED),
        (1, "x", Trap.FILLED),
    ],
)
def test_traps(seconds: float | None, unseen: str | None, caught: Trap | None) -> None:
    opened = None if seconds is None else NOW - timedelta(seconds=seconds)
    assert trap_of(opened, unseen, shortest=QUICKEST, now=NOW) is caught
    assert trap_of(opened, unseen, shortest=timedelta(0), now=NOW) is (Trap.FILLED if unseen else None)


@pytest.fixture
def forms(app: Flask, member: Member, place: Place, idea: int, monkeypatch: pytest.MonkeyPatch) -> Member:
    """Open a form by its name, and send it: ``forms("comment-form")``."""
    monkeypatch.setitem(app.config, "FORM_SECONDS", QUICKEST.seconds)
    addresses = {
        "sign_up-form": "/en/sign-up",
        "comment-form": place.url(f"/ideas/{idea}/comments/new", language="en"),
        "notice-form": place.url(f"/ideas/{idea}/notice", language="en"),
    }

    def opened(name: str) -> tuple[PageClient, Page]:
        visitor = member() if name == "comment-form" else PageClient(app)
        return visitor, visitor.get(addresses[name])

    return opened


def sent(visitor: PageClient, page: Page, name: str, **fields: str) -> Page:
    """Return the answer to a form, filled in as far as it is empty."""
    values = {
        "sign_up-form": {"email": "new@example.org", "password": "seven quiet bicycles", "agrees": True},
        "comment-form": {"text": WORDS},
        "notice-form": {"text": WORDS, "reason": "other"},
    }
    return visitor.submit(page, name, **{**values[name], **fields})  # type: ignore[arg-type]  # any field


@pytest.mark.parametrize("name", TABLES)
def test_people_get_through_with_everything_they_typed(
    app: Flask, database: Sessions, forms: Callable[[str], tuple[PageClient, Page]], name: str
) -> None:
    def made() -> int:
        with database() as session:
            return session.scalar(select(func.count()).select_from(TABLES[name])) or 0

    with time_machine.travel(datetime.now(UTC), tick=False) as moment:
        visitor, page = forms(name)
        before = made()
        moment.shift(2)
        quick = sent(visitor, page, name)
        assert (quick.status, len(quick.errors), made()) == (422, 1, before)
        if name != "sign_up-form":
            assert quick.one("#text") == WORDS
        filled = sent(visitor, quick, name, website="https://example.org")
        assert (filled.status, len(filled.errors), made()) == (422, 1, before)
        assert filled.select("#website")[0].get("value") is None
        # The moment of opening stays that of the first time.
        moment.shift(1)
        assert sent(visitor, filled, name).status == 303
        assert made() == before + 1
        visitor, page = forms(name)
        moment.shift(60)
        forged = sent(visitor, page, name, opened="forged")
        assert (forged.status, made()) == (422, before + 1)


@pytest.mark.parametrize("name", ["comment-form", "notice-form"])
def test_having_waited_once_is_good_for_one_contribution(
    forms: Callable[[str], tuple[PageClient, Page]], name: str
) -> None:
    with time_machine.travel(datetime.now(UTC), tick=False) as moment:
        visitor, page = forms(name)
        moment.shift(QUICKEST)
        assert sent(visitor, page, name).status == 303
        for key in ("another-one", ""):
            assert sent(visitor, page, name, text=f"{WORDS} again", submission_key=key).status == 422
