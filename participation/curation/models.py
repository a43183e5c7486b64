"""Tables of the cluster board with its history, and of bundles."""

import enum
from datetime import datetime
from typing import Any

from sqlalchemy import Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from participation.kit.schema import Base, UtcDateTime, big_id, named_enum, reference

LABEL_LONGEST = 40


class Board(Base):
    """The cluster board of a process; whoever changes it locks it. ``version`` is the number of the latest change."""

    __tablename__ = "board"

    process_id: Mapped[int] = reference("process.id", primary_key=True, cascade=True)
    version: Mapped[int] = mapped_column(default=0)


class BoardChangeKind(enum.Enum):
    """What was done to the board."""

    FILE = "file"
    MAKE = "make"
    DESCRIBE = "describe"
    ORDER = "order"
    SPLIT = "split"
    MERGE = "merge"
    REMOVE = "remove"
    NOTE = "note"
    IMPORT = "import"
    UNDO = "undo"


class BoardChange(Base):
    """One step on the board: who did what when, and what it takes to undo it.

    ``details`` holds what was there before and after; it names ideas and clusters by id. ``undoes`` is the number of
    the step that this one took back.
    """

    __tablename__ = "board_change"
    __table_args__ = (UniqueConstraint("process_id", "number"),)

    id: Mapped[int] = big_id()
    process_id: Mapped[int] = reference("process.id")
    number: Mapped[int]
    kind: Mapped[BoardChangeKind] = mapped_column(named_enum(BoardChangeKind))
    details: Mapped[dict[str, Any]]
    undoes: Mapped[int | None]
    done_by: Mapped[int | None] = reference("account.id", nullable=True)
    done_at: Mapped[datetime] = mapped_column(UtcDateTime)
    undone_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Cluster(Base):
    """A theme curated by moderators.

    ``label`` is a short word of the team for telling clusters apart, never public. ``version`` is the number of the
    board's change that last touched the cluster itself. One that was merged away names where its ideas went.
    """

    __tablename__ = "cluster"

    id: Mapped[int] = big_id()
    process_id: Mapped[int] = reference("process.id", index=True)
    position: Mapped[int]
    title: Mapped[dict[str, str]]
    description: Mapped[dict[str, str]]
    label: Mapped[str] = mapped_column(String(LABEL_LONGEST), default="")
    version: Mapped[int] = mapped_column(default=0)
    created_by: Mapped[int | None] = reference("account.id", nullable=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    removed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    merged_into: Mapped[int | None] = reference("cluster.id", nullable=True)


class ClusterNote(Base):
    """What somebody of the team noted about a cluster; never public."""

    __tablename__ = "cluster_note"

    id: Mapped[int] = big_id()
    cluster_id: Mapped[int] = reference("cluster.id", index=True, cascade=True)
    text: Mapped[str] = mapped_column(Text)
    written_by: Mapped[int | None] = reference("account.id", nullable=True)
    written_at: Mapped[datetime] = mapped_column(UtcDateTime)
    removed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class FilingOrigin(enum.Enum):
    """How an idea came to be filed; whatever proposed it, a person did it."""

    HAND = "hand"
    SUGGESTED = "suggested"
    IMPORTED = "imported"


class Filing(Base):
    """An idea belongs to a cluster: by whom, since when and why; taking it out ends the row.

    Of the clusters that an idea touches at most one is its main one. ``begun_in`` and ``ended_in`` are numbers of the
    board's changes; 0 is what there was before these were numbered.
    """

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
        Index(
            "uq_filing_main",
            "idea_id",
            unique=True,
            sqlite_where=text("ended_at IS NULL AND is_main"),
            postgresql_where=text("ended_at IS NULL AND is_main"),
        ),
        Index("ix_filing_idea", "idea_id", "ended_at"),
        Index("ix_filing_cluster", "cluster_id"),
    )

    id: Mapped[int] = big_id()
    cluster_id: Mapped[int] = reference("cluster.id")
    idea_id: Mapped[int] = reference("idea.id")
    is_main: Mapped[bool] = mapped_column(default=False)
    origin: Mapped[FilingOrigin] = mapped_column(named_enum(FilingOrigin), default=FilingOrigin.HAND)
    reason: Mapped[str] = mapped_column(Text, default="")
    filed_by: Mapped[int | None] = reference("account.id", nullable=True)
    filed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    begun_in: Mapped[int] = mapped_column(default=0)
    ended_by: Mapped[int | None] = reference("account.id", nullable=True)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_in: Mapped[int | None]


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


class BundleRefusal(Base):
    """Somebody of the team said that two ideas do not say the same; they are not offered together again.

    The idea with the smaller number comes first.
    """

    __tablename__ = "bundle_refusal"

    first_id: Mapped[int] = reference("idea.id", primary_key=True, cascade=True)
    second_id: Mapped[int] = reference("idea.id", primary_key=True, cascade=True, index=True)
    process_id: Mapped[int] = reference("process.id", index=True)
    refused_by: Mapped[int | None] = reference("account.id", nullable=True)
    refused_at: Mapped[datetime] = mapped_column(UtcDateTime)
