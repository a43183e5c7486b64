"""Keyboard alone: everything can be reached, the focus is drawn, and nothing has to be hit exactly."""

import re
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageChops
from playwright.sync_api import Browser, Page, expect

from participation.demo.accounts import DEMO_PASSWORD
from tests import states
from tests.barriers import LEAST_TARGET, PROBLEMS
from tests.hands import Keyboard
from tests.live import Live, quiet_console
from tests.modes import MODES, seen_in
from tests.states import SLUG

pytestmark = pytest.mark.browser
RING = 6
"""Pixels around an element that belong to the line drawn around it."""
LEAST_SHARE = 0.5
"""Of the pixels that a line of two pixels around the element would have."""
MOVING = """() => document.getAnimations()
  .filter((one) => one.playState === 'running' && one.effect.getComputedTiming().duration > 1)
  .map((one) => one.effect.target?.className ?? '')"""


def test_a_resident_takes_part_by_keyboard_alone(demo: Live, browser: Browser) -> None:
    with seen_in(browser, MODES["light"], viewport={"width": 1280, "height": 900}) as page, quiet_console(page):
        hands = Keyboard(page)
        page.goto(f"{demo.url}/en/processes/{SLUG}/ideas")
        hands.into()
        hands.to(page.locator(".filter-bar__summary"))
        hands.press("Enter")
        hands.to(page.get_by_label("Search").first)
        hands.type("WLAN")
        hands.open()
        hands.to(page.locator("main article a").first)
        hands.open()
        hands.into()
        hands.follow("Vote on this idea")
        sign_in(hands, "resident")
        vote = page.locator(".vote-buttons button[value=agree]")
        hands.to(vote)
        hands.open("Space")
        expect(page.locator(".vote-buttons button[value=agree]")).to_have_attribute("aria-pressed", "true")
        hands.to(page.get_by_label("Your comment"))
        hands.type("With warm light, please.")
        hands.to(page.locator("#comment-form .kern-btn--primary"))
        hands.open()
        expect(page.get_by_text("With warm light, please.")).to_be_visible()
        # The language in place: opened, walked through, closed with the focus back where it was.
        toggle = page.locator("[popovertarget=site-languages]")
        hands.to(toggle)
        hands.press("Enter")
        expect(page.locator("#site-languages")).to_be_visible()
        hands.press("Tab", "Tab", "Escape")
        expect(page.locator("#site-languages")).not_to_be_visible()
        expect(toggle).to_be_focused()
        print(f"{sum(hands.pressed.values())} keys")


def test_staff_import_and_quote_by_keyboard_alone(demo: Live, browser: Browser, tmp_path: Path) -> None:
    table = tmp_path / "wishes.csv"
    table.write_text("Nr;Was;Wunsch\n1;Radweg;Am Wall fehlt ein Radweg.\n2;Bank;Am Fluss fehlt eine Bank.\n", "utf-8")
    with demo.session() as session:
        made = states.made(session)
    desk, way = f"{demo.url}/en/desk/processes/{SLUG}", f"{demo.url}/en/desk/processes/{made.way.place.slug}"
    with seen_in(browser, MODES["light"], viewport={"width": 1280, "height": 900}) as page, quiet_console(page):
        hands = Keyboard(page)
        page.goto(f"{desk}/imports")
        sign_in(hands, "staff")
        send_file(hands, table)
        choose(hands, "Title", "Was")
        hands.to(page.locator("main summary").filter(has_text="Save these columns"))
        hands.press("Enter")
        hands.submit("Save the mapping")
        # What is missing is said first, and leads to where it is written.
        expect(page.locator(".error-summary")).to_be_focused()
        hands.press("Tab", "Enter")
        hands.type("Wishes")
        hands.submit("Save the mapping")
        hands.submit("Try it out")
        expect(page.locator("#run")).to_contain_text("Could be added", timeout=60_000)
        hands.submit("Import", exact=True)
        expect(page.locator("#run")).to_contain_text("What became of it", timeout=60_000)
        # Sentences are quoted without marking or typing anything.
        page.goto(f"{way}/statements/{made.way.statement}/quotes?idea={made.way.ideas[0]}")
        hands.into()
        hands.to(page.locator("main summary").filter(has_text="Choose sentences").first)
        hands.press("Enter")
        sentence = page.get_by_role("checkbox").nth(1)
        hands.to(sentence)
        hands.press("Space")
        hands.submit("Put them into the field")
        expect(page.get_by_label("Words to quote")).to_be_focused()
        expect(page.get_by_label("Words to quote")).not_to_be_empty()
        hands.submit("Add the quote")
        expect(page.locator(".messages .alert--success")).to_contain_text("The quote is added.")
        expect(page.locator("#announcements")).to_contain_text("The quote is added.")


def sign_in(hands: Keyboard, name: str) -> None:
    """Fill in the form that is shown and send it."""
    hands.to(hands.page.get_by_label("E-mail address"))
    hands.type(f"{name}@example.org")
    hands.to(hands.page.get_by_label("Password").first)
    hands.type(DEMO_PASSWORD)
    hands.open()


def send_file(hands: Keyboard, path: Path) -> None:
    """Choose a file in the browser's own dialog, which a key opens, and send it."""
    hands.into()
    hands.to(hands.page.locator("input[type=file]"))
    with hands.page.expect_file_chooser() as chooser:
        hands.press("Enter")
    chooser.value.set_files(path)
    hands.submit("Upload and look")


def choose(hands: Keyboard, label: str, option: str) -> None:
    """Go to a list and choose by the first letters of an entry."""
    chosen = hands.page.get_by_label(label).first
    hands.to(chosen)
    hands.page.keyboard.type(option)
    expect(chosen.locator("option:checked")).to_have_text(re.compile(option))


def test_the_focus_is_drawn_and_targets_are_large_enough(demo: Live, browser: Browser) -> None:
    found: list[str] = []
    process = f"processes/{SLUG}"
    for mode, language, path in (
        ("light", "de", ""),
        ("dark", "en", f"{process}/ideas"),
        ("forced", "fr", "sign-up"),
        ("rtl", "ar", process),
    ):
        with seen_in(browser, MODES[mode]) as page, quiet_console(page):
            page.goto(f"{demo.url}/{language}/{path}")
            found += [f"{language}/{path}: {one}" for one in page.evaluate(PROBLEMS, LEAST_TARGET)]
            found += [f"{language}/{path}: {one}" for one in undrawn(page)]
    assert not found, "\n".join(found)


def undrawn(page: Page, *, most: int = 25) -> list[str]:
    """Return what gets the focus by the tabulator with hardly a pixel around it changing."""
    found = []
    for _ in range(most):
        page.keyboard.press("Tab")
        here: dict[str, Any] | None = page.evaluate(
            """() => {
              const one = document.activeElement;
              if (!one || one === document.body) return null;
              const lines = [...one.getClientRects()].filter((box) => box.width > 1 && box.height > 1);
              if (!lines.length) return null;
              one.scrollIntoView({ block: 'center', behavior: 'instant' });
              // A link that reaches over its whole card has the line around that.
              const card = one.closest('.choice-card') ?? one.closest('.idea-card:has(.idea-card__link:focus)');
              const box = (card ?? one).getBoundingClientRect();
              return { x: box.x, y: box.y, width: box.width, height: box.height, what: one.outerHTML.slice(0, 120) };
            }"""
        )
        if here is None:
            continue
        size = page.viewport_size or {"width": 1280, "height": 720}
        left, top = max(here["x"] - RING, 0), max(here["y"] - RING, 0)
        clip = {
            "x": left,
            "y": top,
            "width": max(min(here["width"] + 2 * RING, size["width"] - left), 1),
            "height": max(min(here["height"] + 2 * RING, size["height"] - top), 1),
        }
        with_focus = page.screenshot(clip=clip, animations="disabled")
        page.evaluate("window.held = document.activeElement; document.activeElement.blur()")
        without = page.screenshot(clip=clip, animations="disabled")
        page.evaluate("window.held.focus({ preventScroll: true })")
        one, other = (Image.open(BytesIO(data)).convert("L") for data in (with_focus, without))
        changed = sum(ImageChops.difference(one, other).point(lambda grey: 255 if grey > 40 else 0).histogram()[255:])
        if changed < LEAST_SHARE * 2 * 2 * (here["width"] + here["height"]):
            found.append(f"{here['what']} hardly shows its focus: {changed} pixels")
    return found


def test_nothing_moves_without_consent(demo: Live, browser: Browser) -> None:
    with seen_in(browser, MODES["light"], reduced_motion="reduce") as page, quiet_console(page):
        for path in ("", f"processes/{SLUG}", f"processes/{SLUG}/ideas", "processes/open-wifi/results"):
            page.goto(f"{demo.url}/en/{path}")
            assert page.evaluate(MOVING) == [], f"{path} moves though it should not"
            assert page.locator("marquee, blink, [autoplay], meta[http-equiv=refresh]").count() == 0
