"""Rounds of digests as the database knows them: begun once each, letters claimed with a lease, each noted once."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, exists, func, insert, literal, select, update
from sqlalchemy.orm import Session

from participation.accounts.models import Account, MailRhythm
from participation.activity.models import Delivery, DeliveryState, RecordedEvent
from participation.activity.pace import LEASE, MOST_ATTEMPTS, back_off
from participation.activity.service import record
from participation.kit.dialect import insert_new, locked
from participation.notifications.events import LettersToSend
from participation.notifications.models import DigestLetter, DigestRun, InboxEntry, LetterState
from participation.notifications.queries import UNMAILED, waiting_for_digest

BATCH = 50
"""So many letters are claimed at once, and sent over one connection."""


@dataclass(frozen=True, slots=True)
class Claim:
    """A letter that nobody else sends until the lease is over; which attempt it is."""

    account_id: int
    attempts: int


@dataclass(frozen=True, slots=True)
class Batch:
    """Letters of one round; ``through_id`` is the latest entry that they tell of."""

    run_id: int
    rhythm: MailRhythm
    through_id: int
    claims: tuple[Claim, ...]


def is_begun(session: Session, rhythm: MailRhythm, period: str) -> bool:
    """Return whether the round of a period has begun."""
    known = exists().where(DigestRun.rhythm == rhythm, DigestRun.period == period)
    return bool(session.scalar(select(known)))


def begin_round(session: Session, rhythm: MailRhythm, period: str, *, now: datetime) -> int:
    """Begin the round of a period, unless somebody has, and return how many letters it has.

    One statement makes a letter for everybody who wants mail in this rhythm and has something new, however many.
    """
    through = session.scalar(select(func.max(InboxEntry.id))) or 0
    row = {"rhythm": rhythm, "period": period, "through_id": through, "begun_at": now}
    if not insert_new(session.connection(), DigestRun, row, key=("rhythm", "period")):
        return 0
    run_id = session.scalars(select(DigestRun.id).where(DigestRun.rhythm == rhythm, DigestRun.period == period)).one()
    readers = select(
        literal(run_id),
        Account.id,
        literal(LetterState.WAITING, DigestLetter.state.type),
        literal(0),
        literal(now, DigestLetter.available_at.type),
    ).where(
        Account.mail_rhythm == rhythm,
        Account.confirmed_at.is_not(None),
        waiting_for_digest(Account.id, through=through),
    )
    columns = ["run_id", "account_id", "state", "attempts", "available_at"]
    filling = insert(DigestLetter).from_select(columns, readers).execution_options(preserve_rowcount=True)
    letters = session.connection().execute(filling).rowcount
    if letters:
        record(session, LettersToSend(run_id), account_id=None, now=now)
    else:
        _finish(session, run_id, now)
    return letters


def rounds_to_go_on(session: Session, *, now: datetime) -> list[int]:
    """Return the rounds with letters that are due though nobody is on the way to send them."""
    on_the_way = exists().where(
        Delivery.state == DeliveryState.WAITING,
        RecordedEvent.id == Delivery.event_id,
        RecordedEvent.name == LettersToSend.__name__,
    )
    due = exists().where(DigestLetter.run_id == DigestRun.id, _due(now))
    return list(
        session.scalars(
            select(DigestRun.id).where(DigestRun.done_at.is_(None), due, ~on_the_way).order_by(DigestRun.id)
        )
    )


def claim(session: Session, run_id: int, *, now: datetime) -> Batch | None:
    """Return the next letters of a round; ``None`` when none is due. A round without any to wait for is done."""
    run = session.get(DigestRun, run_id)
    if run is None or run.done_at is not None:
        return None
    letters = session.scalars(
        locked(
            select(DigestLetter)
            .where(DigestLetter.run_id == run_id, _due(now))
            .order_by(DigestLetter.available_at, DigestLetter.account_id)
            .limit(BATCH),
            skip_locked=True,
        )
    ).all()
    for letter in letters:
        letter.attempts += 1
        letter.available_at = now + LEASE
    if not letters:
        _finish(session, run_id, now)
        return None
    claims = tuple(Claim(letter.account_id, letter.attempts) for letter in letters)
    return Batch(run_id, run.rhythm, run.through_id, claims)


def note_sent(
    session: Session, batch: Batch, account_id: int, *, told: Collection[int], state: LetterState, now: datetime
) -> None:
    """Note that a letter was sent, or that there was nothing to say; ``told`` are the entries that it took.

    Older ones count as mailed along with them: for these the letter points to the inbox.
    """
    _change(session, batch, [account_id], state=state, sent_at=now if state is LetterState.SENT else None)
    if told:
        session.execute(
            update(InboxEntry)
            .where(
                InboxEntry.account_id == account_id,
                InboxEntry.id.in_(told) | (InboxEntry.id < min(told)),
                UNMAILED,
            )
            .values(mailed_at=now)
            .execution_options(synchronize_session=False)
        )


def note_failed(session: Session, batch: Batch, claim_: Claim, *, error: str, is_final: bool, now: datetime) -> None:
    """Note that a letter was not taken: it is tried again later, unless it is final or was tried often enough."""
    if is_final or claim_.attempts >= MOST_ATTEMPTS:
        _change(session, batch, [claim_.account_id], state=LetterState.FAILED, last_error=error)
    else:
        again = now + back_off(claim_.attempts)
        _change(session, batch, [claim_.account_id], available_at=again, last_error=error)


def give_back(session: Session, batch: Batch, account_ids: Collection[int], *, now: datetime) -> None:
    """Let others send the letters to these accounts: nobody has tried."""
    _change(session, batch, account_ids, available_at=now, attempts=DigestLetter.attempts - 1)


def go_on(session: Session, run_id: int, *, now: datetime, delay: timedelta = timedelta(0)) -> None:
    """Let the worker send the next letters of a round."""
    record(session, LettersToSend(run_id), account_id=None, now=now, delay=delay)


def _change(session: Session, batch: Batch, account_ids: Collection[int], **values: object) -> None:
    mine = (DigestLetter.run_id == batch.run_id) & DigestLetter.account_id.in_(account_ids)
    session.execute(
        update(DigestLetter)
        .where(mine, DigestLetter.state == LetterState.WAITING)
        .values(**values)
        .execution_options(synchronize_session=False)
    )


def _finish(session: Session, run_id: int, now: datetime) -> None:
    waits = exists().where(DigestLetter.run_id == run_id, DigestLetter.state == LetterState.WAITING)
    session.execute(
        update(DigestRun)
        .where(DigestRun.id == run_id, ~waits)
        .values(done_at=now)
        .execution_options(synchronize_session=False)
    )


def _due(now: datetime) -> ColumnElement[bool]:
    return (DigestLetter.state == LetterState.WAITING) & (DigestLetter.available_at <= now)
