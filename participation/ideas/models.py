"""Tables of ideas and the principles they are tagged with."""

import enum
from datetime import datetime

from sqlalchemy import Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from participation.kit.schema import Base, UtcDateTime, big_id, named_enum, reference

TITLE_LONGEST = 140
TEXT_LONGEST = 5000


class IdeaState(enum.Enum):
    """Where an idea stands; only published ones are public."""

    IN_REVIEW = "in_review"
    PUBLISHED = "published"
    HIDDEN = "hidden"
    WITHDRAWN = "withdrawn"


class IdeaSource(enum.Enum):
    """How an idea came in; all count the same."""

    ONLINE = "online"
    IMPORTED = "imported"


class Idea(Base):
    """A resident's proposal; ``submission_key`` makes sending the same form twice harmless."""

    __tablename__ = "idea"
    __table_args__ = (
        Index("ix_idea_newest", "process_id", "state", "published_at", "id"),
        Index("ix_idea_waiting", "process_id", "state", "submitted_at", "id"),
        UniqueConstraint("process_id", "external_id"),
    )

    id: Mapped[int] = big_id()
    process_id: Mapped[int] = reference("process.id")
    participant_id: Mapped[int] = reference("participant.id", index=True)
    state: Mapped[IdeaState] = mapped_column(named_enum(IdeaState))
    source: Mapped[IdeaSource] = mapped_column(named_enum(IdeaSource), default=IdeaSource.ONLINE)
    title: Mapped[str] = mapped_column(String(TITLE_LONGEST))
    text: Mapped[str] = mapped_column(Text)
    language: Mapped[str] = mapped_column(String(12))
    revision: Mapped[int] = mapped_column(default=1)
    district_id: Mapped[int | None] = reference("district.id", nullable=True)
    field_id: Mapped[int | None] = reference("field_of_action.id", nullable=True)
    external_id: Mapped[str | None] = mapped_column(String(120))
    submission_key: Mapped[str | None] = mapped_column(String(64), unique=True)
    submitted_at: Mapped[datetime] = mapped_column(UtcDateTime)
    published_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class IdeaPrinciple(Base):
    """An idea is tagged with a principle; an idea without any row is "not sure" and waits for moderators."""

    __tablename__ = "idea_principle"
    __table_args__ = (Index("ix_idea_principle_reverse", "principle_id", "idea_id"),)

    idea_id: Mapped[int] = reference("idea.id", primary_key=True, cascade=True)
    principle_id: Mapped[int] = reference("principle.id", primary_key=True)
