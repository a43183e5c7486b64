"""The whole way once, in a real browser: from the first admin to the file that staff download and open."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import update

from participation.activity.models import Delivery
from participation.kit import clock
from tests.live import Live, check_accessibility, quiet_console

pytestmark = pytest.mark.browser
PASSWORD = "three calm otters"
TITLE = "Reading lamps with a charging socket in every library"
OTHER = "Fewer screens and more benches"


def mailbox(live: Live) -> list[tuple[str, str]]:
    """Return recipient and text of every message that has been sent."""
    found = []
    for path in sorted((Path(live.environment["DATA_DIR"]) / "mail").glob("*.eml")):
        message = message_from_bytes(path.read_bytes(), policy=policy.default)
        body = message.get_body(("plain",))
        assert body is not None
        found.append((str(message["To"]), str(body.get_content())))
    return found


def mailed_link(live: Live, address: str, part: str) -> str:
    """Return the link with ``part`` in it that was mailed to ``address`` last; work is handled first."""
    live.command("work", "--once")
    links = [
        link
        for to, text in mailbox(live)
        if to == address
        for link in re.findall(r"https?://\S+", text)
        if part in link
    ]
    assert links, f"no link with {part} was mailed to {address}"
    return live.url + "/" + links[-1].split("/", 3)[3]


@contextmanager
def visitor(browser: Browser, **options: Any) -> Iterator[Page]:
    """Yield a page of somebody else, with cookies of their own."""
    context = browser.new_context(**options)
    page = context.new_page()
    with quiet_console(page):
        yield page
    context.close()


def sign_in(page: Page, live: Live, address: str) -> None:
    """Sign in with the password that everybody has here."""
    page.goto(f"{live.url}/en/sign-in")
    page.get_by_label("E-mail address").fill(address)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("main").get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("button", name="Sign out")).to_be_attached()


def sign_up(page: Page, live: Live, address: str) -> None:
    """Create an account, follow the mailed link and confirm by the button."""
    page.goto(f"{live.url}/en/sign-up")
    page.get_by_label("E-mail address").fill(address)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_label("I have read the rules and the privacy notice.").check()
    page.get_by_role("button", name="Create account").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Please look into your mailbox")
    page.goto(mailed_link(live, address, "/account/confirm/"))
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Confirm address").click()
    expect(page.get_by_role("status").or_(page.get_by_role("alert")).first).to_contain_text("Welcome")


def propose(page: Page, live: Live, title: str, principle: str) -> None:
    """Propose an idea, step by step."""
    page.goto(f"{live.url}/en/processes/walk/ideas/new")
    page.get_by_label("Your idea in one sentence").fill(title)
    page.get_by_label("What is it about?").fill(
        "It gets dark early, and every phone is empty by then.\n\nIt costs little."
    )
    page.get_by_role("button", name="Continue to the principles").click()
    page.get_by_role("checkbox", name=principle).check()
    page.get_by_role("button", name="Continue to the details").click()
    page.get_by_role("button", name="Continue", exact=True).click()
    if page.url.endswith("/similar"):
        page.get_by_role("link", name="My idea is different, go on").click()
    page.get_by_role("button", name="Submit idea").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(title)


@pytest.fixture
def process(live: Live) -> Live:
    """A server with one process, open for everything, made on the command line as the city's IT would."""
    live.command("process", "create", "walk", "--title", "Rundgang", "--title-en", "Walk")
    return live


def test_the_whole_way(process: Live, page: Page, browser: Browser, tmp_path: Path) -> None:
    live = process
    link = live.command("account", "create-admin", "admin@example.org", "--language", "en").strip()
    page.goto(live.url + "/" + link.split("/", 3)[3])
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Set password").click()
    sign_in(page, live, "admin@example.org")

    with visitor(browser) as resident:
        sign_up(resident, live, "resident@example.org")
        propose(resident, live, TITLE, "People come first")
        check_accessibility(resident)
        propose(resident, live, OTHER, "I am not sure")

    with visitor(browser, java_script_enabled=False) as neighbour:
        sign_up(neighbour, live, "neighbour@example.org")
        neighbour.goto(f"{live.url}/en/processes/walk/ideas")
        neighbour.get_by_role("link", name=TITLE).click()
        neighbour.get_by_role("button", name="Agree", exact=True).click()
        expect(neighbour.get_by_role("button", name="Agree", exact=True)).to_have_attribute("aria-pressed", "true")
        neighbour.get_by_label("Your comment").fill("Please with warm light.")
        neighbour.get_by_role("button", name="Send comment").click()
        expect(neighbour.get_by_text("Please with warm light.")).to_be_visible()
        neighbour.goto(f"{live.url}/en/processes/walk/ideas")
        neighbour.get_by_role("link", name=OTHER).click()
        neighbour.get_by_role("button", name="Disagree", exact=True).click()
        neighbour.get_by_role("button", name="Withdraw my vote").click()
        expect(neighbour.get_by_role("button", name="Withdraw my vote")).to_have_count(0)

    moderate(page, live)
    write_statement(page, live)
    with visitor(browser) as second:
        sign_off_statement(second, live)
    check_public_provenance(page, live)
    path = export(page, live, tmp_path)

    sheets = {sheet.title: list(sheet.iter_rows(values_only=True)) for sheet in openpyxl.load_workbook(path)}
    texts = [str(cell) for rows in sheets.values() for row in rows for cell in row if cell is not None]
    assert TITLE in texts
    assert "Public places need light and power." in texts
    assert OTHER not in texts, "a hidden idea is in the file"


def moderate(page: Page, live: Live) -> None:
    """Hide one idea with a reason, make a theme and file the other idea in it."""
    page.goto(f"{live.url}/en/processes/walk/ideas")
    page.get_by_role("link", name=OTHER).click()
    page.get_by_role("link", name="Open at the desk").click()
    check_accessibility(page)
    page.get_by_role("link", name="Hide or decide otherwise").first.click()
    check_accessibility(page)
    page.get_by_role("radio", name="Hide", exact=True).check()
    page.get_by_label("Rule or law").select_option(index=1)
    page.get_by_label("Reason").fill("It is not about the digital strategy.")
    page.get_by_role("button", name="Decide").click()
    with page.context.browser.new_context() as reader:  # type: ignore[union-attr]  # a page always has one
        anonymous = reader.new_page()
        anonymous.goto(f"{live.url}/en/processes/walk/ideas")
        expect(anonymous.get_by_role("link", name=TITLE)).to_be_visible()
        expect(anonymous.get_by_text(OTHER)).to_have_count(0)
    with live.session() as session:
        # Two minutes later: until then it could have been undone.
        session.execute(update(Delivery).values(available_at=clock.now()))
    live.command("work", "--once")
    reasons = [text for to, text in mailbox(live) if to == "resident@example.org"]
    assert any("It is not about the digital strategy." in text for text in reasons), "the author was not told why"

    page.goto(f"{live.url}/en/desk/processes/walk/board")
    page.get_by_role("link", name="New theme").first.click()
    page.get_by_label(re.compile("English")).first.fill("Light in public places")
    page.get_by_role("button", name=re.compile("Create|Save|Make")).click()
    page.goto(f"{live.url}/en/desk/processes/walk/board")
    page.get_by_role("checkbox", name=TITLE).check()
    page.get_by_role("button", name=re.compile("File chosen here.*Light in public places")).click()
    expect(page.get_by_text("1 of 1 published ideas")).to_be_visible()
    check_accessibility(page)


def write_statement(page: Page, live: Live) -> None:
    """Write a statement from the theme and publish it."""
    page.goto(f"{live.url}/en/desk/processes/walk/statements")
    page.get_by_role("link", name="Write a statement").first.click()
    page.locator("[name=text_en]").fill("Public places need light and power.")
    page.get_by_role("checkbox", name=re.compile("Light in public places")).check()
    page.get_by_role("button", name="Save draft").click()
    page.get_by_role("button", name="Submit for sign-off").click()
    check_accessibility(page)
    page.get_by_role("link", name="Quotes").first.click()
    page.get_by_role("link", name=TITLE).click()
    page.get_by_label("Words to quote").fill(TITLE)
    check_accessibility(page)
    page.get_by_role("button", name="Add the quote").click()
    expect(page.locator(".quotation__words")).to_have_text(TITLE)
    page.get_by_role("link", name="Text", exact=True).click()
    page.get_by_role("button", name="Submit for sign-off").click()


def sign_off_statement(second: Page, live: Live) -> None:
    """Let a second admin sign the statement off: nobody else is in the team."""
    link = live.command("account", "create-admin", "second@example.org", "--language", "en").strip()
    second.goto(live.url + "/" + link.split("/", 3)[3])
    second.get_by_label("Password").fill(PASSWORD)
    second.get_by_role("button", name="Set password").click()
    sign_in(second, live, "second@example.org")
    second.goto(f"{live.url}/en/desk/processes/walk/statements")
    second.get_by_role("link", name="Public places need light and power.").click()
    second.get_by_role("link", name="Read and sign off").click()
    check_accessibility(second)
    second.get_by_role("button", name="Sign off and publish").click()
    check_accessibility(second)


def check_public_provenance(page: Page, live: Live) -> None:
    """Follow the thread in both directions, as any reader can."""
    page.goto(f"{live.url}/en/processes/walk/statements")
    page.get_by_role("link", name="Public places need light and power.").click()
    expect(page.get_by_text("Light in public places", exact=True)).to_be_visible()
    check_accessibility(page)
    page.get_by_role("link", name=TITLE).click()
    expect(page.get_by_role("link", name="Public places need light and power.")).to_be_visible()
    expect(page.locator(".stance-bar__figure--agree")).to_have_text(re.compile(r"1\s+agree"))


def export(page: Page, live: Live, folder: Path) -> Path:
    """Ask for the workbook, let the worker write it, and download it."""
    page.goto(f"{live.url}/en/desk/processes/walk/exports")
    page.get_by_label(re.compile("XLSX")).check()
    page.get_by_role("button", name="Write the file").click()
    button = page.get_by_role("button", name=re.compile("Download")).first
    expect(button).to_be_visible(timeout=20_000)
    check_accessibility(page)
    with page.expect_download() as download:
        button.click()
    path = folder / "strategy.xlsx"
    download.value.save_as(path)
    return path
