"""Releasing the vote log: what the worker does by the clock, for each process by itself."""

import secrets
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import current_app
from sqlalchemy import Engine, delete, update
from sqlalchemy.orm import Session

from participation.kit import clock
from participation.kit.db import begin_snapshot, db, transaction
from participation.processes.outline import ProcessOutline
from participation.processes.queries import all_processes
from participation.tallies.figures import Head, figures_of, write_csv, write_json
from participation.tallies.files import (
    FIGURES_CSV,
    FIGURES_JSON,
    TREE,
    ReleasePaths,
    folder_of,
    paths_of,
)
from participation.tallies.log import WrittenLog, public_ideas, read_log_votes, write_log
from participation.tallies.models import Release
from participation.tallies.policies import FEWEST_PEOPLE, is_release_due, is_voting_over
from participation.tallies.queries import ReleaseView, changed_people, latest_release, releases_of
from participation.voting.models import VoteChange

BEAT_SECONDS = 15.0
Beat = Callable[[], None]


def release_daily(beat: Beat) -> None:
    """Release the vote log of every process in which enough has changed; for the clock, outside any transaction."""
    for process in _processes():
        release_log(process, beat)
        remove_old_files(process.id, now=clock.now())
        beat()


def release_last(beat: Beat) -> None:
    """Release the last vote log of every process whose voting is over; for the clock, outside any transaction."""
    for process in _processes():
        if is_voting_over(process, now=clock.now()) and not _has_final(process.id):
            release_log(process, beat)
            beat()


def release_log(process: ProcessOutline, beat: Beat = lambda: None) -> ReleaseView | None:
    """Release the vote log of a process if that is due; return what was released.

    To be called outside any transaction; reading holds nobody up. Running it again does nothing, or releases what has
    changed since.
    """
    before = _latest(process.id)
    with _snapshot(db.engine) as session:
        changed = changed_people(session, process.id, before)
        # After the first read: whoever votes from now on is not in this release.
        now = clock.now()
        is_over = is_voting_over(process, now=now)
        has_final = before is not None and before.is_final
        if not is_release_due(changed_people=changed, is_over=is_over, has_final=has_final):
            if before and is_over and not has_final and not changed:
                _make_final(before)
            return None
        view, draft = _write(session, process, _Plan(before, changed, is_final=is_over, now=now), beat)
    if view.leaves == 0:
        draft.remove()
        return None
    draft.publish_as(paths_of(view))
    with transaction() as writing:
        writing.add(Release(**{name: getattr(view, name) for name in ReleaseView.__dataclass_fields__}))
        writing.execute(delete(VoteChange).where(VoteChange.process_id == process.id))
    if before:
        _withhold(before, view)
    return view


def remove_old_files(process_id: int, *, now: datetime) -> None:
    """Remove the files of releases whose time is over, and what a broken-off release left; the latest one stays."""
    session = db.session()
    releases = releases_of(session, process_id)
    session.rollback()
    if not releases:
        return
    oldest = now - timedelta(days=current_app.config["TALLY_DAYS"])
    for release in releases[1:]:
        paths_of(release).remove() if release.made_at < oldest else paths_of(release).remove([TREE])
    known = {paths_of(release).stem for release in releases}
    for path in folder_of(process_id).iterdir():
        is_old = path.stat().st_mtime < (now - timedelta(days=1)).timestamp()
        if path.is_file() and path.name.partition(".")[0] not in known and is_old:
            path.unlink()


@dataclass(frozen=True, slots=True)
class _Plan:
    """What is known of a release before it is written."""

    before: ReleaseView | None
    changed: int
    is_final: bool
    now: datetime


def _write(session: Session, process: ProcessOutline, plan: _Plan, beat: Beat) -> tuple[ReleaseView, ReleasePaths]:
    number = plan.before.number + 1 if plan.before else 1
    # A name of its own for every try: a worker that was thought dead may still be writing.
    draft = ReleasePaths(folder_of(process.id), f"draft-{secrets.token_hex(4)}")
    try:
        public = public_ideas(session, process.id)
        with closing(read_log_votes(session, process.id)) as votes:
            written = write_log(
                votes, draft.log, process_id=process.id, release=number, public=public, beat=_now_and_then(beat)
            )
        _write_figures(draft, process, number, written, plan.now)
    except BaseException:
        draft.remove()
        raise
    view = ReleaseView(
        process_id=process.id,
        number=number,
        leaves=written.leaves,
        changed_people=plan.changed,
        newest_vote=written.newest_vote,
        root=written.root,
        file_sha256=written.file_sha256,
        is_final=plan.is_final,
        made_at=plan.now,
    )
    return view, draft


def _write_figures(
    draft: ReleasePaths, process: ProcessOutline, number: int, written: WrittenLog, now: datetime
) -> None:
    head = Head(
        process=process.slug,
        release=number,
        made_at=now,
        votes=written.leaves,
        sealed=written.sealed,
        root=written.root,
        vote_log_sha256=written.file_sha256,
    )
    figures = figures_of(written.counts)
    write_json(draft[FIGURES_JSON], head, figures)
    write_csv(draft[FIGURES_CSV], figures)


def _withhold(before: ReleaseView, latest: ReleaseView) -> None:
    """Remove what is not needed any more, and what would tell too much beside the latest release."""
    if latest.changed_people < FEWEST_PEOPLE:
        # The last release came with few changes: beside the one before, everybody could see whose they are.
        paths_of(before).remove()
    else:
        paths_of(before).remove([TREE])


def _make_final(release: ReleaseView) -> None:
    own = (Release.process_id == release.process_id) & (Release.number == release.number)
    with transaction() as session:
        session.execute(update(Release).where(own).values(is_final=True))


def _processes() -> list[ProcessOutline]:
    session = db.session()
    processes = all_processes(session)
    session.rollback()
    return processes


def _has_final(process_id: int) -> bool:
    latest = _latest(process_id)
    return latest is not None and latest.is_final


def _latest(process_id: int) -> ReleaseView | None:
    session = db.session()
    latest = latest_release(session, process_id)
    session.rollback()
    return latest


def _now_and_then(beat: Beat) -> Beat:
    """Return ``beat`` passed on a few times a minute: each takes the write lock for a moment."""
    last = float("-inf")

    def passed_on() -> None:
        nonlocal last
        if time.monotonic() - last >= BEAT_SECONDS:
            beat()
            last = time.monotonic()

    return passed_on


@contextmanager
def _snapshot(engine: Engine) -> Iterator[Session]:
    """Yield a session that sees the database as it is now; the one of ``transaction()`` is needed for heartbeats."""
    with Session(engine) as session:
        begin_snapshot(session)
        yield session
