"""Tables of signals, of sketches of texts, and of words to watch."""

import enum
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from participation.cases.models import SubjectKind
from participation.kit.schema import Base, UtcDateTime, big_id, named_enum, reference


class SignalKind(enum.Enum):
    """What a program saw in a contribution; a hint for people, never a verdict."""

    RATE = "rate"
    LINKS = "links"
    REPEATED = "repeated"
    WORDS = "words"
    NEW_ACCOUNT = "new_account"
    PERSONAL = "personal"
    LANGUAGE = "language"


class Signal(Base):
    """A program saw something in a contribution, and why it says so; open until somebody decided."""

    __tablename__ = "signal"
    __table_args__ = (
        Index("ix_signal_subject", "subject_kind", "subject_id", "settled_at"),
        Index("ix_signal_process", "process_id", "kind", "settled_at"),
    )

    id: Mapped[int] = big_id()
    process_id: Mapped[int] = reference("process.id")
    subject_kind: Mapped[SubjectKind] = mapped_column(named_enum(SubjectKind))
    subject_id: Mapped[int] = mapped_column(BigInteger)
    kind: Mapped[SignalKind] = mapped_column(named_enum(SignalKind))
    details: Mapped[dict[str, Any]] = mapped_column(default=dict)
    found_at: Mapped[datetime] = mapped_column(UtcDateTime)
    settled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class CaseSketch(Base):
    """Some of the hashes of the word pairs of a text that waits: texts that share many of them say nearly the same."""

    __tablename__ = "case_sketch"
    __table_args__ = (Index("ix_case_sketch_hash", "process_id", "hash", "case_id"),)

    case_id: Mapped[int] = reference("moderation_case.id", primary_key=True, cascade=True)
    hash: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    process_id: Mapped[int] = reference("process.id")


class WatchedWord(Base):
    """A word that moderators want to be pointed at, everywhere or in one process."""

    __tablename__ = "watched_word"
    __table_args__ = (Index("uq_watched_word_word", text("coalesce(process_id, 0)"), "language", "word", unique=True),)

    id: Mapped[int] = big_id()
    process_id: Mapped[int | None] = reference("process.id", nullable=True)
    language: Mapped[str] = mapped_column(String(12))
    word: Mapped[str] = mapped_column(String(80))
    added_by: Mapped[int | None] = reference("account.id", nullable=True)
    added_at: Mapped[datetime] = mapped_column(UtcDateTime)
