"""Tables of statements, their sources, and the city's answers."""

import enum
from datetime import datetime

from sqlalchemy import CheckConstraint, String
from sqlalchemy.orm import Mapped, mapped_column

from participation.kit.schema import Base, UtcDateTime, big_id, named_enum, reference


class StatementState(enum.Enum):
    """Whether a statement is public."""

    DRAFT = "draft"
    PUBLISHED = "published"


class Statement(Base):
    """A sentence of input for the strategy."""

    __tablename__ = "statement"

    id: Mapped[int] = big_id()
    process_id: Mapped[int] = reference("process.id", index=True)
    position: Mapped[int]
    state: Mapped[StatementState] = mapped_column(named_enum(StatementState), default=StatementState.DRAFT)
    text: Mapped[dict[str, str]]
    reasoning: Mapped[dict[str, str]]
    written_by: Mapped[int | None] = reference("account.id", nullable=True)
    written_at: Mapped[datetime] = mapped_column(UtcDateTime)
    published_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class StatementSource(Base):
    """A statement rests on a cluster."""

    __tablename__ = "statement_source"

    statement_id: Mapped[int] = reference("statement.id", primary_key=True, cascade=True)
    cluster_id: Mapped[int] = reference("cluster.id", primary_key=True, index=True)


class AnswerOutcome(enum.Enum):
    """What the city says to an idea or a statement."""

    YES = "yes"
    PARTLY = "partly"
    NO = "no"
    EXPERIMENT = "experiment"


class Answer(Base):
    """What the city says to an idea or a statement, with its reason; a later one follows, none disappears."""

    __tablename__ = "answer"
    __table_args__ = (CheckConstraint("(idea_id IS NULL) <> (statement_id IS NULL)", name="one_subject"),)

    id: Mapped[int] = big_id()
    process_id: Mapped[int] = reference("process.id", index=True)
    idea_id: Mapped[int | None] = reference("idea.id", nullable=True, index=True)
    statement_id: Mapped[int | None] = reference("statement.id", nullable=True, index=True)
    outcome: Mapped[AnswerOutcome] = mapped_column(named_enum(AnswerOutcome))
    department: Mapped[str] = mapped_column(String(120))
    text: Mapped[dict[str, str]]
    answered_by: Mapped[int | None] = reference("account.id", nullable=True)
    answered_at: Mapped[datetime] = mapped_column(UtcDateTime)
