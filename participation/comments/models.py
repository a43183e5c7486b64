"""Tables of comments, their earlier revisions, and who found them helpful."""

import enum
from datetime import datetime

from sqlalchemy import Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from participation.kit.schema import NUMBERED_ONCE, Base, UtcDateTime, big_id, named_enum, reference

COMMENT_LONGEST = 3000


class CommentState(enum.Enum):
    """Where a comment stands; only published ones show their text."""

    IN_REVIEW = "in_review"
    PUBLISHED = "published"
    HIDDEN = "hidden"
    WITHDRAWN = "withdrawn"


class CommentStance(enum.Enum):
    """What a comment does to the idea; saying so is optional."""

    SUPPORTS = "supports"
    OBJECTS = "objects"
    ASKS = "asks"
    ADDS = "adds"


class Voice(enum.Enum):
    """For whom a comment speaks; the official voices are for those who hold the role."""

    RESIDENT = "resident"
    MODERATION = "moderation"
    ADMINISTRATION = "administration"


class Comment(Base):
    """A contribution to the discussion; ``thread_id`` is the comment at the root, itself for a first one."""

    __tablename__ = "comment"
    __table_args__ = (
        Index("ix_comment_thread", "idea_id", "thread_id", "id"),
        Index("ix_comment_count", "idea_id", "state"),
        Index("ix_comment_below", "idea_id", "parent_id", "id"),
        Index("ix_comment_stance", "idea_id", "stance", "state", "helpful", "id"),
        Index("ix_comment_waiting", "process_id", "state", "submitted_at", "id"),
        UniqueConstraint("process_id", "external_id"),
        NUMBERED_ONCE,
    )

    id: Mapped[int] = big_id()
    # Known from the idea; kept here so that the queue of a process needs no join to be ordered.
    process_id: Mapped[int] = reference("process.id")
    idea_id: Mapped[int] = reference("idea.id")
    participant_id: Mapped[int] = reference("participant.id", index=True)
    parent_id: Mapped[int | None] = reference("comment.id", nullable=True)
    thread_id: Mapped[int | None] = reference("comment.id", nullable=True)
    state: Mapped[CommentState] = mapped_column(named_enum(CommentState))
    stance: Mapped[CommentStance | None] = mapped_column(named_enum(CommentStance))
    voice: Mapped[Voice] = mapped_column(named_enum(Voice), default=Voice.RESIDENT)
    # How many people marked it as helpful; kept in the same transaction as the marks.
    helpful: Mapped[int] = mapped_column(default=0)
    # So many of them came as a number from elsewhere and have no mark here.
    helpful_elsewhere: Mapped[int] = mapped_column(default=0)
    text: Mapped[str] = mapped_column(Text)
    language: Mapped[str] = mapped_column(String(12))
    # Goes up with each change, so that a translation knows what it belongs to.
    revision: Mapped[int] = mapped_column(default=1)
    external_id: Mapped[str | None] = mapped_column(String(120))
    submission_key: Mapped[str | None] = mapped_column(String(64), unique=True)
    submitted_at: Mapped[datetime] = mapped_column(UtcDateTime)
    published_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    edited_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class CommentRevision(Base):
    """An earlier revision of a comment that its author changed within the time for that."""

    __tablename__ = "comment_revision"

    id: Mapped[int] = big_id()
    comment_id: Mapped[int] = reference("comment.id", index=True, cascade=True)
    text: Mapped[str] = mapped_column(Text)
    written_at: Mapped[datetime] = mapped_column(UtcDateTime)
    replaced_at: Mapped[datetime] = mapped_column(UtcDateTime)


class HelpfulMark(Base):
    """Somebody found a comment helpful."""

    __tablename__ = "helpful_mark"

    comment_id: Mapped[int] = reference("comment.id", primary_key=True, cascade=True)
    participant_id: Mapped[int] = reference("participant.id", primary_key=True, index=True)
    marked_at: Mapped[datetime] = mapped_column(UtcDateTime)
