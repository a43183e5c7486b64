"""The discussion in a real browser: marking, answering, changing and deleting by keyboard, with and without scripts."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select

from participation.accounts.passwords import hash_password
from participation.accounts.service import create_account
from participation.comments.models import Comment, CommentStance, CommentState
from participation.kit import clock
from tests import make
from tests.live import Live, check_accessibility, quiet_console

pytestmark = pytest.mark.browser
PASSWORD = "three calm otters"


@dataclass(frozen=True)
class Talk:
    """Addresses of a discussion with a comment that can be marked."""

    idea: str
    comment: int

    @property
    def arguments(self) -> str:
        return f"{self.idea}/arguments"

    @property
    def thread(self) -> str:
        return f"{self.idea}/comments/{self.comment}"


@pytest.fixture
def talk(live: Live) -> Talk:
    """Somebody's comment with seven answers, one against, and a resident with a password."""
    with live.session() as session:
        place = make.process(session)
        idea = make.idea(session, place, title="Benches at every stop", language="en")
        comment = make.comment(session, place, idea, body="A **good** idea")
        for _ in range(7):
            make.comment(session, place, idea, parent_id=comment)
        against = make.comment(session, place, idea)
        session.get_one(Comment, comment).stance = CommentStance.SUPPORTS
        session.get_one(Comment, against).stance = CommentStance.OBJECTS
        hashed = hash_password(PASSWORD)
        create_account(session, email="reader@example.org", language="en", now=clock.now(), password_hash=hashed)
        return Talk(place.url(f"/ideas/{idea}", language="en"), comment)


@contextmanager
def reader(browser: Browser, live: Live, **options: Any) -> Iterator[Page]:
    """Yield a page of the signed-in resident."""
    context = browser.new_context(**options)
    page = context.new_page()
    with quiet_console(page):
        page.goto(f"{live.url}/en/sign-in")
        page.get_by_label("E-mail address").fill("reader@example.org")
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("main").get_by_role("button", name="Sign in").click()
        expect(page).not_to_have_url(re.compile("/sign-in"))
        yield page
    context.close()


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_marking_by_keyboard(browser: Browser, live: Live, talk: Talk, scripts: bool) -> None:
    with reader(browser, live, java_script_enabled=scripts) as page:
        page.goto(live.url + talk.idea)
        button = page.locator(f"#comment-{talk.comment} .helpful")
        expect(button).to_have_attribute("aria-pressed", "false")
        button.focus()
        page.keyboard.press("Enter")
        expect(button).to_have_attribute("aria-pressed", "true")
        expect(button).to_contain_text("1 person found this helpful")
        if scripts:
            assert page.url == live.url + talk.idea, "nothing was loaded anew"
            expect(button).to_be_focused()
            expect(page.locator("#announcements")).to_contain_text("Marked as helpful. 1 person found this helpful")
            check_accessibility(page)
        else:
            assert page.url.endswith(f"{talk.idea}#comment-{talk.comment}")
        button.focus()
        page.keyboard.press("Space")
        expect(button).to_have_attribute("aria-pressed", "false")
    with live.session() as session:
        assert session.get_one(Comment, talk.comment).helpful == 0


def test_a_mark_that_cannot_be_set_is_refused_in_words(browser: Browser, live: Live, talk: Talk) -> None:
    with reader(browser, live) as page:
        page.goto(live.url + talk.idea)
        with live.session() as session:
            session.get_one(Comment, talk.comment).state = CommentState.HIDDEN
        page.locator(f"#comment-{talk.comment} .helpful").click()
        expect(page.get_by_role("main")).to_contain_text("This comment is not public.")


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_answering_changing_and_deleting(browser: Browser, live: Live, talk: Talk, scripts: bool) -> None:
    def check() -> None:
        if scripts:
            check_accessibility(page)

    with reader(browser, live, java_script_enabled=scripts) as page:
        page.goto(live.url + talk.idea)
        page.locator(f"#comment-{talk.comment}").get_by_role("link", name="Reply").click()
        check()
        page.get_by_label("Your comment").fill("But who *pays*?")
        page.get_by_label("It asks something").check()
        page.get_by_role("button", name="Send comment").click()
        with live.session() as session:
            own = session.scalars(select(Comment.id).where(Comment.text == "But who *pays*?")).one()
        assert page.url.endswith(f"#comment-{own}")
        entry = page.locator(f"#comment-{own}")
        expect(entry).to_contain_text("Question")
        check()
        entry.get_by_role("link", name="Change").click()
        check()
        page.get_by_label("Your comment").fill("But who *paid*?")
        page.get_by_role("button", name="Save").click()
        expect(entry).to_contain_text("But who paid?")
        entry.get_by_role("link", name="changed on").click()
        expect(page.locator("ins")).to_contain_text("paid")
        check()
        page.get_by_role("link", name="Back to the comment").click()
        entry.get_by_role("link", name="Delete").click()
        check()
        page.get_by_role("button", name="Delete for good").click()
        expect(page.get_by_role("main")).not_to_contain_text("But who paid?")
    with live.session() as session:
        assert session.get_one(Comment, own).text == ""


@pytest.mark.parametrize("mode", ["light", "dark", "320"])
def test_the_pages_are_accessible(browser: Browser, live: Live, talk: Talk, mode: str) -> None:
    modes: dict[str, dict[str, Any]] = {
        "light": {},
        "dark": {"color_scheme": "dark"},
        "320": {"viewport": {"width": 320, "height": 700}},
    }
    with reader(browser, live, **modes[mode]) as page:
        for path in (f"{talk.idea}?sort=helpful", f"{talk.idea}?stance=supports", talk.thread, talk.arguments):
            page.goto(f"{live.url}{path}#comment-{talk.comment}")
            check_accessibility(page)
            sizes = page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
            assert sizes[0] <= sizes[1], f"{path} scrolls sideways"
