"""The desk queue in a real browser: twenty cases by keyboard alone, two people on one case, several at once."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import func, select

from participation.accounts.actor import Role
from participation.accounts.passwords import hash_password
from participation.accounts.service import create_account
from participation.cases.models import Case
from participation.comments.models import CommentState
from participation.ideas.models import IdeaState
from participation.kit import clock
from participation.moderation.grounds import grounds
from participation.moderation.models import Decision, DecisionKind, TextBlock
from participation.processes.models import RoleGrant
from tests import make
from tests.live import Live, check_accessibility, quiet_console

pytestmark = pytest.mark.browser
PASSWORD = "three calm otters"
NUMBER = 20


@pytest.fixture
def queue_url(live: Live) -> str:
    """A queue with twenty cases, each fourth an idea, two text blocks, and two people who moderate."""
    now = clock.now()
    with live.session() as session:
        place = make.process(session, review_first=True)
        public = make.idea(session, place, language="en", title="Benches at the harbour")
        for number in range(NUMBER):
            at = now - timedelta(hours=60 - number)
            if number % 4 == 3:
                make.idea(session, place, title=f"Idea {number:02}", state=IdeaState.IN_REVIEW, at=at, language="en")
            else:
                body = f"Comment {number:02}: what do you think?"
                make.comment(session, place, public, body=body, state=CommentState.IN_REVIEW, at=at)
        for title, ground in zip(("Insult", "Off topic"), grounds(), strict=False):
            session.add(TextBlock(title=title, ground=ground.key, texts={"en": f"{title}."}, written_at=now))
        hashed = hash_password(PASSWORD)
        for name in ("one", "two"):
            account = create_account(session, email=f"{name}@example.org", language="en", now=now, password_hash=hashed)
            role = RoleGrant(account_id=account.id, role=Role.MODERATOR, process_id=place.id, granted_at=now)
            session.add(role)
        return f"{live.url}/en/desk/processes/{place.slug}/queue"


@contextmanager
def at_the_desk(browser: Browser, live: Live, name: str, url: str) -> Iterator[Page]:
    """Yield a page with the queue, in a context of somebody's own."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    with quiet_console(page):
        page.goto(f"{live.url}/en/sign-in")
        page.get_by_label("E-mail address").fill(f"{name}@example.org")
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("main").get_by_role("button", name="Sign in").click()
        expect(page).not_to_have_url(re.compile("/sign-in"))
        page.goto(url)
        yield page
    context.close()


def case_of(page: Page) -> str:
    """Return the number of the case that is shown in full."""
    return page.locator("[data-case]").get_attribute("data-case") or ""


def key(page: Page, *keys: str) -> None:
    """Press keys, and wait until another case is shown, with the focus on its title."""
    before = case_of(page)
    for one in keys:
        page.keyboard.press(one)
    expect(page.locator(f'[data-case="{before}"]')).to_have_count(0)
    if page.locator("[data-case]").count():
        expect(page.locator("[data-case-title]")).to_be_focused()


def test_twenty_cases_by_keyboard_alone(browser: Browser, live: Live, queue_url: str) -> None:
    with at_the_desk(browser, live, "one", queue_url) as page:
        first = case_of(page)
        page.keyboard.press("p")
        expect(page.locator(f'[data-case="{first}"]')).to_have_count(1)
        assert page.locator("[data-undo]").count() == 0, "keys work inside the queue only"
        page.locator("#queue").focus()
        key(page, "j")
        key(page, "k")
        assert case_of(page) == first
        # Hidden with a saved text, which brings its rule along; Enter sends.
        key(page, "h", "2", "Enter")
        expect(page.locator("[data-undo-text]")).to_contain_text("Hidden: Comment")
        check_accessibility(page)
        key(page, "u")
        assert case_of(page) == first
        expect(page.locator(".messages")).to_contain_text("Taken back")
        key(page, "h", "1", "Enter")
        # In one's own words; what is missing is said in place, and nothing typed is lost.
        page.keyboard.press("c")
        page.keyboard.press("1")
        page.keyboard.press("1")
        page.keyboard.press("Tab")
        page.keyboard.press("Tab")
        expect(page.locator("#change-reason")).to_be_focused()
        page.keyboard.press("Control+Enter")
        expect(page.locator("#do-c [data-told]")).to_contain_text("Please give the reason")
        page.locator("#change-reason").focus()
        page.keyboard.type("Please say where, in joy and peace")
        key(page, "Control+Enter")
        page.keyboard.press("w")
        page.keyboard.press("Escape")
        expect(page.locator("#do-w")).not_to_have_attribute("open", "")
        for _ in range(NUMBER - 2):
            key(page, "p")
        expect(page.get_by_text("Nothing waits for a decision.")).to_be_visible()
    with live.session() as session:
        taken = select(Decision.kind, func.count()).where(Decision.undone_at.is_(None)).group_by(Decision.kind)
        assert dict(session.execute(taken).all()) == {
            DecisionKind.HIDE: 1,
            DecisionKind.ASK_CHANGE: 1,
            DecisionKind.PUBLISH: NUMBER - 2,
        }
        left = session.scalars(select(Case).where(Case.closed_at.is_(None))).one()
        assert left.resumes_at is not None, "its author has the next word"


def test_two_people_on_one_case(browser: Browser, live: Live, queue_url: str) -> None:
    with at_the_desk(browser, live, "one", queue_url) as one, at_the_desk(browser, live, "two", queue_url) as two:
        first = case_of(one)
        assert case_of(two) == first
        one.locator("#queue").focus()
        key(one, "j")
        key(one, "k")
        # The other one sees it without doing anything, and the buttons say no.
        taken = two.locator("[data-taken]")
        expect(taken).to_contain_text("one@example.org is working on it at the moment.", timeout=15_000)
        expect(two.locator("[data-do] button[value=publish]")).to_be_disabled()
        expect(two.locator(f'[data-row="{first}"] [data-held-by]')).to_have_text("one@example.org")
        check_accessibility(two)
        two.locator("#queue").focus()
        two.keyboard.press("p")
        assert case_of(two) == first
        # Moving on frees it again.
        key(one, "j")
        expect(taken).to_be_hidden(timeout=15_000)
        key(two, "p")
        expect(one.locator(f'[data-row="{first}"][data-gone]')).to_have_count(1, timeout=15_000)
    with live.session() as session:
        assert session.scalars(select(Decision.kind)).all() == [DecisionKind.PUBLISH]


def test_several_at_once_and_keys_that_can_be_switched_off(browser: Browser, live: Live, queue_url: str) -> None:
    with at_the_desk(browser, live, "one", queue_url) as page:
        page.locator("#queue").focus()
        page.keyboard.press("x")
        key(page, "j")
        page.keyboard.press("x")
        expect(page.locator("[data-chosen]")).to_have_text("Chosen: 2")
        page.get_by_role("button", name="Publish or keep").click()
        expect(page.locator("#results-title")).to_have_text("2 done")
        check_accessibility(page)
        page.locator("[data-results]").focus()
        page.keyboard.press("u")
        expect(page.locator(".queue-results")).to_contain_text("taken back")
        page.keyboard.press("?")
        page.get_by_label("Use these keys").uncheck()
        before = case_of(page)
        page.locator("#queue").focus()
        page.keyboard.press("p")
        page.reload()
        page.locator("#queue").focus()
        page.keyboard.press("p")
        page.keyboard.press("j")
        assert case_of(page) == before
    with live.session() as session:
        assert [undone is None for undone in session.scalars(select(Decision.undone_at))] == [False, False]
