"""Proposing in a real browser: with and without scripts, in two writing directions, and with the keyboard alone."""

import re
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select

from participation.demo.accounts import DEMO_PASSWORD
from participation.ideas.models import Idea
from participation.proposing.models import Draft
from tests.live import Live, check_accessibility, quiet_console

pytestmark = pytest.mark.browser
SLUG = "digital-strategy"
DIRECTIONS = {"de": "ltr", "ar": "rtl"}
TEXTS = {
    "de": (
        "Ein ruhiger Raum mit WLAN für Hausaufgaben im Jugendzentrum",
        "Zu Hause ist es laut.\n\nEin Raum mit Rechnern hilft. Frau Muster, Musterstraße 12, weiß mehr.",
    ),
    "ar": (
        "غرفة هادئة مع إنترنت لحل الواجبات المدرسية في كل مكتبة",
        "البيت مزدحم ولا يوجد مكان هادئ للدراسة.\n\nغرفة فيها حواسيب تساعد كثيرًا. يقول السيد مثال ذلك أيضًا.",
    ),
}
WITH_SCRIPTS: dict[str, Any] = {"viewport": {"width": 320, "height": 720}}
WITHOUT_SCRIPTS: dict[str, Any] = {"java_script_enabled": False}


def sign_in(page: Page, live: Live, *, then: str) -> None:
    """Sign in as the demo's resident and land on the page ``then``."""
    page.goto(live.url + then)
    page.locator("main a[href*='/sign-in']").click()
    page.locator("[name=email]").fill("resident@example.org")
    page.locator("[name=password]").fill(DEMO_PASSWORD)
    page.locator("main form button[type=submit]").click()
    expect(page).to_have_url(live.url + then)


def drafts(demo: Live, title: str) -> list[str]:
    """Return the texts of the drafts with this title; the demo brings others along."""
    with demo.session() as session:
        return [text.replace("\r\n", "\n") for text in session.scalars(select(Draft.text).where(Draft.title == title))]


def look(page: Page, *, scripts: bool) -> None:
    """Raise unless nothing scrolls sideways and, where scripts run, the page is accessible."""
    expect(page.locator("h1")).to_have_count(1)
    if scripts:
        check_accessibility(page)
        widths = page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
        assert widths[0] <= widths[1], f"{page.url} scrolls sideways: {widths}"


def go_on(page: Page, form: str) -> None:
    """Press the button that leads to the next step."""
    page.locator(f"#{form} button.kern-btn--primary").click()


def at(page: Page, step: str) -> None:
    """Raise unless the page is that step of a draft, and the indicator says so."""
    expect(page).to_have_url(re.compile(rf"/drafts/[\w-]+/{step}$"))
    expect(page.locator(".step-list [aria-current=step]")).to_have_count(1)


@pytest.mark.parametrize("options", [WITH_SCRIPTS, WITHOUT_SCRIPTS], ids=["320 px", "no script"])
@pytest.mark.parametrize("language", DIRECTIONS)
def test_the_whole_way(demo: Live, browser: Browser, language: str, options: dict[str, Any]) -> None:
    title, text = TEXTS[language]
    start = f"/{language}/processes/{SLUG}/ideas/new"
    scripts = options is WITH_SCRIPTS
    context = browser.new_context(**options)
    page = context.new_page()
    with quiet_console(page):
        page.goto(demo.url + start)
        expect(page.locator("html")).to_have_attribute("dir", DIRECTIONS[language])
        look(page, scripts=scripts)
        sign_in(page, demo, then=start)
        look(page, scripts=scripts)

        page.locator("[name=title]").fill("?")
        page.locator("[name=text]").fill(text)
        go_on(page, "text-form")
        expect(page.locator(".error-summary a")).to_have_attribute("href", "#title")
        look(page, scripts=scripts)
        expect(page.locator("[name=text]")).to_have_value(text)
        page.locator("[name=title]").fill(title)
        go_on(page, "text-form")

        at(page, "principles")
        look(page, scripts=scripts)
        go_on(page, "principles-form")
        expect(page.locator(".error-summary a")).to_have_attribute("href", "#principles-0")
        look(page, scripts=scripts)
        page.locator("#principles-2").check()
        page.locator("label[for=principles-5]").click()
        go_on(page, "principles-form")

        at(page, "details")
        look(page, scripts=scripts)
        page.locator("[name=district]").select_option(index=1)
        page.locator("[name=beneficiaries]").first.check()
        go_on(page, "details-form")

        if page.url.endswith("/similar"):
            look(page, scripts=scripts)
            page.locator(".form__actions .kern-btn--primary").click()
        at(page, "preview")
        look(page, scripts=scripts)
        expect(page.locator(".idea-preview__title")).to_have_text(title)
        expect(page.locator(".idea-preview__title")).to_have_attribute("lang", language)
        expect(page.locator(".idea-preview .principle-tag")).to_have_count(2)
        expect(page.locator(".hints__place").first).to_be_visible()
        page.go_back()
        page.go_forward()
        go_on(page, "submit-form")
        expect(page.locator("h1")).to_have_text(title)
        look(page, scripts=scripts)
    context.close()
    with demo.session() as session:
        assert session.scalars(select(Idea.language).where(Idea.title == title)).all() == [language]
    assert drafts(demo, title) == []


def tab_to(page: Page, selector: str, *, most: int = 120) -> None:
    """Press the tabulator until the element has the focus, and raise unless that is to be seen."""
    for _ in range(most):
        page.keyboard.press("Tab")
        if page.evaluate("(selector) => document.activeElement.matches(selector)", selector):
            shown = page.evaluate(
                "() => { const one = document.activeElement, card = one.closest('.choice-card') ?? one;"
                "return [one, card].some((each) => getComputedStyle(each).outlineStyle !== 'none') }"
            )
            assert shown, f"{selector} has the focus, but nobody sees it"
            return
    raise AssertionError(f"{selector} cannot be reached with the keyboard on {page.url}")


def test_with_the_keyboard_alone(demo: Live, page: Page) -> None:
    title, text = TEXTS["de"]
    sign_in(page, demo, then=f"/de/processes/{SLUG}/ideas/new")
    tab_to(page, "[name=title]")
    page.keyboard.type("kurz")
    page.keyboard.press("Enter")
    # The list of errors has the focus, and its link leads into the field.
    expect(page.locator(".error-summary")).to_be_focused()
    tab_to(page, ".error-summary a")
    page.keyboard.press("Enter")
    expect(page.locator("[name=title]")).to_be_focused()
    page.keyboard.press("Control+A")
    page.keyboard.type(title)
    tab_to(page, "[name=text]")
    page.keyboard.type(text)
    tab_to(page, "#text-form button.kern-btn--primary")
    page.keyboard.press("Enter")
    at(page, "principles")
    tab_to(page, "#principles-2")
    page.keyboard.press("Space")
    tab_to(page, "#principles-form button.kern-btn--primary")
    page.keyboard.press("Enter")
    at(page, "details")
    tab_to(page, "#details-form button.kern-btn--primary")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/(similar|preview)$"))
    if page.url.endswith("/similar"):
        tab_to(page, ".form__actions .kern-btn--primary")
        page.keyboard.press("Enter")
    at(page, "preview")
    tab_to(page, "#submit-form button")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text(title)


def test_what_is_written_is_kept_by_itself(demo: Live, page: Page) -> None:
    title, text = TEXTS["de"]
    sign_in(page, demo, then=f"/de/processes/{SLUG}/ideas/new")
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.url) if "autosave" in request.url else None)
    page.locator("[name=title]").fill(title)
    page.locator("[name=text]").press_sequentially(text, delay=20)
    status = page.locator("[data-autosave-status]")
    expect(status).not_to_be_empty(timeout=15_000)
    expect(status).to_have_attribute("role", "status")
    assert len(sent) == 1
    check_accessibility(page)
    at(page, "text")
    page.reload()
    expect(page.locator("[name=title]")).to_have_value(title)
    expect(page.locator("[name=text]")).to_have_value(text)
    # The button goes on with the same draft.
    go_on(page, "text-form")
    at(page, "principles")
    assert drafts(demo, title) == [text]


def test_a_lost_network_loses_nothing(demo: Live, browser: Browser) -> None:
    title, text = TEXTS["de"]
    context = browser.new_context()
    page = context.new_page()
    sign_in(page, demo, then=f"/de/processes/{SLUG}/ideas/new")
    context.set_offline(True)
    page.locator("[name=title]").fill(title)
    page.locator("[name=text]").fill(text)
    status = page.locator("[data-autosave-status]")
    failed = page.locator("#text-form").get_attribute("data-autosave-failed") or "-"
    expect(status).to_have_text(failed, timeout=15_000)
    go_on(page, "text-form")
    # The button leads to no error page, from which the way back would be an empty form.
    expect(page.locator(".no-network")).to_be_visible()
    check_accessibility(page)
    expect(page.locator("[name=text]")).to_have_value(text)
    assert drafts(demo, title) == []
    # Nothing need be typed or pressed: it is sent again as soon as there is a network.
    context.set_offline(False)
    expect(page.locator(".no-network")).to_be_empty()
    expect(status).not_to_have_text(failed, timeout=15_000)
    at(page, "text")
    assert drafts(demo, title) == [text]
    go_on(page, "text-form")
    at(page, "principles")
    context.close()


def test_two_windows_lose_nothing(demo: Live, page: Page) -> None:
    title, text = TEXTS["de"]
    sign_in(page, demo, then=f"/de/processes/{SLUG}/ideas/new")
    page.locator("[name=title]").fill(title)
    page.locator("[name=text]").fill(text)
    go_on(page, "text-form")
    at(page, "principles")
    address = page.url.replace("/principles", "/text")
    page.goto(address)
    other = page.context.new_page()
    other.goto(address)
    other.locator("[name=text]").fill(f"{text} Aus dem anderen Fenster.")
    go_on(other, "text-form")
    at(other, "principles")
    other.close()
    page.locator("[name=text]").fill(f"{text} Aus diesem Fenster.")
    status = page.locator("[data-autosave-status]")
    expect(status).not_to_be_empty(timeout=15_000)
    go_on(page, "text-form")
    expect(page.locator("#elsewhere")).to_be_visible()
    expect(page.locator(".form__kept")).to_contain_text("Aus dem anderen Fenster.")
    expect(page.locator("[name=text]")).to_have_value(f"{text} Aus diesem Fenster.")
    check_accessibility(page)
    go_on(page, "text-form")
    at(page, "principles")
    assert [kept.endswith("Aus diesem Fenster.") for kept in drafts(demo, title)] == [True]
