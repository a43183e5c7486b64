"""Every page and its main states, as everybody, in every mode: accessible, and nothing scrolls sideways."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page
from sqlalchemy import select
from sqlalchemy.orm import Session

from participation.accounts.models import Account
from participation.app import create_app
from participation.comments.models import Comment
from participation.curation.models import Cluster
from participation.demo.accounts import DEMO_ACCOUNTS, DEMO_PASSWORD
from participation.ideas.models import Idea, IdeaState
from participation.processes.models import Process
from participation.receipts.models import Receipt, ReceiptKind
from participation.strategy.models import Statement
from tests import make, states
from tests.live import Live, check_accessibility, quiet_console

pytestmark = [pytest.mark.browser, pytest.mark.accept]
MODES: dict[str, dict[str, Any]] = {
    "light": {"color_scheme": "light"},
    "dark": {"color_scheme": "dark"},
    "forced": {"forced_colors": "active"},
    "320": {"viewport": {"width": 320, "height": 700}},
    "no-script": {"java_script_enabled": False},
}
PEOPLE = (None, "resident", "moderator", "staff", "admin")
SLUG = "digital-strategy"
# Files, for which a browser opens no page.
FILES = {"feeds.processes", "feeds.ideas", "feeds.comments", "feeds.statements", "mine.receipt_file", "receipts.key"}


def pages(live: Live, language: str) -> Iterator[str]:
    """Yield the path of every page that a GET can show, with ids that exist in the demo process."""
    with live.session() as session:
        process = session.scalars(select(Process.id).where(Process.slug == SLUG)).one()
        published = select(Idea.id).where(Idea.process_id == process, Idea.state == IdeaState.PUBLISHED)
        idea = session.scalar(published.join(Comment, Comment.idea_id == Idea.id).order_by(Idea.id))
        values = {
            "slug": SLUG,
            "language": language,
            "idea_id": idea,
            "comment_id": session.scalar(select(Comment.id).where(Comment.idea_id == idea).order_by(Comment.id)),
            "cluster_id": session.scalar(select(Cluster.id).where(Cluster.process_id == process)),
            "statement_id": session.scalar(select(Statement.id).where(Statement.process_id == process)),
            "principle_key": "data",
            "method": "next-idea",
            "criterion_key": "democracy",
            "value_key": "inclusion",
            "token": "no-such-link",
            "key": draft(session),
            "code": session.scalar(select(Receipt.code).order_by(Receipt.id)),
            "kind": "idea",
            "number": session.scalar(select(Receipt.subject_id).where(Receipt.kind == ReceiptKind.IDEA)),
        }
        shown = {path for _person, path in states.visits(states.made(session))}
    yield from sorted(f"/{language}/{path}" for path in shown)
    app = create_app({"SECRET_KEY": live.environment["SECRET_KEY"], "DATA_DIR": live.environment["DATA_DIR"]})
    with app.test_request_context():
        for rule in app.url_map.iter_rules():
            is_page = "GET" in (rule.methods or ()) and rule.endpoint not in FILES
            if is_page and "language" in rule.arguments and rule.arguments <= set(values):
                yield app.url_map.bind("localhost").build(
                    rule.endpoint, {name: values[name] for name in rule.arguments}
                )


def draft(session: Session) -> str:
    """Return the key of a draft of the resident, begun in the demo process."""
    process = session.scalars(select(Process).where(Process.slug == SLUG)).one()
    resident = session.scalars(select(Account.id).where(Account.email == "resident@example.org")).one()
    place = make.Place(process.id, process.slug, process.framework_id)
    return make.draft(session, place, resident, title="Frau Muster wünscht sich WLAN", body="Im Park. " * 20)


def sign_in(page: Page, live: Live, role: str) -> None:
    """Sign in as the demo account of that role."""
    page.goto(f"{live.url}/en/sign-in")
    page.locator("[name=email]").fill(f"{role}@example.org")
    page.locator("[name=password]").fill(DEMO_PASSWORD)
    page.locator("main button[type=submit]").click()


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("language", ["de", "en", "ar"])
def test_every_page_for_everybody(demo: Live, browser: Browser, mode: str, language: str) -> None:
    assert {account.email for account in DEMO_ACCOUNTS} >= {f"{person}@example.org" for person in PEOPLE if person}
    paths = list(pages(demo, language))
    assert len(paths) > 30
    checked = 0
    for person in PEOPLE:
        context = browser.new_context(**MODES[mode])
        page = context.new_page()
        with quiet_console(page):
            if person:
                sign_in(page, demo, person)
            for path in paths:
                page.goto(demo.url + path)
                # Scripts of the page do not run in this mode, and neither would axe.
                if mode != "no-script":
                    check_accessibility(page)
                    sizes = page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
                    assert sizes[0] <= sizes[1], f"{path} scrolls sideways for {person or 'everybody'}: {sizes}"
                assert page.locator("h1").count() == 1
                checked += 1
        context.close()
    print(f"{checked} pages × {mode} × {language}")
