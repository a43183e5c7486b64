"""Holding everything that was released against its files, the published roots and the votes; each break is named."""

import csv
import filecmp
import hashlib
import heapq
import tempfile
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path

from flask import current_app
from sqlalchemy import String, select, type_coerce
from sqlalchemy.orm import Session

from participation.ideas.models import Idea
from participation.tallies.figures import IdeaFigures, figures_of, is_enough, read_json
from participation.tallies.files import FIGURES_CSV, FIGURES_JSON, LOG, TREE, ReleasePaths, paths_of
from participation.tallies.log import (
    CHUNK,
    STANCES,
    LoggedVote,
    LogPaths,
    leaf_of,
    line_hash,
    log_lines,
    read_log_votes,
    write_log,
)
from participation.tallies.merkle import leaf_hash, write_tree
from participation.tallies.policies import FEWEST_PEOPLE
from participation.tallies.proofs import may_be_missing
from participation.tallies.queries import ReleaseView, releases_of
from participation.voting.models import Vote, VoteChange
from participation.voting.queries import VoteFigures

UNREADABLE = (OSError, EOFError, ValueError, zlib.error)
MOST_NAMED = 10


def release_breaks(session: Session, process_id: int, *, now: datetime) -> Iterator[str]:
    """Yield a sentence for everything about the releases of a process that is not as it was published."""
    releases = releases_of(session, process_id)
    for place, release in enumerate(releases):
        if is_kept(releases, place, now=now):
            yield from file_breaks(release, is_latest=place == 0)
    numbers = {release.number for release in releases}
    yield from (
        f"release {number}: it is missing, though there are later ones"
        for number in range(1, max(numbers, default=0))
        if number not in numbers
    )
    if releases:
        yield from vote_breaks(session, releases[0])


def missing_files(session: Session, process_id: int, *, now: datetime) -> list[str]:
    """Return the names of the files of releases that should be there and are not; cheap."""
    releases = releases_of(session, process_id)
    wanted = [
        paths_of(release)[ending]
        for place, release in enumerate(releases)
        if is_kept(releases, place, now=now)
        for ending in (LOG, FIGURES_JSON, FIGURES_CSV, *((TREE,) if place == 0 else ()))
    ]
    return [path.name for path in wanted if not path.exists()]


def is_kept(releases: tuple[ReleaseView, ...], place: int, *, now: datetime) -> bool:
    """Return whether the files of a release are kept; ``releases`` are all of the process, the newest first."""
    if place == 0:
        return True
    is_withheld = releases[place - 1].changed_people < FEWEST_PEOPLE
    # A day more or less is nothing to complain about: it is the nightly routine that removes them.
    oldest = now - timedelta(days=current_app.config["TALLY_DAYS"] - 1)
    return not is_withheld and releases[place].made_at > oldest


def file_breaks(release: ReleaseView, *, is_latest: bool) -> Iterator[str]:
    """Yield what is wrong with the files of a release, beginning with its number."""
    paths, name = paths_of(release), f"release {release.number}"
    try:
        with paths[LOG].open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        if digest != release.file_sha256:
            yield f"{name}: the vote log is not the file that was published: its SHA-256 is {digest}"
        recount = _Recount()
        with tempfile.TemporaryDirectory() as folder:
            rebuilt = Path(folder) / TREE
            leaves, root = write_tree(rebuilt, recount.hashes(log_lines(paths[LOG])))
            yield from _log_breaks(release, recount, leaves, root.hex())
            if is_latest and not filecmp.cmp(rebuilt, paths[TREE], shallow=False):
                yield f"{name}: the tree that paths are read from is not that of the vote log"
    except UNREADABLE as problem:
        yield f"{name}: {_said(problem)}"
        return
    try:
        yield from _figure_breaks(release, paths, recount)
    except UNREADABLE as problem:
        yield f"{name}: {_said(problem)}"


def vote_breaks(session: Session, release: ReleaseView) -> Iterator[str]:
    """Yield where the votes of today do not fit the latest release: votes changed or gone that nobody touched since."""
    with tempfile.TemporaryDirectory() as folder:
        paths = LogPaths(Path(folder) / LOG, Path(folder) / TREE)
        votes = read_log_votes(session, release.process_id)
        today = write_log(votes, paths, process_id=release.process_id, release=release.number, public=())
        if today.root == release.root:
            return
        try:
            ours, theirs = _differences(paths.public, paths_of(release)[LOG])
        except UNREADABLE:
            # The file has been named already.
            return
    name = f"release {release.number}"
    moved = set(session.scalars(select(VoteChange.participant_id).where(VoteChange.process_id == release.process_id)))
    later, changed = 0, list[int]()
    for vote, participant_id, cast_at in _votes_with_time(session, release.process_id):
        leaf = leaf_of(vote, process_id=release.process_id, release=release.number)
        if leaf_hash(leaf.encode()) not in ours:
            continue
        if not (may_be_missing(release, vote.id, cast_at) or participant_id in moved):
            changed.append(vote.idea_id)
        later += vote.id <= release.newest_vote
    if changed:
        many = f"{len(changed)} votes are not as they were" if len(changed) > 1 else "1 vote is not as it was"
        yield f"{name}: {many} released, on ideas {_some(sorted(set(changed)))}"
    gone = len(theirs) - later
    if gone > 0 and not moved:
        many = f"{gone} votes in the log are" if gone > 1 else "1 vote in the log is"
        yield f"{name}: {many} gone, though nobody has withdrawn any"


@dataclass(slots=True)
class _Recount:
    """What the lines of a log add up to; ``counts`` are of the open leaves."""

    sealed: int = 0
    in_order: bool = True
    counts: dict[int, dict[str, int]] | None = None

    def hashes(self, lines: Iterable[str]) -> Iterator[bytes]:
        """Yield the hashes of the lines while counting; raises ``ValueError`` for a line that is none."""
        before = b""
        self.counts = {}
        for line in lines:
            digest = line_hash(line)
            self.in_order &= digest > before
            before = digest
            if "," in line:
                idea, stance, _number = line.split(",")
                self.counts.setdefault(int(idea), dict.fromkeys(STANCES, 0))[stance] += 1
            else:
                self.sealed += 1
            yield digest

    def figures(self) -> dict[int, VoteFigures]:
        """Return the counts of the ideas with open leaves."""
        return {idea_id: VoteFigures(**of_idea) for idea_id, of_idea in (self.counts or {}).items()}


def _log_breaks(release: ReleaseView, recount: _Recount, leaves: int, root: str) -> Iterator[str]:
    name = f"release {release.number}"
    if leaves != release.leaves:
        yield f"{name}: the vote log has {leaves} leaves instead of {release.leaves}"
    if root != release.root:
        yield f"{name}: the vote log has the root {root} instead of the published {release.root}"
    if not recount.in_order:
        yield f"{name}: the leaves of the vote log are not in order, or one stands there twice"
    few = sorted(idea_id for idea_id, counts in recount.figures().items() if not is_enough(counts))
    if few:
        yield f"{name}: the votes on ideas {_some(few)} are open in the log, though they are too few"


def _figure_breaks(release: ReleaseView, paths: ReleasePaths, recount: _Recount) -> Iterator[str]:
    name = f"release {release.number}"
    said, figures = read_json(paths[FIGURES_JSON])
    expected = {
        "release": release.number,
        "votes": release.leaves,
        "sealed": recount.sealed,
        "root": release.root,
        "vote_log_sha256": release.file_sha256,
    }
    for key, value in expected.items():
        if said.get(key) != value:
            yield f"{name}: the figures name {said.get(key)} as {key} instead of {value}"
    counted = figures_of(recount.figures())
    if wrong := sorted({row.idea for row in set(figures) ^ set(counted)}):
        yield f"{name}: the figures of ideas {_some(wrong)} are not those of the vote log"
    with paths[FIGURES_CSV].open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    if rows != [list(IdeaFigures.__dataclass_fields__), *(_cells(row) for row in figures)]:
        yield f"{name}: the figures as CSV are not those in JSON"


def _cells(row: IdeaFigures) -> list[str]:
    return ["" if value is None else str(value) for value in asdict(row).values()]


def _differences(ours: Path, theirs: Path) -> tuple[set[bytes], set[bytes]]:
    """Return the hashes of the leaves that only one of two logs has; both are in order, so they are read once."""
    only: tuple[set[bytes], set[bytes]] = (set(), set())
    for digest, side in heapq.merge(_hashes(ours, 0), _hashes(theirs, 1)):
        if digest in only[1 - side]:
            only[1 - side].discard(digest)
        else:
            only[side].add(digest)
    return only


def _hashes(path: Path, side: int) -> Iterator[tuple[bytes, int]]:
    return ((line_hash(line), side) for line in log_lines(path))


def _votes_with_time(session: Session, process_id: int) -> Iterator[tuple[LoggedVote, int, datetime]]:
    statement = (
        select(Vote.id, Vote.idea_id, type_coerce(Vote.stance, String), Vote.nonce, Vote.participant_id, Vote.cast_at)
        .join(Idea, Idea.id == Vote.idea_id)
        .where(Idea.process_id == process_id)
    )
    connection = session.connection()
    with connection.execution_options(stream_results=True, yield_per=CHUNK).execute(statement) as rows:
        for part in rows.partitions():
            for id_, idea_id, stance, nonce, participant_id, cast_at in part:
                yield LoggedVote(id_, idea_id, stance, bytes(nonce)), participant_id, cast_at


def _said(problem: BaseException) -> str:
    if isinstance(problem, FileNotFoundError) and problem.filename:
        return f"the file {Path(problem.filename).name} is missing"
    return f"a file cannot be read: {problem}"


def _some(ids: list[int]) -> str:
    return ", ".join(map(str, ids[:MOST_NAMED])) + (" …" if len(ids) > MOST_NAMED else "")
