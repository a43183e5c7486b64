"""Saving by itself: what it keeps, what it answers, and that it never makes a mess."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select

from participation.proposing.models import Draft
from tests import make
from tests.conftest import Sessions
from tests.make import Place
from tests.pages import Page, PageClient
from tests.proposing.walking import TEXT, TITLE, begun, ready, send, typed

Member = Callable[..., PageClient]


def keep(client: PageClient, place: Place, form: Page, **fields: Any) -> Page:
    """Return the answer to what the script sends while somebody writes into ``form``."""
    values = {**typed(form), "title": TITLE, "text": TEXT, "language": "", **fields}
    return client.post(place.url("/drafts/autosave"), values, headers={"Accept": "application/json"})


def stored(database: Sessions) -> list[tuple[str, str]]:
    """Return titles and texts of all drafts."""
    with database() as session:
        return [(title, text) for title, text in session.execute(select(Draft.title, Draft.text).order_by(Draft.id))]


def test_what_is_not_finished_is_kept(member: Member, place: Place, database: Sessions) -> None:
    author = member()
    form = author.get(place.url("/ideas/new"))
    for title, text in (("H", ""), ("Homework", ""), (TITLE, "Many"), (TITLE, TEXT)):
        answer = keep(author, place, form, title=title, text=text)
        assert answer.status == 200
        assert stored(database) == [(title, text)]
    told = answer.response.get_json()
    assert set(told) == {"message", "url"}
    assert typed(author.get(told["url"]))["text"] == TEXT
    # The button goes on with the same draft.
    assert author.submit(form, "text-form", title=TITLE, text=f"{TEXT} Done.").status == 303
    assert stored(database) == [(TITLE, f"{TEXT} Done.")]


@pytest.mark.parametrize(
    "fields", [{"title": "x" * 141}, {"text": "\x00"}, {"submission_key": "<"}, {"language": "xx"}]
)
def test_what_cannot_be_kept_is_refused(
    member: Member, place: Place, database: Sessions, fields: dict[str, str]
) -> None:
    author = member()
    answer = keep(author, place, author.get(place.url("/ideas/new")), **fields)
    assert (answer.status, answer.response.get_json()) == (422, {"message": ""})
    assert stored(database) == []


def test_another_window_is_not_overwritten(member: Member, place: Place, database: Sessions) -> None:
    author = member()
    draft = begun(author, place)
    first, second = author.get(f"{draft}/text"), author.get(f"{draft}/text")
    assert keep(author, place, first, text=f"{TEXT} One").status == 200
    assert keep(author, place, first, text=f"{TEXT} One and").status == 200
    answer = keep(author, place, second, text=f"{TEXT} Two")
    assert answer.status == 409
    assert answer.response.get_json()["message"]
    assert stored(database) == [(TITLE, f"{TEXT} One and")]


def test_nothing_comes_back_after_submitting(member: Member, place: Place, database: Sessions) -> None:
    author = member()
    draft = ready(author, place)
    form = author.get(f"{draft}/text")
    assert send(author, draft).status == 303
    assert keep(author, place, form, text=f"{TEXT} late").status == 409
    assert stored(database) == []


def test_nobody_writes_into_the_draft_of_another(member: Member, place: Place, database: Sessions) -> None:
    author, other = member(), member(email="other@example.org")
    key = begun(author, place).rpartition("/")[2]
    form = other.get(place.url("/ideas/new"))
    assert keep(other, place, form, submission_key=key, text="Something else altogether").status == 409
    assert stored(database) == [(TITLE, TEXT)]


def test_it_takes_a_token_and_a_sign_in(member: Member, client: PageClient, place: Place, database: Sessions) -> None:
    author = member()
    form = author.get(place.url("/ideas/new"))
    assert keep(author, place, form, csrf_token="stale").status == 400
    with author.flask.session_transaction() as session:
        del session["_user_id"]
    assert keep(author, place, form).status == 401
    assert stored(database) == []


def test_a_link_that_chose_beforehand_counts_here_too(member: Member, place: Place, database: Sessions) -> None:
    author = member()
    form = author.get(place.url("/ideas/new?principle=climate"))
    address = form.select("#text-form")[0].get("data-autosave")
    assert address == place.url("/drafts/autosave?principle=climate")
    author.post(address, {**typed(form), "title": TITLE, "text": TEXT, "language": ""}, status=200)
    with database() as session:
        assert session.scalars(select(Draft.choices)).one()["principles"] == make.principle_ids(
            session, place, ["climate"]
        )
