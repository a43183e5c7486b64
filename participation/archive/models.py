"""The table of archives that were written and read."""

import enum
from datetime import datetime

from sqlalchemy import CheckConstraint, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from participation.kit.schema import Base, UtcDateTime, big_id, named_enum, reference


class ArchiveStep(enum.Enum):
    """What was done with an archive."""

    WRITTEN = "written"
    READ = "read"


class ArchiveNote(Base):
    """A process left the house as an archive, or came in as one; ``sha256`` is that of the archive's manifest.

    Addresses of people go along only where somebody said why.
    """

    __tablename__ = "archive_note"
    __table_args__ = (CheckConstraint("NOT has_addresses OR reason <> ''", name="reason"),)

    id: Mapped[int] = big_id()
    process_id: Mapped[int] = reference("process.id", index=True)
    step: Mapped[ArchiveStep] = mapped_column(named_enum(ArchiveStep))
    sha256: Mapped[str] = mapped_column(String(64))
    format_version: Mapped[int]
    has_addresses: Mapped[bool] = mapped_column(default=False)
    reason: Mapped[str] = mapped_column(Text, default="")
    account_id: Mapped[int | None] = reference("account.id", nullable=True)
    noted_at: Mapped[datetime] = mapped_column(UtcDateTime)
