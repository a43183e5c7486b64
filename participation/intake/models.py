"""Tables of imports that staff run in the browser, and of the column mappings they save."""

import enum
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from participation.kit.schema import Base, UtcDateTime, big_id, named_enum, reference


class IntakeKind(enum.Enum):
    """What a file brings."""

    IDEAS = "ideas"
    COMMENTS = "comments"
    VOTES = "votes"


class IntakeState(enum.Enum):
    """How far an import has come."""

    UPLOADED = "uploaded"
    WAITING = "waiting"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


class ColumnMapping(Base):
    """Which column of a file holds what, saved under a name: ``{"fields": {"title": ["Titel"], …}, …}``.

    ``columns`` is what ``Choices.stored`` says. ``origin`` names the layout of files that look like that, empty for
    files of one's own. Mappings belong to the installation, not to a process: a city gets the same files again and
    again.
    """

    __tablename__ = "column_mapping"

    id: Mapped[int] = big_id()
    name: Mapped[str] = mapped_column(String(80), unique=True)
    kind: Mapped[IntakeKind] = mapped_column(named_enum(IntakeKind))
    origin: Mapped[str] = mapped_column(String(40), default="")
    columns: Mapped[dict[str, Any]]
    saved_by: Mapped[int] = reference("account.id", index=True)
    saved_at: Mapped[datetime] = mapped_column(UtcDateTime)


class IntakeRun(Base):
    """One file that staff brought in; the file goes when it was read, the row and its ``report`` stay.

    ``report`` counts what was added, known already and refused, and names refused rows with their reasons, never their
    texts.
    """

    __tablename__ = "intake_run"
    __table_args__ = (Index("ix_intake_run_of_process", "process_id", "uploaded_at", "id"),)

    id: Mapped[int] = big_id()
    public_id: Mapped[str] = mapped_column(String(43), unique=True)
    process_id: Mapped[int] = reference("process.id")
    kind: Mapped[IntakeKind] = mapped_column(named_enum(IntakeKind))
    origin: Mapped[str] = mapped_column(String(40), default="")
    columns: Mapped[dict[str, Any]]
    state: Mapped[IntakeState] = mapped_column(named_enum(IntakeState), default=IntakeState.UPLOADED)
    file_name: Mapped[str] = mapped_column(String(200))
    size_bytes: Mapped[int] = mapped_column(BigInteger)
    sha256: Mapped[str] = mapped_column(String(64))
    all_or_nothing: Mapped[bool] = mapped_column(default=False)
    is_trial: Mapped[bool] = mapped_column(default=False)
    job_id: Mapped[int | None] = reference("job.id", index=True, nullable=True)
    report: Mapped[dict[str, Any]]
    failure: Mapped[str | None] = mapped_column(Text)
    uploaded_by: Mapped[int] = reference("account.id", index=True)
    uploaded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    removed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
