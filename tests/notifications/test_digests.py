"""Digests: one statement for everybody, each person once per round, whatever dies on the way."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from sqlalchemy import func, select, update

from participation.accounts.models import Account, MailRhythm
from participation.comments.models import Comment, CommentState
from participation.kit import clock
from participation.kit.db import transaction
from participation.notifications import digests, rounds
from participation.notifications.events import LettersToSend
from participation.notifications.models import DigestLetter, DigestRun, EntryKind, InboxEntry, LetterState
from participation.notifications.service import mark_read, tell
from tests import make
from tests.conftest import Sessions
from tests.mailbox import MailServer, mail_server, spooled
from tests.notifications.crowd import begin, ledger, readers, told, work
from tests.notifications.village import Village
from tests.pages import queries

MORNING = datetime(2026, 5, 4, 4, 5, tzinfo=UTC)
"""Monday, five past six in Dortmund."""


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        (datetime(2026, 5, 4, 3, 59, tzinfo=UTC), ("2026-05-03", "2026-W18")),
        (datetime(2026, 5, 4, 4, 0, tzinfo=UTC), ("2026-05-04", "2026-W19")),
        (datetime(2026, 5, 10, 21, 59, tzinfo=UTC), ("2026-05-10", "2026-W19")),
        # The clock is put forward, then back.
        (datetime(2026, 3, 29, 4, 0, tzinfo=UTC), ("2026-03-29", "2026-W13")),
        (datetime(2026, 10, 25, 4, 59, tzinfo=UTC), ("2026-10-24", "2026-W43")),
        (datetime(2027, 1, 1, 9, 0, tzinfo=UTC), ("2027-01-01", "2026-W53")),
    ],
)
def test_days_and_weeks_begin_at_six_in_the_city(moment: datetime, expected: tuple[str, str]) -> None:
    due = digests.periods(moment, clock.zone("Europe/Berlin"))
    assert (due[MailRhythm.DAILY], due[MailRhythm.WEEKLY]) == expected


def test_each_rhythm_gets_its_own_letter_once(
    app: Flask, transact: Sessions, database: Sessions, village: Village, server: MailServer
) -> None:
    with transact() as session:
        comments = make.comments(session, village.place, village.idea, 2)
        people = {rhythm: readers(session, 2, rhythm) for rhythm in MailRhythm}
        without_news = readers(session, 1)
        unconfirmed = readers(session, 1)
        session.execute(update(Account).where(Account.id.in_(unconfirmed)).values(confirmed_at=None))
        told(session, village, [*(one for some in people.values() for one in some), *unconfirmed], comments)
        session.execute(
            update(InboxEntry).where(InboxEntry.account_id.in_(people[MailRhythm.AT_ONCE])).values(mailed_at=MORNING)
        )
    with time_machine.travel(MORNING, tick=False) as travel:
        for _ in range(3):
            begin(app)
            work(app)
        # On Tuesday there is nothing new for the daily ones, and the week is not over.
        travel.shift(timedelta(days=1))
        begin(app)
        work(app)
    with database() as session:
        wanted = [*people[MailRhythm.DAILY], *people[MailRhythm.WEEKLY]]
        addresses = session.scalars(select(Account.email).where(Account.id.in_(wanted))).all()
        assert sorted(message["To"] for message in server.messages()) == sorted(addresses)
        assert ledger(session) == {LetterState.SENT: 4}
        assert not {without_news[0], *unconfirmed} & set(session.scalars(select(DigestLetter.account_id)))
        done = session.execute(select(DigestRun.rhythm, DigestRun.period, DigestRun.done_at.is_not(None)))
        assert sorted((rhythm.value, period, is_done) for rhythm, period, is_done in done) == [
            ("daily", "2026-05-04", True),
            ("daily", "2026-05-05", True),
            ("weekly", "2026-W19", True),
        ]
        mailed = select(func.count()).where(InboxEntry.account_id.in_(wanted), InboxEntry.mailed_at.is_not(None))
        assert session.scalar(mailed) == 8


def test_a_letter_is_grouped_by_process_the_latest_first_and_folds_what_belongs_together(
    app: Flask, transact: Sessions, village: Village, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.config, "BASE_URL", "https://take-part.example.org")
    with transact() as session:
        other = make.process(session, "traffic")
        mine = make.participant(session, other, account_id=village.ada)
        elsewhere = make.idea(session, other, author=mine, title="Bicycle lanes", language="en")
        session.get_one(Account, village.ada).mail_rhythm = MailRhythm.DAILY
        first = make.comment(session, other, elsewhere, body="Very good")
        many = make.comments(session, village.place, village.idea, 3, body="More shade")
        tell(session, [village.ada], EntryKind.COMMENT, first, process_id=other.id, now=clock.now())
        told(session, village, [village.ada], many)
        decision = village.decision(session, reason="Please be brief")
        tell(session, [village.ada], EntryKind.DECISION, decision, process_id=village.place.id, now=clock.now())
    begin(app)
    work(app)
    (letter,) = spooled(app)
    text = letter.get_content()
    assert letter["Subject"] == "Your day: 3 pieces of news"
    assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    order = ["Process digital (en)\n====", "* Your idea is hidden", "* 3 new comments on your idea: Benches & trees"]
    order += [
        "Process traffic (en)\n====",
        "* Somebody commented on your idea: Bicycle lanes",
        "Very good",
        "/en/my/inbox",
    ]
    places = [text.index(part) for part in order]
    assert places == sorted(places)
    assert "  Please be brief" in text


def test_what_is_hidden_says_no_words(
    app: Flask, transact: Sessions, database: Sessions, village: Village, server: MailServer
) -> None:
    with transact() as session:
        everything, something = readers(session, 2)
        shown, hidden = (
            make.comment(session, village.place, village.idea, body=body) for body in ("Words to be seen", "Foul words")
        )
        told(session, village, [everything, something], [hidden])
        told(session, village, [something], [shown])
        session.get_one(Comment, hidden).state = CommentState.HIDDEN
    begin(app)
    work(app)
    (message,) = server.messages()
    assert "Words to be seen" in message.get_content()
    assert "Foul words" not in message.get_content()
    with database() as session:
        assert ledger(session) == {LetterState.SENT: 1, LetterState.EMPTY: 1}


def test_whoever_reads_or_stops_mail_meanwhile_gets_none(
    app: Flask, transact: Sessions, database: Sessions, village: Village, server: MailServer
) -> None:
    with transact() as session:
        reads, stops, stays = readers(session, 3)
        told(session, village, [reads, stops, stays], make.comments(session, village.place, village.idea, 40))
    begin(app)
    with transact() as session:
        mark_read(session, make.actor(session, reads), through=10**9, now=clock.now())
        session.get_one(Account, stops).mail_rhythm = MailRhythm.NEVER
    work(app)
    (message,) = server.messages()
    with database() as session:
        assert message["To"] == session.get_one(Account, stays).email
        assert ledger(session) == {LetterState.SENT: 1, LetterState.EMPTY: 2}
        left = select(func.count()).where(InboxEntry.account_id == stays, InboxEntry.mailed_at.is_(None))
        assert session.scalar(left) == 0


def test_a_letter_that_is_refused_stops_no_other(
    app: Flask, transact: Sessions, database: Sessions, village: Village, server: MailServer
) -> None:
    with transact() as session:
        people = readers(session, 4)
        told(session, village, people, [make.comment(session, village.place, village.idea)])
        refused, dropped = (session.get_one(Account, one).email for one in people[:2])
    server.refused, server.drops = {refused}, {dropped}
    begin(app)
    with time_machine.travel(clock.now() + timedelta(minutes=1)):
        work(app)
    # The server hung up on the second one, so the worker tries again a little later, without the first one.
    with time_machine.travel(clock.now() + timedelta(minutes=2)):
        work(app)
    assert sorted(message["To"] for message in server.messages()) == sorted(
        {f"{row}" for row in addresses(database, people[2:])}
    )
    with database() as session:
        rows = session.scalars(select(DigestLetter).order_by(DigestLetter.account_id)).all()
        assert [row.state for row in rows] == [
            LetterState.FAILED,
            LetterState.WAITING,
            LetterState.SENT,
            LetterState.SENT,
        ]
        assert rows[0].last_error == "SMTPRecipientsRefused 550"
        assert rows[1].attempts >= 1
        assert all("@" not in (row.last_error or "") for row in rows)
    server.drops = set()
    with time_machine.travel(clock.now() + timedelta(minutes=30)):
        begin(app)
        work(app)
    with database() as session:
        assert ledger(session) == {LetterState.SENT: 3, LetterState.FAILED: 1}
        assert (
            session.scalars(select(DigestRun.done_at).where(DigestRun.rhythm == MailRhythm.DAILY)).first() is not None
        )


def addresses(database: Sessions, accounts: list[int]) -> list[str]:
    """Return the addresses of accounts."""
    with database() as session:
        return list(session.scalars(select(Account.email).where(Account.id.in_(accounts))))


def test_a_server_that_is_away_loses_nothing(
    app: Flask, transact: Sessions, database: Sessions, village: Village, monkeypatch: pytest.MonkeyPatch
) -> None:
    with transact() as session:
        told(session, village, readers(session, 3), [make.comment(session, village.place, village.idea)])
    with mail_server() as gone:
        url = gone.url
    monkeypatch.setitem(app.config, "SMTP_URL", url)
    begin(app)
    work(app)
    with database() as session:
        rows = session.execute(select(DigestLetter.state, DigestLetter.attempts)).all()
        assert rows == [(LetterState.WAITING, 0)] * 3
    with mail_server() as back:
        monkeypatch.setitem(app.config, "SMTP_URL", back.url)
        with time_machine.travel(clock.now() + timedelta(minutes=1)):
            work(app)
        assert len(back.arrived) == 3
        assert back.connections == 1


def test_the_number_of_statements_does_not_depend_on_the_number_of_people(
    app: Flask, transact: Sessions, database: Sessions, village: Village, server: MailServer
) -> None:
    def cost(number: int, period: str) -> tuple[int, int]:
        with transact() as session:
            comment = make.comment(session, village.place, village.idea)
            told(session, village, readers(session, number), [comment])
        with app.app_context():
            with queries(app) as beginning, transaction() as session:
                rounds.begin_round(session, MailRhythm.DAILY, period, now=clock.now())
                run_id = session.scalars(select(func.max(DigestRun.id))).one()
            with queries(app) as sending:
                digests.send_letters(LettersToSend(run_id))
        reading = [one for one in sending if one.lstrip().upper().startswith("SELECT")]
        return len(beginning), len(reading)

    few, many = cost(1, "few"), cost(40, "many")
    assert few == many
    assert few[0] <= 7
    assert few[1] <= 9
    with database() as session:
        assert ledger(session) == {LetterState.SENT: 41}
    assert server.connections == 2


def test_every_language_gets_its_own_words(
    app: Flask, transact: Sessions, village: Village, server: MailServer
) -> None:
    with transact() as session:
        told(session, village, readers(session, 3), [make.comment(session, village.place, village.idea)])
    begin(app)
    work(app)
    found: dict[str, Any] = {str(message["Content-Language"]): message for message in server.messages()}
    assert sorted(found) == ["ar", "de", "en"]
    assert all(f"/{language}/my/inbox" in message.get_content() for language, message in found.items())
