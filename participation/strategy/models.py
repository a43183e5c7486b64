"""Tables of statements and their sources."""

import enum
from datetime import datetime

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
