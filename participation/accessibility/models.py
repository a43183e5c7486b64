"""Tables of accessibility statements, reports of barriers and videos in sign language."""

import enum
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Index, LargeBinary, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from participation.kit.schema import NUMBERED_ONCE, Base, UtcDateTime, big_id, named_enum, reference

BARRIER_LONGEST = 2000


class AccessibilityStatement(Base):
    """What the city says about the accessibility of the platform; the latest row holds.

    ``facts`` are the settings of the page: who assessed it when and how, gaps with their reasons and alternatives, the
    enforcement body. What automatic tests found is no part of it; the page adds that from the results of the tests.
    """

    __tablename__ = "accessibility_statement"

    id: Mapped[int] = big_id()
    facts: Mapped[dict[str, Any]]
    published_at: Mapped[datetime] = mapped_column(UtcDateTime)
    published_by: Mapped[int | None] = reference("account.id", nullable=True)


class BarrierState(enum.Enum):
    """Where the report of a barrier stands."""

    OPEN = "open"
    ANSWERED = "answered"


class BarrierReport(Base):
    """Somebody, known or not, met a barrier; the answer can be looked up with a code, and comes by mail where wished.

    ``page`` is the address on this platform that it is about, ``due_at`` the promised day of the answer. ``interim`` is
    what the team wrote when it needed longer, which moved that day. The address of the person, and what they use to
    read, are erased some time after the answer.
    """

    __tablename__ = "barrier_report"
    __table_args__ = (
        Index(
            "ix_barrier_report_open",
            "due_at",
            "id",
            sqlite_where=text("state = 'open'"),
            postgresql_where=text("state = 'open'"),
        ),
        NUMBERED_ONCE,
    )

    id: Mapped[int] = big_id()
    state: Mapped[BarrierState] = mapped_column(named_enum(BarrierState), default=BarrierState.OPEN)
    page: Mapped[str] = mapped_column(String(500), default="")
    text: Mapped[str] = mapped_column(Text)
    # What somebody uses to read the page, and in which form the content would help; both optional.
    uses: Mapped[str] = mapped_column(Text, default="")
    wants: Mapped[str] = mapped_column(Text, default="")
    language: Mapped[str] = mapped_column(String(12))
    contact: Mapped[str | None] = mapped_column(String(254))
    account_id: Mapped[int | None] = reference("account.id", nullable=True, index=True)
    code_hash: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    submission_key: Mapped[str | None] = mapped_column(String(64), unique=True)
    submitted_at: Mapped[datetime] = mapped_column(UtcDateTime)
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    reminded_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    interim: Mapped[str] = mapped_column(Text, default="")
    interim_language: Mapped[str] = mapped_column(String(12), default="")
    interim_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    answer: Mapped[str] = mapped_column(Text, default="")
    answer_language: Mapped[str] = mapped_column(String(12), default="")
    # The barrier is gone, as far as the team can see.
    is_removed: Mapped[bool] = mapped_column(default=False)
    answered_by: Mapped[int | None] = reference("account.id", nullable=True)
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    contact_erased_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class SignVideo(Base):
    """A video in sign language that explains one place of the platform, or a process with ``process_id``.

    The file lies in the data folder under ``file_name``; a new one for the same place takes the place of the former.
    """

    __tablename__ = "sign_video"
    __table_args__ = (
        Index(
            "uq_sign_video_shown",
            "place",
            text("coalesce(process_id, 0)"),
            unique=True,
            sqlite_where=text("removed_at IS NULL"),
            postgresql_where=text("removed_at IS NULL"),
        ),
    )

    id: Mapped[int] = big_id()
    place: Mapped[str] = mapped_column(String(60))
    process_id: Mapped[int | None] = reference("process.id", nullable=True, index=True)
    file_name: Mapped[str] = mapped_column(String(80), unique=True)
    media_type: Mapped[str] = mapped_column(String(40))
    size: Mapped[int] = mapped_column(BigInteger)
    # The same in written words, by language.
    transcript: Mapped[dict[str, str]]
    # German subtitles in the format WebVTT; empty for none.
    captions: Mapped[str] = mapped_column(Text, default="")
    uploaded_by: Mapped[int | None] = reference("account.id", nullable=True)
    uploaded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    removed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
