"""Tables of opinion group runs: each result stays, with what it was computed from."""

from datetime import datetime
from typing import Any

from sqlalchemy import String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from participation.kit.schema import Base, UtcDateTime, big_id, reference


class GroupRun(Base):
    """One finished computation of the opinion groups of a process; nothing in it says who belongs to which group.

    ``mark`` tells whether votes have changed since; ``parameters``, ``method`` and ``matrix_sha256`` are what it takes
    to compute the same again. ``result`` holds groups, map, consensus; ``robustness`` what the result would be without
    some of the votes.
    """

    __tablename__ = "group_run"
    __table_args__ = (UniqueConstraint("process_id", "number"),)

    id: Mapped[int] = big_id()
    process_id: Mapped[int] = reference("process.id")
    number: Mapped[int]
    method: Mapped[str] = mapped_column(String(60))
    parameters: Mapped[dict[str, Any]]
    mark: Mapped[str] = mapped_column(String(120))
    matrix_sha256: Mapped[str] = mapped_column(String(64))
    votes: Mapped[int]
    people: Mapped[int]
    ideas: Mapped[int]
    groups: Mapped[int]
    result: Mapped[dict[str, Any]]
    robustness: Mapped[dict[str, Any]]
    started_at: Mapped[datetime] = mapped_column(UtcDateTime)
    finished_at: Mapped[datetime] = mapped_column(UtcDateTime)
