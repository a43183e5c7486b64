"""Pages after something was done on them: just as accessible as before; modes and languages take turns."""

from itertools import cycle

import pytest
from playwright.sync_api import Browser, Error

from participation.demo.accounts import DEMO_PASSWORD
from tests import states
from tests.interactions import Interaction, interactions
from tests.live import Live, quiet_console
from tests.looks import look
from tests.modes import MODES, Mode, seen_in

pytestmark = pytest.mark.browser
PEOPLE = ("", "resident", "moderator", "staff", "admin")


@pytest.fixture
def done(demo: Live) -> list[Interaction]:
    """Everything that people do, on the demo with its states."""
    with demo.session() as session:
        made = states.made(session)
    return list(interactions(made))


@pytest.fixture
def cookies(demo: Live, browser: Browser) -> dict[str, object]:
    """What a browser has to know to be signed in as somebody."""
    known: dict[str, object] = {"": None}
    for name in PEOPLE[1:]:
        context = browser.new_context()
        page = context.new_page()
        page.goto(f"{demo.url}/en/sign-in")
        page.locator("[name=email]").fill(f"{name}@example.org")
        page.locator("[name=password]").fill(DEMO_PASSWORD)
        page.locator("main button[type=submit]").click()
        known[name] = context.storage_state()
        context.close()
    return known


def test_after_every_interaction(
    demo: Live, browser: Browser, done: list[Interaction], cookies: dict[str, object]
) -> None:
    scripted = cycle(mode for mode in MODES.values() if mode.scripts)
    any_mode = cycle(MODES.values())
    turns = [(next(scripted) if one.scripts else next(any_mode), number, one) for number, one in enumerate(done)]
    found = [wrong for mode, number, one in turns if (wrong := do(demo, browser, mode, number, one, cookies))]
    assert not found, "\n".join(found)


@pytest.mark.accept
@pytest.mark.parametrize("key", MODES)
def test_after_every_interaction_in_every_mode(
    demo: Live, browser: Browser, done: list[Interaction], cookies: dict[str, object], key: str
) -> None:
    mode = MODES[key]
    able = [(number, one) for number, one in enumerate(done) if mode.scripts or not one.scripts]
    found = [wrong for number, one in able if (wrong := do(demo, browser, mode, number, one, cookies))]
    assert not found, "\n".join(found)


def do(
    demo: Live, browser: Browser, mode: Mode, number: int, one: Interaction, cookies: dict[str, object]
) -> str | None:
    """Do one thing in one mode, look at the page after it, and return what is wrong with it."""
    language = mode.languages[number % len(mode.languages)]
    with seen_in(browser, mode, storage_state=cookies[one.person]) as page, quiet_console(page):
        page.goto(f"{demo.url}/{language}/{one.path}")
        page.set_default_timeout(5_000)
        try:
            one.act(page)
            look(page, mode=mode.key, person=one.person, after=one.name)
        except (AssertionError, Error) as error:
            return f"{one.name} by {one.person or 'anybody'} in {language}, {mode.key}: {error}"
    return None
