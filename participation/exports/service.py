"""Asking for an export, calling it off, finishing it, and what happens to its file."""

import math
import re
import secrets
import shutil
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
from participation.exports.options import Options
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
_OURS = re.compile(r"([\w-]{32})\..+")
_WITHOUT_FILE = (ExportState.FAILED, ExportState.CANCELLED)


class Expired(Refused):
    """There was a file, and it is gone; asking anew brings another one."""


def request_export(
    session: Session,
    actor: Actor,
    *,
    process_id: int,
    file_format: str,
    language: str,
    now: datetime,
    options: Options | None = None,
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
    wanted = (process_id, file_format, language, (options or Options()).stored())
    for export in waiting:
        if (export.process_id, export.format, export.language, export.options) == wanted:
            return export
    if len(waiting) >= MOST_WAITING:
        raise Refused(_l("Several of your exports are not finished yet. Please wait for them or cancel one."))
    export = Export(
        public_id=secrets.token_urlsafe(24),
        process_id=process_id,
        format=file_format,
        language=language,
        options=wanted[3],
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


def begin_export(session: Session, *, export_id: int, expected: int, read_at: datetime | None) -> None:
    """Note how many rows there are to read and to write, and when they were read, once they were."""
    export = session.scalars(locked(select(Export).where(Export.id == export_id))).one()
    if export.state is ExportState.WAITING:
        export.expected, export.read_at = expected, read_at


def finish_export(
    session: Session, *, export_id: int, file_name: str, size_bytes: int, sha256: str, losses: int, now: datetime
) -> bool:
    """Note that the file is complete; return ``False`` when nobody waits for it any more.

    The row stays locked until the transaction ends, so that the file can take its place in the same moment.
    """
    export = session.scalars(locked(select(Export).where(Export.id == export_id))).one()
    if export.state is not ExportState.WAITING:
        return False
    export.state = ExportState.DONE
    export.failure = None
    export.file_name = file_name
    export.size_bytes = size_bytes
    export.sha256 = sha256
    export.losses = losses
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
    """Return the export whose file ``actor`` is about to get, and log that.

    Raises ``Missing``, ``Expired`` where the file was deleted because its time was over, and else ``Refused``.
    """
    export = _lock(session, process_id, public_id)
    permission = may_download(actor, export, now=now)
    if not permission and may_export(actor, process_id) and export.state is ExportState.DONE:
        raise Expired(permission.reason)
    require(permission)
    session.add(ExportDownload(export_id=export.id, account_id=actor.account_id, downloaded_at=now))
    record(session, ExportDownloaded(export.id), account_id=actor.account_id, now=now)
    return export


def expire_exports(session: Session, *, folder: Path, now: datetime) -> int:
    """Remove the files whose time is over from ``folder`` and return how many exports that were; the rows stay.

    What workers left behind of exports that were called off or failed goes as well, and anything once it is as old.
    """
    over = session.scalars(
        locked(select(Export).where(Export.expires_at <= now, Export.removed_at.is_(None))),
    ).all()
    for export in over:
        export.removed_at = now
        remove_files(folder, export.public_id)
    left = {match[1] for path in folder.glob("*.*") if (match := _OURS.fullmatch(path.name))}
    ended = select(Export.public_id).where(Export.public_id.in_(left), Export.state.in_(_WITHOUT_FILE))
    for public_id in session.scalars(ended) if left else ():
        remove_files(folder, public_id)
    for path in folder.glob("*.*"):
        if _OURS.fullmatch(path.name) and _changed(path) < (now - KEPT).timestamp():
            _remove(path)
    return len(over)


def remove_files(folder: Path, public_id: str, *, but: Path | None = None) -> None:
    """Remove whatever an export has left in ``folder``: its file, what it has read, drafts of workers now dead."""
    for path in folder.glob(f"{public_id}.*"):
        if path != but:
            _remove(path)


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)


def _changed(path: Path) -> float:
    """Return when a file was last written; one that somebody else has just removed is as new as can be."""
    try:
        return path.stat().st_mtime
    except FileNotFoundError:
        return math.inf


def _lock(session: Session, process_id: int, public_id: str) -> Export:
    wanted = (Export.public_id == public_id) & (Export.process_id == process_id)
    return found(session.scalar(locked(select(Export).where(wanted))))
