"""What is told of a process after something happened: files, letters, and what commands say."""

from pathlib import Path
from typing import Any
from zipfile import ZipFile

from click.testing import CliRunner
from flask import Flask
from pypdf import PdfReader
from sqlalchemy import delete, select, update

from participation.accounts.actor import SYSTEM
from participation.accounts.models import Account, MailRhythm
from participation.activity.worker import work_once
from participation.commands import main
from participation.comments.models import Comment
from participation.curation.models import BundleMember
from participation.exports.files import write_strategy_input
from participation.exports.writers import WRITERS
from participation.kit import clock
from participation.kit.db import db
from participation.moderation.models import Appeal, Decision, Message
from participation.notices.models import Notice
from participation.notifications.digests import begin_due_rounds
from participation.notifications.models import DigestLetter, DigestRun, EntryKind
from participation.notifications.service import tell
from participation.processes.queries import process_by_slug
from participation.strategy.models import Answer, MeasureStep, SignOff, Statement, StatementRevision
from participation.wordings.models import Wording
from tests import make
from tests.conftest import Sessions
from tests.mailbox import spooled
from tests.make.places import next_number

NEWS: dict[EntryKind, Any] = {
    EntryKind.DECISION: Decision,
    EntryKind.APPEAL: Appeal,
    EntryKind.NOTICE: Notice,
    EntryKind.MESSAGE: Message,
    EntryKind.ANSWER: Answer,
    EntryKind.BUNDLE: BundleMember,
    EntryKind.UNBUNDLED: BundleMember,
    EntryKind.STATEMENT: Statement,
    EntryKind.MEASURE: MeasureStep,
    EntryKind.SIGN_OFF: StatementRevision,
    EntryKind.REOPENED: SignOff,
    EntryKind.COMMENT: Comment,
    EntryKind.REPLY: Comment,
    EntryKind.WORDING: Wording,
}


def exported(app: Flask, folder: Path) -> str:
    """Return what the files of an export say, in all formats that they can have."""
    folder.mkdir()
    with app.app_context():
        place = process_by_slug(db.session(), "digital").id
        for name in WRITERS:
            path = folder / f"export.{name}"
            write_strategy_input(SYSTEM, process_id=place, file_format=name, language="en", path=path, now=clock.now())
    texts = [page.extract_text() for page in PdfReader(folder / "export.pdf").pages]
    texts += [(folder / f"export.{name}").read_text(encoding="utf-8-sig") for name in ("csv", "json", "jsonl")]
    for name in ("docx", "xlsx", "ods", "tables"):
        with ZipFile(folder / f"export.{name}") as parts:
            texts += [parts.read(part).decode(errors="replace") for part in parts.namelist()]
    return "\n".join(texts)


def commanded(app: Flask) -> str:
    """Return what commands say about the process on the command line."""
    lines = ["suggest digital --stored --json", "similar digital --words-only --json", "provenance digital"]
    said = []
    for line in (*lines, "provenance digital --json", "provenance digital --json --statement 1"):
        answer = CliRunner().invoke(main, line.split(), obj=app, standalone_mode=False, catch_exceptions=False)
        said.append(answer.stdout)
    return "\n".join(said)


def mailed(app: Flask, transact: Sessions) -> str:
    """Return what those who wanted letters at once, and those who wanted a digest, are told about everything anew."""
    spool = Path(app.config["MAIL_SPOOL"])
    for path in spool.glob("*.eml"):
        path.unlink()
    with transact() as session:
        place = process_by_slug(session, "digital").id
        for rhythm in (MailRhythm.AT_ONCE, MailRhythm.DAILY):
            reader = make.account(session, f"{rhythm.value}-{next_number()}@example.org")
            session.execute(update(Account).where(Account.id == reader).values(mail_rhythm=rhythm))
            for kind, table in NEWS.items():
                for number in session.scalars(select(table.id)):
                    tell(session, [reader], kind, number, process_id=place, now=clock.now())
        # As if it were the next day.
        session.execute(delete(DigestLetter))
        session.execute(delete(DigestRun))
    with app.app_context():
        begin_due_rounds(lambda: None)
        while work_once({}):
            pass
    return "\n".join(f"{letter['Subject']}\n{letter.get_content()}" for letter in spooled(app))
