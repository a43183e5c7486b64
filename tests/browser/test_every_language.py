"""One proposal through four languages in a real browser: written in Arabic, voted on in Turkish, moderated in German,
exported in English; a server that speaks the interface of LibreTranslate puts it into the others.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import func, select, update

import config
from participation.accounts.actor import Role
from participation.accounts.passwords import hash_password
from participation.accounts.service import create_account
from participation.exports.models import Export, ExportState
from participation.ideas.models import Idea, IdeaState
from participation.kit import clock
from participation.multilingual import base_language
from participation.processes.models import Process
from participation.voting.models import Stance, Vote
from participation.wordings.models import Origin, Wording, WordingState
from tests import make
from tests.databases import Databases
from tests.live import Live, check_accessibility, quiet_console, serving
from tests.stand_in import StandIn, stand_in

pytestmark = pytest.mark.browser
PASSWORD = "three calm otters"
HERE = "/processes/digital"
SECONDS = 180
LANGUAGES = len({base_language(code) for code in config.LANGUAGES})
PEOPLE = {"ar": None, "tr": None, "de": Role.MODERATOR, "en": Role.STAFF}
ARABIC = ("غرفة هادئة للدراسة في كل مكتبة", "البيت مزدحم ولا يوجد مكان هادئ للدراسة. غرفة فيها حواسيب تساعد كثيرًا.")
TURKISH = ("Her kütüphaneye bir ders odası", "Ev kalabalık, sessiz bir yer yok. Bilgisayarlı bir oda yardımcı olur.")
ENGLISH = ("A study room in every library", "Home is crowded and there is no quiet place. A room with computers helps.")
BETTER = "Her kütüphanede sessiz bir çalışma odası"
SignIn = Callable[[str], Page]


@pytest.fixture
def provider() -> Iterator[StandIn]:
    """The server that translates."""
    with stand_in() as server:
        for language, wording in (("tr", TURKISH), ("en", ENGLISH)):
            server.knows |= {(language, said): other for said, other in zip(ARABIC, wording, strict=True)}
        yield server


@pytest.fixture
def translating(databases: Databases, provider: StandIn) -> Iterator[Live]:
    """Our server, with an empty database, that knows the other one."""
    database = databases.own_dir / "translating.sqlite"
    databases.copy_sqlite(database)
    with serving(database, databases.own_dir / "translating", LIBRETRANSLATE_URL=provider.url) as live:
        yield live


@pytest.fixture
def place(translating: Live) -> None:
    """A process that reads first and uses that server, and somebody for each language."""
    with translating.session() as session:
        place = make.process(session, review_first=True)
        session.execute(update(Process).where(Process.id == place.id).values(translator="libretranslate"))
        hashed, now = hash_password(PASSWORD), clock.now()
        for language, role in PEOPLE.items():
            email = f"{language}@example.org"
            account = create_account(session, email=email, language=language, now=now, password_hash=hashed)
            if role:
                make.actor(session, account.id, role=role, process_id=place.id)


@pytest.fixture
def speaking(translating: Live, browser: Browser) -> Iterator[SignIn]:
    """Sign in the person of a language, in that language; all of them stay until the end."""
    contexts = []

    def sign_in(language: str) -> Page:
        context = browser.new_context(locale=language)
        contexts.append(context)
        page = context.new_page()
        page.goto(f"{translating.url}/{language}/sign-in")
        page.locator("[name=email]").fill(f"{language}@example.org")
        page.locator("[name=password]").fill(PASSWORD)
        page.locator("main form button[type=submit]").click()
        return page

    yield sign_in
    for context in contexts:
        context.close()


@contextmanager
def looked_at(page: Page, language: str) -> Iterator[None]:
    """Make sure that pages are quiet meanwhile, and that the last one is accessible and in its language."""
    with quiet_console(page):
        yield
    expect(page.locator("html")).to_have_attribute("lang", language)
    expect(page.locator("html")).to_have_attribute("dir", "rtl" if language == "ar" else "ltr")
    check_accessibility(page)


def wait_for(live: Live, number: int, *conditions: Any) -> None:
    """Wait until the server's own worker has made so many rows that fulfil the conditions."""
    for _ in range(SECONDS * 5):
        with live.session() as session:
            if session.scalar(select(func.count()).where(*conditions)) == number:
                return
        time.sleep(0.2)
    raise AssertionError("the worker has not done it")


def propose(page: Page, live: Live) -> None:
    """Propose an idea, step by step."""
    page.goto(f"{live.url}/ar{HERE}/ideas/new")
    page.locator("[name=title]").fill(ARABIC[0])
    page.locator("[name=text]").fill(ARABIC[1])
    page.locator("#text-form button.kern-btn--primary").click()
    page.locator("#principles-2").check()
    for form in ("principles-form", "details-form", "submit-form"):
        page.locator(f"#{form} button.kern-btn--primary").click()
    expect(page.locator("h1")).to_have_text(ARABIC[0])


def publish(page: Page, live: Live, kind: str) -> None:
    """Decide about the first case of a kind: what is offered first, with one click."""
    page.goto(f"{live.url}/de/desk{HERE}/queue?kind={kind}")
    expect(page.locator("h1")).to_have_text("Warteschlange")
    page.locator(".case__do [data-key=p]").click()
    expect(page.locator("[data-undo]")).to_be_visible()


def vote(page: Page, live: Live) -> None:
    """Find the idea in Turkish, look at the original, and vote on it."""
    page.goto(f"{live.url}/tr{HERE}/ideas")
    page.get_by_role("link", name=TURKISH[0]).first.click()
    expect(page.locator("h1")).to_have_text(TURKISH[0])
    expect(page.locator("main article").first).to_contain_text(TURKISH[1])
    note = page.locator(".translation-note", has_text="LibreTranslate").first
    note.locator("a[href*='original=1']").click()
    expect(page.locator("h1")).to_have_text(ARABIC[0])
    expect(page.locator("h1")).to_have_attribute("lang", "ar")
    page.go_back()
    page.locator("button[name=stance][value=agree]").click()
    expect(page.locator("button[name=stance][value=agree]")).to_have_attribute("aria-pressed", "true")


def suggest(page: Page) -> None:
    """Suggest a better title."""
    page.locator(".translation-note a[href*='/translate']").first.click()
    expect(page.locator("[name=text]")).to_have_value(TURKISH[1])
    page.locator("[name=title]").fill(BETTER)
    check_accessibility(page)
    page.locator("#suggestion-form button.kern-btn--primary").click()
    expect(page.locator("h1")).to_have_text(TURKISH[0])


def export(page: Page, live: Live, folder: Path) -> str:
    """Ask for a file in English and return what it says."""
    page.goto(f"{live.url}/en/desk{HERE}/exports")
    page.locator("[name=format][value=json]").check()
    page.locator("select[name=language]").select_option("en")
    page.locator("main form button.kern-btn--primary").first.click()
    wait_for(live, 1, Export.state == ExportState.DONE)
    page.reload()
    with page.expect_download() as downloading:
        page.locator("#files form[method=post] button").first.click()
    downloading.value.save_as(folder / "export.json")
    return (folder / "export.json").read_text(encoding="utf-8-sig")


@pytest.mark.usefixtures("place")
def test_a_proposal_in_every_language(translating: Live, provider: StandIn, speaking: SignIn, tmp_path: Path) -> None:
    live = translating
    author, voter, moderator, staff = (speaking(language) for language in ("ar", "tr", "de", "en"))
    with looked_at(author, "ar"):
        propose(author, live)
    with looked_at(moderator, "de"):
        assert provider.received == [], "what nobody has read leaves for nowhere"
        publish(moderator, live, "review")
    wait_for(live, LANGUAGES - 1, Wording.state == WordingState.SHOWN)
    sent = {text for request in provider.received for text in request.texts}
    assert sent == {*ARABIC}, "the text, and nothing about who wrote it"
    with looked_at(voter, "tr"):
        vote(voter, live)
    suggest(voter)
    with looked_at(moderator, "de"):
        publish(moderator, live, "wording")
    with looked_at(voter, "tr"):
        voter.reload()
        expect(voter.locator("h1")).to_have_text(BETTER)
        expect(voter.locator(".translation-note", has_text="LibreTranslate")).to_have_count(0)
    with looked_at(staff, "en"):
        said = export(staff, live, tmp_path)
    assert [word for word in (*ENGLISH, *ARABIC, BETTER, "LibreTranslate") if word not in said] == []
    with live.session() as session:
        idea = session.scalars(select(Idea)).one()
        assert (idea.language, idea.state, idea.title) == ("ar", IdeaState.PUBLISHED, ARABIC[0])
        assert session.scalars(select(Vote.stance)).all() == [Stance.AGREE]
        turkish = (Wording.language == "tr", Wording.state == WordingState.SHOWN)
        rows = session.execute(select(Wording.title, Wording.origin).where(*turkish))
        assert [tuple(row) for row in rows] == [(BETTER, Origin.HUMAN)]
