"""The long job behind an export: first everything is read as of one moment, then the file is written from that.

What was read stays until the file is complete. A worker that dies while writing costs nothing but the writing: the
next one goes on from what was read, so that the file says the same.
"""

import hashlib
import secrets
import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import select

from participation.accounts.actor import Actor
from participation.activity.models import Job
from participation.activity.worker import JobCancelled, Progress
from participation.exports.council.queries import COUNCIL_FORMATS
from participation.exports.files import export_dir, file_name, path_of, reading_of
from participation.exports.models import Export, ExportState
from participation.exports.options import Options, read_options
from participation.exports.reading import NoReading, Reading, expected_rows, open_reading, read_into
from participation.exports.service import (
    EXPORT_JOB,
    begin_export,
    expire_exports,
    finish_export,
    note_failure,
    remove_files,
)
from participation.exports.writers import WRITERS, Writer
from participation.kit import clock
from participation.kit.db import db, transaction
from participation.kit.permissions import Refused, require
from participation.processes.outline import ProcessOutline
from participation.processes.queries import grants_of, process_by_id
from participation.strategy.policies import may_export

__all__ = ["EXPORT_JOB", "run_export"]

MOST_ATTEMPTS = 3
REPORT_SECONDS = 0.5
READING_KEPT = timedelta(hours=6)
"""What was read longer ago is read anew, whatever has become of the worker."""


@dataclass(frozen=True, slots=True)
class _Order:
    """What the job has to write, read before the long work so that no transaction of ours stays open meanwhile."""

    export_id: int
    public_id: str
    format: str
    language: str
    options: Options
    actor: Actor
    process: ProcessOutline
    attempts: int

    @property
    def writer(self) -> Writer:
        """What writes the file."""
        return WRITERS[self.format]


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
        require(may_export(order.actor, order.process.id))
        _write(order, _read(order, progress), progress)
    except JobCancelled:
        raise
    except Refused:
        _fail(order, "not_allowed", is_final=True)
    except Exception as problem:
        if not _is_wanted(order):
            # Whoever called it off took away what we were reading.
            raise JobCancelled from problem
        if isinstance(problem, OSError):
            # Room for the next try, and for everybody else.
            shutil.rmtree(reading_of(order.public_id), ignore_errors=True)
        reason = "no_space" if isinstance(problem, OSError) else "unexpected"
        _fail(order, reason, is_final=order.attempts >= MOST_ATTEMPTS)
        raise
    finally:
        _tidy(order)


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
            options=read_options(export.options),
            # Whoever lost the role since asking gets no file.
            actor=Actor(export.requested_by, grants=grants_of(session, export.requested_by)),
            process=process_by_id(session, export.process_id),
            attempts=session.scalar(select(Job.attempts).where(Job.id == job_id)) or 1,
        )
    session.rollback()
    return order


def _read(order: _Order, progress: Progress) -> Reading:
    """Return what an earlier try has read, or else read everything."""
    folder = reading_of(order.public_id)
    reading = _read_before(order, folder)
    if reading is None:
        shutil.rmtree(folder, ignore_errors=True)
        _begin(order, _expected(order), read_at=None)
        reading = read_into(
            folder,
            order.actor,
            process_id=order.process.id,
            language=order.language,
            now=clock.now(),
            options=order.options,
            for_council=order.format in COUNCIL_FORMATS,
            progress=now_and_then(progress),
        )
    _begin(order, reading.counts, read_at=reading.read_at)
    return reading


def _expected(order: _Order) -> dict[str, int]:
    session = db.session()
    counts = expected_rows(session, order.process.id, now=clock.now())
    session.rollback()
    return counts


def _begin(order: _Order, counts: dict[str, int], *, read_at: datetime | None) -> None:
    """Note what there is to do: each row is read once, and again as often as the writer needs it."""
    expected = sum(counts.values()) + sum(counts.get(name, 0) for name in order.writer.reads)
    with transaction() as session:
        begin_export(session, export_id=order.export_id, expected=expected, read_at=read_at)


def _read_before(order: _Order, folder: Path) -> Reading | None:
    """Return what an earlier try has read, unless that is long ago or something in it may not be public any more."""
    try:
        reading = open_reading(folder)
    except NoReading:
        return None
    is_fresh = clock.now() - reading.read_at <= READING_KEPT
    return reading if is_fresh and reading.losses == order.process.losses else None


def _write(order: _Order, reading: Reading, progress: Progress) -> None:
    """Write the file under another name; it takes its own in the moment in which the export is finished."""
    target = path_of(order.public_id, order.format)
    # A name of its own for every try: a worker that was thought dead may still be writing.
    draft = target.with_name(f"{order.public_id}.{secrets.token_hex(4)}{target.suffix}")
    done, report = sum(reading.counts.values()), now_and_then(progress)
    try:
        order.writer.write(reading.document(), draft, progress=lambda rows: report(done + rows))
        draft.chmod(0o600)
        size, digest = draft.stat().st_size, _digest(draft)
        with transaction() as session:
            is_wanted = finish_export(
                session,
                export_id=order.export_id,
                file_name=file_name(order.process.slug, file_format=order.format, now=reading.read_at),
                size_bytes=size,
                sha256=digest,
                losses=reading.losses,
                now=clock.now(),
            )
            if is_wanted:
                draft.replace(target)
    finally:
        remove_files(target.parent, draft.stem)


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _fail(order: _Order, reason: str, *, is_final: bool) -> None:
    with transaction() as session:
        note_failure(session, export_id=order.export_id, reason=reason, is_final=is_final, now=clock.now())


def _is_wanted(order: _Order) -> bool:
    return _state(order) is ExportState.WAITING


def _tidy(order: _Order) -> None:
    """Remove what the export does not need any more; while somebody waits for it, what was read stays."""
    state = _state(order)
    if state is not ExportState.WAITING:
        target = path_of(order.public_id, order.format)
        remove_files(target.parent, order.public_id, but=target if state is ExportState.DONE else None)


def _state(order: _Order) -> ExportState:
    session = db.session()
    session.rollback()
    state = session.scalars(select(Export.state).where(Export.id == order.export_id)).one()
    session.rollback()
    return state
