"""The long job that writes the file of an export."""

import hashlib
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import select

from participation.accounts.actor import Actor
from participation.activity.models import Job
from participation.activity.worker import JobCancelled, Progress
from participation.exports.files import export_dir, file_name, path_of, write_strategy_input
from participation.exports.models import Export, ExportState
from participation.exports.service import EXPORT_JOB, expire_exports, files_of, finish_export, note_failure
from participation.kit import clock
from participation.kit.db import db, transaction
from participation.kit.permissions import Refused
from participation.processes.outline import ProcessOutline
from participation.processes.queries import grants_of, process_by_id

__all__ = ["EXPORT_JOB", "run_export"]

MOST_ATTEMPTS = 3
REPORT_SECONDS = 0.5


@dataclass(frozen=True, slots=True)
class _Order:
    """What the job has to write, read before the long work so that no transaction of ours stays open meanwhile."""

    export_id: int
    public_id: str
    format: str
    language: str
    actor: Actor
    process: ProcessOutline
    attempts: int


def run_export(payload: dict[str, Any], progress: Progress) -> None:
    """Write the file of the export that ``payload`` names; running it again writes the same file anew, or nothing.

    A problem is passed on, so that the queue tries again; after the third one the export counts as failed.
    """
    with transaction() as session:
        expire_exports(session, folder=export_dir(), now=clock.now())
    order = _order(int(payload["export_id"]), progress.job_id)
    if order is None:
        return
    try:
        _write(order, progress)
    except JobCancelled:
        raise
    except Refused:
        _fail(order, "not_allowed", is_final=True)
    except Exception as problem:
        reason = "no_space" if isinstance(problem, OSError) else "unexpected"
        _fail(order, reason, is_final=order.attempts >= MOST_ATTEMPTS)
        raise


def expire_old_exports(_beat: Callable[[], None]) -> None:
    """Remove the files whose time is over; for the clock, because without new exports nobody else would."""
    with transaction() as session:
        expire_exports(session, folder=export_dir(), now=clock.now())


def now_and_then(progress: Callable[[int], None]) -> Callable[[int], None]:
    """Return ``progress`` passed on at most twice a second: each report takes the write lock for a moment."""
    last = time.monotonic() - REPORT_SECONDS

    def report(rows: int) -> None:
        nonlocal last
        if time.monotonic() - last >= REPORT_SECONDS:
            progress(rows)
            last = time.monotonic()

    return report


def _order(export_id: int, job_id: int) -> _Order | None:
    """Return what is to be written, or ``None`` when nobody waits for it."""
    session = db.session()
    export = session.get_one(Export, export_id)
    order = None
    if export.state is ExportState.WAITING:
        order = _Order(
            export_id=export.id,
            public_id=export.public_id,
            format=export.format,
            language=export.language,
            # Whoever lost the role since asking gets no file.
            actor=Actor(export.requested_by, grants=grants_of(session, export.requested_by)),
            process=process_by_id(session, export.process_id),
            attempts=session.scalar(select(Job.attempts).where(Job.id == job_id)) or 1,
        )
    session.rollback()
    return order


def _write(order: _Order, progress: Progress) -> None:
    now = clock.now()
    target = path_of(order.public_id, order.format)
    # A name of its own for every try: a worker that was thought dead may still be writing.
    draft = target.with_name(f"{order.public_id}.{secrets.token_hex(4)}{target.suffix}")
    is_wanted = False
    try:
        write_strategy_input(
            order.actor,
            process_id=order.process.id,
            file_format=order.format,
            language=order.language,
            path=draft,
            now=now,
            progress=now_and_then(progress),
        )
        draft.chmod(0o600)
        size, digest = draft.stat().st_size, _digest(draft)
        draft.replace(target)
        with transaction() as session:
            is_wanted = finish_export(
                session,
                export_id=order.export_id,
                file_name=file_name(order.process.slug, file_format=order.format, now=now),
                size_bytes=size,
                sha256=digest,
                now=clock.now(),
            )
    finally:
        for path in files_of(target.parent, order.public_id):
            if path != target or not is_wanted:
                path.unlink(missing_ok=True)


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _fail(order: _Order, reason: str, *, is_final: bool) -> None:
    with transaction() as session:
        note_failure(session, export_id=order.export_id, reason=reason, is_final=is_final, now=clock.now())
