"""Table of comments."""

import enum
from datetime import datetime

from sqlalchemy import Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from participation.kit.schema import Base, UtcDateTime, big_id, named_enum, reference

COMMENT_LONGEST = 3000


class CommentState(enum.Enum):
    """Where a comment stands; only published ones show their text."""

    IN_REVIEW = "in_review"
    PUBLISHED = "published"
    HIDDEN = "hidden"
    WITHDRAWN = "withdrawn"


class Comment(Base):
    """A contribution to the discussion; ``thread_id`` is the comment at the root, itself for a first one."""

    __tablename__ = "comment"
    __table_args__ = (
        Index("ix_comment_thread", "idea_id", "thread_id", "id"),
        Index("ix_comment_count", "idea_id", "state"),
        Index("ix_comment_waiting", "process_id", "state", "submitted_at", "id"),
        UniqueConstraint("process_id", "external_id"),
    )

    id: Mapped[int] = big_id()
    # Known from the idea; kept here so that the queue of a process needs no join to be ordered.
    process_id: Mapped[int] = reference("process.id")
    idea_id: Mapped[int] = reference("idea.id")
    participant_id: Mapped[int] = reference("participant.id", index=True)
    parent_id: Mapped[int | None] = reference("comment.id", nullable=True)
    thread_id: Mapped[int | None] = reference("comment.id", nullable=True)
    state: Mapped[CommentState] = mapped_column(named_enum(CommentState))
    text: Mapped[str] = mapped_column(Text)
    language: Mapped[str] = mapped_column(String(12))
    external_id: Mapped[str | None] = mapped_column(String(120))
    submission_key: Mapped[str | None] = mapped_column(String(64), unique=True)
    submitted_at: Mapped[datetime] = mapped_column(UtcDateTime)
    published_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
