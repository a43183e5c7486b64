"""The long job that imports an uploaded file or tries it out, and the routine that removes forgotten ones."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from flask import current_app
from sqlalchemy import select

from participation.accounts.actor import Actor
from participation.activity.models import Job
from participation.activity.worker import JobCancelled, Progress
from participation.intake import uploads
from participation.intake.choices import Choices
from participation.intake.models import IntakeKind, IntakeRun, IntakeState
from participation.intake.report import ImportReport
from participation.intake.rows import ImportProblem
from participation.intake.running import PER_MILLE, Order, run_import
from participation.intake.service import INTAKE_JOB, finish_run, forget_runs, note_failure, note_what_was_kept
from participation.kit import clock
from participation.kit.db import db, transaction
from participation.kit.permissions import Refused
from participation.processes.queries import grants_of

__all__ = ["INTAKE_JOB", "remove_forgotten", "run_intake"]

MOST_ATTEMPTS = 3
UNUSED_FOR = timedelta(days=7)
PROBLEMS_FOR = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class _Run:
    """What the job has to do, read before the long work so that no transaction of ours stays open meanwhile."""

    id: int
    public_id: str
    attempts: int
    order: Order


def run_intake(payload: dict[str, Any], progress: Progress) -> None:
    """Import the file that ``payload`` names, or try it out; running it again adds nothing twice.

    An unexpected problem is passed on, so that the queue tries again; after the third one the import counts as failed.
    """
    run = _run(int(payload["run_id"]), progress.job_id)
    if run is None:
        return
    report = ImportReport(written=not run.order.is_trial)
    try:
        run_import(run.order, report, lambda share, _rows: progress(int(share * PER_MILLE)))
    except JobCancelled:
        db.session.rollback()
        with transaction() as session:
            note_what_was_kept(session, run_id=run.id, report=report.stored())
        raise
    except ImportProblem as problem:
        _fail(run, "unreadable", report.stored() | {"reason": problem.reason.stored()}, is_final=True)
    except Refused:
        _fail(run, "not_allowed", report.stored(), is_final=True)
    except Exception as problem:
        failure = "no_space" if isinstance(problem, OSError) else "unexpected"
        _fail(run, failure, report.stored(), is_final=run.attempts >= MOST_ATTEMPTS)
        raise
    else:
        with transaction() as session:
            finish_run(session, run_id=run.id, report=report.stored(), now=clock.now())
    finally:
        _tidy(run)


def remove_forgotten(_beat: Callable[[], None]) -> None:
    """Remove files that nobody imported, and what old reports say about single rows; for the clock."""
    now = clock.now()
    with transaction() as session:
        forget_runs(session, uploaded_before=now - UNUSED_FOR, reported_before=now - PROBLEMS_FOR, now=now)
    open_states = (IntakeState.UPLOADED, IntakeState.WAITING)
    kept = set(db.session.scalars(select(IntakeRun.public_id).where(IntakeRun.state.in_(open_states))))
    db.session.rollback()
    # A file that is just arriving has no import yet.
    uploads.remove_strays(lambda public_id: public_id in kept, older_than=now - timedelta(hours=1))


def _run(run_id: int, job_id: int) -> _Run | None:
    """Return what is to be done, or ``None`` when nobody waits for it."""
    session = db.session()
    run = session.get_one(IntakeRun, run_id)
    found = None
    if run.state is IntakeState.WAITING and run.job_id == job_id:
        found = _Run(
            id=run.id,
            public_id=run.public_id,
            attempts=session.scalar(select(Job.attempts).where(Job.id == job_id)) or 1,
            order=Order(
                # Whoever lost the role since uploading imports nothing.
                actor=Actor(run.uploaded_by, grants=grants_of(session, run.uploaded_by)),
                process_id=run.process_id,
                kind=IntakeKind(run.kind),
                file=uploads.table_of(run.public_id, run.file_name),
                choices=Choices.read(run.columns),
                zone=clock.zone(current_app.config["TIMEZONE"]),
                most_rows=current_app.config["IMPORT_ROWS"],
                is_trial=run.is_trial,
                all_or_nothing=run.all_or_nothing,
            ),
        )
    session.rollback()
    return found


def _fail(run: _Run, failure: str, report: dict[str, Any], *, is_final: bool) -> None:
    db.session.rollback()
    with transaction() as session:
        note_failure(session, run_id=run.id, failure=failure, report=report, is_final=is_final, now=clock.now())


def _tidy(run: _Run) -> None:
    """Remove the file once nothing is to be done with it any more."""
    db.session.rollback()
    state = db.session.scalar(select(IntakeRun.state).where(IntakeRun.id == run.id))
    db.session.rollback()
    if state not in (IntakeState.UPLOADED, IntakeState.WAITING):
        uploads.remove(run.public_id)
