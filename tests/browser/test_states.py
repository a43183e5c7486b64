"""The states of the pages in a real browser: accessible, nothing sideways; modes and languages take turns."""

from contextlib import ExitStack
from typing import Any

import pytest
from playwright.sync_api import Browser, Error, Page

from participation.demo.accounts import DEMO_PASSWORD
from tests import states
from tests.live import Live, quiet_console
from tests.looks import look, look_everywhere
from tests.modes import MODES, Mode, seen_in

pytestmark = pytest.mark.browser
PEOPLE = [None, "resident", "moderator", "staff", "admin"]
SEND = "main form:has(.kern-btn--primary) .kern-btn--primary"


def sign_in(browser: Browser, live: Live, role: str | None) -> Any:
    """Return what a browser has to know to be signed in as the demo account of that role."""
    with seen_in(browser, MODES["light"]) as page:
        if role:
            page.goto(f"{live.url}/en/sign-in")
            page.locator("[name=email]").fill(f"{role}@example.org")
            page.locator("[name=password]").fill(DEMO_PASSWORD)
            page.locator("main button[type=submit]").click()
        return page.context.storage_state()


def visit(page: Page, live: Live, mode: Mode, number: int, person: str | None, path: str, *, sends: bool) -> str | None:
    """Look at a page, or at what comes when its form is sent as it is, and return what is wrong with it."""
    with quiet_console(page):
        page.goto(f"{live.url}/{mode.languages[number % len(mode.languages)]}/{path}")
        try:
            if sends:
                page.locator(SEND).first.click()
                page.locator(".error-summary").wait_for()
                look(page, mode=mode.key, person=person or "", after="sent empty")
            else:
                look_everywhere(page, mode=mode.key, person=person or "")
        except (AssertionError, Error) as error:
            return f"{path} for {person or 'anybody'} in {mode.key}: {error}"
    return None


@pytest.mark.parametrize("person", PEOPLE)
def test_states(demo: Live, browser: Browser, person: str | None) -> None:
    walk(demo, browser, person, list(MODES.values()))


@pytest.mark.accept
@pytest.mark.parametrize("key", MODES)
@pytest.mark.parametrize("person", PEOPLE)
def test_states_in_every_mode(demo: Live, browser: Browser, person: str | None, key: str) -> None:
    walk(demo, browser, person, [MODES[key]])


def walk(demo: Live, browser: Browser, person: str | None, modes: list[Mode]) -> None:
    """Make the states and look at those that this person sees, in each of the modes in turn."""
    with demo.session() as session:
        made = states.made(session)
    paths = [path for who, path in states.visits(made) if who == person]
    forms = [path for who, path in states.empty_forms(made) if who == person]
    assert paths
    cookies = sign_in(browser, demo, person)
    with ExitStack() as opened:
        pages = [opened.enter_context(seen_in(browser, mode, storage_state=cookies)) for mode in modes]
        turns = [(path, False) for path in paths] + [(path, True) for path in forms]
        found = [
            visit(pages[number % len(pages)], demo, modes[number % len(modes)], number, person, path, sends=sends)
            for number, (path, sends) in enumerate(turns)
        ]
    wrong = [one for one in found if one]
    assert not wrong, "\n".join(wrong)
