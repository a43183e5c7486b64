"""Pages after something was done on them: just as accessible as before; modes and languages take turns."""

from itertools import cycle

import pytest
from playwright.sync_api import Error

from tests.interactions import Interaction, interactions
from tests.live import Live, quiet_console
from tests.looks import look
from tests.modes import MODES, Eyes, Mode
from tests.stages import Stage
from tests.states import States

pytestmark = pytest.mark.browser
PARTS = 3
"""Of what is done, so that no single test keeps one of the run's processes busy when the others are done."""


@pytest.mark.parametrize("part", range(PARTS))
def test_after_every_interaction(still_server: Live, eyes: Eyes, staged: Stage[States], part: int) -> None:
    scripted = cycle(mode for mode in MODES.values() if mode.scripts)
    any_mode = cycle(MODES.values())
    done = enumerate(interactions(staged.facts))
    turns = [(next(scripted) if one.scripts else next(any_mode), number, one) for number, one in done]
    wanted = turns[part::PARTS]
    found = [wrong for mode, number, one in wanted if (wrong := do(still_server, eyes, mode, number, one, staged))]
    assert not found, "\n".join(found)


@pytest.mark.accept
@pytest.mark.parametrize("key", MODES)
def test_after_every_interaction_in_every_mode(still_server: Live, eyes: Eyes, staged: Stage[States], key: str) -> None:
    mode = MODES[key]
    done = enumerate(interactions(staged.facts))
    able = [(number, one) for number, one in done if mode.scripts or not one.scripts]
    found = [wrong for number, one in able if (wrong := do(still_server, eyes, mode, number, one, staged))]
    assert not found, "\n".join(found)


def do(live: Live, eyes: Eyes, mode: Mode, number: int, one: Interaction, staged: Stage[States]) -> str | None:
    """Do one thing in one mode, look at the page after it, and return what is wrong with it."""
    language = mode.languages[number % len(mode.languages)]
    try:
        with eyes.seeing(mode, staged.cookies.get(one.person), live.url) as page, quiet_console(page):
            page.goto(f"{live.url}/{language}/{one.path}")
            one.act(page)
            look(page, mode=mode.key, person=one.person, after=one.name)
    except (AssertionError, Error) as error:
        return f"{one.name} by {one.person or 'anybody'} in {language}, {mode.key}: {error}"
    return None
