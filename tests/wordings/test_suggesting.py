"""People suggest wordings: never public before moderators have read them, and told of what becomes of them."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update

from participation.accounts.actor import Role
from participation.activity.models import LogEntry
from participation.activity.worker import work_once
from participation.cases.models import Case, CaseKind, SubjectKind
from participation.ideas.models import Idea, IdeaState
from participation.kit import clock
from participation.notifications.models import InboxEntry
from participation.wordings.models import Wording, WordingState
from participation.wordings.queries import shown_in
from tests import make
from tests.conftest import Sessions
from tests.make import Place
from tests.pages import Page, PageClient

Member = Callable[..., PageClient]
QUEUE = "/en/desk/processes/digital/queue"
TITLE, TEXT = "Göletin yanına bir bank", "Yaşlılar orada oturmak ister."


@pytest.fixture(autouse=True)
def can_be_undone(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave moderators two minutes, as the product does."""
    monkeypatch.setitem(app.config, "UNDO_SECONDS", 120)


@pytest.fixture
def bench(transact: Sessions, place: Place) -> int:
    """A public idea in German."""
    with transact() as session:
        return make.idea(session, place, title="Eine Bank am Teich", body="Ältere Menschen möchten dort sitzen.")


@pytest.fixture
def ada(member: Member) -> PageClient:
    """Somebody who knows Turkish."""
    return member(email="ada@example.org")


@pytest.fixture
def moderator(member: Member, place: Place) -> PageClient:
    """Somebody who moderates the process."""
    return member(Role.MODERATOR, process_id=place.id)


def address(idea: int, into: str = "tr") -> str:
    """Return where an idea is put into a language."""
    return f"/en/processes/digital/ideas/{idea}/translate?into={into}"


def suggest(visitor: PageClient, idea: int, title: str = TITLE, text: str = TEXT) -> Page:
    """Suggest a wording in Turkish."""
    page = visitor.get(address(idea))
    return visitor.submit(page, "suggestion-form", title=title, text=text, status=303)


def read_by_all(database: Sessions, idea: int) -> str | None:
    """Return the title that readers of Turkish see instead of the original, if any."""
    with database() as session:
        shown = shown_in(session, {(SubjectKind.IDEA, idea): 1}, "tr")
        return shown[SubjectKind.IDEA, idea].title if shown else None


def states(database: Sessions) -> list[WordingState]:
    """Return where each wording stands, the oldest first."""
    with database() as session:
        return list(session.scalars(select(Wording.state).order_by(Wording.id)))


def work(app: Flask, *, later: timedelta = timedelta(minutes=3)) -> None:
    """Let the worker do what waits, also what goes out once nothing can be taken back any more."""
    with app.app_context(), pytest.MonkeyPatch.context() as patch:
        moment = clock.now() + later
        patch.setattr(clock, "now", lambda: moment)
        while work_once({}):
            pass


def decide(moderator: PageClient, press: str, *, status: int = 303, **fields: Any) -> Page:
    """Decide about the case that is open beside the queue."""
    page = moderator.get(QUEUE)
    form = ".case__do form.post-button" if press == "accept" else "#do-h form"
    return moderator.submit(page, form, press=press, status=status, **fields)


def test_from_a_suggestion_to_readers(
    app: Flask, ada: PageClient, moderator: PageClient, bench: int, database: Sessions
) -> None:
    page = ada.get(address(bench))
    assert page.h1 == "Translate a text"
    assert page.one("section.beside__part .prose") == "Ältere Menschen möchten dort sitzen."
    answer = suggest(ada, bench)
    assert answer.location == f"/en/processes/digital/ideas/{bench}"
    assert read_by_all(database, bench) is None, "nobody has read it"
    page = moderator.get(QUEUE)
    assert page.texts(".beside__text") == ["Ältere Menschen möchten dort sitzen.", TEXT]
    assert "ada@example.org" not in page.text
    assert page.links(".queue-kinds__link")["Translations 1"].endswith("?kind=wording")
    page = moderator.follow(decide(moderator, "accept"))
    assert page.one("[data-undo-text] strong") == "Translation shown"
    assert read_by_all(database, bench) == TITLE
    assert "Turkish" not in ada.get("/en/my/inbox").text, "it can still be taken back"
    work(app)
    assert "Your translation into Turkish is shown to readers" in ada.get("/en/my/inbox").text
    mine = "/en/my/contributions?show=wordings"
    assert ada.get(mine).texts(".contribution__head > :last-child") == ["In review"], "it can still be taken back"
    app.config["UNDO_SECONDS"] = 0
    assert ada.get(mine).texts(".contribution__head > :last-child") == ["Shown to readers"]
    history = ada.get(f"/en/processes/digital/ideas/{bench}/history")
    assert history.texts("#wordings ~ ol h3") == ["Turkish"]
    with database() as session:
        logged = select(LogEntry.action).where(LogEntry.action.startswith("Wording")).order_by(LogEntry.id)
        assert list(session.scalars(logged)) == ["WordingSuggested", "WordingAccepted"]
        case = session.scalars(select(Case)).one()
        assert (case.kind, case.language, case.closed_at is None) == (CaseKind.WORDING, "tr", False)


def test_a_refusal_says_why_and_can_be_taken_back(
    app: Flask, ada: PageClient, moderator: PageClient, bench: int, database: Sessions, transact: Sessions
) -> None:
    suggest(ada, bench)
    page = decide(moderator, "refuse", status=422)
    assert page.errors == ["Reason: Please give the reason; whoever suggested it will read it."]
    page = moderator.follow(decide(moderator, "refuse", reason="The second half is missing."))
    assert states(database) == [WordingState.REFUSED]
    mine = ada.get("/en/my/contributions?show=wordings")
    assert "The second half is missing." not in mine.text, "it can still be taken back"
    back = moderator.follow(moderator.submit(page, ".queue-undo__form", status=303))
    assert "Taken back: everything stands as before." in back.text
    assert (states(database), len(back.texts("[data-row]"))) == ([WordingState.WAITING], 1)
    work(app)
    with database() as session:
        assert session.scalars(select(InboxEntry)).all() == [], "nothing has been decided"
    with transact() as session:
        make.text_block(session, title="Half")
    page = moderator.get(QUEUE)
    (block,) = page.select("#do-h [name=block]")
    moderator.submit(page, "#do-h form", press="refuse", block=[block.get("value")], status=303)
    work(app)
    inbox = ada.get("/en/my/inbox").text
    assert "Your translation into Turkish was not taken over" in inbox
    assert "No names, please (de)" in inbox, "in the language that was chosen for letters"


def test_undoing_an_acceptance_brings_back_what_readers_saw(
    ada: PageClient, moderator: PageClient, bench: int, database: Sessions, transact: Sessions
) -> None:
    with transact() as session:
        make.wording(session, bench, title="Makine", body="Makinenin metni", provider="libretranslate")
    page = ada.get(address(bench))
    assert page.h1 == "Suggest a better translation"
    assert page.one("[name=text]") == "Makinenin metni"
    suggest(ada, bench)
    page = moderator.get(QUEUE)
    assert page.texts(".beside__text") == ["Ältere Menschen möchten dort sitzen.", "Makinenin metni", TEXT]
    assert page.select("#wording-changes ~ .difference ins")
    assert page.select("#wording-changes ~ .difference del")
    page = moderator.follow(decide(moderator, "accept"))
    assert read_by_all(database, bench) == TITLE
    moderator.submit(page, ".queue-undo__form", status=303)
    assert read_by_all(database, bench) == "Makine"
    assert states(database) == [WordingState.SHOWN, WordingState.WAITING]


def test_what_is_wrong_comes_back_with_all_that_was_typed(
    ada: PageClient, bench: int, transact: Sessions, database: Sessions
) -> None:
    form = ada.get(address(bench))
    page = ada.submit(form, "suggestion-form", title="", text=TEXT, status=422)
    assert (page.errors, page.one("[name=text]")) == (["Title: Please write something here."], TEXT)
    page = ada.submit(form, "suggestion-form", title=TITLE, text=TEXT, website="spam", status=422)
    assert len(page.errors) == 1
    same: dict[str, Any] = {"title": "Eine Bank am Teich", "text": "Ältere Menschen möchten dort sitzen."}
    page = ada.submit(form, "suggestion-form", **same, status=422)
    assert page.errors == ["This is the original, unchanged. Please write it in the other language."]
    with transact() as session:
        session.execute(update(Idea).where(Idea.id == bench).values(revision=2, text="Auch Jüngere möchten sitzen."))
    page = ada.submit(form, "suggestion-form", title=TITLE, text=TEXT, status=422)
    assert page.errors == ["The author has changed this text since you read it. Please read it again."]
    assert (page.one(".beside__text"), page.one("[name=text]")) == ("Auch Jüngere möchten sitzen.", TEXT)
    assert states(database) == []
    for _twice in range(2):
        ada.submit(page, "suggestion-form", status=303)
    assert states(database) == [WordingState.WAITING], "sent twice, it is there once"
    with database() as session:
        assert session.scalars(select(Wording.revision)).one() == 2


def test_one_takes_back_what_one_suggested_and_nobody_else_does(
    ada: PageClient, member: Member, bench: int, database: Sessions
) -> None:
    suggest(ada, bench)
    (url,) = ada.get("/en/my/contributions?show=wordings").links(".contribution__action").values()
    stranger = member(email="stranger@example.org")
    stranger.get(url, status=404)
    page = ada.get(url)
    page = ada.follow(ada.submit(page, "withdrawal-form", status=303))
    assert states(database) == [WordingState.WITHDRAWN]
    assert page.links(".contribution__action") == {}
    with database() as session:
        assert session.scalars(select(Case.id).where(Case.closed_at.is_(None))).all() == []
    suggest(ada, bench, text="Başka bir metin.")
    suggest(ada, bench, text="Daha iyi bir metin.")
    assert states(database) == [WordingState.WITHDRAWN] * 2 + [WordingState.WAITING], "the newest one counts"


def test_comments_and_addenda_can_be_translated_and_hidden_texts_not(
    ada: PageClient, bench: int, place: Place, transact: Sessions, database: Sessions, client: PageClient
) -> None:
    with transact() as session:
        comment = make.comment(session, place, bench, body="Gute **Idee**")
        hidden = make.idea(session, place, state=IdeaState.HIDDEN)
    url = f"/en/processes/digital/comments/{comment}/translate?into=ar"
    page = ada.get(url)
    assert page.one(".beside__text strong") == "Idee"
    assert page.select("[name=title]") == []
    assert page.select("[name=text]")[0].get("dir") == "rtl"
    ada.submit(page, "suggestion-form", text="فكرة **جيدة**", status=303)
    with database() as session:
        wording = session.scalars(select(Wording)).one()
        assert (wording.subject_kind, wording.idea_id, wording.language) == (SubjectKind.COMMENT, bench, "ar")
    ada.get(address(hidden), status=404)
    ada.get(address(bench, "de"), status=400)
    ada.get(address(bench, "xx"), status=400)
    assert "sign-in" in (client.get(address(bench), status=302).location or "")


def test_moderators_correct_and_take_down(
    ada: PageClient, moderator: PageClient, bench: int, database: Sessions, transact: Sessions
) -> None:
    with transact() as session:
        make.wording(session, bench, title="Makine", provider="libretranslate")
    desk = moderator.get(f"/en/desk/processes/digital/ideas/{bench}")
    (url,) = desk.links("#wordings ~ ul a").values()
    page = moderator.get(url)
    assert page.h1 == "Translation into Turkish"
    page = moderator.follow(moderator.submit(page, "correction-form", title=TITLE, text=TEXT, status=303))
    assert read_by_all(database, bench) == TITLE
    page = moderator.follow(moderator.submit(page, "removal-form", reason="It says the opposite.", status=303))
    assert read_by_all(database, bench) is None
    assert states(database) == [WordingState.REPLACED, WordingState.REFUSED]
    history = ada.get(f"/en/processes/digital/ideas/{bench}/history")
    assert "It says the opposite." in history.one("#wordings ~ ol")
    assert TEXT not in history.text
    ada.get(url, status=403)
    with database() as session:
        logged = select(LogEntry.action).where(LogEntry.action.startswith("Wording")).order_by(LogEntry.id)
        assert list(session.scalars(logged)) == ["WordingCorrected", "WordingTakenDown"]
