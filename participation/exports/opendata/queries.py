"""Reading releases of open data: the current ones, those being written, and the page of a process."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, func, literal, select
from sqlalchemy.orm import Session

from participation.exports.models import DataRelease, ReleaseState
from participation.exports.opendata.policies import is_offered
from participation.kit.permissions import found
from participation.processes.outline import ProcessOutline

MOST_SHOWN = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class FileView:
    """One file of a release."""

    name: str
    bytes: int
    sha256: str
    media: str
    rows: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseView:
    """One release: what it holds while it is offered, and when it was made and ended."""

    public_id: str
    number: int
    state: ReleaseState
    built_at: datetime
    ended_at: datetime | None
    is_offered: bool
    files: tuple[FileView, ...]

    def file(self, name: str) -> FileView:
        """Return the file of this name; raises ``Missing``."""
        return found(next((file for file in self.files if file.name == name), None))


@dataclass(frozen=True, slots=True, kw_only=True)
class Releases:
    """The releases of a process, the newest first; ``first_at`` is when data was offered first."""

    current: ReleaseView | None
    earlier: tuple[ReleaseView, ...]
    is_building: bool
    first_at: datetime | None


def releases_of(session: Session, process: ProcessOutline) -> Releases:
    """Return what was and is offered of a process."""
    rows = session.scalars(
        select(DataRelease)
        .where(DataRelease.process_id == process.id, DataRelease.state != ReleaseState.FAILED)
        .order_by(DataRelease.number.desc())
        .limit(MOST_SHOWN)
    ).all()
    shown = [_view(row, process) for row in rows if row.built_at is not None]
    first = select(DataRelease.built_at).where(DataRelease.process_id == process.id, DataRelease.built_at.is_not(None))
    return Releases(
        current=next((view for view in shown if view.is_offered), None),
        earlier=tuple(view for view in shown if not view.is_offered),
        is_building=any(row.state is ReleaseState.BUILDING for row in rows),
        first_at=session.scalar(first.order_by(DataRelease.number).limit(1)),
    )


def offers_of(session: Session, processes: Iterable[ProcessOutline]) -> dict[int, Releases]:
    """Return what is offered of each process now, by its id; without what was offered earlier."""
    wanted = {process.id: process for process in processes}
    current = current_releases(session)
    first = select(DataRelease.process_id, func.min(DataRelease.built_at)).where(DataRelease.built_at.is_not(None))
    since = {row[0]: row[1] for row in session.execute(first.group_by(DataRelease.process_id))}
    return {
        key: Releases(
            current=_view(current[key], process) if is_offered(current.get(key), process) else None,
            earlier=(),
            is_building=False,
            first_at=since.get(key),
        )
        for key, process in wanted.items()
    }


def release_at(session: Session, process: ProcessOutline, number: int) -> ReleaseView:
    """Return a release that was offered at some time by its number; raises ``Missing``."""
    # An address may name a number that is longer than the column is.
    own = (DataRelease.process_id == process.id) & (DataRelease.number == literal(number, BigInteger()))
    row = found(session.scalar(select(DataRelease).where(own, DataRelease.built_at.is_not(None))))
    return _view(row, process)


def current_releases(session: Session) -> dict[int, DataRelease]:
    """Return the current release of each process that has one, whether it may be handed out or not."""
    rows = session.scalars(select(DataRelease).where(DataRelease.state == ReleaseState.CURRENT))
    return {row.process_id: row for row in rows}


def unfinished_releases(session: Session) -> set[int]:
    """Return the processes of which a release is being written."""
    return set(session.scalars(select(DataRelease.process_id).where(DataRelease.state == ReleaseState.BUILDING)))


def kept_releases(session: Session) -> tuple[dict[int, str], set[str]]:
    """Return the releases that have ended and whose files are still there, and the names of all that have files."""
    kept = select(DataRelease.id, DataRelease.public_id, DataRelease.state).where(DataRelease.removed_at.is_(None))
    rows = session.execute(kept).all()
    ended = {row.id: row.public_id for row in rows if row.state not in (ReleaseState.CURRENT, ReleaseState.BUILDING)}
    return ended, {row.public_id for row in rows}


def _view(row: DataRelease, process: ProcessOutline) -> ReleaseView:
    offered = is_offered(row, process)
    return ReleaseView(
        public_id=row.public_id,
        number=row.number,
        state=row.state,
        built_at=found(row.built_at),
        ended_at=row.ended_at,
        is_offered=offered,
        files=tuple(_file(name, entry) for name, entry in row.files.items()) if offered else (),
    )


def _file(name: str, entry: dict[str, Any]) -> FileView:
    return FileView(
        name=name, bytes=entry["bytes"], sha256=entry["sha256"], media=entry["media"], rows=entry.get("rows")
    )
