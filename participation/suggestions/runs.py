"""Computing suggestions in the worker: soon after the board or its ideas have changed, and what was missed."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from participation.activity.worker import Progress
from participation.ideas.models import Idea
from participation.kit import clock
from participation.kit.db import begin_snapshot, db, transaction
from participation.processes.models import Process
from participation.suggestions.material import Material, read_material
from participation.suggestions.method import METHOD, can_compute, compute, parameters
from participation.suggestions.outcome import digest, packed, plain
from participation.suggestions.queries import has_result, latest_run
from participation.suggestions.service import SUGGESTIONS_JOB, forget_results, queue_suggestions, store_run
from participation.suggestions.space import SEED

__all__ = ["SUGGESTIONS_JOB"]

EVERY_MINUTES = 10
PAUSE_TIMES = 20
"""After ideas have changed, the pause is so many times what the last run took: one minute in twenty at most."""


def look_at_board(event: Any) -> None:
    """Queue a run soon: somebody works on the board and waits for what comes next."""
    with transaction() as session:
        if _is_wanted(session, event.process_id):
            queue_suggestions(session, event.process_id, now=clock.now())


def look_at_idea(event: Any) -> None:
    """Queue a run because an idea came, went or changed; where ideas come all the time, not for each of them."""
    with transaction() as session:
        process_id = session.scalar(select(Idea.process_id).where(Idea.id == event.idea_id))
        if process_id is not None:
            _queue_in_time(session, process_id)


def look_at_import(event: Any) -> None:
    """Queue a run because ideas were imported."""
    with transaction() as session:
        _queue_in_time(session, event.process_id)


def forget_redacted(event: Any) -> None:
    """Drop results that may name words which were taken out of an idea, and have others computed."""
    with transaction() as session:
        process_id = session.scalar(select(Idea.process_id).where(Idea.id == event.idea_id))
        if process_id is not None:
            forget_results(session, process_id)
            if _is_wanted(session, process_id):
                queue_suggestions(session, process_id, now=clock.now())


def queue_missed(beat: Callable[[], None]) -> None:
    """Queue a run for every process whose last one was made of something else than what there is now."""
    if not can_compute():
        return
    for process_id in db.session.scalars(select(Process.id).where(Process.suggests).order_by(Process.id)).all():
        beat()
        session = db.session()
        begin_snapshot(session)
        material, last = read_material(session, process_id), latest_run(session, process_id)
        due = bool(material.ideas) and (last is None or (last.data_sha256, last.method) != (material.sha256, METHOD))
        session.rollback()
        if due:
            with transaction() as writing:
                _queue_in_time(writing, process_id)


def run_suggestions(payload: dict[str, Any], progress: Progress) -> None:
    """Compute what is proposed for a board and keep it, unless the last run was made of the same."""
    process_id, started_at = int(payload["process_id"]), clock.now()
    progress(0)
    with Session(db.engine) as session:
        begin_snapshot(session)
        if not _is_wanted(session, process_id):
            return
        material, last = read_material(session, process_id), latest_run(session, process_id)
        known = last is not None and (last.data_sha256, last.method) == (material.sha256, METHOD)
        if not material.ideas or (last is not None and known and has_result(session, last)):
            return
        values = run_values(session, process_id, material)
    progress(1)
    with transaction() as writing:
        store_run(writing, process_id, {**values, "started_at": started_at, "finished_at": clock.now()})


def run_values(session: Session, process_id: int, material: Material) -> dict[str, Any]:
    """Compute what is proposed for a board, and return it as it is stored."""
    content = plain(compute(session, process_id, material))
    return {
        "method": METHOD,
        "parameters": parameters(),
        "seed": SEED,
        "data_sha256": material.sha256,
        "result_sha256": digest(content),
        "board_version": material.board_version,
        "ideas": len(material.ideas),
        "filed": len(material.filed),
        "clusters": len(material.themes),
        "result": packed(content),
    }


def _is_wanted(session: Session, process_id: int) -> bool:
    return can_compute() and bool(session.scalar(select(Process.suggests).where(Process.id == process_id)))


def _queue_in_time(session: Session, process_id: int) -> None:
    if _is_wanted(session, process_id):
        queue_suggestions(session, process_id, now=clock.now(), not_before=_after_pause(session, process_id))


def _after_pause(session: Session, process_id: int) -> datetime | None:
    last = latest_run(session, process_id)
    return last.finished_at + PAUSE_TIMES * (last.finished_at - last.started_at) if last else None
