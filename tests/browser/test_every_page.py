"""The whole address map in a browser: everything is accessible, fits, and cuts nothing off, in every mode."""

import hashlib
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread

import pytest
from playwright.sync_api import Error
from werkzeug.serving import make_server

from participation.kit.db import db
from tests.databases import build_app
from tests.every_page import PEOPLE, EveryPage
from tests.live import Live, quiet_console
from tests.looks import UNFOLD, check_room, look_everywhere
from tests.modes import MODES, Eyes, Mode, spread
from tests.multilingual.longest import LANGUAGE, write_longest

pytestmark = pytest.mark.browser
# Differs from person to person, or from minute to minute, and is the same to look at.
CHANGING = re.compile(r"""(?:value|data-[a-z-]+|href)="[^"]{20,}"|\d{1,2}:\d\d""")
EVERY_FIFTH = 5
PARTS = 4
"""Of the pages, so that no single test keeps one of the run's processes busy when the others are done."""


@pytest.mark.parametrize("part", range(PARTS))
def test_every_page_once_in_modes_that_take_turns(still_server: Live, eyes: Eyes, every: EveryPage, part: int) -> None:
    turns = list(spread(*every.places))[part::PARTS]
    seen = [(mode, language, visit) for mode, language, place in turns if (visit := every.first_visit(place))]
    unseen = [place.endpoint for _mode, _language, place in turns if not every.is_seen(place.endpoint)]
    assert unseen == [], "nobody sees these pages"
    found = [
        wrong
        for mode, language, (person, path) in seen
        if (wrong := wrong_with(still_server, eyes, every, mode, language, person, path))
    ]
    assert not found, "\n".join(found)


def test_pages_have_room_for_the_longest_words(
    still_server: Live, eyes: Eyes, every: EveryPage, tmp_path: Path
) -> None:
    # Those that have the least room, in words as long as there are any.
    visits = [visit for place in every.places[::EVERY_FIFTH] if (visit := every.first_visit(place))]
    found = longest(still_server, eyes, every, visits, tmp_path)
    assert not found, "\n".join(found)


@pytest.mark.accept
@pytest.mark.parametrize("key", MODES)
def test_every_page_for_everybody(still_server: Live, eyes: Eyes, every: EveryPage, key: str) -> None:
    mode, found, known = MODES[key], list[str | None](), set[tuple[str, str]]()
    for person in PEOPLE:
        for number, place in enumerate(every.places):
            language = mode.languages[number % len(mode.languages)]
            for path in place.main_paths:
                text = every.page(person, language, path)
                # What several people see alike is looked at once.
                seen = (place.endpoint, digest(text)) if text else None
                if seen and seen not in known:
                    known.add(seen)
                    found += [wrong_with(still_server, eyes, every, mode, language, person, path)]
    print(f"{len(known)} states in the mode {key}")
    wrong = [one for one in found if one]
    assert not wrong, "\n".join(wrong)


@pytest.mark.accept
def test_every_page_has_room_for_the_longest_words(
    still_server: Live, eyes: Eyes, every: EveryPage, tmp_path: Path
) -> None:
    visits = [visit for place in every.places if (visit := every.first_visit(place))]
    found = longest(still_server, eyes, every, visits, tmp_path)
    assert not found, "\n".join(found)


def longest(live: Live, eyes: Eyes, every: EveryPage, visits: list[tuple[str, str]], folder: Path) -> list[str]:
    """Look at pages of 320 pixels in the longest wording of everything, and return where there is no room for it."""
    write_longest(folder / "longest")
    found = []
    with served(live, CATALOGUES=str(folder / "longest")) as url:
        for person, path in visits:
            with eyes.seeing(MODES["narrow"], every.cookies.get(person), url) as page, quiet_console(page):
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


def wrong_with(
    live: Live, eyes: Eyes, every: EveryPage, mode: Mode, language: str, person: str, path: str
) -> str | None:
    """Look at a page and return what is wrong with it."""
    try:
        with eyes.seeing(mode, every.cookies.get(person), live.url) as page, quiet_console(page):
            page.goto(f"{live.url}/{language}/{path}")
            look_everywhere(page, mode=mode.key, person=person)
    except (AssertionError, Error) as error:
        return f"{path} for {person or 'anybody'} in {language}, {mode.key}: {error}"
    return None


def digest(text: str) -> str:
    """Return a number for what a page says in its main part."""
    main = text.partition("<main")[2].partition("</main>")[0]
    return hashlib.sha256(CHANGING.sub("", main).encode()).hexdigest()
