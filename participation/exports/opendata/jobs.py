"""What the worker does for open data: writes releases, and takes care that each process has one that may be shown."""

import secrets
import shutil
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from flask import current_app

from participation.accounts.actor import SYSTEM
from participation.activity.worker import Progress
from participation.exports.jobs import now_and_then
from participation.exports.models import DataRelease, ReleaseState
from participation.exports.opendata.columns import Published
from participation.exports.opendata.people import people_rows
from participation.exports.opendata.places import files_of, public_url, release_folder, remove_files
from participation.exports.opendata.policies import is_due, is_offered
from participation.exports.opendata.queries import current_releases, kept_releases, unfinished_releases
from participation.exports.opendata.readme import About
from participation.exports.opendata.service import (
    OPEN_DATA_JOB,
    begin_release,
    finish_release,
    give_up_stuck,
    note_removed,
    withdraw_lost,
)
from participation.exports.opendata.words import licence_of
from participation.exports.opendata.writing import write_release
from participation.exports.reading import read_into
from participation.kit import clock
from participation.kit.db import db, transaction
from participation.processes.outline import ProcessOutline
from participation.processes.queries import all_processes, process_by_id

__all__ = ["OPEN_DATA_JOB", "renew_releases", "run_release"]

EVERY_MINUTES = 1
LEFT_OVER = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class _Order:
    """What is to be written, read before the long work."""

    release_id: int
    public_id: str
    number: int
    process: ProcessOutline


def renew_releases(beat: Callable[[], None]) -> None:
    """Take back what may not be handed out any more, queue what is due, and remove files that have no use.

    For the clock, outside any transaction; running it again does nothing.
    """
    session = db.session()
    processes = all_processes(session, with_drafts=True)
    current, building, now = current_releases(session), unfinished_releases(session), clock.now()
    # Looked at without a lock first: most of the time there is nothing to write.
    needy = [
        process.id
        for process in processes
        if process.id in building or _needs_care(process, current.get(process.id), now)
    ]
    session.rollback()
    for process_id in sorted(needy):
        with transaction() as writing:
            withdraw_lost(writing, process_id=process_id, now=now)
            give_up_stuck(writing, process_id=process_id, now=now)
            begin_release(writing, process_id=process_id, now=now)
        beat()
    _remove_unused()


def run_release(payload: dict[str, Any], progress: Progress) -> None:
    """Write the release that ``payload`` names and offer it; running it again writes it anew, or does nothing.

    A problem is passed on, so that the queue tries again.
    """
    order = _order(int(payload["release_id"]))
    if order is None:
        return
    # A name of its own for every try: a worker that was thought dead may still be writing.
    draft = release_folder() / f"{order.public_id}.{secrets.token_hex(4)}"
    try:
        draft.mkdir(mode=0o700)
        if not _write(order, draft, now_and_then(progress)):
            remove_files(order.public_id)
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def _order(release_id: int) -> _Order | None:
    session = db.session()
    release = session.get(DataRelease, release_id)
    order = None
    if release is not None and release.state is ReleaseState.BUILDING:
        order = _Order(release.id, release.public_id, release.number, process_by_id(session, release.process_id))
    session.rollback()
    return order


def _write(order: _Order, draft: Path, progress: Callable[[int], None]) -> bool:
    """Write the files and offer them; return whether they are offered."""
    config, now = current_app.config, clock.now()
    session = db.session()
    people = people_rows(session, order.process.id, order.process.framework_id)
    session.rollback()
    language = config["BABEL_DEFAULT_LOCALE"]
    reading = read_into(
        draft / "reading", SYSTEM, process_id=order.process.id, language=language, now=now, progress=progress
    )
    (draft / "files").mkdir(mode=0o700)
    written = write_release(
        Published(reading.document(), people),
        about_release(order.process, number=order.number, built_at=now),
        draft / "files",
        zone=clock.zone(config["TIMEZONE"]),
        progress=progress,
    )
    target = files_of(order.public_id)
    shutil.rmtree(target, ignore_errors=True)
    (draft / "files").rename(target)
    with transaction() as writing:
        return finish_release(
            writing,
            release_id=order.release_id,
            # Those from before the reading: what came in between makes another release.
            version=order.process.version,
            losses=reading.losses,
            digest=written.digest,
            files=written.files,
            read_at=now,
            now=clock.now(),
        )


def about_release(process: ProcessOutline, *, number: int, built_at: datetime) -> About:
    """Return what a release says about itself; needs an application context."""
    config = current_app.config
    return About(
        process=process.title,
        summary=process.summary,
        slug=process.slug,
        number=number,
        built_at=built_at.astimezone(clock.zone(config["TIMEZONE"])).replace(microsecond=0),
        city=config["CITY_NAME"],
        operator=config["OPERATOR_NAME"],
        contact=config["CONTACT_EMAIL"],
        url=public_url("opendata.process", slug=process.slug),
        licence=licence_of(process.data_licence),
        languages=tuple(config["LANGUAGES"]),
    )


def _needs_care(process: ProcessOutline, current: DataRelease | None, now: datetime) -> bool:
    is_lost = current is not None and not is_offered(current, process)
    return is_lost or is_due(current, process, now=now)


def _remove_unused() -> None:
    session = db.session()
    ended, known = kept_releases(session)
    session.rollback()
    for public_id in ended.values():
        remove_files(public_id)
    if ended:
        with transaction() as writing:
            note_removed(writing, release_ids=list(ended), now=clock.now())
    _remove_left_over(known - set(ended.values()))


def _remove_left_over(known: Iterable[str]) -> None:
    """Remove what workers that were killed have left behind, once it is old enough to be nobody's work."""
    names, oldest = set(known), (clock.now() - LEFT_OVER).timestamp()
    for path in release_folder().iterdir():
        if path.name not in names and path.stat().st_mtime < oldest:
            shutil.rmtree(path, ignore_errors=True)
