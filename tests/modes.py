"""The ways in which people look at pages: colours, width, size of the text, direction, with and without scripts."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import cycle
from typing import Any

from playwright.sync_api import Browser, Page, Route

from config import LANGUAGES

RIGHT_TO_LEFT = "ar"
NARROW = {"width": 320, "height": 700}
USUAL_TEXT = 16
EMPTY_SCRIPT = "// Scripts do not arrive in this mode."


@dataclass(frozen=True)
class Mode:
    """One way to look: the options of the browser's context, the languages, the text's size, whether scripts arrive."""

    key: str
    options: dict[str, Any] = field(default_factory=dict)
    languages: tuple[str, ...] = LANGUAGES
    text_percent: int = 100
    scripts: bool = True


ONE_DIRECTION = tuple(code for code in LANGUAGES if code != RIGHT_TO_LEFT)
MODES = {
    mode.key: mode
    for mode in (
        Mode("light", {"color_scheme": "light"}, ONE_DIRECTION),
        Mode("dark", {"color_scheme": "dark"}, ONE_DIRECTION),
        Mode("forced", {"forced_colors": "active"}),
        Mode("narrow", {"viewport": NARROW}, ONE_DIRECTION),
        Mode("large", {}, ONE_DIRECTION, text_percent=200),
        Mode("rtl", {"viewport": NARROW, "color_scheme": "dark"}, (RIGHT_TO_LEFT,)),
        Mode("no-script", {}, scripts=False),
    )
}


@contextmanager
def seen_in(browser: Browser, mode: Mode, **options: Any) -> Iterator[Page]:
    """Yield a page of a context of its own that is looked at in this mode."""
    context = browser.new_context(**{**mode.options, **options})
    page = context.new_page()
    if mode.text_percent != 100:
        size = USUAL_TEXT * mode.text_percent // 100
        context.new_cdp_session(page).send("Page.setFontSizes", {"fontSizes": {"standard": size, "fixed": size}})
    if not mode.scripts:
        # Not switched off in the browser: axe is a script, too.
        page.route("**/*.js", _send_nothing)
    yield page
    context.close()


def _send_nothing(route: Route) -> None:
    route.fulfill(body=EMPTY_SCRIPT, content_type="text/javascript")


def spread(*places: tuple[str, str]) -> Iterator[tuple[Mode, str, str, str]]:
    """Yield mode, language, person and path: each place once, so that modes and languages meet each other in turn."""
    languages = {key: cycle(mode.languages) for key, mode in MODES.items()}
    modes = cycle(MODES.values())
    for (person, path), mode in zip(places, modes, strict=False):
        yield mode, next(languages[mode.key]), person, path
