"""Receipts as they are issued: once for each contribution, signed, and silent about people and opinions."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import time_machine
from flask import Flask
from sqlalchemy import inspect, select

from participation.activity.models import Delivery, LogEntry
from participation.comments.service import write_comment
from participation.ideas.service import IdeaDraft, submit_idea
from participation.kit import clock
from participation.kit.db import db
from participation.receipts.keyring import EXTENSION, Keyring, new_seed_text
from participation.receipts.models import Receipt, ReceiptKey, ReceiptKind
from participation.receipts.queries import public_keys, receipt_by_code
from participation.receipts.service import issue_receipt, receipt_for_text
from participation.receipts.signing import text_digest
from participation.voting.models import Stance, Vote
from participation.voting.service import cast_vote, receipt_of_vote
from tests import make
from tests.conftest import Sessions
from tests.make import Place

NOW = datetime(2026, 5, 3, 23, 30, 15, 123456, tzinfo=UTC)
Ring = Callable[[], Keyring]


@pytest.fixture
def new_ring(app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Ring:
    """Give the application a keyring of its own, with another key each time."""

    def change() -> Keyring:
        ring = Keyring(new_seed_text(), tmp_path)
        monkeypatch.setitem(app.extensions, EXTENSION, ring)
        return ring

    return change


def receipts(database: Sessions) -> list[tuple[str, int, int]]:
    """Return kind, subject and revision of all receipts in their order."""
    with database() as session:
        rows = session.execute(select(Receipt.kind, Receipt.subject_id, Receipt.revision).order_by(Receipt.id))
        return [(kind.value, subject, revision) for kind, subject, revision in rows]


def cast(transact: Sessions, place: Place, account: int, idea: int, stance: Stance | None) -> None:
    """Vote as an account, or withdraw the vote."""
    with transact() as session:
        actor = make.actor(session, account)
        cast_vote(session, actor, slug=place.slug, idea_id=idea, stance=stance, revision=1, now=clock.now())
        if stance is not None:
            receipt_of_vote(session, actor, idea_id=idea, now=clock.now())


def test_the_same_contribution_has_one_receipt(transact: Sessions, database: Sessions) -> None:
    codes = []
    for revision in (1, 1, 2):
        with transact() as session:
            receipt = receipt_for_text(
                session, kind=ReceiptKind.IDEA, subject_id=7, title="T", text="Text", revision=revision, now=NOW
            )
            codes.append(receipt.code)
    assert codes[0] == codes[1] != codes[2]
    assert receipts(database) == [("idea", 7, 1), ("idea", 7, 2)]
    with database() as session:
        view = receipt_by_code(session, codes[0])
        assert view
        assert view.is_valid
        assert view.digest == text_digest("Text", title="T")
        assert "received: 2026-05-03T23:30:15Z\n" in view.signed_text
        assert "number: 7\n" in view.signed_text


def test_of_a_vote_only_the_day_is_kept(transact: Sessions, database: Sessions) -> None:
    with transact() as session:
        code = issue_receipt(session, kind=ReceiptKind.VOTE, subject_id=7, revision=1, digest="ab" * 32, now=NOW).code
    with database() as session:
        row = session.scalars(select(Receipt)).one()
        assert row.issued_at == datetime(2026, 5, 3, tzinfo=UTC)
        assert row.digest == ""
        view = receipt_by_code(session, code)
        assert view
        assert view.is_valid
        assert "received: 2026-05-03\n" in view.signed_text
        assert "number: -\n" in view.signed_text
        assert "digest: -\n" in view.signed_text


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("code", "0000-0000-0000-0000-0000"),
        ("kind", ReceiptKind.COMMENT),
        ("subject_id", 8),
        ("revision", 2),
        ("digest", "0" * 64),
        ("issued_at", NOW + timedelta(seconds=1)),
        ("signature", b"\0" * 64),
    ],
)
def test_a_changed_row_is_noticed(transact: Sessions, database: Sessions, column: str, value: object) -> None:
    assert column in {attribute.key for attribute in inspect(Receipt).column_attrs}
    with transact() as session:
        receipt = receipt_for_text(session, kind=ReceiptKind.IDEA, subject_id=7, text="Text", now=NOW)
        setattr(receipt, column, value)
        code = receipt.code
    with database() as session:
        view = receipt_by_code(session, code)
        assert view
        assert not view.is_valid


def test_receipts_outlive_their_key(transact: Sessions, database: Sessions, new_ring: Ring) -> None:
    made = []
    for number in range(3):
        ring = new_ring()
        with transact() as session:
            moment = NOW + timedelta(days=number)
            receipt = receipt_for_text(session, kind=ReceiptKind.IDEA, subject_id=number, text="Text", now=moment)
            made.append((receipt.code, ring.signing_key().fingerprint))
    with database() as session:
        views = [receipt_by_code(session, code) for code, _fingerprint in made]
        assert [(view.is_valid, view.fingerprint) for view in views if view] == [(True, key) for _code, key in made]
        assert [key.fingerprint for key in public_keys(session)] == [key for _code, key in reversed(made)]


def test_one_key_is_noted_once(transact: Sessions, database: Sessions) -> None:
    with transact() as session:
        for number in range(3):
            receipt_for_text(session, kind=ReceiptKind.IDEA, subject_id=number, text="Text", now=NOW)
    with database() as session:
        assert len(session.scalars(select(ReceiptKey)).all()) == 1


def test_ideas_and_comments_get_their_receipt_with_them(transact: Sessions, database: Sessions, place: Place) -> None:
    with transact() as session:
        actor = make.actor(session, make.account(session))
        draft = IdeaDraft(title="A bench", text="By the river", language="en")
        for _ in range(2):
            idea = submit_idea(
                session,
                actor,
                process_id=place.id,
                draft=draft,
                submission_key="key-1",
                opened_at=None,
                now=clock.now(),
            )
        comment = write_comment(
            session,
            actor,
            slug=place.slug,
            idea_id=idea.id,
            parent_id=None,
            text="Good",
            language="en",
            submission_key="key-2",
            opened_at=None,
            now=clock.now(),
        )
        expected = [("idea", idea.id, 1), ("comment", comment.id, 1)]
    assert receipts(database) == expected
    with database() as session:
        digests = session.scalars(select(Receipt.digest).order_by(Receipt.id)).all()
    assert digests == [text_digest("By the river", title="A bench"), text_digest("Good")]


def test_another_stance_keeps_the_receipt_and_another_vote_gets_another(
    transact: Sessions, database: Sessions, place: Place
) -> None:
    with transact() as session:
        idea, account, other = make.idea(session, place), make.account(session), make.account(session)
    for stance in (Stance.AGREE, Stance.AGREE, Stance.DISAGREE):
        cast(transact, place, account, idea, stance)
    (first,) = receipts(database)
    cast(transact, place, account, idea, None)
    assert receipts(database) == [first]
    # The next vote must not slip into the place of the withdrawn one, whoever casts it.
    cast(transact, place, other, idea, Stance.AGREE)
    cast(transact, place, account, idea, Stance.UNSURE)
    numbers = [number for _kind, number, _revision in receipts(database)]
    assert len(set(numbers)) == 3
    with database() as session:
        assert set(session.scalars(select(Vote.id))) == set(numbers[1:])


def test_votes_from_elsewhere_get_none(transact: Sessions, database: Sessions, place: Place) -> None:
    with transact() as session:
        make.votes(session, place, make.idea(session, place), agree=3)
    assert receipts(database) == []


def test_no_code_and_no_stance_gets_into_the_logs(
    transact: Sessions, database: Sessions, place: Place, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    with transact() as session:
        account = make.account(session)
        idea = submit_idea(
            session,
            make.actor(session, account),
            process_id=place.id,
            draft=IdeaDraft(title="A bench", text="By the river", language="en"),
            submission_key="key-1",
            opened_at=None,
            now=clock.now(),
        ).id
    cast(transact, place, account, idea, Stance.DISAGREE)
    with database() as session:
        rows = session.scalars(select(Receipt.code))
        codes = list(rows)
        entries = [str(vars(row)) for table in (LogEntry, Delivery) for row in session.scalars(select(table))]
    written = "\n".join([*entries, caplog.text])
    assert len(codes) == 2
    assert len(entries) >= 1, "there was something that could give it away"
    assert [word for word in [*codes, "disagree", "DISAGREE"] if word in written] == []


def test_a_vote_of_the_evening_has_the_day_in_utc(transact: Sessions, database: Sessions) -> None:
    with time_machine.travel(NOW, tick=False), transact() as session:
        place = make.process(session)
        idea, account = make.idea(session, place), make.account(session)
    with time_machine.travel(NOW, tick=False):
        cast(transact, place, account, idea, Stance.AGREE)
    with database() as session:
        assert session.scalars(select(Receipt.issued_at)).one() == datetime(2026, 5, 3, tzinfo=UTC)


def test_every_table_that_receipts_name_never_gives_a_number_again(app: Flask) -> None:
    with app.app_context():
        if db.engine.dialect.name != "sqlite":
            pytest.skip("PostgreSQL counts in sequences, which never go back")
        with db.engine.connect() as connection:
            named = {
                table: "AUTOINCREMENT"
                in str(connection.exec_driver_sql("SELECT sql FROM sqlite_master WHERE name = ?", (table,)).scalar())
                for table in ("idea", "addendum", "comment", "vote")
            }
    assert named == dict.fromkeys(named, True)
