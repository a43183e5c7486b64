"""Waiting for a file in a real browser: the list follows by itself, and works without scripts as well."""

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from participation.accounts.models import Account
from participation.accounts.passwords import hash_password
from tests.exports.consultation import Consultation, build
from tests.live import Live, check_accessibility

PASSWORD = "long enough for a test"


@pytest.fixture
def made(live: Live) -> Consultation:
    """A consultation whose staff can sign in."""
    made = build(live.session)
    with live.session() as session:
        session.get_one(Account, made.accounts["staff"]).password_hash = hash_password(PASSWORD)
    return made


def open_list(page: Page, live: Live) -> None:
    """Sign in by way of the list of files."""
    page.goto(f"{live.url}/en/desk/processes/strategy/exports")
    page.locator("main [name=email]").fill("staff@example.org")
    page.locator("main [name=password]").fill(PASSWORD)
    page.locator("main [name=password]").press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Strategy input as a file")


def test_the_list_follows_by_itself(page: Page, live: Live, made: Consultation) -> None:
    open_list(page, live)
    check_accessibility(page)
    page.get_by_role("button", name="Write the file").click()
    expect(page.locator(".export-list .badge")).to_have_text("Ready", timeout=20_000)
    expect(page.locator("#announcements")).to_have_text("The list of files has changed.")
    expect(page.get_by_role("link", name="Refresh the list")).to_have_count(0)
    with page.expect_download() as download:
        page.get_by_role("button", name="Download").click()
    assert download.value.suggested_filename.startswith("strategy-")
    assert Path(download.value.path()).read_bytes().startswith(b"PK")
    check_accessibility(page)


def test_without_scripts(browser: Any, live: Live, made: Consultation) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    open_list(page, live)
    page.get_by_label("CSV: one table").check()
    page.get_by_role("button", name="Write the file").click()
    for _attempt in range(40):
        if page.get_by_role("button", name="Download").count():
            break
        page.wait_for_timeout(500)
        page.reload()
    with page.expect_download() as download:
        page.get_by_role("button", name="Download").click()
    assert download.value.suggested_filename.endswith(".csv")
    context.close()
