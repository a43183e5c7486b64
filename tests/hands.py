"""A person who has nothing but a keyboard: every key is counted, and the focus has to stay where it can be seen."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Locator, Page, expect

MOST_TABS = 400
# A line has to be drawn around what has the focus: on itself, on all of its link's area, or on what it lies in.
SEEN = """() => {
  const here = document.activeElement;
  const line = (style) => style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0;
  let around = [here, here.nextElementSibling].filter(Boolean);
  for (let one = here.parentElement, up = 0; one && up < 4; one = one.parentElement, up += 1) around.push(one);
  const box = here.getBoundingClientRect();
  const inside = box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth;
  const drawn = around.some((one) => line(getComputedStyle(one))) || line(getComputedStyle(here, "::after"));
  return { inside, drawn, main: here.id === "main", what: here.outerHTML.slice(0, 160) };
}"""

# From where the next Tab starts: what has the focus, or what the address points at.
IS_BEHIND = """one => {
  const here = document.activeElement === document.body ? document.querySelector(":target") : document.activeElement;
  return Boolean(here && one.compareDocumentPosition(here) & Node.DOCUMENT_POSITION_FOLLOWING);
}"""


class Keyboard:
    """One page and the keys that were pressed on it, counted by the step that was going on; typed text is not."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.pressed: Counter[str] = Counter()
        self._step = ""

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Count what is pressed within under this name."""
        self._step = name
        yield
        self._step = ""

    def press(self, *keys: str) -> None:
        """Press keys one after the other; on the page where it was, the focus must not get lost."""
        for key in keys:
            before = self._document()
            self.page.keyboard.press(key)
            self.pressed[self._step] += 1
            if self._document() == before:
                self.check_focus()

    def type(self, text: str) -> None:
        """Type into the field that has the focus."""
        assert self.page.evaluate("document.activeElement.matches('input, textarea')"), "nothing to type into"
        self.page.keyboard.type(text)

    def open(self, key: str = "Enter") -> None:
        """Press a key that leads to another page, and wait for it."""
        with self.page.expect_navigation():
            self.page.keyboard.press(key)
        self.pressed[self._step] += 1

    def to(self, target: Locator) -> None:
        """Press Tab, or Shift+Tab where that is the way, until the target has the focus; raise if it never has."""
        expect(target).to_be_attached()
        wanted = target.element_handle()
        key = "Shift+Tab" if wanted.evaluate(IS_BEHIND) else "Tab"
        for _ in range(MOST_TABS):
            if wanted.evaluate("one => one === document.activeElement"):
                return
            self.press(key)
        raise AssertionError(f"{target} cannot be reached with {key} on {self.page.url}")

    def into(self) -> None:
        """Jump over the head of a page that has just been opened, unless its address points further down."""
        if self.page.evaluate("document.querySelector(':target') !== null"):
            return
        self.press("Tab")
        expect(self.page.get_by_role("link", name="Skip to content")).to_be_focused()
        self.press("Enter")

    def follow(self, name: str, *, exact: bool = False) -> None:
        """Go to the first link with this name and open it."""
        self.to(self.page.get_by_role("link", name=name, exact=exact).first)
        self.open()

    def submit(self, name: str, *, exact: bool = False) -> None:
        """Go to the button with this name and press it, which leads to another page."""
        self.to(self.page.get_by_role("button", name=name, exact=exact).first)
        self.open()

    def fill(self, label: str, text: str) -> None:
        """Go to the field with this label and type."""
        self.to(self.page.get_by_label(label).first)
        self.type(text)

    def tick(self, name: str) -> None:
        """Go to the box with this name and tick it."""
        box = self.page.get_by_role("checkbox", name=name).first
        self.to(box)
        self.press("Space")
        expect(box).to_be_checked()

    def check_focus(self) -> None:
        """Raise ``AssertionError`` unless something has the focus, lies in the window and is marked."""
        assert not self.page.evaluate("document.activeElement === document.body"), f"focus lost on {self.page.url}"
        seen = self.page.evaluate(SEEN)
        if seen["main"]:
            return
        assert seen["inside"], f"the focus is out of sight on {self.page.url}: {seen['what']}"
        assert seen["drawn"], f"the focus is not marked on {self.page.url}: {seen['what']}"

    def _document(self) -> float:
        return float(self.page.evaluate("performance.timeOrigin"))
