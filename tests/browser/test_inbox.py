"""The inbox in a real browser: following news marks it as read, and the header says how much is new."""

import time

import pytest
from playwright.sync_api import Browser, expect
from sqlalchemy import func, select

from participation.accounts.passwords import hash_password
from participation.accounts.service import create_account
from participation.kit import clock
from participation.notifications.models import EntryKind, InboxEntry
from participation.notifications.service import tell
from tests import make
from tests.live import Live, check_accessibility, quiet_console

pytestmark = pytest.mark.browser
PASSWORD = "three calm otters"


@pytest.fixture
def told(live: Live) -> None:
    """A resident with two ideas has been told of a comment on each of them."""
    with live.session() as session:
        place = make.process(session)
        now = clock.now()
        hashed = hash_password(PASSWORD)
        ada = create_account(session, email="ada@example.org", language="en", now=now, password_hash=hashed).id
        author = make.participant(session, place, account_id=ada)
        for title in ("Benches at every stop", "Trees in every street"):
            idea = make.idea(session, place, author=author, title=title, language="en")
            comment = make.comment(session, place, idea, body=f"About {title}")
            tell(session, [ada], EntryKind.COMMENT, comment, process_id=place.id, now=now)


def wait_until_read(live: Live, entries: int) -> None:
    """Wait until so many entries are read: nobody waits for the answer to that, so it may still be on its way."""
    for _ in range(100):
        with live.session() as session:
            if session.scalar(select(func.count()).where(InboxEntry.read_at.is_not(None))) == entries:
                return
        time.sleep(0.1)
    raise AssertionError("what was followed is not read")


@pytest.mark.usefixtures("told")
def test_following_news_marks_it_as_read(live: Live, browser: Browser) -> None:
    context = browser.new_context(viewport={"width": 320, "height": 900}, color_scheme="dark")
    page = context.new_page()
    count = page.locator(".site-menu__count .number").locator("visible=true")
    with quiet_console(page):
        page.goto(f"{live.url}/en/sign-in")
        page.locator("[name=email]").fill("ada@example.org")
        page.locator("[name=password]").fill(PASSWORD)
        page.locator("main button[type=submit]").click()
        page.goto(f"{live.url}/en/my/inbox")
        expect(count).to_have_text("2")
        check_accessibility(page)
        page.locator(".inbox-item__title a").last.click()
        expect(page.locator("main")).to_contain_text("About Benches at every stop")
        wait_until_read(live, 1)
        page.goto(f"{live.url}/en/my/inbox")
        expect(count).to_have_text("1")
        expect(page.locator(".inbox-item--new")).to_contain_text("Trees in every street")
        page.get_by_role("button", name="Mark all as read").click()
        expect(page.locator("main")).to_contain_text("You have read everything.")
        expect(count).to_have_count(0)
        check_accessibility(page)
    context.close()
