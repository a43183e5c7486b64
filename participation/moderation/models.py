"""Table of decisions."""

import enum
from datetime import datetime

from sqlalchemy import CheckConstraint, Text
from sqlalchemy.orm import Mapped, mapped_column

from participation.kit.schema import Base, UtcDateTime, big_id, named_enum, reference


class DecisionKind(enum.Enum):
    """What was decided."""

    PUBLISH = "publish"
    HIDE = "hide"
    RESTORE = "restore"
    REDACT = "redact"


class Decision(Base):
    """One decision about one idea, addendum or comment; history never disappears, later rows follow earlier ones."""

    __tablename__ = "decision"
    __table_args__ = (
        CheckConstraint(
            "(idea_id IS NOT NULL AND comment_id IS NULL AND addendum_id IS NULL)"
            " OR (idea_id IS NULL AND comment_id IS NOT NULL AND addendum_id IS NULL)"
            " OR (idea_id IS NULL AND comment_id IS NULL AND addendum_id IS NOT NULL)",
            name="one_subject",
        ),
    )

    id: Mapped[int] = big_id()
    process_id: Mapped[int] = reference("process.id", index=True)
    idea_id: Mapped[int | None] = reference("idea.id", nullable=True, index=True)
    comment_id: Mapped[int | None] = reference("comment.id", nullable=True, index=True)
    addendum_id: Mapped[int | None] = reference("addendum.id", nullable=True, index=True)
    kind: Mapped[DecisionKind] = mapped_column(named_enum(DecisionKind))
    reason: Mapped[str] = mapped_column(Text)
    decided_by: Mapped[int | None] = reference("account.id", nullable=True)
    decided_at: Mapped[datetime] = mapped_column(UtcDateTime)
