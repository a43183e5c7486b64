"""Imports through the browser: taking a file in, starting, calling off, finishing; and keeping column mappings."""

from datetime import datetime
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from participation.accounts.actor import Actor
from participation.activity.models import Job, JobState
from participation.activity.service import enqueue, record
from participation.ideas.policies import may_import
from participation.intake.events import (
    IntakeCancelled,
    IntakeFailed,
    IntakeFinished,
    IntakeStarted,
    IntakeUploaded,
    MappingDeleted,
    MappingRenamed,
    MappingSaved,
)
from participation.intake.models import ColumnMapping, IntakeKind, IntakeRun, IntakeState
from participation.intake.policies import may_cancel, may_keep_mappings, may_start
from participation.kit.dialect import locked
from participation.kit.permissions import Refused, found, require
from participation.multilingual import lazy as _l
from participation.processes.queries import process_by_id

INTAKE_JOB = "intake"
MOST_OPEN = 10
MOST_MAPPINGS = 200
NAME_LONGEST = 80


def add_upload(  # what is known about one file
    session: Session,
    actor: Actor,
    *,
    process_id: int,
    public_id: str,
    file_name: str,
    size_bytes: int,
    sha256: str,
    kind: IntakeKind,
    origin: str,
    choices: dict[str, Any],
    now: datetime,
) -> IntakeRun:
    """Return a new import of a file that has arrived; raises ``Refused``, also when too many wait already."""
    require(may_import(actor, process_by_id(session, process_id).id))
    if actor.account_id is None:
        raise Refused(_l("Please sign in to take part."))
    waiting = (IntakeRun.uploaded_by == actor.account_id) & IntakeRun.state.in_(
        (IntakeState.UPLOADED, IntakeState.WAITING)
    )
    if (session.scalar(select(func.count()).where(waiting)) or 0) >= MOST_OPEN:
        raise Refused(_l("Several of your files are waiting. Please import them or throw some away first."))
    run = IntakeRun(
        public_id=public_id,
        process_id=process_id,
        kind=kind,
        origin=origin,
        columns=choices,
        file_name=file_name,
        size_bytes=size_bytes,
        sha256=sha256,
        report={},
        uploaded_by=actor.account_id,
        uploaded_at=now,
    )
    session.add(run)
    session.flush()
    record(session, IntakeUploaded(run.id), account_id=actor.account_id, now=now)
    return run


def start_run(
    session: Session,
    actor: Actor,
    *,
    process_id: int,
    public_id: str,
    kind: IntakeKind,
    choices: dict[str, Any],
    all_or_nothing: bool,
    is_trial: bool,
    now: datetime,
) -> IntakeRun:
    """Let the worker import an uploaded file, or only try it out; raises ``Missing`` or ``Refused``."""
    run = _lock(session, process_id, public_id)
    require(may_start(actor, run))
    run.kind, run.columns = kind, choices
    run.origin = choices.get("layout", "")
    run.all_or_nothing = all_or_nothing
    run.is_trial = is_trial
    run.state = IntakeState.WAITING
    run.report, run.failure = {}, None
    run.job_id = enqueue(session, INTAKE_JOB, {"run_id": run.id}, now=now).id
    record(session, IntakeStarted(run.id, is_trial), account_id=actor.account_id, now=now)
    return run


def cancel_run(session: Session, actor: Actor, *, process_id: int, public_id: str, now: datetime) -> IntakeRun:
    """Call off an import; a worker that is at it stops at its next report. Raises ``Missing`` or ``Refused``.

    After a trial the file stays for another one; otherwise its file is to be removed.
    """
    run = _lock(session, process_id, public_id)
    require(may_cancel(actor, run))
    keeps_file = run.state is IntakeState.WAITING and run.is_trial
    run.state = IntakeState.UPLOADED if keeps_file else IntakeState.CANCELLED
    run.finished_at = None if keeps_file else now
    run.removed_at = None if keeps_file else now
    session.execute(
        update(Job)
        .where(Job.id == run.job_id, Job.state == JobState.WAITING)
        .values(state=JobState.CANCELLED, finished_at=now)
    )
    record(session, IntakeCancelled(run.id), account_id=actor.account_id, now=now)
    return run


def finish_run(session: Session, *, run_id: int, report: dict[str, Any], now: datetime) -> None:
    """Note that a file was read to its end; one that was only tried out waits for its import again."""
    run = session.scalars(locked(select(IntakeRun).where(IntakeRun.id == run_id))).one()
    if run.state is not IntakeState.WAITING:
        return
    run.report, run.failure = report, None
    run.state = IntakeState.UPLOADED if run.is_trial else IntakeState.DONE
    if not run.is_trial:
        run.finished_at = run.removed_at = now
    record(session, IntakeFinished(run.id, run.is_trial), account_id=run.uploaded_by, now=now)


def note_failure(
    session: Session, *, run_id: int, failure: str, report: dict[str, Any], is_final: bool, now: datetime
) -> None:
    """Note why a file could not be imported; unless ``is_final`` it is tried again.

    After a failed trial the file waits for another one.
    """
    run = session.scalars(locked(select(IntakeRun).where(IntakeRun.id == run_id))).one()
    if run.state is not IntakeState.WAITING:
        return
    run.failure, run.report = failure, report
    if is_final:
        run.state = IntakeState.UPLOADED if run.is_trial else IntakeState.FAILED
        if not run.is_trial:
            run.finished_at = run.removed_at = now
        record(session, IntakeFailed(run.id), account_id=run.uploaded_by, now=now)


def note_what_was_kept(session: Session, *, run_id: int, report: dict[str, Any]) -> None:
    """Keep the figures of an import that was called off on the way."""
    session.execute(
        update(IntakeRun).where(IntakeRun.id == run_id, IntakeRun.state == IntakeState.CANCELLED).values(report=report)
    )


def forget_runs(session: Session, *, uploaded_before: datetime, reported_before: datetime, now: datetime) -> None:
    """Call off imports that nobody began, and empty the lists of refused rows of old ones."""
    session.execute(
        update(IntakeRun)
        .where(IntakeRun.state == IntakeState.UPLOADED, IntakeRun.uploaded_at < uploaded_before)
        .values(state=IntakeState.CANCELLED, finished_at=now, removed_at=now)
    )
    old = session.scalars(
        locked(
            select(IntakeRun).where(IntakeRun.finished_at < reported_before, IntakeRun.state != IntakeState.UPLOADED)
        )
    )
    for run in old:
        if run.report.get("problems"):
            run.report = {**run.report, "problems": []}


def save_mapping(
    session: Session,
    actor: Actor,
    *,
    name: str,
    kind: IntakeKind,
    origin: str,
    columns: dict[str, Any],
    now: datetime,
) -> ColumnMapping:
    """Save a mapping under a name; one that has this name already is replaced. Raises ``Refused``."""
    require(may_keep_mappings(actor))
    if actor.account_id is None:
        raise Refused(_l("Please sign in to take part."))
    mapping = session.scalar(locked(select(ColumnMapping).where(ColumnMapping.name == name)))
    if mapping is None:
        if (session.scalar(select(func.count()).select_from(ColumnMapping)) or 0) >= MOST_MAPPINGS:
            raise Refused(_l("There are too many column mappings already. Please delete some first."))
        mapping = ColumnMapping(name=name)
        session.add(mapping)
    mapping.kind, mapping.origin, mapping.columns = kind, origin, columns
    mapping.saved_by, mapping.saved_at = actor.account_id, now
    session.flush()
    record(session, MappingSaved(mapping.id), account_id=actor.account_id, now=now)
    return mapping


def rename_mapping(session: Session, actor: Actor, *, mapping_id: int, name: str, now: datetime) -> ColumnMapping:
    """Give a mapping another name; raises ``Missing``, or ``Refused`` when another one has it."""
    require(may_keep_mappings(actor))
    mapping = found(session.scalar(locked(select(ColumnMapping).where(ColumnMapping.id == mapping_id))))
    if session.scalar(select(ColumnMapping.id).where(ColumnMapping.name == name, ColumnMapping.id != mapping_id)):
        raise Refused(_l("Another column mapping has this name already."))
    mapping.name = name
    record(session, MappingRenamed(mapping.id), account_id=actor.account_id, now=now)
    return mapping


def delete_mapping(session: Session, actor: Actor, *, mapping_id: int, now: datetime) -> None:
    """Delete a mapping; imports that used it keep what was chosen. Raises ``Missing`` or ``Refused``."""
    require(may_keep_mappings(actor))
    mapping = found(session.get(ColumnMapping, mapping_id))
    session.delete(mapping)
    record(session, MappingDeleted(mapping_id), account_id=actor.account_id, now=now)


def _lock(session: Session, process_id: int, public_id: str) -> IntakeRun:
    wanted = (IntakeRun.public_id == public_id) & (IntakeRun.process_id == process_id)
    return found(session.scalar(locked(select(IntakeRun).where(wanted))))
