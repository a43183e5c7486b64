"""Tables of notices and of held evidence."""

import enum
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Index, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from participation.cases.models import SubjectKind
from participation.kit.schema import NUMBERED_ONCE, Base, UtcDateTime, big_id, named_enum, reference

NOTICE_LONGEST = 2000


class NoticeReason(enum.Enum):
    """Why somebody points at a contribution."""

    THREAT_TO_LIFE = "threat_to_life"
    HATE = "hate"
    INSULT = "insult"
    PERSONAL_DATA = "personal_data"
    ILLEGAL = "illegal"
    COPYRIGHT = "copyright"
    SPAM = "spam"
    DUPLICATE = "duplicate"
    WRONG_PLACE = "wrong_place"
    TRANSLATION = "translation"
    OTHER = "other"


class Notice(Base):
    """Somebody, known or not, points at a contribution; the outcome can be looked up with a code.

    ``text_digest`` says which text it was about. The address is erased some time after the outcome was
    told. ``decision_id`` is a plain number, because decisions lie above.
    """

    __tablename__ = "notice"
    __table_args__ = (
        Index("ix_notice_subject", "subject_kind", "subject_id", "closed_at"),
        Index("ix_notice_process", "process_id", "submitted_at"),
        NUMBERED_ONCE,
    )

    id: Mapped[int] = big_id()
    process_id: Mapped[int] = reference("process.id")
    subject_kind: Mapped[SubjectKind] = mapped_column(named_enum(SubjectKind))
    subject_id: Mapped[int] = mapped_column(BigInteger)
    reason: Mapped[NoticeReason] = mapped_column(named_enum(NoticeReason))
    text: Mapped[str] = mapped_column(Text)
    language: Mapped[str] = mapped_column(String(12))
    account_id: Mapped[int | None] = reference("account.id", nullable=True, index=True)
    contact: Mapped[str | None] = mapped_column(String(254))
    code_hash: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    text_digest: Mapped[str] = mapped_column(String(64))
    submission_key: Mapped[str | None] = mapped_column(String(64), unique=True)
    submitted_at: Mapped[datetime] = mapped_column(UtcDateTime)
    decision_id: Mapped[int | None] = mapped_column(BigInteger, index=True)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    contact_erased_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Evidence(Base):
    """A contribution as it stood, held because a law was probably broken; emptied at ``delete_at``."""

    __tablename__ = "evidence"
    __table_args__ = (Index("ix_evidence_subject", "subject_kind", "subject_id"),)

    id: Mapped[int] = big_id()
    process_id: Mapped[int] = reference("process.id", index=True)
    subject_kind: Mapped[SubjectKind] = mapped_column(named_enum(SubjectKind))
    subject_id: Mapped[int] = mapped_column(BigInteger)
    snapshot: Mapped[dict[str, Any]]
    digest: Mapped[str] = mapped_column(String(64))
    reason: Mapped[str] = mapped_column(Text)
    held_by: Mapped[int | None] = reference("account.id", nullable=True)
    held_at: Mapped[datetime] = mapped_column(UtcDateTime)
    delete_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    deleted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class EvidenceAccess(Base):
    """Somebody looked at held evidence; each time one row, which nobody can change."""

    __tablename__ = "evidence_access"

    id: Mapped[int] = big_id()
    evidence_id: Mapped[int] = reference("evidence.id", index=True)
    account_id: Mapped[int] = reference("account.id")
    at: Mapped[datetime] = mapped_column(UtcDateTime)
