"""Asking for an export, calling it off, finishing it, and what happens to its file."""

import secrets
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from participation.accounts.actor import Actor
from participation.activity.models import Job, JobState
from participation.activity.service import enqueue, record
from participation.exports.events import (
    ExportCancelled,
    ExportDownloaded,
    ExportFailed,
    ExportFinished,
    ExportRequested,
)
from participation.exports.models import Export, ExportDownload, ExportState
from participation.exports.policies import may_cancel_export, may_download
from participation.exports.writers import WRITERS
from participation.kit.dialect import locked
from participation.kit.permissions import Refused, found, require
from participation.multilingual import lazy as _l
from participation.processes.queries import process_by_id
from participation.strategy.policies import may_export

EXPORT_JOB = "export"
KEPT = timedelta(days=7)
MOST_WAITING = 5


def request_export(
    session: Session, actor: Actor, *, process_id: int, file_format: str, language: str, now: datetime
) -> Export:
    """Return a new export whose file the worker will write.

    Asking for what the same person is already waiting for returns that export; raises ``Refused`` for an unknown
    format and when too many of the person's exports are waiting.
    """
    process = process_by_id(session, process_id)
    require(may_export(actor, process.id))
    if file_format not in WRITERS:
        raise Refused(_l("This file format does not exist."))
    if actor.account_id is None:
        raise Refused(_l("Please sign in to take part."))
    waiting = session.scalars(
        select(Export).where(Export.requested_by == actor.account_id, Export.state == ExportState.WAITING)
    ).all()
    for export in waiting:
        if (export.process_id, export.format, export.language) == (process_id, file_format, language):
            return export
    if len(waiting) >= MOST_WAITING:
        raise Refused(_l("Several of your exports are not finished yet. Please wait for them or cancel one."))
    export = Export(
        public_id=secrets.token_urlsafe(24),
        process_id=process_id,
        format=file_format,
        language=language,
        requested_by=actor.account_id,
        requested_at=now,
    )
    session.add(export)
    session.flush()
    export.job_id = enqueue(session, EXPORT_JOB, {"export_id": export.id}, now=now).id
    record(session, ExportRequested(export.id), account_id=actor.account_id, now=now)
    return export


def cancel_export(session: Session, actor: Actor, *, process_id: int, public_id: str, now: datetime) -> None:
    """Call off an export that is not finished; a worker that is at it stops at its next report.

    Raises ``Missing`` for an unknown export and ``Refused`` for one that is finished.
    """
    export = _lock(session, process_id, public_id)
    require(may_cancel_export(actor, export))
    export.state = ExportState.CANCELLED
    export.finished_at = now
    session.execute(
        update(Job)
        .where(Job.id == export.job_id, Job.state == JobState.WAITING)
        .values(state=JobState.CANCELLED, finished_at=now)
    )
    record(session, ExportCancelled(export.id), account_id=actor.account_id, now=now)


def finish_export(
    session: Session, *, export_id: int, file_name: str, size_bytes: int, sha256: str, now: datetime
) -> bool:
    """Note that the file is complete; return ``False`` when nobody waits for it any more."""
    export = session.scalars(locked(select(Export).where(Export.id == export_id))).one()
    if export.state is not ExportState.WAITING:
        return False
    export.state = ExportState.DONE
    export.failure = None
    export.file_name = file_name
    export.size_bytes = size_bytes
    export.sha256 = sha256
    export.finished_at = now
    export.expires_at = now + KEPT
    record(session, ExportFinished(export.id), account_id=export.requested_by, now=now)
    return True


def note_failure(session: Session, *, export_id: int, reason: str, is_final: bool, now: datetime) -> None:
    """Note why the file could not be written; unless ``is_final`` the export keeps waiting for another try."""
    export = session.scalars(locked(select(Export).where(Export.id == export_id))).one()
    if export.state is not ExportState.WAITING:
        return
    export.failure = reason
    if is_final:
        export.state = ExportState.FAILED
        export.finished_at = now
        record(session, ExportFailed(export.id), account_id=export.requested_by, now=now)


def record_download(session: Session, actor: Actor, *, process_id: int, public_id: str, now: datetime) -> Export:
    """Return the export whose file ``actor`` is about to get, and log that; raises ``Missing`` or ``Refused``."""
    export = _lock(session, process_id, public_id)
    require(may_download(actor, export, now=now))
    session.add(ExportDownload(export_id=export.id, account_id=actor.account_id, downloaded_at=now))
    record(session, ExportDownloaded(export.id), account_id=actor.account_id, now=now)
    return export


def expire_exports(session: Session, *, folder: Path, now: datetime) -> int:
    """Remove the files whose time is over from ``folder`` and return how many exports that were; the rows stay.

    What killed workers left behind goes as well, once it is as old.
    """
    over = session.scalars(
        locked(select(Export).where(Export.expires_at <= now, Export.removed_at.is_(None))),
    ).all()
    for export in over:
        export.removed_at = now
        for path in files_of(folder, export.public_id):
            path.unlink(missing_ok=True)
    for path in folder.glob("*.*"):
        if path.stat().st_mtime < (now - KEPT).timestamp():
            path.unlink(missing_ok=True)
    return len(over)


def files_of(folder: Path, public_id: str) -> Iterator[Path]:
    """Yield whatever an export has left in ``folder``: its file, and unfinished ones of workers that were killed."""
    yield from folder.glob(f"{public_id}.*")


def _lock(session: Session, process_id: int, public_id: str) -> Export:
    wanted = (Export.public_id == public_id) & (Export.process_id == process_id)
    return found(session.scalar(locked(select(Export).where(wanted))))
