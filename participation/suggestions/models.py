"""Tables of suggestion runs: each says what it was computed from, the latest ones keep what came out."""

from datetime import datetime
from typing import Any

from sqlalchemy import LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from participation.kit.schema import Base, UtcDateTime, big_id, reference


class SuggestionRun(Base):
    """One finished computation of suggestions for the board of a process.

    ``method``, ``parameters``, ``seed`` and ``data_sha256`` are what it takes to compute the same again;
    ``result_sha256`` tells whether it is the same. ``board_version`` is the board's change it knew of. ``result`` is
    packed, and empty once later runs have taken its place.
    """

    __tablename__ = "suggestion_run"
    __table_args__ = (UniqueConstraint("process_id", "number"),)

    id: Mapped[int] = big_id()
    process_id: Mapped[int] = reference("process.id")
    number: Mapped[int]
    method: Mapped[str] = mapped_column(String(60))
    parameters: Mapped[dict[str, Any]]
    seed: Mapped[int]
    data_sha256: Mapped[str] = mapped_column(String(64))
    result_sha256: Mapped[str] = mapped_column(String(64))
    board_version: Mapped[int]
    ideas: Mapped[int]
    filed: Mapped[int]
    clusters: Mapped[int]
    result: Mapped[bytes | None] = mapped_column(LargeBinary)
    started_at: Mapped[datetime] = mapped_column(UtcDateTime)
    finished_at: Mapped[datetime] = mapped_column(UtcDateTime)
