"""Tables of clusters and filings."""

from datetime import datetime

from sqlalchemy import Index, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from participation.kit.schema import Base, UtcDateTime, big_id, reference


class Cluster(Base):
    """A theme curated by moderators."""

    __tablename__ = "cluster"

    id: Mapped[int] = big_id()
    process_id: Mapped[int] = reference("process.id", index=True)
    position: Mapped[int]
    title: Mapped[dict[str, str]]
    description: Mapped[dict[str, str]]
    created_by: Mapped[int | None] = reference("account.id", nullable=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    removed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Filing(Base):
    """An idea belongs to a cluster: by whom, since when and why; taking it out ends the row."""

    __tablename__ = "filing"
    __table_args__ = (
        Index(
            "uq_filing_current",
            "cluster_id",
            "idea_id",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
        Index("ix_filing_idea", "idea_id", "ended_at"),
    )

    id: Mapped[int] = big_id()
    cluster_id: Mapped[int] = reference("cluster.id")
    idea_id: Mapped[int] = reference("idea.id")
    reason: Mapped[str] = mapped_column(Text, default="")
    filed_by: Mapped[int | None] = reference("account.id", nullable=True)
    filed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_by: Mapped[int | None] = reference("account.id", nullable=True)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
