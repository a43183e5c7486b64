"""Forty thousand people: one statement makes all their letters, and a real mail server gets each of them once."""

import time
from collections import Counter

import pytest
from flask import Flask
from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from participation.accounts.models import Account, MailRhythm
from participation.kit import clock
from participation.kit.db import transaction
from participation.notifications import digests, rounds
from participation.notifications.events import LettersToSend
from participation.notifications.models import DigestLetter, DigestRun, EntryKind, InboxEntry, LetterState
from participation.notifications.service import tell
from tests import make
from tests.conftest import Sessions
from tests.mailbox import mail_server
from tests.notifications.village import Village

PEOPLE = 40_000
ENTRIES = 3


def crowd(session: Session, village: Village, people: int) -> None:
    """Make so many people who want a letter a day, and tell each of them of a comment, a decision and an answer."""
    now = clock.now()
    rows = [
        {
            "email": f"reader-{number}@example.org",
            "language": ("de", "en", "ar")[number % 3],
            "created_at": now,
            "confirmed_at": now,
            "mail_rhythm": MailRhythm.DAILY,
        }
        for number in range(people)
    ]
    accounts = sorted(session.scalars(insert(Account).returning(Account.id), rows))
    subjects = (
        (EntryKind.COMMENT, make.comment(session, village.place, village.idea)),
        (EntryKind.DECISION, village.decision(session)),
        (EntryKind.ANSWER, make.answer(session, idea_id=village.idea)),
    )
    for kind, subject_id in subjects:
        for start in range(0, people, 5000):
            some = accounts[start : start + 5000]
            tell(session, some, kind, subject_id, process_id=village.place.id, now=now)


@pytest.mark.accept
def test_a_digest_for_forty_thousand_people(
    app: Flask,
    transact: Sessions,
    database: Sessions,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    with transact() as session:
        crowd(session, Village(session), PEOPLE)
    with app.app_context():
        begun = time.perf_counter()
        with transaction() as session:
            assert rounds.begin_round(session, MailRhythm.DAILY, "2026-05-04", now=clock.now()) == PEOPLE
            run_id = session.scalars(select(DigestRun.id)).one()
        made = time.perf_counter()
    with mail_server() as server, app.app_context():
        monkeypatch.setitem(app.config, "SMTP_URL", server.url)
        while not _is_done(database, run_id):
            digests.send_letters(LettersToSend(run_id))
        sent = time.perf_counter()
        found = Counter(str(message["To"]) for message in server.messages())
    assert len(found) == PEOPLE
    assert set(found.values()) == {1}
    with database() as session:
        states = dict(session.execute(select(DigestLetter.state, func.count()).group_by(DigestLetter.state)).all())
        assert states == {LetterState.SENT: PEOPLE}
        assert session.scalar(select(func.count()).where(InboxEntry.mailed_at.is_not(None))) == PEOPLE * ENTRIES
    # The write lock is held for the one statement that makes the letters, and for a few milliseconds per letter.
    assert made - begun < 10
    with capsys.disabled():
        rate = PEOPLE / (sent - made)
        print(f"\n{PEOPLE} letters made in {made - begun:.2f} s, sent in {sent - made:.0f} s ({rate:.0f}/s)")


def _is_done(database: Sessions, run_id: int) -> bool:
    with database() as session:
        return session.get_one(DigestRun, run_id).done_at is not None
