"""Who gets at drafts: their author, and nobody else, whatever the role."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask
from sqlalchemy import select

from participation.accounts.actor import Actor, Role
from participation.kit import clock
from participation.kit.db import transaction
from participation.kit.permissions import Refused
from participation.processes.models import ProcessState
from participation.proposing.models import Draft
from participation.proposing.policies import MOST_DRAFTS
from participation.proposing.service import DraftText, Preset, Writing, keep_text
from tests import make
from tests.conftest import NewClient, Sessions
from tests.make import Place
from tests.pages import PageClient
from tests.proposing.walking import STEPS, TEXT, TITLE, begin, begun, ready, rows, typed

Member = Callable[..., PageClient]


POSTS = ("text", "principles", "details", "language", "submit", "delete")


@pytest.mark.parametrize("slug", ["unknown", "draft"])
def test_a_process_that_is_not_there_takes_nothing(
    app: Flask, member: Member, place: Place, transact: Sessions, database: Sessions, slug: str
) -> None:
    with transact() as session:
        make.process(session, "draft", state=ProcessState.DRAFT)
    author = member()
    key = begun(author, place).rpartition("/")[2]
    before = rows(database)
    token = typed(author.get(place.url("/ideas/new")))["csrf_token"]
    fields = {"csrf_token": token, "title": TITLE, "text": TEXT}
    root = f"/de/processes/{slug}"
    author.get(f"{root}/ideas/new", status=404)
    author.get(f"{root}/drafts/{key}/text", status=404)
    for rest in ("/ideas/new", f"/drafts/{key}/text", "/drafts/autosave", f"/drafts/{key}/submit"):
        author.post(root + rest, fields, status=404)
    assert rows(database) == before


def test_there_is_an_end_to_drafts(member: Member, place: Place, transact: Sessions, database: Sessions) -> None:
    author = member()
    for _ in range(MOST_DRAFTS):
        begun(author, place)
    page = begin(author, place, title="One more idea than is good")
    assert page.status == 422
    assert typed(page)["title"] == "One more idea than is good"
    assert rows(database)["draft"] == MOST_DRAFTS
    # In another process there is room.
    with transact() as session:
        other = make.process(session, "other")
    begun(author, other)


def test_nobody_else_sees_or_touches_a_draft(
    member: Member, client: PageClient, place: Place, transact: Sessions, database: Sessions
) -> None:
    author = member()
    draft = ready(author, place)
    others = [
        member(email="other@example.org"),
        member(Role.MODERATOR, process_id=place.id),
        member(Role.MODERATOR),
        member(Role.STAFF),
        member(Role.ADMIN),
    ]
    with transact() as session:
        elsewhere = make.process(session, "elsewhere")
    for other in others:
        token = other.get(place.url("/ideas/new")).select("input[name=csrf_token]")[0].get("value")
        for step in STEPS:
            other.get(f"{draft}/{step}", status=404)
        for post in POSTS[1:]:
            other.post(f"{draft}/{post}", {"csrf_token": token, "language": "de", "principles": "not-sure"}, status=404)
        assert TITLE not in other.get(place.url("/ideas/new")).text
    for step in STEPS:
        assert client.get(f"{draft}/{step}", status=302).location.startswith("/de/sign-in?next=")
    # Not even its author finds it under another process.
    key = draft.rpartition("/")[2]
    for step in STEPS:
        author.get(f"{elsewhere.url('/drafts/')}{key}/{step}", status=404)
    with database() as session:
        assert session.scalars(select(Draft.title)).all() == [TITLE]


@pytest.mark.parametrize("key", ["unknown", "%00", "%F0%9F%98%80", "x" * 70])
def test_keys_that_are_none_lead_nowhere(member: Member, place: Place, key: str) -> None:
    author = member()
    for step in STEPS:
        author.get(place.url(f"/drafts/{key}/{step}"), status=404)


@pytest.mark.parametrize("key", ["%00", "%F0%9F%98%80", "a%20b", "x" * 70])
def test_keys_that_are_none_begin_nothing(member: Member, place: Place, database: Sessions, key: str) -> None:
    author = member()
    fields = typed(author.get(place.url("/ideas/new"))) | {"title": TITLE, "text": TEXT}
    before = rows(database)
    author.post(place.url(f"/drafts/{key}/text"), fields, status=404)
    assert rows(database) == before


def test_many_windows_together_stay_within_the_limit(
    app: Flask, place: Place, transact: Sessions, database: Sessions
) -> None:
    with transact() as session:
        account = make.account(session)

    def keep(number: int) -> bool:
        written, writing = DraftText(TITLE, TEXT, "en", chosen=False), Writing("form", "", None)
        with app.app_context():
            try:
                with transaction() as session:
                    keep_text(
                        session,
                        Actor(account),
                        process_id=place.id,
                        key=f"key-{number}",
                        written=written,
                        writing=writing,
                        preset=Preset(),
                        now=clock.now(),
                    )
            except Refused:
                return False
            return True

    with ThreadPoolExecutor(8) as pool:
        kept = list(pool.map(keep, range(MOST_DRAFTS + 10)))
    assert (sum(kept), rows(database)["draft"]) == (MOST_DRAFTS, MOST_DRAFTS)


def test_reading_a_process_shows_nothing_of_drafts(
    member: Member, place: Place, client: PageClient, new_client: NewClient
) -> None:
    draft = ready(member(), place)
    key = draft.rpartition("/")[2]
    for address in ("/de/", place.url(), place.url("/ideas"), place.url("/ideas/new")):
        page = client.get(address)
        assert TITLE not in page.text
        assert key not in page.text
    assert "Set-Cookie" not in new_client().get(place.url("/ideas/new")).headers
