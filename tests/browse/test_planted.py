"""Marks of HTML and of formulas in what people write around moderation do nothing, on any page or in files."""

import csv
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import String, cast, literal, select, update
from sqlalchemy.orm import Session

from participation.accounts.actor import Role
from participation.accounts.models import Account
from participation.comments.models import Comment
from participation.ideas.models import Addendum, Idea
from participation.kit import clock
from participation.kit.headers import CONTENT_SECURITY_POLICY
from participation.moderation.models import Appeal, CaseNote, Decision, Message, TextBlock
from participation.notices.models import Evidence, Notice
from participation.notifications.models import EntryKind
from participation.notifications.service import tell
from participation.processes.models import Participant, Phase, Process, RoleGrant
from participation.signals.models import WatchedWord
from tests.channels import addresses
from tests.conftest import Sessions
from tests.databases import Databases
from tests.multilingual.addresses import values_of
from tests.multilingual.busy import BUSY, fill
from tests.pages import PageClient

Member = Callable[..., PageClient]
MARKER = "=1+1\"'><svg onload=x>{{7*7}}\u202e"
SPECIAL = tuple("=+-@\t\r")
WRITTEN: dict[Any, tuple[str, ...]] = {
    Notice: ("text",),
    Message: ("text",),
    CaseNote: ("text",),
    TextBlock: ("title", "texts"),
    Decision: ("reason", "block_texts"),
    Appeal: ("text", "answer"),
    Evidence: ("reason",),
    Phase: ("review_rules",),
    Idea: ("title", "text"),
    Comment: ("text",),
    Addendum: ("text",),
}
NAMES: dict[Any, str] = {Participant: "pseudonym", WatchedWord: "word"}
"""What has to differ from row to row."""
PACKAGES = frozenset(
    {
        *("appeals", "blocks", "browse", "bundles", "curating", "desk", "evidence", "history", "messages"),
        *("moderation", "notices", "notifications", "queue", "signals", "transparency"),
    }
)
"""Where it is said; other packages have tests of their own."""
MOST = 6
"""So many addresses of each kind are looked at, apart from people's own pages."""
SAY_IT = {
    *("appeals.appeal", "blocks.edit", "blocks.overview", "browse.idea"),
    *("bundles.overview", "curating.elsewhere", "desk.case", "desk.decisions", "desk.queue", "evidence.hold"),
    *("history.idea", "messages.own", "messages.own_thread", "messages.thread", "moderation.decision"),
    *("notices.comment", "notices.idea", "notifications.inbox", "signals.words", "transparency.process"),
}
"""Where it must be found, as plain text."""


@pytest.fixture
def app(databases: Databases) -> Flask:
    """The application on one kind of database only: what pages make of words does not depend on it."""
    return databases.fresh_app("sqlite")


def plant(session: Session) -> None:
    """Write the marks into every text that people type around moderation."""
    for table, columns in WRITTEN.items():
        for column in columns:
            kind = getattr(table, column).type
            value = MARKER if isinstance(kind, String) else {"en": MARKER, "de": MARKER}
            session.execute(update(table).values({column: value}))
    for table, column in NAMES.items():
        session.execute(update(table).values({column: literal(MARKER) + cast(table.id, String)}))
    for evidence in session.query(Evidence):
        evidence.snapshot = {**evidence.snapshot, "title": MARKER, "text": MARKER, "author": MARKER}


def looked_at(app: Flask, values: dict[str, Any]) -> Iterator[str]:
    """Yield a few addresses of each kind."""
    seen: Counter[str] = Counter()
    adapter = app.url_map.bind("localhost")
    for address in addresses(app, values):
        endpoint = adapter.match(address)[0]
        seen[endpoint] += 1
        if endpoint.partition(".")[0] in PACKAGES and (seen[endpoint] <= MOST or "/my/" in address):
            yield address


def test_marks_do_nothing(app: Flask, member: Member, transact: Sessions) -> None:
    resident, moderator = member(), member(Role.MODERATOR)
    written_to = (
        select(Message.id, Account.id, Account.email)
        .join(Participant, Participant.id == Message.participant_id)
        .join(Account, Account.id == Participant.account_id)
    )
    with transact() as session:
        fill(session)
        values = values_of(session)[0]
        plant(session)
        message, account, address = session.execute(written_to).first() or (0, 0, "")
        tell(session, [account], EntryKind.MESSAGE, message, process_id=1, now=clock.now())
        other = session.scalars(select(Process.slug).where(Process.slug != BUSY)).first()
        has_role = select(RoleGrant.account_id).where(RoleGrant.account_id == Account.id).exists()
        residents = session.scalars(select(Account.email).where(~has_role)).all()
    author = member(email=address)
    urls = app.url_map.bind("localhost")
    saying = set[str]()
    for address in looked_at(app, values):
        visitor = moderator if "/desk/" in address else author if "/my/" in address else resident
        answer = visitor.flask.get(address)
        assert answer.status_code < 500, address
        body = answer.get_data(as_text=True)
        answer.close()
        if answer.mimetype == "text/html":
            assert "<svg onload" not in body, address
            assert answer.headers["Content-Security-Policy"] == CONTENT_SECURITY_POLICY, address
        elif answer.mimetype == "text/csv":
            assert [cell for row in csv.reader(body.splitlines()) for cell in row if cell[:1] in SPECIAL] == []
        if "/desk/" in address:
            assert [one for one in residents if one in body] == [], f"{address} shows whose account it is"
            if any(isinstance(value, int) for value in urls.match(address)[1].values()):
                elsewhere = address.replace(f"/{BUSY}/", f"/{other}/")
                assert moderator.flask.get(elsewhere).status_code == 404, f"{elsewhere} is in another process"
        if "svg onload" in body:
            saying.add(urls.match(address)[0])
    assert SAY_IT - saying == set()
