"""The list of words that moderators keep: what they see, what they may change, and what follows from a change."""

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select

from participation.accounts.actor import Role
from participation.activity.worker import work_once
from participation.cases.models import Case
from participation.handlers import JOBS, ROUTINES
from participation.ideas.models import IdeaState
from participation.kit import clock
from participation.signals.models import Signal, WatchedWord
from tests import make
from tests.conftest import Sessions
from tests.pages import PageClient

Member = Callable[..., PageClient]


@pytest.fixture
def moderator(member: Member, place: make.Place) -> PageClient:
    """A moderator of the process alone."""
    return member(Role.MODERATOR, process_id=place.id)


def stored(database: Sessions) -> list[tuple[int | None, str, str]]:
    with database() as session:
        rows = session.scalars(select(WatchedWord).order_by(WatchedWord.id))
        return [(row.process_id, row.language, row.word) for row in rows]


def test_a_moderator_keeps_the_list_of_a_process(moderator: PageClient, database: Sessions, place: make.Place) -> None:
    url = place.url("/watched-words", language="en").replace("/processes", "/desk/processes")
    page = moderator.get(url, budget=5)
    assert page.h1 == "Watched words"
    assert page.select("input[name=for_all]") == []
    moderator.submit(
        page, which=".columns__side form", press="Add", status=303, word="  Glühbirne  kaufen ", language="de"
    )
    page = moderator.get(url, budget=5)
    assert "Glühbirne kaufen" in page.one("main")
    assert stored(database) == [(place.id, "de", "Glühbirne kaufen")]
    page = moderator.submit(
        page, which=".columns__side form", press="Add", status=422, word="Glühbirne kaufen", language="de"
    )
    assert "This word is on the list already." in page.one("main")
    page = moderator.submit(page, which=".columns__side form", press="Add", status=422, word="*", language="de")
    assert "Please enter a word of at least two letters or digits." in page.one("main")
    assert page.select("input[name=word]")[0].get("value") == "*"
    moderator.submit(page, which=".desk-list form", press="Remove Glühbirne kaufen", status=303)
    assert stored(database) == []


def test_words_for_all_processes_are_for_moderators_of_all(
    member: Member, moderator: PageClient, transact: Sessions, database: Sessions, place: make.Place
) -> None:
    url = place.url("/watched-words", language="en").replace("/processes", "/desk/processes")
    everywhere = member(Role.MODERATOR)
    everywhere.submit(
        everywhere.get(url),
        which=".columns__side form",
        press="Add",
        status=303,
        word="spam*",
        language="en",
        for_all=True,
    )
    assert stored(database) == [(None, "en", "spam*")]
    page = moderator.get(url)
    assert "spam*" in page.one("main")
    assert page.select(".desk-list form") == []
    with transact() as session:
        elsewhere = make.process(session, "elsewhere")
        word = WatchedWord(process_id=elsewhere.id, language="en", word="other", added_at=clock.now())
        session.add(word)
        session.flush()
        ids = [*session.scalars(select(WatchedWord.id).order_by(WatchedWord.id))]
    everybodys, others = ids
    form = {"csrf_token": page.select("input[name=csrf_token]")[0].get("value")}
    assert moderator.get(url).texts(".desk-list h3") == ["spam*"]
    moderator.post(f"{url}/{everybodys}/remove", data=form, status=403)
    moderator.post(f"{url}/{others}/remove", data=form, status=404)
    moderator.post(f"{url}/12345/remove", data=form, status=404)
    assert len(stored(database)) == 2
    member().get(url, status=403)


def test_what_waits_is_looked_at_anew_when_the_list_changes(
    app: Flask, moderator: PageClient, transact: Sessions, database: Sessions, place: make.Place
) -> None:
    with transact() as session:
        make.idea(session, place, body="Wir brauchen Glühbirnen", state=IdeaState.IN_REVIEW)
        make.idea(session, make.process(session, "other"), body="Glühbirne", state=IdeaState.IN_REVIEW)
    with app.app_context():
        work_once(JOBS, ROUTINES)
    url = place.url("/watched-words", language="en").replace("/processes", "/desk/processes")
    page = moderator.get(url)
    moderator.submit(page, which=".columns__side form", press="Add", status=303, word="Glühbirne", language="de")
    with app.app_context():
        work_once(JOBS, ROUTINES)
    with database() as session:
        assert session.scalars(select(Case.signals).order_by(Case.id)).all() == [1, 0]
        assert session.scalars(select(Signal.details)).one() == {"words": [{"word": "Glühbirne", "list": "own"}]}
    moderator.submit(moderator.get(url), which=".desk-list form", press="Remove Glühbirne", status=303)
    with app.app_context():
        work_once(JOBS, ROUTINES)
    with database() as session:
        assert session.scalars(select(Case.signals)).all() == [0, 0]
