"""Tables of requested export files and of who fetched them."""

import enum
from datetime import datetime

from sqlalchemy import BigInteger, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from participation.kit.schema import Base, UtcDateTime, big_id, named_enum, reference


class ExportState(enum.Enum):
    """How far an export has come."""

    WAITING = "waiting"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


class Export(Base):
    """One file somebody asked for; the row stays when the file has gone, so that it is known what left the house."""

    __tablename__ = "export"
    __table_args__ = (Index("ix_export_of_process", "process_id", "requested_at", "id"),)

    id: Mapped[int] = big_id()
    public_id: Mapped[str] = mapped_column(String(43), unique=True)
    process_id: Mapped[int] = reference("process.id")
    format: Mapped[str] = mapped_column(String(20))
    language: Mapped[str] = mapped_column(String(12))
    requested_by: Mapped[int] = reference("account.id", index=True)
    requested_at: Mapped[datetime] = mapped_column(UtcDateTime)
    state: Mapped[ExportState] = mapped_column(named_enum(ExportState), default=ExportState.WAITING)
    job_id: Mapped[int | None] = reference("job.id", index=True, nullable=True)
    file_name: Mapped[str | None] = mapped_column(String(200))
    size_bytes: Mapped[int | None] = mapped_column(BigInteger)
    sha256: Mapped[str | None] = mapped_column(String(64))
    failure: Mapped[str | None] = mapped_column(Text)
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime | None] = mapped_column(UtcDateTime, index=True)
    removed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class ExportDownload(Base):
    """Somebody fetched the file of an export."""

    __tablename__ = "export_download"

    id: Mapped[int] = big_id()
    export_id: Mapped[int] = reference("export.id", index=True)
    account_id: Mapped[int] = reference("account.id", index=True)
    downloaded_at: Mapped[datetime] = mapped_column(UtcDateTime)
