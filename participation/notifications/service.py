"""Telling people of something in their inbox, marking it as read, and how often they get mail about it."""

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, delete, func, select, update
from sqlalchemy.orm import Session

from participation.accounts.actor import Actor
from participation.accounts.models import Account, MailRhythm
from participation.activity.service import record
from participation.kit.dialect import insert_returning, locked
from participation.kit.permissions import found
from participation.notifications.events import EntryAdded, MailRhythmChosen
from participation.notifications.models import EntryKind, InboxEntry


def tell(
    session: Session,
    account_ids: Collection[int],
    kind: EntryKind,
    subject_id: int,
    *,
    process_id: int | None,
    now: datetime,
    by_mail: bool = True,
    delay: timedelta = timedelta(0),
) -> list[int]:
    """Put an entry into the inbox of each account and return those that had none about this yet, in order.

    Whoever wants mail at once gets a letter after ``delay``, others find it in their digest; without ``by_mail``
    neither happens.
    """
    rhythms = dict(
        session.execute(
            locked(
                select(Account.id, Account.mail_rhythm).where(Account.id.in_(account_ids)).order_by(Account.id),
                keeps_key=True,
            )
        ).all()
    )
    rows = [
        {
            "account_id": account_id,
            "process_id": process_id,
            "kind": kind,
            "subject_id": subject_id,
            "created_at": now,
            "mailed_at": None if by_mail else now,
        }
        for account_id in rhythms
    ]
    added = insert_returning(
        session,
        InboxEntry,
        rows,
        key=["account_id", "kind", "subject_id"],
        returning=[InboxEntry.id, InboxEntry.account_id],
    )
    told = sorted(account_id for _entry_id, account_id in added)
    _change_unread(session, Account.id.in_(told), by=1 if told else 0)
    for entry_id, account_id in sorted(added):
        if by_mail and rhythms[account_id] is MailRhythm.AT_ONCE:
            record(session, EntryAdded(entry_id), account_id=None, now=now, delay=delay)
    return told


def take_out(session: Session, account_id: int, kind: EntryKind, subject_id: int, *, before: datetime) -> None:
    """Take what was told ``before`` about something out of an inbox, so that news about it can be told anew."""
    session.execute(locked(select(Account.id).where(Account.id == account_id), keeps_key=True))
    same = (InboxEntry.account_id == account_id) & (InboxEntry.kind == kind) & (InboxEntry.subject_id == subject_id)
    gone = session.execute(
        delete(InboxEntry)
        .where(same, InboxEntry.created_at < before)
        .returning(InboxEntry.read_at)
        .execution_options(synchronize_session=False)
    ).all()
    _change_unread(session, Account.id == account_id, by=-sum(row.read_at is None for row in gone))


def mark_read(
    session: Session, actor: Actor, *, now: datetime, entry_ids: Collection[int] = (), through: int | None = None
) -> int:
    """Mark own entries as read, those named and all up to ``through``, and return how many were new."""
    account_id = found(actor.account_id)
    # In the same order as telling does it: first the account, then its entries.
    session.execute(locked(select(Account.id).where(Account.id == account_id), keeps_key=True))
    chosen: ColumnElement[bool] = InboxEntry.id.in_(entry_ids)
    if through is not None:
        chosen |= InboxEntry.id <= through
    read = session.execute(
        update(InboxEntry)
        .where(InboxEntry.account_id == account_id, InboxEntry.read_at.is_(None), chosen)
        .values(read_at=now)
        .returning(InboxEntry.id)
        .execution_options(synchronize_session=False)
    ).all()
    _change_unread(session, Account.id == account_id, by=-len(read))
    return len(read)


def note_mailed(session: Session, entry_ids: Collection[int], *, now: datetime) -> None:
    """Note that a letter told of these entries."""
    session.execute(
        update(InboxEntry)
        .where(InboxEntry.id.in_(entry_ids), InboxEntry.mailed_at.is_(None))
        .values(mailed_at=now)
        .execution_options(synchronize_session=False)
    )


def choose_rhythm(session: Session, *, account_id: int, rhythm: MailRhythm, now: datetime) -> None:
    """Set how often an account gets mail; who may do so is the one who is signed in, or has a link from a letter."""
    account = found(session.get(Account, account_id))
    if account.mail_rhythm is not rhythm:
        account.mail_rhythm = rhythm
        record(session, MailRhythmChosen(account_id), account_id=account_id, now=now)


def unread_breaks(session: Session) -> list[int]:
    """Return the accounts whose count of new entries differs from their inbox; there should be none."""
    new = (
        select(InboxEntry.account_id, func.count().label("entries"))
        .where(InboxEntry.read_at.is_(None))
        .group_by(InboxEntry.account_id)
        .subquery()
    )
    wrong = Account.unread != func.coalesce(new.c.entries, 0)
    statement = select(Account.id).outerjoin(new, new.c.account_id == Account.id).where(wrong).order_by(Account.id)
    return list(session.scalars(statement))


def _change_unread(session: Session, accounts: ColumnElement[bool], *, by: int) -> None:
    if by:
        session.execute(
            update(Account)
            .where(accounts)
            .values(unread=Account.unread + by)
            .execution_options(synchronize_session=False)
        )
