"""What a screen reader is told in the main flows: the accessibility tree of each page, kept as files beside this one.

After a change that is meant: ``NEW_TREES=1 ./dev test tests/browser/test_trees.py``, and read what has changed.
"""

import os
import re
from difflib import unified_diff
from pathlib import Path

import pytest
from babel.dates import get_month_names
from playwright.sync_api import Browser, Page
from sqlalchemy import select

from participation.accounts.actor import Role
from participation.accounts.passwords import hash_password
from participation.accounts.service import create_account
from participation.ideas.models import IdeaState
from participation.kit import clock
from participation.processes.models import Participant, RoleGrant
from participation.voting.models import Stance
from tests import make
from tests.live import Live, quiet_console
from tests.modes import MODES, seen_in

pytestmark = pytest.mark.browser
TREES = Path(__file__).parent / "trees"
PASSWORD = "three calm otters"
MONTH = "|".join(get_month_names("wide", locale="en").values())
# What differs from run to run: random names and keys, days, numbers of things.
CHANGING = (
    (re.compile(r"(/drafts/)[\w-]+"), r"\1KEY"),
    (re.compile(r"/static/[0-9a-f]+/"), "/static/"),
    (re.compile(r"\b[0-9A-Z]{4}(-[0-9A-Z]{4})+\b"), "CODE"),
    (re.compile(rf"\b\d{{1,2}} (?:{MONTH}) \d{{4}}(, \d\d:\d\d)?"), "DAY"),
    (re.compile(r"(?<!level=)\d[\d.,:]*"), "#"),
)
# The first is public and the other waits: of several, another one would come first every few minutes.
TITLES = ("Benches at every stop", "Bicycle parking at schools")


class Told:
    """Collects the trees of one flow and compares them with the files."""

    def __init__(self, live: Live, flow: str) -> None:
        self.flow = flow
        self.wrong: list[str] = []
        with live.session() as session:
            self.names = sorted(filter(None, session.scalars(select(Participant.pseudonym))), key=len, reverse=True)

    def tree(self, page: Page, name: str, part: str = "main") -> None:
        """Compare what is told of a part of the page with the file, or write the file where that is asked for."""
        text = page.locator(part).aria_snapshot() + "\n"
        for pseudonym in self.names:
            text = text.replace(pseudonym, "SOMEBODY")
        for pattern, stand_in in CHANGING:
            text = pattern.sub(stand_in, text)
        path = TREES / self.flow / f"{name}.yaml"
        if os.environ.get("NEW_TREES"):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        known = path.read_text(encoding="utf-8") if path.exists() else ""
        if text != known:
            lines = unified_diff(known.splitlines(), text.splitlines(), str(path.name), page.url, lineterm="", n=1)
            self.wrong.append("\n".join(lines))


@pytest.fixture
def village(live: Live) -> make.Place:
    """A process with two ideas, votes, a comment, and people who know their password."""
    now, hashed = clock.now(), hash_password(PASSWORD)
    with live.session() as session:
        place = make.process(session)
        for number, title in enumerate(TITLES):
            state = IdeaState.IN_REVIEW if number == len(TITLES) - 1 else IdeaState.PUBLISHED
            idea = make.idea(session, place, title=title, language="en", principles=["climate"], state=state)
            if not number:
                make.votes(session, place, idea, agree=7, disagree=3, unsure=2)
                make.vote(session, place, idea, Stance.AGREE)
                make.comment(session, place, idea, body="With a roof, **please**.")
        for name in ("resident", "moderator"):
            account = create_account(session, email=f"{name}@example.org", language="en", now=now, password_hash=hashed)
            if name == "moderator":
                grant = RoleGrant(account_id=account.id, role=Role.MODERATOR, process_id=place.id, granted_at=now)
                session.add(grant)
        return place


def sign_in(page: Page, name: str) -> None:
    """Fill in the form that is shown and send it."""
    page.locator("main [name=email]").fill(f"{name}@example.org")
    page.locator("main [name=password]").fill(PASSWORD)
    page.locator("main button[type=submit]").click()
    page.wait_for_load_state()


def test_what_is_told_of_reading_and_taking_part(live: Live, browser: Browser, village: make.Place) -> None:
    told, process = Told(live, "taking-part"), f"{live.url}{village.url(language='en')}"
    with seen_in(browser, MODES["light"]) as page, quiet_console(page):
        page.goto(f"{live.url}/en/")
        told.tree(page, "01-front-page-in-full", "body")
        page.goto(process)
        told.tree(page, "02-process")
        page.goto(f"{process}/ideas?sort=newest")
        told.tree(page, "03-list")
        page.get_by_role("link", name=TITLES[0]).click()
        idea = page.url.removeprefix(live.url)
        told.tree(page, "04-idea")
        page.get_by_role("link", name="Vote on this idea").click()
        page.locator("main button[type=submit]").click()
        told.tree(page, "05-sign-in-with-errors")
        sign_in(page, "resident")
        page.locator(".vote-buttons button[value=agree]").click()
        told.tree(page, "06-voted")
        page.locator("#comment-form .kern-btn--primary").click()
        told.tree(page, "07-comment-with-errors")
        page.goto(f"{live.url}{idea}")
        page.locator(".report-link").first.click()
        told.tree(page, "08-report")
        page.goto(f"{process}/vote")
        told.tree(page, "09-vote-in-a-row")
        page.goto(f"{process}/results")
        told.tree(page, "10-results")
        page.goto(f"{live.url}/en/barriers/new")
        page.locator("main form .kern-btn--primary").click()
        told.tree(page, "11-barrier-with-errors")
        page.goto(f"{live.url}/en/functions/vote")
        told.tree(page, "12-function")
        page.goto(f"{live.url}/en/account")
        told.tree(page, "13-account")
    assert not told.wrong, "\n\n".join(told.wrong)


def test_what_is_told_of_proposing_and_moderating(live: Live, browser: Browser, village: make.Place) -> None:
    told, process = Told(live, "proposing-and-moderating"), f"{live.url}{village.url(language='en')}"
    with seen_in(browser, MODES["light"]) as page, quiet_console(page):
        page.goto(f"{live.url}/en/sign-in")
        sign_in(page, "resident")
        page.goto(f"{process}/ideas/new")
        page.locator("#text-form .kern-btn--primary").click()
        told.tree(page, "01-text-with-errors")
        page.locator("[name=title]").fill("Lockers at the swimming pool")
        page.locator("[name=text]").fill("Phones and keys are safe there.\n\nIt costs little.")
        page.locator("#text-form .kern-btn--primary").click()
        page.locator("#principles-form").wait_for()
        told.tree(page, "02-principles")
        page.locator("main [type=checkbox]").nth(1).check()
        page.locator("#principles-form .kern-btn--primary").click()
        page.locator("#details-form").wait_for()
        told.tree(page, "03-details")
        page.locator("#details-form .kern-btn--primary").click()
        page.wait_for_load_state()
        if page.url.endswith("/similar"):
            page.locator(".form__actions .kern-btn--primary").click()
        page.locator("#submit-form").wait_for()
        told.tree(page, "04-preview")
    with seen_in(browser, MODES["light"]) as page, quiet_console(page):
        page.goto(f"{live.url}/en/sign-in")
        sign_in(page, "moderator")
        desk = process.replace("/en/processes/", "/en/desk/processes/")
        page.goto(f"{desk}/queue")
        told.tree(page, "05-queue")
        page.goto(f"{desk}/board")
        told.tree(page, "06-board")
    assert not told.wrong, "\n\n".join(told.wrong)
