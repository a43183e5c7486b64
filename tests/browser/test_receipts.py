"""Receipts in a real browser: accessible in every mode, nothing sideways, and printed on one sheet."""

from io import BytesIO
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect
from pypdf import PdfReader
from sqlalchemy import select

from participation.demo.accounts import DEMO_PASSWORD
from participation.ideas.models import Idea, IdeaState
from participation.processes.models import Process
from participation.receipts.models import Receipt, ReceiptKind
from tests.live import Live, check_accessibility, quiet_console

pytestmark = pytest.mark.browser
SLUG = "digital-strategy"
MODES: dict[str, dict[str, Any]] = {
    "light": {"color_scheme": "light", "viewport": {"width": 1280, "height": 900}},
    "dark 320": {"color_scheme": "dark", "viewport": {"width": 320, "height": 700}},
}


def sign_in(page: Page, live: Live) -> None:
    """Sign in as the resident of the demo."""
    page.goto(f"{live.url}/en/sign-in")
    page.locator("[name=email]").fill("resident@example.org")
    page.locator("[name=password]").fill(DEMO_PASSWORD)
    page.locator("main button[type=submit]").click()


def an_idea(live: Live) -> tuple[int, str]:
    """Return number and title of an idea of the demo that takes votes."""
    with live.session() as session:
        published = select(Idea.id, Idea.title).join(Process, Process.id == Idea.process_id)
        row = session.execute(published.where(Process.slug == SLUG, Idea.state == IdeaState.PUBLISHED)).first()
    assert row
    return row.id, row.title


def vote(page: Page, live: Live, idea: int) -> str:
    """Vote on an idea and return the address of the receipt that the word of thanks leads to."""
    page.goto(f"{live.url}/en/processes/{SLUG}/ideas/{idea}")
    page.locator(".vote-buttons button[value=disagree]").click()
    link = page.locator(".messages a")
    expect(link).to_have_text("Your receipt")
    return str(link.get_attribute("href"))


def test_receipts_in_a_browser(demo: Live, browser: Browser) -> None:
    with demo.session() as session:
        code = session.scalars(select(Receipt.code).where(Receipt.kind == ReceiptKind.IDEA)).first()
    idea, _title = an_idea(demo)
    paths = [
        "/en/my/contributions",
        "/en/my/contributions?show=comments",
        "/en/my/contributions?show=votes",
        "/de/receipt",
        "/en/receipt?code=nonsense",
        f"/en/receipts/{code}",
        "/en/receipts/keys",
        "/en/receipt/file",
    ]
    for mode in MODES.values():
        context = browser.new_context(**mode)
        page = context.new_page()
        with quiet_console(page):
            sign_in(page, demo)
            for path in [vote(page, demo, idea), *paths]:
                page.goto(demo.url + path)
                for disclosure in page.locator("summary").all():
                    disclosure.click()
                check_accessibility(page)
                sizes = page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
                assert sizes[0] <= sizes[1], f"{path} scrolls sideways: {sizes}"
        context.close()


def test_a_receipt_on_paper_tells_nothing_of_the_vote(demo: Live, browser: Browser) -> None:
    idea, title = an_idea(demo)
    context = browser.new_context()
    page = context.new_page()
    with quiet_console(page):
        sign_in(page, demo)
        page.goto(demo.url + vote(page, demo, idea))
        code = page.locator(".receipt-code").inner_text()
        expect(page.get_by_role("button", name="Print")).to_be_visible()
        assert title in page.locator("main").inner_text()
        sheet = PdfReader(BytesIO(page.pdf(format="A4")))
    context.close()
    assert len(sheet.pages) == 1
    text = " ".join(sheet.pages[0].extract_text().split())
    assert code.replace("-", "") in text.replace("-", "").replace(" ", "")
    assert title not in text
    assert "isagree" not in text
