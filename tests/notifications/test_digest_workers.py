"""Digests by several workers, and by one that dies in the middle: each letter is claimed by one and sent once."""

import os
import subprocess
import sys
import threading
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import func, select

from participation.accounts.models import MailRhythm
from participation.activity.pace import LEASE
from participation.kit import clock
from participation.kit.db import transaction
from participation.notifications import digests, rounds
from participation.notifications.events import LettersToSend
from participation.notifications.models import DigestRun, InboxEntry, LetterState
from tests import make
from tests.conftest import Sessions
from tests.live import ROOT
from tests.mailbox import MailServer
from tests.notifications.crowd import begin, ledger, readers, told, work
from tests.notifications.village import Village


def test_two_workers_begin_a_round_once(app: Flask, transact: Sessions, database: Sessions, village: Village) -> None:
    with transact() as session:
        told(session, village, readers(session, 3), [make.comment(session, village.place, village.idea)])
    with app.app_context():
        letters = []
        for _ in range(2):
            with transaction() as session:
                letters.append(rounds.begin_round(session, MailRhythm.DAILY, "2026-05-04", now=clock.now()))
    assert letters == [3, 0]


def test_claims_do_not_overlap_and_come_back_when_their_lease_is_over(
    app: Flask, transact: Sessions, village: Village, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rounds, "BATCH", 2)
    with transact() as session:
        start, people = clock.now(), readers(session, 5)
        told(session, village, people, [make.comment(session, village.place, village.idea)])
        rounds.begin_round(session, MailRhythm.DAILY, "2026-05-04", now=start)
        run_id = session.scalars(select(DigestRun.id)).one()
    taken: list[list[int]] = []
    for now in (*[start] * 4, start + LEASE):
        with transact() as session:
            batch = rounds.claim(session, run_id, now=now)
            taken.append([claim.account_id for claim in batch.claims] if batch else [])
    assert taken == [people[:2], people[2:4], people[4:], [], people[:2]]


def test_two_workers_send_each_letter_once(
    app: Flask, transact: Sessions, database: Sessions, village: Village, server: MailServer
) -> None:
    with transact() as session:
        told(session, village, readers(session, 3 * rounds.BATCH), [make.comment(session, village.place, village.idea)])
    begin(app)
    with database() as session:
        run_id = session.scalars(select(DigestRun.id).where(DigestRun.rhythm == MailRhythm.DAILY)).one()
    together = threading.Barrier(2)

    def send() -> None:
        with app.app_context():
            together.wait()
            digests.send_letters(LettersToSend(run_id))

    workers = [threading.Thread(target=send) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    recipients = [message["To"] for message in server.messages()]
    assert len(recipients) == len(set(recipients)) == 2 * rounds.BATCH
    with database() as session:
        assert ledger(session) == {LetterState.SENT: 2 * rounds.BATCH, LetterState.WAITING: rounds.BATCH}


def test_a_worker_killed_in_the_middle_skips_nobody_and_tells_nobody_twice(
    app: Flask, transact: Sessions, database: Sessions, village: Village, server: MailServer
) -> None:
    with transact() as session:
        told(session, village, readers(session, 120), [make.comment(session, village.place, village.idea)])
    begin(app)
    # In the second batch; this message has been taken, but the worker will never hear of it.
    server.silent_at = rounds.BATCH + 20
    environment = {**os.environ, "DATABASE_URL": app.config["DATABASE_URL"], "DATA_DIR": str(app.config["DATA_DIR"])}
    environment |= {"SECRET_KEY": app.config["SECRET_KEY"], "SMTP_URL": server.url, "ANALYSIS": "off"}
    worker = subprocess.Popen([sys.executable, "-m", "participation", "work", "--once"], cwd=ROOT, env=environment)
    try:
        assert server.is_silent.wait(60)
    finally:
        worker.kill()
        worker.wait()
    with database() as session:
        assert ledger(session) == {LetterState.SENT: server.silent_at - 1, LetterState.WAITING: 121 - server.silent_at}
    with time_machine.travel(clock.now() + LEASE + timedelta(seconds=1)):
        work(app)
    sent = [(message["To"], message["Message-ID"]) for message in server.messages()]
    assert len({to for to, _message_id in sent}) == 120
    # To the one in question it went again as the same message, so that mail programs show it once.
    assert (len(sent), len(set(sent))) == (121, 120)
    with database() as session:
        assert ledger(session) == {LetterState.SENT: 120}
        assert session.scalar(select(func.count()).where(InboxEntry.mailed_at.is_(None))) == 0
