"""Table of vectors."""

from datetime import datetime

from sqlalchemy import Index, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from participation.kit.schema import Base, UtcDateTime, big_id, reference


class IdeaVector(Base):
    """What an idea means as a vector, made by ``method`` from its text of ``revision``; replaced, never changed.

    Ids grow with every replacement, so that a reader who keeps vectors in memory asks only for newer ones.
    """

    __tablename__ = "idea_vector"
    __table_args__ = (
        UniqueConstraint("idea_id", "method"),
        Index("ix_idea_vector_newer", "process_id", "method", "id"),
    )

    id: Mapped[int] = big_id()
    process_id: Mapped[int] = reference("process.id")
    idea_id: Mapped[int] = reference("idea.id", cascade=True)
    revision: Mapped[int]
    method: Mapped[str] = mapped_column(String(60))
    vector: Mapped[bytes] = mapped_column(LargeBinary)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
