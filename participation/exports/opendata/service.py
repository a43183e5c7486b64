"""What becomes of releases of open data: begun, offered, superseded, taken back, given up."""

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from participation.activity.models import Job, JobState
from participation.activity.service import enqueue
from participation.exports.models import DataRelease, ReleaseState
from participation.exports.opendata.policies import is_due, is_offered, opens_data
from participation.kit.dialect import locked
from participation.processes.models import Process
from participation.processes.queries import process_by_id

OPEN_DATA_JOB = "open data"
AGAIN = timedelta(hours=1)
"""How long after a failure it is tried again."""


def begin_release(session: Session, *, process_id: int, now: datetime) -> DataRelease | None:
    """Return a new release that the worker will write; ``None`` where none is due, or one is being written already."""
    # Locked: two workers must not begin the same one.
    session.scalars(locked(select(Process).where(Process.id == process_id))).one()
    process = process_by_id(session, process_id)
    releases = _latest(session, process_id)
    if any(release.state is ReleaseState.BUILDING for release in releases):
        return None
    current = next((release for release in releases if release.state is ReleaseState.CURRENT), None)
    if not is_due(current, process, now=now) or _failed_lately(releases, now):
        return None
    last = session.scalar(select(func.max(DataRelease.number)).where(DataRelease.process_id == process_id)) or 0
    release = DataRelease(
        public_id=secrets.token_urlsafe(24), process_id=process_id, number=last + 1, files={}, requested_at=now
    )
    session.add(release)
    session.flush()
    release.job_id = enqueue(session, OPEN_DATA_JOB, {"release_id": release.id}, now=now).id
    return release


def finish_release(
    session: Session,
    *,
    release_id: int,
    version: int,
    losses: int,
    digest: str,
    files: dict[str, dict[str, Any]],
    read_at: datetime,
    now: datetime,
) -> bool:
    """Offer a release in place of the one before; return ``False`` where there is nothing to offer.

    That is so when it says what the one before says, which then stays; when something it was read with has been taken
    back meanwhile; and when nobody waits for it any more.
    """
    release = _lock(session, release_id)
    process = process_by_id(session, release.process_id)
    if release.state is not ReleaseState.BUILDING:
        return False
    if losses != process.losses or not opens_data(process):
        session.delete(release)
        return False
    before = _current(session, release.process_id)
    if before is not None and is_offered(before, process) and before.digest == digest:
        before.version, before.checked_at = version, read_at
        session.delete(release)
        return False
    if before is not None:
        _end(before, ReleaseState.REPLACED if is_offered(before, process) else ReleaseState.WITHDRAWN, now)
        session.flush()
    release.state = ReleaseState.CURRENT
    release.version, release.losses, release.digest, release.files = version, losses, digest, files
    release.built_at = release.checked_at = read_at
    return True


def withdraw_lost(session: Session, *, process_id: int, now: datetime) -> bool:
    """Note that the current release is not handed out any more, if that is so; return whether it was."""
    current = _current(session, process_id)
    if current is None or is_offered(current, process_by_id(session, process_id)):
        return False
    _end(current, ReleaseState.WITHDRAWN, now)
    return True


def give_up_stuck(session: Session, *, process_id: int, now: datetime) -> None:
    """Give up what nobody writes any more: its job has failed, or was called off."""
    over = (JobState.FAILED, JobState.CANCELLED, JobState.DONE)
    stuck = session.scalars(
        select(DataRelease)
        .join(Job, Job.id == DataRelease.job_id)
        .where(DataRelease.process_id == process_id, DataRelease.state == ReleaseState.BUILDING, Job.state.in_(over))
    )
    for release in stuck.all():
        _end(release, ReleaseState.FAILED, now)


def note_removed(session: Session, *, release_ids: Sequence[int], now: datetime) -> None:
    """Note that the files of releases have gone."""
    for release in session.scalars(select(DataRelease).where(DataRelease.id.in_(release_ids))):
        release.removed_at = now


def _latest(session: Session, process_id: int) -> Sequence[DataRelease]:
    own = select(DataRelease).where(DataRelease.process_id == process_id).order_by(DataRelease.number.desc())
    return session.scalars(own.limit(20)).all()


def _current(session: Session, process_id: int) -> DataRelease | None:
    own = (DataRelease.process_id == process_id) & (DataRelease.state == ReleaseState.CURRENT)
    return session.scalar(locked(select(DataRelease).where(own)))


def _lock(session: Session, release_id: int) -> DataRelease:
    return session.scalars(locked(select(DataRelease).where(DataRelease.id == release_id))).one()


def _failed_lately(releases: Sequence[DataRelease], now: datetime) -> bool:
    latest = releases[0] if releases else None
    return (
        latest is not None
        and latest.state is ReleaseState.FAILED
        and latest.ended_at is not None
        and now - latest.ended_at < AGAIN
    )


def _end(release: DataRelease, state: ReleaseState, now: datetime) -> None:
    release.state, release.ended_at = state, now
