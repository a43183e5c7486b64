"""Reading stored figures."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from participation.insights.figures import FIGURES_VERSION, Figures
from participation.insights.models import Snapshot


@dataclass(frozen=True, slots=True)
class SnapshotView:
    """The latest figures of a process and when they were taken."""

    figures: Figures
    taken_at: datetime


def latest_figures(session: Session, process_id: int) -> SnapshotView | None:
    """Return the latest figures of a process; ``None`` while the worker has not taken any of this version."""
    row = session.execute(
        select(Snapshot.figures, Snapshot.taken_at).where(
            Snapshot.process_id == process_id, Snapshot.version == FIGURES_VERSION
        )
    ).one_or_none()
    return SnapshotView(Figures.from_json(row.figures), row.taken_at) if row else None


def known_marks(session: Session) -> dict[int, str]:
    """Return the marks that figures were taken under, by process."""
    return dict(session.execute(select(Snapshot.process_id, Snapshot.mark)).all())
