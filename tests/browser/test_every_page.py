"""The whole address map in a browser: everything is accessible, fits, and cuts nothing off, in every mode."""

import hashlib
import re
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread

import pytest
from playwright.sync_api import Browser, Error
from werkzeug.serving import make_server

from participation.kit.db import db
from tests.databases import build_app
from tests.every_page import PEOPLE, EveryPage
from tests.live import Live, quiet_console
from tests.looks import UNFOLD, check_room, look_everywhere
from tests.modes import MODES, Mode, seen_in, spread
from tests.multilingual.longest import LANGUAGE, write_longest

pytestmark = pytest.mark.browser
# Differs from person to person, or from minute to minute, and is the same to look at.
CHANGING = re.compile(r"""(?:value|data-[a-z-]+|href)="[^"]{20,}"|\d{1,2}:\d\d""")


EVERY_FIFTH = 5


@pytest.fixture
def every(live: Live) -> Iterator[EveryPage]:
    """All pages of the server, with something on each of them."""
    made = EveryPage(live)
    yield made
    made.close()


def test_every_page_once_in_modes_that_take_turns(
    live: Live, browser: Browser, every: EveryPage, tmp_path: Path
) -> None:
    seen = [(place.endpoint, visit) for place in every.places if (visit := every.first_visit(place))]
    unseen = {place.endpoint for place in every.places} - {endpoint for endpoint, _visit in seen}
    assert unseen == set(), "nobody sees these pages"
    visits = [visit for _endpoint, visit in seen]
    rounds: dict[tuple[str, str], list[tuple[str, str]]] = defaultdict(list)
    for mode, language, person, path in spread(*visits):
        rounds[mode.key, person].append((language, path))
    found = [
        wrong
        for (key, person), paths in rounds.items()
        for wrong in walk_through(live, browser, every, MODES[key], person, paths)
    ]
    # Those that have the least room, in words as long as there are any.
    found += longest(live, browser, every, visits[::EVERY_FIFTH], tmp_path)
    assert not found, "\n".join(found)


@pytest.mark.accept
@pytest.mark.parametrize("key", MODES)
def test_every_page_for_everybody(live: Live, browser: Browser, every: EveryPage, key: str) -> None:
    mode, found, known = MODES[key], list[str](), set[tuple[str, str]]()
    for person in PEOPLE:
        paths = []
        for number, place in enumerate(every.places):
            language = mode.languages[number % len(mode.languages)]
            for path in place.main_paths:
                text = every.page(person, language, path)
                # What several people see alike is looked at once.
                seen = (place.endpoint, digest(text)) if text else None
                if seen and seen not in known:
                    known.add(seen)
                    paths.append((language, path))
        found += walk_through(live, browser, every, mode, person, paths)
    print(f"{len(known)} states in the mode {key}")
    assert not found, "\n".join(found)


@pytest.mark.accept
def test_every_page_has_room_for_the_longest_words(
    live: Live, browser: Browser, every: EveryPage, tmp_path: Path
) -> None:
    visits = [visit for place in every.places if (visit := every.first_visit(place))]
    found = longest(live, browser, every, visits, tmp_path)
    assert not found, "\n".join(found)


def longest(live: Live, browser: Browser, every: EveryPage, visits: list[tuple[str, str]], folder: Path) -> list[str]:
    """Look at pages of 320 pixels in the longest wording of everything, and return where there is no room for it."""
    write_longest(folder / "longest")
    found = []
    with served(live, CATALOGUES=str(folder / "longest")) as url:
        for person in PEOPLE:
            with seen_in(browser, MODES["narrow"]) as page, quiet_console(page):
                page.context.add_cookies(every.cookies(person, url))
                for path in (path for who, path in visits if who == person):
                    page.goto(f"{url}/{LANGUAGE}/{path}")
                    page.evaluate(UNFOLD)
                    try:
                        check_room(page, "the longest words")
                    except AssertionError as error:
                        found.append(str(error))
    return found


@contextmanager
def served(live: Live, **settings: object) -> Iterator[str]:
    """Yield the address of one more server on the same database, with settings that the environment does not know."""
    known = live.environment
    app = build_app(known["DATABASE_URL"], Path(known["DATA_DIR"]), SECRET_KEY=known["SECRET_KEY"], **settings)
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    with app.app_context():
        db.engine.dispose()


def walk_through(
    live: Live, browser: Browser, every: EveryPage, mode: Mode, person: str, paths: list[tuple[str, str]]
) -> list[str]:
    """Look at pages in one mode and return what is wrong with them."""
    found = []
    with seen_in(browser, mode) as page, quiet_console(page):
        page.context.add_cookies(every.cookies(person, live.url))
        for language, path in paths:
            page.goto(f"{live.url}/{language}/{path}")
            try:
                look_everywhere(page, mode=mode.key, person=person)
            except (AssertionError, Error) as error:
                found.append(str(error))
    return found


def digest(text: str) -> str:
    """Return a number for what a page says in its main part."""
    main = text.partition("<main")[2].partition("</main>")[0]
    return hashlib.sha256(CHANGING.sub("", main).encode()).hexdigest()
