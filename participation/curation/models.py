"""Tables of clusters, filings and bundles."""

import enum
from datetime import datetime

from sqlalchemy import Index, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from participation.kit.schema import Base, UtcDateTime, big_id, named_enum, reference


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


class BundleExit(enum.Enum):
    """Why an idea is not part of a bundle any more."""

    MODERATION = "moderation"
    AUTHOR = "author"


class Bundle(Base):
    """Ideas that say the same; each of them stays as it is, with its votes and comments."""

    __tablename__ = "bundle"

    id: Mapped[int] = big_id()
    process_id: Mapped[int] = reference("process.id", index=True)
    made_by: Mapped[int | None] = reference("account.id", nullable=True)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class BundleMember(Base):
    """An idea is part of a bundle: by whom and since when; leaving it ends the row."""

    __tablename__ = "bundle_member"
    __table_args__ = (
        Index(
            "uq_bundle_member_current",
            "idea_id",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
    )

    id: Mapped[int] = big_id()
    bundle_id: Mapped[int] = reference("bundle.id", index=True)
    idea_id: Mapped[int] = reference("idea.id", index=True)
    added_by: Mapped[int | None] = reference("account.id", nullable=True)
    added_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_by: Mapped[int | None] = reference("account.id", nullable=True)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_for: Mapped[BundleExit | None] = mapped_column(named_enum(BundleExit))
