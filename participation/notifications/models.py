"""Tables of the inbox and of digests."""

import enum
from datetime import datetime

from sqlalchemy import BigInteger, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from participation.accounts.models import MailRhythm
from participation.kit.schema import Base, UtcDateTime, big_id, named_enum, reference


class EntryKind(enum.Enum):
    """What an entry of the inbox tells of; each kind says what ``subject_id`` is the number of."""

    DECISION = "decision"
    APPEAL = "appeal"
    NOTICE = "notice"
    MESSAGE = "message"
    ANSWER = "answer"
    BUNDLE = "bundle"
    UNBUNDLED = "unbundled"
    STATEMENT = "statement"
    MEASURE = "measure"
    SIGN_OFF = "sign_off"
    REOPENED = "reopened"
    REFERRAL_DUE = "referral_due"
    PROMISE_DUE = "promise_due"
    MEASURE_DUE = "measure_due"
    COMMENT = "comment"
    REPLY = "reply"
    ESCALATION = "escalation"
    WORDING = "wording"
    BARRIER = "barrier"
    BARRIER_DUE = "barrier_due"


class InboxEntry(Base):
    """Somebody is told of something; words are made when it is read, so that what was hidden since stays hidden.

    ``mailed_at`` is when it went out by mail, on its own or in a digest; for those who want none it stays empty.
    """

    __tablename__ = "inbox_entry"
    __table_args__ = (
        UniqueConstraint("account_id", "kind", "subject_id"),
        Index("ix_inbox_entry_own", "account_id", "id"),
        Index(
            "ix_inbox_entry_unmailed",
            "account_id",
            "id",
            sqlite_where=text("mailed_at IS NULL AND read_at IS NULL"),
            postgresql_where=text("mailed_at IS NULL AND read_at IS NULL"),
        ),
    )

    id: Mapped[int] = big_id()
    account_id: Mapped[int] = reference("account.id", cascade=True)
    process_id: Mapped[int | None] = reference("process.id", nullable=True)
    kind: Mapped[EntryKind] = mapped_column(named_enum(EntryKind))
    subject_id: Mapped[int] = mapped_column(BigInteger)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    read_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    mailed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class DigestRun(Base):
    """One round of digests, for example the daily one of a day; each comes once."""

    __tablename__ = "digest_run"
    __table_args__ = (UniqueConstraint("rhythm", "period"),)

    id: Mapped[int] = big_id()
    rhythm: Mapped[MailRhythm] = mapped_column(named_enum(MailRhythm))
    period: Mapped[str] = mapped_column(String(20))
    through_id: Mapped[int] = mapped_column(BigInteger)
    begun_at: Mapped[datetime] = mapped_column(UtcDateTime)
    done_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class LetterState(enum.Enum):
    """How far one letter of a digest has come."""

    WAITING = "waiting"
    SENT = "sent"
    EMPTY = "empty"
    FAILED = "failed"


class DigestLetter(Base):
    """The letter of one round to one person; claiming it moves ``available_at`` to the end of the lease."""

    __tablename__ = "digest_letter"
    __table_args__ = (Index("ix_digest_letter_due", "state", "available_at"),)

    run_id: Mapped[int] = reference("digest_run.id", primary_key=True, cascade=True)
    account_id: Mapped[int] = reference("account.id", primary_key=True, cascade=True)
    state: Mapped[LetterState] = mapped_column(named_enum(LetterState), default=LetterState.WAITING)
    attempts: Mapped[int] = mapped_column(default=0)
    available_at: Mapped[datetime] = mapped_column(UtcDateTime)
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    last_error: Mapped[str | None] = mapped_column(Text)
