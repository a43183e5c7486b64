"""The ways in which people look at pages: colours, width, size of the text, direction, with and without scripts."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import cycle
from typing import Any, TypeVar

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from config import LANGUAGES

T = TypeVar("T")
RIGHT_TO_LEFT = "ar"
NARROW = {"width": 320, "height": 700}
USUAL_TEXT = 16


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
    yield _page(context, mode)
    context.close()


class Eyes:
    """A page for each mode that stays open over many visits: a new one, knowing no file yet, costs more than a look."""

    def __init__(self, browser: Browser) -> None:
        self.browser = browser
        self._pages: dict[str, Page] = {}

    @contextmanager
    def seeing(self, mode: Mode, cookie: dict[str, str] | None, url: str) -> Iterator[Page]:
        """Yield the page of a mode to somebody with this cookie, or without any, who knows nothing of earlier visits.

        Whatever is thrown meanwhile throws away the page, too.
        """
        page = self._pages.pop(mode.key, None) or _page(self.browser.new_context(**mode.options), mode)
        page.context.clear_cookies()
        if cookie:
            page.context.add_cookies([{**cookie, "url": url}])
        try:
            yield page
            self._forget(page)
        except BaseException:
            page.context.close()
            raise
        self._pages[mode.key] = page

    def close(self) -> None:
        """Close all pages."""
        for page in self._pages.values():
            page.context.close()

    def _forget(self, page: Page) -> None:
        page.mouse.up()
        page.mouse.move(0, 0)
        page.evaluate("[sessionStorage, localStorage].forEach((one) => one.clear())")


@pytest.fixture(scope="session")
def eyes(browser: Browser) -> Iterator[Eyes]:
    """Pages that all tests of a worker look at."""
    made = Eyes(browser)
    yield made
    made.close()


def _page(context: BrowserContext, mode: Mode) -> Page:
    page = context.new_page()
    tools = context.new_cdp_session(page)
    if mode.text_percent != 100:
        size = USUAL_TEXT * mode.text_percent // 100
        tools.send("Page.setFontSizes", {"fontSizes": {"standard": size, "fixed": size}})
    if not mode.scripts:
        # Not switched off in the browser: axe is a script, too. Answering for them would switch off its cache.
        tools.send("Network.enable")
        tools.send("Network.setBlockedURLs", {"urls": ["*.js"]})
    return page


def spread(*places: T) -> Iterator[tuple[Mode, str, T]]:
    """Yield mode, language and place: each place once, so that modes and languages meet each other in turn."""
    languages = {key: cycle(mode.languages) for key, mode in MODES.items()}
    modes = cycle(MODES.values())
    for place, mode in zip(places, modes, strict=False):
        yield mode, next(languages[mode.key]), place
