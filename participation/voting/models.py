"""Tables of votes and tallies."""

import enum
from datetime import datetime

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from participation.kit.schema import NUMBERED_ONCE, Base, UtcDateTime, big_id, named_enum, reference


class Stance(enum.Enum):
    """What a person thinks of an idea."""

    AGREE = "agree"
    DISAGREE = "disagree"
    UNSURE = "unsure"


class Vote(Base):
    """One person's stance on one idea; ``revision`` is the text the person saw."""

    __tablename__ = "vote"
    __table_args__ = (UniqueConstraint("idea_id", "participant_id"), NUMBERED_ONCE)

    id: Mapped[int] = big_id()
    idea_id: Mapped[int] = reference("idea.id")
    participant_id: Mapped[int] = reference("participant.id", index=True)
    stance: Mapped[Stance] = mapped_column(named_enum(Stance))
    revision: Mapped[int]
    cast_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Tally(Base):
    """How many people take each stance on an idea; kept in the same transaction as the votes."""

    __tablename__ = "tally"
    __table_args__ = (CheckConstraint("agree >= 0 AND disagree >= 0 AND unsure >= 0", name="not_negative"),)

    idea_id: Mapped[int] = reference("idea.id", primary_key=True)
    agree: Mapped[int] = mapped_column(default=0)
    disagree: Mapped[int] = mapped_column(default=0)
    unsure: Mapped[int] = mapped_column(default=0)
