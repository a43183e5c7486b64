"""Voting in a row in a real browser: keys that can be switched off, the focus, what is said, pushing aside."""

import re

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select

from participation.accounts.passwords import hash_password
from participation.accounts.service import create_account
from participation.kit import clock
from participation.voting.models import Skip, Stance, Vote
from tests import make
from tests.live import Live, check_accessibility, quiet_console

pytestmark = pytest.mark.browser
PASSWORD = "three calm otters"
PUSH = """(idea) => {
  const [x, y] = [200, 300];
  const finger = (kind, across) => new PointerEvent(kind, {
    bubbles: true, pointerId: 1, isPrimary: true, pointerType: "touch", clientX: x + across, clientY: y });
  idea.dispatchEvent(finger("pointerdown", 0));
  idea.dispatchEvent(finger("pointerup", %d));
}"""


@pytest.fixture
def vote_url(live: Live) -> str:
    """The row of a process with five ideas, and a resident with a password."""
    with live.session() as session:
        place = make.process(session)
        for number in range(5):
            make.idea(session, place, title=f"Idea number {number}", language="en")
        hashed = hash_password(PASSWORD)
        create_account(session, email="voter@example.org", language="en", now=clock.now(), password_hash=hashed)
        return live.url + place.url("/vote", language="en")


def press(page: Page, key: str) -> None:
    """Press a key and wait until another idea stands there, with the focus on its heading."""
    before = page.get_by_role("heading", level=1).text_content()
    page.keyboard.press(key)
    heading = page.get_by_role("heading", level=1)
    expect(heading).not_to_have_text(before or "")
    expect(heading).to_be_focused()


def test_keys_focus_and_what_is_said(browser: Browser, live: Live, vote_url: str) -> None:
    context = browser.new_context()
    page = context.new_page()
    with quiet_console(page):
        page.goto(f"{live.url}/en/sign-in")
        page.get_by_label("E-mail address").fill("voter@example.org")
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("main").get_by_role("button", name="Sign in").click()
        expect(page).not_to_have_url(re.compile("/sign-in"))
        page.goto(vote_url)
        said = page.locator("#announcements")
        titles = [page.get_by_role("heading", level=1).text_content()]
        press(page, "1")
        expect(said).to_have_text(f"Stored: you agree with {titles[0]}")
        expect(page.locator("[data-last]")).to_contain_text(titles[0] or "")
        titles.append(page.get_by_role("heading", level=1).text_content())
        assert page.title().startswith(titles[1] or "none")
        press(page, "4")
        expect(said).to_have_text(f"Skipped, without a vote: {titles[1]}")
        press(page, "0")
        expect(page.get_by_role("heading", level=1)).to_have_text(titles[1] or "")
        expect(said).to_have_text("Taken back. Nothing is stored about this idea now.")
        check_accessibility(page)
        # Switched off, the keys do nothing, also on the next page; pressed buttons do.
        page.get_by_label("Use these keys").uncheck()
        page.keyboard.press("3")
        page.reload()
        expect(page.get_by_label("Use these keys")).not_to_be_checked()
        page.keyboard.press("3")
        page.get_by_role("button", name="Unsure").click()
        expect(said).to_have_text(f"Stored: you are unsure about {titles[1]}")
        # A short push is none; a long one skips, and nothing more.
        idea = page.locator("[data-idea]")
        third = page.get_by_role("heading", level=1).text_content()
        idea.evaluate(PUSH % 40)
        idea.evaluate(PUSH % -160)
        expect(said).to_have_text(f"Skipped, without a vote: {third}")
    context.close()
    with live.session() as session:
        assert sorted(session.scalars(select(Vote.stance)), key=lambda stance: stance.value) == [
            Stance.AGREE,
            Stance.UNSURE,
        ]
        assert len(session.scalars(select(Skip)).all()) == 1
