"""The states of the pages in a real browser, modes and languages spread over them: accessible, nothing sideways."""

from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from participation.demo.accounts import DEMO_PASSWORD
from tests import states
from tests.live import Live, check_accessibility, quiet_console

pytestmark = pytest.mark.browser
COMBINATIONS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("de", {"viewport": {"width": 320, "height": 700}}),
    ("ar", {"color_scheme": "dark"}),
    ("en", {"forced_colors": "active"}),
    ("ar", {"viewport": {"width": 320, "height": 700}}),
    ("de", {"color_scheme": "dark"}),
)


def sign_in(page: Page, live: Live, role: str) -> None:
    """Sign in as the demo account of that role."""
    page.goto(f"{live.url}/en/sign-in")
    page.locator("[name=email]").fill(f"{role}@example.org")
    page.locator("[name=password]").fill(DEMO_PASSWORD)
    page.locator("main button[type=submit]").click()


def look(page: Page) -> None:
    """Raise unless the page is accessible and nothing on it scrolls sideways, with all that can be unfolded open."""
    page.evaluate("document.querySelectorAll('main details').forEach((one) => { one.open = true; })")
    check_accessibility(page)
    sizes = page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
    assert sizes[0] <= sizes[1], f"{page.url} scrolls sideways: {sizes}"


def look_by_keyboard(page: Page) -> None:
    """Raise unless everything that takes the focus only to be scrolled shows that it has it."""
    unseen = page.evaluate(
        """() => [...document.querySelectorAll('main [tabindex="0"]:not(a, button)')].filter((one) => {
            one.focus();
            return one.matches(':focus-visible') && getComputedStyle(one).outlineStyle === 'none';
        }).map((one) => one.className)"""
    )
    assert unseen == [], f"{page.url}: nobody sees where the focus is"


@pytest.mark.parametrize("person", [None, "resident", "moderator", "staff"])
def test_states(demo: Live, browser: Browser, person: str | None) -> None:
    with demo.session() as session:
        made = states.made(session)
    paths = [path for who, path in states.visits(made) if who == person]
    forms = [path for who, path in states.empty_forms(made) if who == person]
    assert paths
    pages: list[Page] = []
    first = browser.new_context()
    if person:
        sign_in(first.new_page(), demo, person)
    for _language, options in COMBINATIONS:
        context = browser.new_context(storage_state=first.storage_state(), **options)
        pages.append(context.new_page())
    for number, path in enumerate(paths):
        page, language = pages[number % len(pages)], COMBINATIONS[number % len(pages)][0]
        with quiet_console(page):
            page.goto(f"{demo.url}/{language}/{path}")
            look(page)
            look_by_keyboard(page)
    for number, path in enumerate(forms):
        page, language = pages[number % len(pages)], COMBINATIONS[number % len(pages)][0]
        with quiet_console(page):
            page.goto(f"{demo.url}/{language}/{path}")
            page.locator("main form:has(.kern-btn--primary) .kern-btn--primary").first.click()
            page.locator(".error-summary").wait_for()
            look(page)
    for page in pages:
        page.context.close()
    first.close()
