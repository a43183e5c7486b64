"""Tables of vectors and of which ideas are near each other."""

from datetime import datetime
from typing import Any

from sqlalchemy import Index, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from participation.kit.schema import NUMBERED_ONCE, Base, UtcDateTime, big_id, reference

METHOD_LONGEST = 60


class IdeaVector(Base):
    """What an idea means as a vector, made by ``method`` from its text of ``revision``; replaced, never changed.

    Ids grow with every replacement, so that a reader who keeps vectors in memory asks only for newer ones.
    """

    __tablename__ = "idea_vector"
    __table_args__ = (
        UniqueConstraint("idea_id", "method"),
        Index("ix_idea_vector_newer", "process_id", "method", "id"),
        NUMBERED_ONCE,
    )

    id: Mapped[int] = big_id()
    process_id: Mapped[int] = reference("process.id")
    idea_id: Mapped[int] = reference("idea.id", cascade=True)
    revision: Mapped[int]
    method: Mapped[str] = mapped_column(String(METHOD_LONGEST))
    vector: Mapped[bytes] = mapped_column(LargeBinary)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Neighbourhood(Base):
    """Which ideas were found to be near an idea, the nearest first, worked out beforehand for its page.

    ``revision`` and those in ``entries`` are of the texts compared: an entry whose text has changed since is not shown.
    """

    __tablename__ = "neighbourhood"

    idea_id: Mapped[int] = reference("idea.id", primary_key=True, cascade=True)
    process_id: Mapped[int] = reference("process.id")
    revision: Mapped[int]
    method: Mapped[str] = mapped_column(String(METHOD_LONGEST))
    entries: Mapped[dict[str, Any]]
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
