"""From a table of ideas to a signed statement and back to its authors, by two people who have only a keyboard."""

import csv
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect
from sqlalchemy import func, select

from participation.accounts.actor import Role
from participation.accounts.passwords import hash_password
from participation.accounts.service import create_account
from participation.curation.models import Board
from participation.kit import clock
from participation.processes.models import RoleGrant
from participation.suggestions.models import SuggestionRun
from tests import make
from tests.architecture.sources import ROOT
from tests.hands import Keyboard
from tests.live import Live, check_accessibility, quiet_console

pytestmark = pytest.mark.browser
KOMMUKI = ROOT.parent / "shared" / "data" / "ideas-kommuki" / "ideas.csv"
PASSWORD = "three calm otters"
SLUG = "youth"
OWN_TITLE = "Fahrradständer am Jugendzentrum"
TITLES = (
    "Fahrradwege durch den Park",
    "Fahrradstraße zum Hafen",
    "Luftpumpen an jedem Fahrradweg",
    "Spielplatz mit Schatten",
    "Spielplatz für große Kinder",
    "Ein Spielplatz im Norden",
    "Schule beginnt später",
    "Trinkwasser in jeder Schule",
    "Schulhof am Nachmittag offen",
    "Radverkehr bei Schnee räumen",
    "Mehr Bänke am Fluss",
)
LONGEST_RUN = 900
LEAST = 50
STATEMENT = "People get everywhere by bike, safely and all year."


@dataclass(frozen=True)
class Theme:
    """A theme to be made, and the word by which its first ideas are found."""

    title: str
    word: str


THEMES = (Theme("Bikes", "Fahrrad"), Theme("Playing", "Spielplatz"), Theme("Learning", "Schule"))


def small_table(folder: Path) -> Path:
    """Write a small table of invented ideas, with the columns of the real one."""
    path = folder / "ideas.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["Thema", "Beschlussempfehlung"])
        writer.writerows([title, f"{title}: Das wünschen sich viele."] for title in TITLES)
    return path


def test_few_ideas_become_a_statement(live: Live, browser: Browser, tmp_path: Path) -> None:
    the_whole_way(live, browser, small_table(tmp_path))


@pytest.mark.accept
@pytest.mark.skipif(not KOMMUKI.is_file(), reason="the real data is not beside this checkout")
def test_real_ideas_become_a_statement(live: Live, browser: Browser) -> None:
    the_whole_way(live, browser, KOMMUKI)


def the_whole_way(live: Live, browser: Browser, table: Path) -> None:
    """Walk it once, and say how many keys each step took."""
    prepare(live, table)
    with somebody(browser, live, "one") as first:
        sign_in(first, live, "one")
        make_themes(first)
        file_by_search(first)
        await_suggestions(live)
        accept_suggestions(first)
        write_statement(first)
        quote(first)
        hand_over(first)
    with somebody(browser, live, "two") as second:
        sign_in(second, live, "two")
        sign_off(second)
    with somebody(browser, live, "resident") as resident:
        read_in_public(resident, live)
        sign_in(resident, live, "resident")
        see_what_became(resident)
    for person in (first, second, resident):
        for name, number in person.pressed.items():
            print(f"{number:4} keys: {name}")


def prepare(live: Live, table: Path) -> None:
    """Make the process, two moderators and an author of one idea, and import the table."""
    now = clock.now()
    with live.session() as session:
        place = make.process(session, SLUG)
        hashed = hash_password(PASSWORD)
        ids = {}
        for name in ("one", "two", "resident"):
            account = create_account(session, email=f"{name}@example.org", language="en", now=now, password_hash=hashed)
            ids[name] = account.id
        for name in ("one", "two"):
            grant = RoleGrant(account_id=ids[name], role=Role.MODERATOR, process_id=place.id, granted_at=now)
            session.add(grant)
        author = make.participant(session, place, account_id=ids["resident"])
        make.idea(session, place, author=author, title=OWN_TITLE)
    live.command("import", "ideas", SLUG, str(table), "--map", "title=Thema", "--map", "text=Beschlussempfehlung")


@contextmanager
def somebody(browser: Browser, live: Live, name: str) -> Iterator[Keyboard]:
    """Yield the keyboard of somebody in a context of their own."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    page.add_init_script("addEventListener('pointerdown', () => { throw new Error('somebody used a mouse'); })")
    with quiet_console(page):
        yield Keyboard(page)
    context.close()


def sign_in(hands: Keyboard, live: Live, name: str) -> None:
    """Sign in on the page whose address was typed."""
    with hands.step("sign in"):
        hands.page.goto(f"{live.url}/en/sign-in")
        hands.into()
        hands.fill("E-mail address", f"{name}@example.org")
        hands.fill("Password", PASSWORD)
        hands.open()


def to_the_board(hands: Keyboard) -> None:
    """Open the board from wherever one is at the desk."""
    hands.follow("Board")
    expect(hands.page.locator("#board")).to_be_visible()


def make_themes(hands: Keyboard) -> None:
    """Make the themes, one form each."""
    with hands.step("from the start page to the board"):
        hands.follow("Desk", exact=True)
        hands.into()
        to_the_board(hands)
    hands.into()
    for theme in THEMES:
        with hands.step("make a theme"):
            if theme is THEMES[0]:
                hands.follow("New theme")
            else:
                # From the column of the theme that was made before, where one comes out.
                hands.press("Tab")
                hands.open("n")
            hands.into()
            hands.fill("Name (English)", theme.title)
            hands.open()
    expect(hands.page.locator("[data-columns] > [data-column]")).to_have_count(len(THEMES))
    check_accessibility(hands.page)


def file_by_search(hands: Keyboard) -> None:
    """Find ideas by a word, choose all that are shown, and file them at once."""
    page = hands.page
    for theme in THEMES:
        with hands.step("file several found by a word"):
            if theme is THEMES[0]:
                # The first thing on the board is the way to what is not filed, where its keys work.
                hands.press("Tab", "h")
            hands.press("/")
            hands.type(theme.word)
            hands.open()
            expect(page.locator("#unfiled")).to_be_focused()
            found = page.locator("#rest [data-card]").count()
            hands.press("j", "a", "f")
            hands.type(theme.title[:3].lower())
            hands.press("Enter")
            column = page.locator("[data-columns] > [data-column]", has_text=theme.title)
            expect(column.locator("[data-count]")).to_have_text(str(found))


def await_suggestions(live: Live) -> None:
    """Wait until the worker has computed for the board as it is now."""
    deadline = time.monotonic() + LONGEST_RUN
    while time.monotonic() < deadline:
        with live.session() as session:
            version = session.scalar(select(Board.version))
            if session.scalar(select(func.max(SuggestionRun.board_version))) == version:
                return
        time.sleep(0.2)
    raise AssertionError("the worker has computed no suggestions")


def accept_suggestions(hands: Keyboard) -> None:
    """Take one proposal on the board, then all that are likely enough on the page of them."""
    page = hands.page
    filed = page.locator("#board-coverage progress")
    with hands.step("take one proposal"):
        hands.to(page.get_by_role("link", name="Show all", exact=True).first)
        hands.open()
        before = int(filed.get_attribute("value") or 0)
        hands.to(page.locator("#rest [data-card]:has([data-take]) .board-card__title").first)
        hands.press("w", "1")
        expect(filed).to_have_attribute("value", str(before + 1))
    with hands.step("take all proposals that are likely enough"):
        hands.open("p")
        check_accessibility(page)
        hands.into()
        hands.follow(f"from {LEAST} %")
        hands.into()
        hands.to(page.get_by_role("button", name=re.compile("^File th(is|ese) .* as proposed$")))
        hands.open()


def write_statement(hands: Keyboard) -> None:
    """Write a statement that rests on the first theme."""
    with hands.step("write the statement"):
        hands.into()
        hands.follow("Statements", exact=True)
        hands.into()
        hands.follow("Write a statement")
        hands.into()
        hands.fill("Statement (English)", STATEMENT)
        hands.tick(THEMES[0].title)
        hands.submit("Save draft")
        check_accessibility(hands.page)


def quote(hands: Keyboard) -> None:
    """Quote the title of an idea."""
    with hands.step("quote"):
        hands.into()
        hands.follow("Quotes", exact=True)
        hands.into()
        hands.to(hands.page.get_by_role("searchbox", name="Search in the ideas"))
        hands.type(OWN_TITLE)
        hands.open()
        hands.into()
        hands.follow(OWN_TITLE)
        hands.fill("Words to quote", OWN_TITLE)
        hands.submit("Add the quote")
        expect(hands.page.locator(".quotation__words")).to_have_text(OWN_TITLE)
        check_accessibility(hands.page)


def hand_over(hands: Keyboard) -> None:
    """Submit it for sign-off."""
    with hands.step("hand it over"):
        hands.into()
        hands.follow("Text", exact=True)
        hands.into()
        hands.submit("Submit for sign-off")
        expect(hands.page.get_by_text("Waits to be signed off").first).to_be_visible()


def sign_off(hands: Keyboard) -> None:
    """Read it as a second person and sign it off."""
    with hands.step("find it, read it and sign it off"):
        hands.follow("Desk", exact=True)
        hands.into()
        hands.follow("Statements")
        hands.into()
        hands.follow(STATEMENT)
        hands.into()
        hands.follow("Read and sign off")
        check_accessibility(hands.page)
        hands.into()
        hands.submit("Sign off and publish")
        expect(hands.page.get_by_text("Public", exact=True).first).to_be_visible()


def read_in_public(hands: Keyboard, live: Live) -> None:
    """Read the statement, its quote and its sources, and follow it down to an idea."""
    page = hands.page
    page.goto(f"{live.url}/en/processes/{SLUG}/statements")
    with hands.step("from the public list of statements down to an idea"):
        hands.into()
        hands.follow(STATEMENT)
        expect(page.get_by_role("heading", level=1)).to_have_text(STATEMENT)
        expect(page.locator("blockquote").first).to_contain_text(OWN_TITLE)
        expect(page.get_by_text(THEMES[0].title, exact=True)).to_be_visible()
        check_accessibility(page)
        hands.into()
        hands.follow("The whole way, down to comments and votes")
        check_accessibility(page)
        hands.into()
        hands.follow(OWN_TITLE)
        expect(page.get_by_role("heading", level=1)).to_have_text(OWN_TITLE)


def see_what_became(hands: Keyboard) -> None:
    """Find out as an author what the own idea has led to."""
    page = hands.page
    with hands.step("what became of my idea"):
        hands.follow("My contributions", exact=True)
        hands.into()
        hands.follow("What became of my ideas")
        expect(page.get_by_role("main").get_by_role("link", name=OWN_TITLE).first).to_be_visible()
        check_accessibility(page)
        hands.into()
        hands.follow(STATEMENT)
        expect(page.get_by_role("heading", level=1)).to_have_text(STATEMENT)
