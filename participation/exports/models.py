"""Tables of requested export files, of who fetched them, and of what was published as open data."""

import enum
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from participation.kit.schema import Base, UtcDateTime, big_id, named_enum, reference


class ExportState(enum.Enum):
    """How far an export has come."""

    WAITING = "waiting"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


class Export(Base):
    """One file somebody asked for; the row stays when the file has gone, so that it is known what left the house.

    ``options`` is what was chosen besides format and language. The data is read first and written afterwards: what was
    read, as of ``read_at``, stays beside the file until that is done, so that another worker goes on from there.
    ``expected`` is how many rows there are to read and to write, null until they were counted. ``losses`` is how often
    by then something public in the process had been taken back: more since, and the file may hold what is gone.
    """

    __tablename__ = "export"
    __table_args__ = (Index("ix_export_of_process", "process_id", "requested_at", "id"),)

    id: Mapped[int] = big_id()
    public_id: Mapped[str] = mapped_column(String(43), unique=True)
    process_id: Mapped[int] = reference("process.id")
    format: Mapped[str] = mapped_column(String(20))
    language: Mapped[str] = mapped_column(String(12))
    options: Mapped[dict[str, Any]] = mapped_column(default=dict)
    requested_by: Mapped[int] = reference("account.id", index=True)
    requested_at: Mapped[datetime] = mapped_column(UtcDateTime)
    state: Mapped[ExportState] = mapped_column(named_enum(ExportState), default=ExportState.WAITING)
    job_id: Mapped[int | None] = reference("job.id", index=True, nullable=True)
    expected: Mapped[int | None]
    read_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    losses: Mapped[int | None]
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


class ReleaseState(enum.Enum):
    """What became of a release: being written, offered for download, superseded, taken back, or never finished."""

    BUILDING = "building"
    CURRENT = "current"
    REPLACED = "replaced"
    WITHDRAWN = "withdrawn"
    FAILED = "failed"


class DataRelease(Base):
    """The public data of a process as it was at ``built_at``, in files below a folder named ``public_id``.

    At most one release of a process is current. One is withdrawn in the same moment in which something it holds is
    hidden or erased: its files are not handed out from then on, and the next release leaves them out. ``files`` says
    of each file, by its name, the size in bytes, sha256, media type and number of rows; ``digest`` is the sha256 of
    what all of them say, so that an unchanged process gets no new release. The row stays when the files have gone.

    ``version`` and ``losses`` are those of the process before it was read: a release whose ``losses`` are not those of
    the process any more is not handed out, whatever its state. ``checked_at`` says when somebody last looked whether
    there is anything new.
    """

    __tablename__ = "data_release"
    __table_args__ = (
        UniqueConstraint("process_id", "number"),
        Index(
            "uq_data_release_current",
            "process_id",
            unique=True,
            sqlite_where=text("state = 'current'"),
            postgresql_where=text("state = 'current'"),
        ),
    )

    id: Mapped[int] = big_id()
    public_id: Mapped[str] = mapped_column(String(43), unique=True)
    process_id: Mapped[int] = reference("process.id")
    number: Mapped[int]
    state: Mapped[ReleaseState] = mapped_column(named_enum(ReleaseState), default=ReleaseState.BUILDING)
    job_id: Mapped[int | None] = reference("job.id", index=True, nullable=True)
    version: Mapped[int] = mapped_column(default=0)
    losses: Mapped[int] = mapped_column(default=0)
    digest: Mapped[str | None] = mapped_column(String(64))
    files: Mapped[dict[str, Any]]
    requested_at: Mapped[datetime] = mapped_column(UtcDateTime)
    built_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    checked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    removed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
