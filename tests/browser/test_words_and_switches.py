"""The language switch and explained words in a real browser, with and without scripts, by keyboard and pointer."""

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.live import Live, check_accessibility, quiet_console

pytestmark = pytest.mark.browser


def choose(page: Page, language: str) -> None:
    """Open the languages and choose one by its code."""
    page.locator(".language-switch__toggle").click()
    page.locator(f"#site-languages a[hreflang={language}]").click()


def test_what_was_typed_stays_in_another_language(live: Live, browser: Browser) -> None:
    page = browser.new_context(viewport={"width": 320, "height": 900}).new_page()
    with quiet_console(page):
        page.goto(f"{live.url}/de/sign-up")
        page.locator("[name=email]").fill("ada@example.org")
        page.locator("[name=password]").fill("three calm otters")
        page.locator("[name=agrees]").check()
        page.locator(".language-switch__toggle").click()
        expect(page.locator("#site-languages")).to_be_visible()
        check_accessibility(page)
        page.locator("#site-languages a[hreflang=ar]").click()
        page.wait_for_url("**/ar/sign-up")
        expect(page.locator("html")).to_have_attribute("dir", "rtl")
        expect(page.locator("[name=email]")).to_have_value("ada@example.org")
        expect(page.locator("[name=agrees]")).to_be_checked()
        expect(page.locator("[name=password]")).to_have_value("")
        kept = page.locator(".language-switch").get_attribute("data-kept") or ""
        expect(page.locator("#announcements")).to_have_text(kept)
        assert page.evaluate("sessionStorage.length") == 0, "it goes once it was given back"
        page.locator(".language-switch__simple a").click()
        page.wait_for_url("**/de-simple/sign-up")
        expect(page.locator("[name=email]")).to_have_value("ada@example.org")
        page.reload()
        expect(page.locator("[name=email]")).to_have_value("")
        page.goto(live.url)
        page.wait_for_url("**/de-simple/")


def test_words_are_explained_by_keyboard(live: Live, browser: Browser) -> None:
    page = browser.new_context(viewport={"width": 1280, "height": 900}, color_scheme="dark").new_page()
    with quiet_console(page):
        page.goto(f"{live.url}/de/how-it-works")
        word = page.locator("main .word").first
        note = page.locator(f"[id={word.get_attribute('popovertarget')}]")
        expect(note).to_be_hidden()
        word.focus()
        page.keyboard.press("Enter")
        expect(note).to_be_visible()
        check_accessibility(page)
        page.keyboard.press("Tab")
        expect(note.locator("a")).to_be_focused()
        page.keyboard.press("Escape")
        expect(note).to_be_hidden()
        expect(word).to_be_focused()
        page.keyboard.press("Enter")
        note.locator("a").click()
        page.wait_for_url("**/de/words#*")


def test_all_of_it_works_without_scripts(live: Live, browser: Browser) -> None:
    page = browser.new_context(viewport={"width": 320, "height": 900}, java_script_enabled=False).new_page()
    page.goto(f"{live.url}/de/how-it-works")
    choose(page, "en")
    page.wait_for_url("**/en/how-it-works")
    word = page.locator("main .word").first
    word.click()
    note = page.locator(f"[id={word.get_attribute('popovertarget')}]")
    expect(note).to_be_visible()
    note.locator("button").click()
    expect(note).to_be_hidden()
    page.goto(live.url)
    page.wait_for_url("**/en/")
