"""What people do on pages, one thing each, so that pages are looked at after it and not only before."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Page, Request, expect

from tests.live import PATIENCE_SECONDS
from tests.states import SLUG, States

Act = Callable[[Page], None]
# Answers are worked on before the next picture.
DRAWN = "() => new Promise((done) => requestAnimationFrame(() => setTimeout(done)))"
SEND = "main form:has(.kern-btn--primary) .kern-btn--primary"


@dataclass(frozen=True)
class Interaction:
    """What is done, by whom and where (below the language); some need scripts, some a screen of a certain width."""

    name: str
    person: str
    path: str
    act: Act
    scripts: bool = False


def interactions(states: States) -> Iterator[Interaction]:
    """Yield everything that is done, on the demo with its states."""
    yield from _reading(states)
    yield from _taking_part(states)
    yield from _writing(states)
    yield from _working(states)


def _reading(states: States) -> Iterator[Interaction]:
    ideas = f"processes/{SLUG}/ideas"
    yield Interaction("menu opened", "", "", press_if_seen("[popovertarget=site-menu]"))
    yield Interaction("menu opened", "moderator", "desk", press_if_seen("[popovertarget=site-menu]"))
    yield Interaction("languages opened", "", "how-it-works", press("[popovertarget=site-languages]"))
    yield Interaction("languages opened", "resident", "account", press("[popovertarget=site-languages]"))
    yield Interaction("a word explained", "", "functions/vote", press("main [popovertarget^=word-]"))
    yield Interaction("filters opened", "", ideas, press(".filter-bar__summary"))
    yield Interaction("searched for nothing", "", ideas, send("[name=q]", "zzzz", by=".filter-bar .kern-btn"))
    yield Interaction("sorted and explained", "", f"{ideas}?explain=1", press(".filter-bar__send button"))
    yield Interaction("jumped to the content", "", ideas, jump)
    yield Interaction("figures unfolded", "", "processes/open-wifi/results", unfold)
    yield Interaction("figures unfolded", "", f"processes/{SLUG}/results/groups", unfold)
    yield Interaction("sources unfolded", "", "processes/open-wifi/statements/1", unfold)
    yield Interaction("sign-in refused", "", "sign-in", send("[name=email]", "nobody@example.org"))
    yield Interaction("registration refused", "", "sign-up", press(SEND))
    yield Interaction("reset asked for without address", "", "account/reset", press(SEND))
    yield Interaction("no such receipt", "", "receipt", send("[name=code]", "0000"))
    yield Interaction("no such report", "", "notices", send("[name=code]", "0000"))
    yield Interaction("barrier reported without words", "", "barriers/new", press(SEND))
    yield Interaction("reason chosen", "", f"{ideas}/{states.frozen}/notice", press("main [type=radio] >> nth=1"))
    yield Interaction("reported without reason", "", f"{ideas}/{states.frozen}/notice", press(SEND))
    yield Interaction(
        "language changed while writing", "", f"{ideas}/{states.frozen}/notice", change_language, scripts=True
    )


def _taking_part(states: States) -> Iterator[Interaction]:
    process = f"processes/{SLUG}"
    idea, talk = f"{process}/ideas/{states.free}", f"{process}/ideas/{states.talk}"
    yield Interaction("voted", "resident", idea, press(".vote-buttons button[value=agree]"))
    yield Interaction("voted otherwise", "resident", idea, press(".vote-buttons button[value=disagree]"))
    yield Interaction("vote withdrawn", "resident", idea, vote_and_withdraw)
    yield Interaction("voted in a row", "resident", f"{process}/vote", press(".vote-buttons button[value=unsure]"))
    yield Interaction("skipped in a row", "resident", f"{process}/vote", press("[data-skip] button, .vote-row__skip"))
    yield Interaction("keys explained", "resident", f"{process}/vote", unfold)
    yield Interaction("marked as helpful", "resident", talk, press(".helpful"))
    yield Interaction("answered", "resident", talk, press(".comment__actions a[href*='comments/new']"))
    yield Interaction("comment without words", "resident", talk, press("#comment-form .kern-btn--primary"))
    yield Interaction("almost too long", "resident", talk, write("#comment-form [name=text]", "Ja! " * 495))
    yield Interaction("commented", "resident", talk, comment)
    yield Interaction("points given", "resident", f"{process}/priorities", give_points("3"))
    yield Interaction("too many points given", "resident", f"{process}/priorities", give_points("99"))
    yield Interaction("said nothing about oneself", "resident", f"{process}/about-me", press(SEND))
    yield Interaction("no network", "resident", idea, vote_without_network, scripts=True)
    yield Interaction("all read", "resident", "my/inbox", press_if_seen("main form button"))
    yield Interaction("mails chosen", "resident", "my/notifications", press(SEND))
    yield Interaction("name for a process asked for", "resident", f"{process}/my-name", press_if_seen(SEND))


def _writing(states: States) -> Iterator[Interaction]:
    process = f"processes/{SLUG}"
    draft, ideas = f"{process}/drafts/{states.draft}", f"{process}/ideas"
    yield Interaction("idea without title", "resident", f"{ideas}/new", press("#text-form .kern-btn--primary"))
    yield Interaction("kept while writing", "resident", f"{draft}/text", write_and_wait, scripts=True)
    yield Interaction(
        "no principle chosen", "resident", f"{draft}/principles", press("#principles-form .kern-btn--primary")
    )
    yield Interaction("principles chosen", "resident", f"{draft}/principles", press("main [type=checkbox] >> nth=1"))
    yield Interaction("details given", "resident", f"{draft}/details", press("#details-form .kern-btn--primary"))
    yield Interaction("hints unfolded", "resident", f"{draft}/preview", unfold)
    yield Interaction("edited into nothing", "resident", f"{ideas}/{states.free}/edit", send("[name=title]", ""))
    yield Interaction("translation without words", "resident", f"{ideas}/{states.free}/translate?into=tr", press(SEND))
    yield Interaction("addendum without words", "resident", f"{ideas}/{states.frozen}/addenda/new", press(SEND))


def _working(states: States) -> Iterator[Interaction]:
    desk, way = f"desk/processes/{SLUG}", f"desk/processes/{states.way.place.slug}"
    keys, chosen = "board-picker by keyboard", "ideas chosen on the board"
    yield Interaction(chosen, "moderator", f"{desk}/board", press("#rest [name=ideas] >> nth=0"))
    yield Interaction(keys, "moderator", f"{desk}/board", open_picker, scripts=True)
    yield Interaction("an idea being dragged", "moderator", f"{desk}/board", drag, scripts=True)
    yield Interaction(
        "filtered the board", "moderator", f"{desk}/board", press("main details:not([data-menu]) summary")
    )
    yield Interaction("keys explained", "moderator", f"{desk}/board", press("[data-keys-list] summary"), scripts=True)
    yield Interaction("menu of a theme opened", "moderator", f"{desk}/board", press("[data-menu] summary"))
    yield Interaction("about to hide", "moderator", f"{desk}/queue", press_keys("h", shows="#do-h[open]"), scripts=True)
    yield Interaction(
        "about to change", "moderator", f"{desk}/queue", press_keys("c", shows="#do-c[open]"), scripts=True
    )
    yield Interaction("keys explained", "moderator", f"{desk}/queue", press_keys("?", shows="#queue"), scripts=True)
    yield Interaction(
        "several chosen", "moderator", f"{desk}/queue", press_keys("x", shows="[data-chosen]"), scripts=True
    )
    yield Interaction("decided", "moderator", f"{desk}/queue", press_keys("p", shows="[data-undo]"), scripts=True)
    yield Interaction("statement moved", "moderator", f"{way}/statements/order", press("[data-move='1']"), scripts=True)
    yield Interaction("passage marked", "moderator", f"{desk}/ideas/{states.frozen}/redaction", mark, scripts=True)
    yield Interaction("words without words", "moderator", f"{desk}/watched-words", press(SEND))
    yield Interaction("file asked for", "staff", "desk/processes/open-wifi/exports", ask_for_file)
    yield Interaction("import without a file", "staff", f"{desk}/imports", press(SEND))
    yield Interaction("process without a title", "admin", "desk/processes/new", press(SEND))
    yield Interaction("all languages of a text", "admin", f"{desk}/edit", unfold)
    yield Interaction("role for nobody", "admin", "desk/roles", press(SEND))


@contextmanager
def settled(page: Page) -> Iterator[None]:
    """Wait at the end of the block until all that was asked for in it is there, and drawn."""
    open_ones: list[Request] = []

    def asked(request: Request) -> None:
        open_ones.append(request)

    def answered(request: Request) -> None:
        # What was asked for before the block may be answered in it.
        if request in open_ones:
            open_ones.remove(request)

    adding: dict[Any, Any] = {
        "request": asked,
        "requestfinished": answered,
        "requestfailed": answered,
    }
    for event, add in adding.items():
        page.on(event, add)
    yield
    page.wait_for_load_state()
    latest = time.monotonic() + PATIENCE_SECONDS
    while open_ones and time.monotonic() < latest:
        page.evaluate(DRAWN)
    for event, add in adding.items():
        page.remove_listener(event, add)
    page.evaluate(DRAWN)


def press(selector: str) -> Act:
    """Press the first element found."""

    def act(page: Page) -> None:
        with settled(page):
            page.locator(selector).first.click()

    return act


def press_if_seen(selector: str) -> Act:
    """Press the first element found if it is to be seen: wide pages need no button for the menu."""

    def act(page: Page) -> None:
        found = page.locator(selector).locator("visible=true")
        if found.count():
            with settled(page):
                found.first.click()

    return act


def write(selector: str, text: str) -> Act:
    """Write into a field and stay there."""

    def act(page: Page) -> None:
        page.locator(selector).first.fill(text)

    return act


def send(selector: str, text: str, *, by: str = SEND) -> Act:
    """Write into a field and send the form."""

    def act(page: Page) -> None:
        page.locator(f"main {selector}").first.fill(text)
        with settled(page):
            page.locator(by).first.click()

    return act


def press_keys(*keys: str, shows: str) -> Act:
    """Press keys in the queue and wait for what they show."""

    def act(page: Page) -> None:
        page.locator("#queue").focus()
        for key in keys:
            page.keyboard.press(key)
        expect(page.locator(shows).first).to_be_attached()

    return act


def give_points(number: str) -> Act:
    """Give so many points to the first idea and save."""

    def act(page: Page) -> None:
        page.locator(".points-row__input").first.fill(number)
        with settled(page):
            page.locator("#points-form .kern-btn--primary").first.click()

    return act


def unfold(page: Page) -> None:
    """Open all that can be unfolded, as people do: by pressing it."""
    for one in page.locator("main summary").locator("visible=true").all():
        one.click()


def jump(page: Page) -> None:
    """Use the first link of the page."""
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")


def vote_and_withdraw(page: Page) -> None:
    """Vote and take it back."""
    page.locator(".vote-buttons button[value=agree]").click()
    page.locator(".vote-buttons__withdraw").click()
    expect(page.locator(".vote-buttons__withdraw")).to_have_count(0)


def vote_without_network(page: Page) -> None:
    """Vote while there is no network: the page says so and stays."""
    page.context.set_offline(True)
    page.locator(".vote-buttons button[value=agree]").click()
    expect(page.locator(".no-network")).not_to_be_empty()
    page.context.set_offline(False)
    page.evaluate("document.querySelector('.no-network').textContent ||= ' '")


def comment(page: Page) -> None:
    """Send a comment."""
    page.locator("#comment-form [name=text]").fill("Mit warmem Licht, bitte.")
    with settled(page):
        page.locator("#comment-form .kern-btn--primary").click()


def change_language(page: Page) -> None:
    """Write something, and read the page in another language: what was written is still there."""
    page.locator("main textarea").first.fill("Das ist eine Werbung.")
    page.locator("[popovertarget=site-languages]").click()
    page.locator("#site-languages [hreflang=fr]").click()
    expect(page.locator("main textarea").first).to_have_value("Das ist eine Werbung.")


def write_and_wait(page: Page) -> None:
    """Write on until the page says that it kept the text."""
    page.locator("main [name=text]").fill("Ein Raum mit WLAN für alle, die dort lernen.")
    expect(page.locator("[data-autosave-status]")).not_to_be_empty(timeout=15_000)


def open_picker(page: Page) -> None:
    """Ask by keyboard for the theme of an idea."""
    page.locator("#rest .board-card__title").first.focus()
    page.keyboard.press("f")
    expect(page.locator("#board-picker")).to_be_visible()


def drag(page: Page) -> None:
    """Lift an idea and hold it over a theme."""
    page.locator("#rest .board-card__title").first.hover()
    page.mouse.down()
    page.locator("[data-columns] [data-column]").first.hover()


def mark(page: Page) -> None:
    """Mark words of the text and take them over into a field."""
    page.locator("[data-source]").first.evaluate("one => getSelection().selectAllChildren(one)")
    page.locator("button[name=mark]").click()
    expect(page.locator("#announcements")).not_to_be_empty()


def ask_for_file(page: Page) -> None:
    """Ask for a workbook and look while it is waited for."""
    page.locator("main [type=radio]").first.check()
    with settled(page):
        page.locator(SEND).first.click()
