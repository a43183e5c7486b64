"""Table of cases."""

import enum
from datetime import datetime

from sqlalchemy import BigInteger, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from participation.kit.schema import NUMBERED_ONCE, Base, UtcDateTime, big_id, named_enum, reference


class CaseKind(enum.Enum):
    """Why somebody has to look.

    A new or changed text is to be read; somebody pointed at it; its author objects to a decision; a program saw
    something in a text that is read by nobody else; an author answered the team; somebody put a text into another
    language, or knows a better wording.
    """

    REVIEW = "review"
    NOTICE = "notice"
    APPEAL = "appeal"
    HINT = "hint"
    MESSAGE = "message"
    WORDING = "wording"


class SubjectKind(enum.Enum):
    """What kind of contribution a case is about."""

    IDEA = "idea"
    COMMENT = "comment"
    ADDENDUM = "addendum"


class Case(Base):
    """Something that waits for a decision; open until ``closed_at``.

    ``subject_id`` and ``idea_id`` (the idea on whose page the subject stands) are plain numbers, because what they name
    lies above; so are ``about_id`` (the appealed decision, the message or the wording, else 0) and ``decision_id``.
    ``due_at`` is the promise. Cases that say nearly the same share ``group_id``, and stand in the queue where the first
    of them does (``place_at``). While ``resumes_at`` lies ahead the author has the next word.
    """

    __tablename__ = "moderation_case"
    __table_args__ = (
        Index(
            "uq_moderation_case_open",
            "kind",
            "subject_kind",
            "subject_id",
            "about_id",
            unique=True,
            sqlite_where=text("closed_at IS NULL"),
            postgresql_where=text("closed_at IS NULL"),
        ),
        Index(
            "ix_moderation_case_due",
            "due_at",
            sqlite_where=text("closed_at IS NULL AND escalated_at IS NULL"),
            postgresql_where=text("closed_at IS NULL AND escalated_at IS NULL"),
        ),
        # Holds everything that is counted, so that counting a long queue reads no rows.
        Index(
            "ix_moderation_case_waiting",
            "process_id",
            "kind",
            "subject_kind",
            "language",
            "resumes_at",
            "due_at",
            "urgent",
            "assigned_to",
            "opened_at",
            "closed_at",
            sqlite_where=text("closed_at IS NULL"),
            postgresql_where=text("closed_at IS NULL"),
        ),
        Index("ix_moderation_case_subject", "subject_kind", "subject_id"),
        Index("ix_moderation_case_opened", "process_id", "opened_at"),
        Index("ix_moderation_case_group", "group_id"),
        NUMBERED_ONCE,
    )

    id: Mapped[int] = big_id()
    process_id: Mapped[int] = reference("process.id")
    kind: Mapped[CaseKind] = mapped_column(named_enum(CaseKind))
    subject_kind: Mapped[SubjectKind] = mapped_column(named_enum(SubjectKind))
    subject_id: Mapped[int] = mapped_column(BigInteger)
    idea_id: Mapped[int] = mapped_column(BigInteger)
    about_id: Mapped[int] = mapped_column(BigInteger, default=0)
    language: Mapped[str] = mapped_column(String(12))
    urgent: Mapped[bool] = mapped_column(default=False)
    # How many signals of programs and how many notices of people are open; kept along with them.
    signals: Mapped[int] = mapped_column(default=0)
    notices: Mapped[int] = mapped_column(default=0)
    opened_at: Mapped[datetime] = mapped_column(UtcDateTime)
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    place_at: Mapped[datetime] = mapped_column(UtcDateTime)
    group_id: Mapped[int] = mapped_column(BigInteger, default=0)
    # When programs looked at the text as it stands; nothing is published by itself before.
    looked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    resumes_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    escalated_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    assigned_to: Mapped[int | None] = reference("account.id", nullable=True)
    held_by: Mapped[int | None] = reference("account.id", nullable=True)
    held_since: Mapped[datetime | None] = mapped_column(UtcDateTime)
    held_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    decision_id: Mapped[int | None] = mapped_column(BigInteger, index=True)


# Here, because it names a column that stands in another order.
Index(
    "ix_moderation_case_queue",
    Case.process_id,
    Case.urgent.desc(),
    Case.place_at,
    Case.group_id,
    Case.due_at,
    Case.id,
    sqlite_where=text("closed_at IS NULL"),
    postgresql_where=text("closed_at IS NULL"),
)
