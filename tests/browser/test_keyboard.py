"""Keyboard alone, as a resident: everything can be reached, the focus is drawn, and nothing has to be hit exactly."""

from io import BytesIO
from typing import Any

import pytest
from PIL import Image, ImageChops
from playwright.sync_api import Browser, Page, expect

from participation.demo.accounts import DEMO_PASSWORD
from tests.hands import Keyboard
from tests.live import Live, quiet_console
from tests.modes import MODES, seen_in
from tests.states import SLUG

pytestmark = pytest.mark.browser
RING = 6
"""Pixels around an element that belong to the line drawn around it."""
LEAST_SHARE = 0.5
"""Of the pixels that a line of two pixels around the element would have."""
LEAST_TARGET = 24
# Every target that is not a link inside of a sentence; a label counts for its field, and so does free room around it.
SMALL = """(least) => {
  const small = [];
  const seen = (one) => one.checkVisibility({ visibilityProperty: true, opacityProperty: true });
  const all = 'a[href], button, input:not([type=hidden]), select, textarea, summary';
  const targets = [...document.querySelectorAll(all)].filter(seen);
  const boxes = targets.map((one) => one.getBoundingClientRect());
  const isInText = (one) => one.matches('a') && getComputedStyle(one).display === 'inline'
    && one.closest('p, li, dd, td, th, figcaption, h2, h3');
  targets.forEach((one, at) => {
    const box = boxes[at];
    if (box.width >= least && box.height >= least || box.width <= 1 || box.height <= 1 || isInText(one)) return;
    const label = one.labels?.[0]?.getBoundingClientRect();
    if (label && label.height >= least) return;
    const x = box.left + box.width / 2, y = box.top + box.height / 2, half = least / 2;
    const near = boxes.some((other, number) => {
      const target = targets[number];
      if (number === at || target.contains(one) || one.contains(target) || other.width <= 1) return false;
      return other.left < x + half && other.right > x - half && other.top < y + half && other.bottom > y - half;
    });
    if (near) small.push(`${Math.round(box.width)}x${Math.round(box.height)} ${one.outerHTML.slice(0, 120)}`);
  });
  return small;
}"""
# Nothing comes before its turn: the order of the tabulator is that of the page.
ORDER = "[...document.querySelectorAll('[tabindex]')].filter((one) => one.tabIndex > 0).map((one) => one.outerHTML)"
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
        hands.to(page.get_by_label("E-mail address"))
        hands.type("resident@example.org")
        hands.to(page.get_by_label("Password").first)
        hands.type(DEMO_PASSWORD)
        hands.open()
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
            found += [f"{language}/{path}: {one} is too small to hit" for one in page.evaluate(SMALL, LEAST_TARGET)]
            found += [f"{language}/{path}: {one} jumps the queue of the tabulator" for one in page.evaluate(ORDER)]
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
