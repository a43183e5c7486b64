"""Nobody is hurried: how long forms and sign-ins last, and what was typed outlasts them, in every form there is."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from lxml.etree import _Element
from sqlalchemy import select
from werkzeug.routing import Rule

from participation.accounts.actor import Role
from participation.accounts.guard import Access
from participation.accounts.service import SIGN_IN_LASTS
from participation.comments.models import Comment
from participation.ideas.models import Idea
from participation.processes.policies import OPEN_FOR
from tests import make
from tests.architecture.test_routes import addresses
from tests.conftest import Sessions
from tests.pages import Page, PageClient

pytestmark = pytest.mark.one_database

Member = Callable[..., PageClient]
NOW = datetime(2026, 5, 3, 10, 0, tzinfo=UTC)
LONG_ENOUGH = timedelta(hours=20)
"""What WCAG 2.2 (2.2.1) asks of a time limit that nobody can put off."""
TYPED = "What took me\nall evening to write."
HIDDEN = "chosen"
# One press of a button in a mail program, without any form of ours.
WITHOUT_FORM = {"notifications.unsubscribe"}


def forms(app: Flask) -> Iterator[tuple[str, Rule]]:
    """Yield an address with made-up values for everything that takes what a form sends."""
    return ((address, rule) for address, rule in addresses(app, method="POST") if rule.endpoint not in WITHOUT_FORM)


def open_forms(app: Flask, *, is_public: bool = True) -> list[tuple[str, Rule]]:
    """Return those that everybody can send, or all others."""
    views = app.view_functions
    return [one for one in forms(app) if (views[one[1].endpoint].access is Access.PUBLIC) is is_public]  # type: ignore[attr-defined]  # set by the guard


def kept(page: Page) -> dict[str, str]:
    """Return what a page holds ready to be sent again to where it was sent first."""
    form = page.form("resend-form")
    assert form.get("action", "").partition("?")[0] == page.url.removeprefix("http://localhost").partition("?")[0]
    return {str(field.get("name")): _value(field) for field in form.iter("input", "textarea")}


def _value(field: _Element) -> str:
    return (field.text or "").strip() if field.tag == "textarea" else field.get("value") or ""


def test_how_long_it_lasts(app: Flask) -> None:
    assert app.config["WTF_CSRF_TIME_LIMIT"] >= LONG_ENOUGH.total_seconds()
    assert app.config["PERMANENT_SESSION_LIFETIME"] >= SIGN_IN_LASTS >= LONG_ENOUGH
    # Whoever can send a form without a second look still counts as having opened it.
    assert OPEN_FOR.total_seconds() == app.config["WTF_CSRF_TIME_LIMIT"]


def test_what_was_typed_outlasts_the_form(app: Flask, member: Member, new_client: Callable[[], PageClient]) -> None:
    typed = {"text": TYPED, "choice": HIDDEN, "password": "secret"}
    with time_machine.travel(NOW, tick=False) as travel:
        admin = member(Role.ADMIN)
        token = admin.get("/en/account").select("[name=csrf_token]")[0].get("value")
        travel.shift(timedelta(seconds=app.config["WTF_CSRF_TIME_LIMIT"] + 1))
        # The form is too old; and somebody came back after everything had ended, with the browser's cookies gone.
        for visitor, some in ((admin, forms(app)), (new_client(), open_forms(app))):
            for address, rule in some:
                again = kept(visitor.post(address, {"csrf_token": token, **typed}, status=400))
                assert {name: again[name] for name in ("text", "choice")} == {"text": TYPED, "choice": HIDDEN}, rule
                assert "password" not in again, rule
                assert again["csrf_token"] != token, rule


def test_what_was_typed_outlasts_the_sign_in(app: Flask, member: Member) -> None:
    admin = member(Role.ADMIN)
    token = admin.get("/en/account").select("[name=csrf_token]")[0].get("value")
    with admin.flask.session_transaction() as session:
        del session["_user_id"]
    for address, rule in open_forms(app, is_public=False):
        page = admin.post(address, {"csrf_token": token, "text": TYPED}, status=401)
        assert kept(page)["text"] == TYPED, rule
        assert page.select("main a[target=_blank][href$=sign-in]") != [], rule


def test_a_contribution_after_a_fortnight(member: Member, transact: Sessions, database: Sessions) -> None:
    """Everything has ended: the form, the sign-in, the session. The text still arrives."""
    with time_machine.travel(NOW, tick=False) as travel:
        with transact() as session:
            place = make.process(session, starts_at=NOW - timedelta(days=1), ends_at=NOW + timedelta(days=90))
            idea = make.idea(session, place)
        author = member()
        url = place.url(f"/ideas/{idea}", language="en")
        form = author.get(url)
        travel.shift(SIGN_IN_LASTS + timedelta(days=1))
        page = author.submit(form, "#comment-form", text=TYPED, status=400)
        page = author.submit(page, "resend-form", status=401)
        assert kept(page)["text"] == TYPED
        with member(email="again@example.org").flask.session_transaction() as session:
            token = session["_user_id"]
        # Signing in begins a session of its own, as the second window does.
        with author.flask.session_transaction() as session:
            session.clear()
            session["_user_id"] = token
        page = author.submit(page, "resend-form", status=400)
        author.submit(page, "resend-form", status=303)
    with database() as session:
        assert session.scalars(select(Comment.text)).all() == [TYPED]


@pytest.mark.parametrize(
    ("rest", "form", "fields"),
    [
        ("/ideas/{own}", "#comment-form", {}),
        ("/ideas/{own}/edit", "main form", {}),
        ("/ideas/{old}/addenda/new", "main form", {}),
        ("/ideas/new", "#text-form", {"title": "A title of some words"}),
    ],
)
def test_what_was_typed_outlasts_the_phase(
    member: Member, transact: Sessions, rest: str, form: str, fields: dict[str, Any]
) -> None:
    with time_machine.travel(NOW, tick=False) as travel:
        with transact() as session:
            place = make.process(session, starts_at=NOW - timedelta(days=1), ends_at=NOW + timedelta(hours=1))
            author = make.participant(session, place, account_id=make.account(session, "author@example.org"))
            numbers = {"own": make.idea(session, place, author=author), "old": make.idea(session, place, author=author)}
            session.get_one(Idea, numbers["old"]).frozen_at = NOW
        person = member(email="author@example.org")
        page = person.get(place.url(rest.format(**numbers), language="en"))
        travel.shift(timedelta(hours=3))
        page = person.submit(page, form, text=TYPED, **fields)
        assert page.status in {403, 422}
        assert [typed for typed in page.texts("textarea") if typed == " ".join(TYPED.split())]
