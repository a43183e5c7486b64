"""Rounds of digests in tests: readers by the dozen, what they are told, and what became of their letters."""

from flask import Flask
from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from participation.accounts.models import Account, MailRhythm
from participation.activity.worker import work_once
from participation.kit import clock
from participation.notifications import digests
from participation.notifications.models import DigestLetter, EntryKind, LetterState
from participation.notifications.service import tell
from tests.make.places import next_number
from tests.notifications.village import Village


def readers(session: Session, number: int, rhythm: MailRhythm = MailRhythm.DAILY) -> list[int]:
    """Return the accounts of so many people who want mail in a rhythm, written at once."""
    moment = clock.now()
    first = next_number()
    rows = [
        {
            "email": f"{rhythm.value}-{first}-{place}@example.org",
            "language": ("de", "en", "ar")[place % 3],
            "created_at": moment,
            "confirmed_at": moment,
            "mail_rhythm": rhythm,
        }
        for place in range(number)
    ]
    return sorted(session.scalars(insert(Account).returning(Account.id), rows))


def told(session: Session, village: Village, accounts: list[int], comments: list[int]) -> None:
    """Put an entry about each comment into the inbox of each account."""
    for comment_id in comments:
        tell(session, accounts, EntryKind.COMMENT, comment_id, process_id=village.place.id, now=clock.now())


def begin(app: Flask) -> None:
    """Do what the worker does by the clock."""
    with app.app_context():
        digests.begin_due_rounds(lambda: None)


def work(app: Flask) -> None:
    """Let the worker send what is due."""
    with app.app_context():
        work_once({})


def ledger(session: Session) -> dict[LetterState, int]:
    """Return how many letters are in which state."""
    return dict(session.execute(select(DigestLetter.state, func.count()).group_by(DigestLetter.state)).all())
