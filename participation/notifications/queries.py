"""Reading entries of the inbox: those of one person a page at a time, and those that digests of many people take."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session

from participation.accounts.models import Account, MailRhythm
from participation.comments.models import Comment
from participation.notifications.models import EntryKind, InboxEntry

PAGE = 30
MOST_IN_DIGEST = 30
"""So many entries of one person stand in a digest, the latest; the rest is in the inbox."""
REACTIONS = (EntryKind.COMMENT, EntryKind.REPLY)
UNMAILED = InboxEntry.mailed_at.is_(None) & InboxEntry.read_at.is_(None)


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of an inbox, free of the database."""

    id: int
    account_id: int
    process_id: int | None
    kind: EntryKind
    subject_id: int
    created_at: datetime
    is_new: bool


@dataclass(frozen=True, slots=True)
class Unmailed:
    """What a digest says to one person: the latest entries, and how many more there are."""

    entries: tuple[Entry, ...]
    more: int


def inbox_of(session: Session, account_id: int, *, before: int | None = None) -> tuple[list[Entry], bool]:
    """Return a page of an inbox, the latest first, from behind the entry ``before``; and whether more follows."""
    statement = _entries().where(InboxEntry.account_id == account_id).order_by(InboxEntry.id.desc()).limit(PAGE + 1)
    if before is not None:
        statement = statement.where(InboxEntry.id < before)
    entries = [Entry(*row) for row in session.execute(statement)]
    return entries[:PAGE], len(entries) > PAGE


def entry_by_id(session: Session, entry_id: int) -> Entry | None:
    """Return the entry if it is new and has not been mailed, to somebody who wants mail at once; ``None`` if not."""
    wanted = (InboxEntry.id == entry_id) & UNMAILED & (Account.mail_rhythm == MailRhythm.AT_ONCE)
    row = session.execute(_entries().join(Account, Account.id == InboxEntry.account_id).where(wanted)).one_or_none()
    return Entry(*row) if row else None


def has_letter_about(session: Session, entry: Entry) -> bool:
    """Return whether a letter told of an earlier comment at the same idea, and its reader has not looked since.

    Whoever does not look gets no further letter, however lively the discussion is.
    """
    idea_id = select(Comment.idea_id).where(Comment.id == entry.subject_id).scalar_subquery()
    earlier = (
        select(InboxEntry.id)
        .join(Comment, Comment.id == InboxEntry.subject_id)
        .where(
            InboxEntry.account_id == entry.account_id,
            InboxEntry.id < entry.id,
            InboxEntry.kind.in_(REACTIONS),
            InboxEntry.mailed_at.is_not(None),
            InboxEntry.read_at.is_(None),
            Comment.idea_id == idea_id,
        )
        .limit(1)
    )
    return session.scalar(earlier) is not None


def unmailed(session: Session, account_ids: Collection[int], *, through: int) -> dict[int, Unmailed]:
    """Return what is new and was not mailed yet, up to the entry ``through``; with one statement for many people."""
    own = InboxEntry.account_id
    ranked = (
        _entries()
        .add_columns(
            func.row_number().over(partition_by=own, order_by=InboxEntry.id.desc()).label("place"),
            func.count().over(partition_by=own).label("total"),
        )
        .where(InboxEntry.account_id.in_(account_ids), InboxEntry.id <= through, UNMAILED)
        .subquery()
    )
    rows = session.execute(
        select(ranked).where(ranked.c.place <= MOST_IN_DIGEST).order_by(ranked.c.account_id, ranked.c.place)
    )
    found: dict[int, list[Entry]] = {}
    totals: dict[int, int] = {}
    for *columns, _place, total in rows:
        entry = Entry(*columns)
        found.setdefault(entry.account_id, []).append(entry)
        totals[entry.account_id] = total
    return {
        account_id: Unmailed(tuple(entries), totals[account_id] - len(entries)) for account_id, entries in found.items()
    }


def waiting_for_digest(account: Any, *, through: int) -> ColumnElement[bool]:
    """Return the condition that an ``account``, a column, has something for a digest up to the entry ``through``."""
    return select(InboxEntry.id).where(InboxEntry.account_id == account, InboxEntry.id <= through, UNMAILED).exists()


def _entries() -> Select[int, int, int | None, EntryKind, int, datetime, bool]:
    columns = (InboxEntry.id, InboxEntry.account_id, InboxEntry.process_id, InboxEntry.kind, InboxEntry.subject_id)
    is_new = InboxEntry.read_at.is_(None).label("is_new")
    statement: Select[int, int, int | None, EntryKind, int, datetime, bool] = select(
        *columns, InboxEntry.created_at, is_new
    )
    return statement
