"""What the worker does so that pages need not count: it takes the figures of processes in which something changed."""

from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

from flask import current_app
from sqlalchemy import select
from sqlalchemy.orm import Session

from participation.insights.counting import count_figures, idea_counts, mark_of
from participation.insights.figures import FIGURES_VERSION, Figures
from participation.insights.models import Snapshot
from participation.insights.queries import known_marks
from participation.kit import clock
from participation.kit.db import begin_snapshot, db, transaction
from participation.kit.dialect import upsert
from participation.processes.models import Process


def refresh_figures(beat: Callable[[], None]) -> None:
    """Take the figures of every process whose contributions have changed; to be called outside any transaction."""
    for process_id in db.session.scalars(select(Process.id).order_by(Process.id)).all():
        beat()
        take_figures(process_id)


def take_figures(process_id: int) -> bool:
    """Take and store the figures of one process; return whether anything had changed.

    They are read as of one moment, outside the transaction that stores them: nobody waits meanwhile.
    """
    session = db.session()
    begin_snapshot(session)
    ideas = idea_counts(session, process_id)
    mark = mark_of(session, process_id, ideas)
    changed = known_marks(session).get(process_id) != mark
    figures = count_figures(session, process_id, ideas, _zone()) if changed else None
    session.rollback()
    if figures is None:
        return False
    with transaction() as writing:
        _store(writing, process_id, mark, figures, clock.now())
    return True


def put_figures(session: Session, process_id: int, *, zone: ZoneInfo, now: datetime) -> None:
    """Take and store the figures of one small process in the caller's transaction."""
    session.flush()
    ideas = idea_counts(session, process_id)
    figures = count_figures(session, process_id, ideas, zone)
    _store(session, process_id, mark_of(session, process_id, ideas), figures, now)


def _store(session: Session, process_id: int, mark: str, figures: Figures, now: datetime) -> None:
    row = {"version": FIGURES_VERSION, "mark": mark, "figures": figures.to_json(), "taken_at": now}
    upsert(session, Snapshot, {"process_id": process_id, **row}, key=["process_id"], update=list(row))


def _zone() -> ZoneInfo:
    return clock.zone(current_app.config["TIMEZONE"])
