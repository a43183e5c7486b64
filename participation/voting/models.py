"""Tables of votes and tallies."""

import enum
import secrets
from datetime import datetime

from sqlalchemy import CheckConstraint, Index, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from participation.kit.schema import NUMBERED_ONCE, Base, UtcDateTime, big_id, named_enum, reference

NONCE_BYTES = 16


def new_nonce() -> bytes:
    """Return the secret random number that a vote is known by in the published log."""
    return secrets.token_bytes(NONCE_BYTES)


class Stance(enum.Enum):
    """What a person thinks of an idea."""

    AGREE = "agree"
    DISAGREE = "disagree"
    UNSURE = "unsure"


class Vote(Base):
    """One person's stance on one idea; ``revision`` is the text the person saw.

    ``nonce`` is a secret random number of this vote and stance: what the published log calls the vote is worked out
    from it, and only the voter gets to see that.
    """

    __tablename__ = "vote"
    __table_args__ = (UniqueConstraint("idea_id", "participant_id"), NUMBERED_ONCE)

    id: Mapped[int] = big_id()
    idea_id: Mapped[int] = reference("idea.id")
    participant_id: Mapped[int] = reference("participant.id", index=True)
    stance: Mapped[Stance] = mapped_column(named_enum(Stance))
    revision: Mapped[int]
    cast_at: Mapped[datetime] = mapped_column(UtcDateTime)
    nonce: Mapped[bytes] = mapped_column(LargeBinary(NONCE_BYTES), default=new_nonce)


class Skip(Base):
    """Somebody passed over an idea while voting in a row; that is no stance, so it is kept apart from votes."""

    __tablename__ = "skip"

    participant_id: Mapped[int] = reference("participant.id", primary_key=True)
    idea_id: Mapped[int] = reference("idea.id", primary_key=True)
    skipped_at: Mapped[datetime] = mapped_column(UtcDateTime)


class VoteChange(Base):
    """Somebody withdrew votes since the last release of the log, or an import changed them; the next one deletes it."""

    __tablename__ = "vote_change"

    participant_id: Mapped[int] = reference("participant.id", primary_key=True)
    process_id: Mapped[int] = reference("process.id", index=True)


class Tally(Base):
    """How many people take each stance on an idea; kept in the same transaction as the votes."""

    __tablename__ = "tally"
    __table_args__ = (CheckConstraint("agree >= 0 AND disagree >= 0 AND unsure >= 0", name="not_negative"),)

    idea_id: Mapped[int] = reference("idea.id", primary_key=True)
    agree: Mapped[int] = mapped_column(default=0)
    disagree: Mapped[int] = mapped_column(default=0)
    unsure: Mapped[int] = mapped_column(default=0)


class Priority(Base):
    """How many of their points somebody gives to an idea in one phase; no row means none."""

    __tablename__ = "priority"
    __table_args__ = (
        UniqueConstraint("participant_id", "phase_id", "idea_id"),
        Index("ix_priority_idea", "phase_id", "idea_id"),
        CheckConstraint("points >= 1", name="some_points"),
    )

    id: Mapped[int] = big_id()
    phase_id: Mapped[int] = reference("phase.id")
    participant_id: Mapped[int] = reference("participant.id")
    idea_id: Mapped[int] = reference("idea.id")
    points: Mapped[int]
    given_at: Mapped[datetime] = mapped_column(UtcDateTime)


class PriorityTally(Base):
    """How many people give an idea just so many points in a phase; kept in the same transaction as the priorities."""

    __tablename__ = "priority_tally"
    __table_args__ = (CheckConstraint("people >= 0", name="not_negative"),)

    phase_id: Mapped[int] = reference("phase.id", primary_key=True)
    idea_id: Mapped[int] = reference("idea.id", primary_key=True)
    points: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    people: Mapped[int] = mapped_column(default=0)
