"""The board in a real browser: filing by keyboard alone, by dragging, and two people at one board."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select

from participation.accounts.actor import Role
from participation.accounts.passwords import hash_password
from participation.accounts.service import create_account
from participation.curation.models import Filing
from participation.kit import clock
from participation.processes.models import RoleGrant
from tests import make
from tests.live import Live, check_accessibility, quiet_console

pytestmark = pytest.mark.browser
PASSWORD = "three calm otters"
TITLES = ("Bike path", "Bus lane", "Library", "Night bus", "Open data", "Playground")


@dataclass(frozen=True)
class Scene:
    """A board with six unfiled ideas, the latest first, and two themes."""

    live: Live
    url: str
    ideas: dict[str, int]
    travel: int
    culture: int

    def mains(self) -> dict[str, int]:
        """Return the main theme of each idea that has one."""
        named = {idea_id: title for title, idea_id in self.ideas.items()}
        with self.live.session() as session:
            rows = session.scalars(select(Filing).where(Filing.ended_at.is_(None), Filing.is_main))
            return {named[row.idea_id]: row.cluster_id for row in rows}


@pytest.fixture
def scene(live: Live) -> Scene:
    now = clock.now()
    with live.session() as session:
        place = make.process(session)
        ideas = {title: make.idea(session, place, title=title, language="en", at=now) for title in reversed(TITLES)}
        travel, culture = make.cluster(session, place, title="Travel"), make.cluster(session, place, title="Culture")
        hashed = hash_password(PASSWORD)
        for name in ("one", "two"):
            account = create_account(session, email=f"{name}@example.org", language="en", now=now, password_hash=hashed)
            role = RoleGrant(account_id=account.id, role=Role.MODERATOR, process_id=place.id, granted_at=now)
            session.add(role)
        return Scene(live, f"{live.url}/en/desk/processes/{place.slug}/board", ideas, travel, culture)


@contextmanager
def at_the_board(browser: Browser, scene: Scene, name: str) -> Iterator[Page]:
    """Yield a page with the board, in a context of somebody's own."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    with quiet_console(page):
        page.goto(f"{scene.live.url}/en/sign-in")
        page.get_by_label("E-mail address").fill(f"{name}@example.org")
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("main").get_by_role("button", name="Sign in").click()
        expect(page).not_to_have_url(re.compile("/sign-in"))
        page.goto(scene.url)
        yield page
    context.close()


def unfiled(page: Page) -> list[str]:
    """Return the titles among the unfiled."""
    return page.locator("#rest .board-card__title").all_text_contents()


def press(page: Page, *keys: str) -> None:
    """Press keys one after the other."""
    for one in keys:
        page.keyboard.press(one)


def test_everything_is_filed_by_keyboard_alone(browser: Browser, scene: Scene) -> None:
    with at_the_board(browser, scene, "one") as page:
        assert unfiled(page) == list(TITLES)
        page.keyboard.press("f")
        expect(page.locator("#board-picker")).not_to_be_visible()
        # From the switch of the keys into the first card, then three at once.
        page.locator("#board").focus()
        press(page, "?")
        page.get_by_role("button", name="Work by keyboard").press("Enter")
        expect(page.get_by_role("link", name="Bike path")).to_be_focused()
        press(page, "Shift+ArrowDown", "j", "j", "x", "f")
        expect(page.get_by_role("combobox", name="Name of the theme")).to_be_focused()
        page.keyboard.type("trav")
        expect(page.locator("#board-picker [role=option]")).to_have_text(["Travel (en)"])
        check_accessibility(page)
        page.keyboard.press("Enter")
        expect(page.locator(f"#cluster-{scene.travel} [data-count]")).to_have_text("3")
        assert unfiled(page) == ["Library", "Open data", "Playground"]
        expect(page.get_by_role("link", name="Open data")).to_be_focused()
        expect(page.locator("#announcements")).to_contain_text("3 ideas are filed under “Travel (en)”. 3 not filed yet")
        # The same theme again, another one, and back.
        press(page, "k", ".")
        expect(page.locator(f"#cluster-{scene.travel} [data-count]")).to_have_text("4")
        expect(page.get_by_role("link", name="Open data")).to_be_focused()
        press(page, "u")
        expect(page.locator(f"#cluster-{scene.travel} [data-count]")).to_have_text("3")
        expect(page.get_by_role("link", name="Open data")).to_be_focused()
        assert unfiled(page) == ["Library", "Open data", "Playground"]
        # Into the columns: it touches a second theme, which becomes its main one.
        press(page, "l", "t")
        page.keyboard.type("cul")
        page.keyboard.press("Enter")
        expect(page.locator(f"#cluster-{scene.culture} .board-card--touches")).to_have_count(1)
        press(page, "ArrowRight", "m")
        expect(page.locator(f"#cluster-{scene.travel} .board-card--touches")).to_have_count(1)
        expect(page.locator(f"#cluster-{scene.culture} .board-card__title")).to_be_focused()
        press(page, "-")
        expect(page.locator("[data-columns] > [data-column]").first).to_have_id(f"cluster-{scene.culture}")
        expect(page.locator(f"#cluster-{scene.culture}-title a")).to_be_focused()
        press(page, "j", "r")
        expect(page.locator(f"#cluster-{scene.culture} [data-count]")).to_have_text("0")
        expect(page.locator("#rest .board-card__title").first).to_have_text("Bike path")
        assert scene.mains() == {"Bus lane": scene.travel, "Night bus": scene.travel}
        # Keys are off when somebody says so.
        page.get_by_text("Keys", exact=False).first.click()
        page.get_by_label("Use these keys while the board has the focus").uncheck()
        page.locator("#rest .board-card__title").first.focus()
        press(page, "x")
        expect(page.locator("#rest [name=ideas]").first).not_to_be_checked()


def test_ideas_are_dragged_and_chosen_by_mouse(browser: Browser, scene: Scene) -> None:
    with at_the_board(browser, scene, "one") as page:
        boxes = page.locator("#rest [name=ideas]")
        boxes.nth(1).click()
        boxes.nth(3).click(modifiers=["Shift"])
        expect(page.locator("[data-chosen]")).to_have_text("3 chosen")
        page.locator("#rest .board-card__title").nth(2).hover()
        page.mouse.down()
        page.locator(f"#cluster-{scene.culture}").hover()
        page.mouse.move(5, 5)
        page.keyboard.press("Escape")
        page.mouse.up()
        assert scene.mains() == {}
        page.locator("#rest .board-card__title").nth(2).hover()
        page.mouse.down()
        page.locator(f"#cluster-{scene.culture}-title").hover()
        expect(page.locator(f"#cluster-{scene.culture}")).to_have_attribute("data-over", "")
        page.mouse.up()
        expect(page.locator(f"#cluster-{scene.culture} [data-count]")).to_have_text("3")
        assert page.url == scene.url
        assert scene.mains() == dict.fromkeys(TITLES[1:4], scene.culture)
        # Back among the unfiled ones.
        page.locator(f"#cluster-{scene.culture} .board-card__title").first.hover()
        page.mouse.down()
        page.locator("#unfiled").hover()
        page.mouse.up()
        expect(page.locator(f"#cluster-{scene.culture} [data-count]")).to_have_text("2")
        expect(page.locator("#rest [data-card]")).to_have_count(4)


def test_two_people_at_one_board(browser: Browser, scene: Scene) -> None:
    with at_the_board(browser, scene, "one") as mine, at_the_board(browser, scene, "two") as theirs:
        for title in TITLES[:2]:
            mine.locator(f'[data-idea="{scene.ideas[title]}"] [name=ideas]').check()
        theirs.locator(f'[data-idea="{scene.ideas["Bike path"]}"] [name=ideas]').check()
        theirs.locator(f"#cluster-{scene.culture} [data-into]").click()
        expect(theirs.locator(f"#cluster-{scene.culture} [data-count]")).to_have_text("1")
        expect(theirs.locator(f"#cluster-{scene.culture}-title a")).to_be_focused()
        mine.locator(f"#cluster-{scene.travel} [data-into]").click()
        dialog = mine.get_by_role("dialog")
        expect(dialog).to_contain_text("two@example.org")
        expect(dialog.get_by_role("heading", level=2)).to_be_focused()
        check_accessibility(mine)
        assert scene.mains() == {"Bike path": scene.culture}
        dialog.get_by_role("button", name="Do that").click()
        expect(mine.locator(f"#cluster-{scene.travel} [data-count]")).to_have_text("1")
        assert scene.mains() == {"Bike path": scene.culture, "Bus lane": scene.travel}
        # What the colleague did is told, and nothing moves until it is asked for.
        expect(mine.locator("[data-news]")).to_contain_text("two@example.org")
        expect(mine.locator(f"#cluster-{scene.culture} [data-count]")).to_have_text("0")
        mine.get_by_role("link", name="Show", exact=True).click()
        expect(mine.locator(f"#cluster-{scene.culture} [data-count]")).to_have_text("1")
        assert unfiled(mine) == list(TITLES[2:])
