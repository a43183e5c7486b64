"""The table of insights: figures over a whole process, worked out by the worker so that no page has to count."""

from datetime import datetime
from typing import Any

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from participation.kit.schema import Base, UtcDateTime, reference


class Snapshot(Base):
    """The latest figures of a process; ``mark`` tells whether something has changed since."""

    __tablename__ = "insight_snapshot"

    process_id: Mapped[int] = reference("process.id", primary_key=True)
    version: Mapped[int]
    mark: Mapped[str] = mapped_column(String(200))
    figures: Mapped[dict[str, Any]]
    taken_at: Mapped[datetime] = mapped_column(UtcDateTime)
