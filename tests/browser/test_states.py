"""The states of the pages in a real browser: accessible, nothing sideways; modes and languages take turns."""

import pytest
from playwright.sync_api import Error

from tests import states
from tests.live import Live, quiet_console
from tests.looks import look, look_everywhere
from tests.modes import MODES, Eyes, Mode
from tests.stages import Stage

pytestmark = pytest.mark.browser
PEOPLE = [None, "resident", "moderator", "staff", "admin"]
SEND = "main form:has(.kern-btn--primary) .kern-btn--primary"


@pytest.mark.parametrize("person", PEOPLE)
def test_states(still_server: Live, eyes: Eyes, staged: Stage[states.States], person: str | None) -> None:
    walk(still_server, eyes, staged, person, list(MODES.values()))


@pytest.mark.accept
@pytest.mark.parametrize("key", MODES)
@pytest.mark.parametrize("person", PEOPLE)
def test_states_in_every_mode(
    still_server: Live, eyes: Eyes, staged: Stage[states.States], person: str | None, key: str
) -> None:
    walk(still_server, eyes, staged, person, [MODES[key]])


def walk(live: Live, eyes: Eyes, staged: Stage[states.States], person: str | None, modes: list[Mode]) -> None:
    """Look at the states that this person sees, in each of the modes in turn."""
    paths = [path for who, path in states.visits(staged.facts) if who == person]
    forms = [path for who, path in states.empty_forms(staged.facts) if who == person]
    assert paths
    turns = [(path, False) for path in paths] + [(path, True) for path in forms]
    found = [
        visit(live, eyes, staged, modes[number % len(modes)], number, person or "", path, sends=sends)
        for number, (path, sends) in enumerate(turns)
    ]
    wrong = [one for one in found if one]
    assert not wrong, "\n".join(wrong)


def visit(
    live: Live,
    eyes: Eyes,
    staged: Stage[states.States],
    mode: Mode,
    number: int,
    person: str,
    path: str,
    *,
    sends: bool,
) -> str | None:
    """Look at a page, or at what comes when its form is sent as it is, and return what is wrong with it."""
    language = mode.languages[number % len(mode.languages)]
    try:
        with eyes.seeing(mode, staged.cookies.get(person), live.url) as page, quiet_console(page):
            page.goto(f"{live.url}/{language}/{path}")
            if sends:
                # By keyboard: nothing that is still being laid out can move away from under it.
                page.locator(SEND).first.press("Enter")
                page.locator(".error-summary").wait_for()
                look(page, mode=mode.key, person=person, after="sent empty")
            else:
                look_everywhere(page, mode=mode.key, person=person)
    except (AssertionError, Error) as error:
        return f"{path} for {person or 'anybody'} in {mode.key}: {error}"
    return None
