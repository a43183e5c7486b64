"""The vote log: a leaf for each vote that names nobody, in an order that says nothing, with a Merkle root over all.

What a vote is called is new in every release, so that releases cannot be joined; only the voter's page tells it. The
leaves stand in the order of their hashes, which is as good as shuffled. Votes on ideas whose figures are not published
are sealed: they stand there by their hash only.
"""

import gzip
import hashlib
import hmac
import tempfile
from collections.abc import Callable, Collection, Generator, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

from sqlalchemy import String, select, type_coerce
from sqlalchemy.orm import Session

from participation.ideas.models import Idea, IdeaState
from participation.tallies.figures import is_enough
from participation.tallies.merkle import HASH_BYTES, leaf_hash, write_tree
from participation.tallies.policies import FEWEST_PEOPLE
from participation.voting.models import Stance, Vote
from participation.voting.queries import FEWEST_VOTES, VoteFigures

VERSION = "vote-log-1"
NUMBER_BYTES = 16
NUMBERS = MappingProxyType({"bytes": NUMBER_BYTES, "fewest": FEWEST_VOTES, "people": FEWEST_PEOPLE})
CHUNK = 20_000
"""Votes taken from the database at a time."""
BUCKETS = 256
SPOOL_BYTES = 64 * 1024
FASTEST = 1
STANCES = tuple(stance.value for stance in Stance)
# Of a vote on its way to its place: hash, number, idea, stance.
ENTRY = HASH_BYTES + NUMBER_BYTES + 8 + 1


class LoggedVote(NamedTuple):
    """A vote as the log needs it."""

    id: int
    idea_id: int
    stance: str
    nonce: bytes


@dataclass(frozen=True, slots=True)
class WrittenLog:
    """What was written: ``counts`` of the ideas whose figures are published, root and number of all leaves."""

    leaves: int
    sealed: int
    newest_vote: int
    root: str
    file_sha256: str
    counts: dict[int, VoteFigures]


@dataclass(frozen=True, slots=True)
class LogPaths:
    """Where the public file and the tree are written to."""

    public: Path
    tree: Path


def vote_number(nonce: bytes, *, process_id: int, release: int) -> bytes:
    """Return what a vote is called in a release of the log: 16 bytes that tell nothing about any other release."""
    return hmac.digest(nonce, f"{process_id}:{release}".encode(), "sha256")[:NUMBER_BYTES]


def leaf_text(idea_id: int, stance: str, number: bytes) -> str:
    """Return what an open leaf says: the idea, the stance, and the number of the vote in hexadecimal."""
    return f"{idea_id},{stance},{number.hex()}"


def leaf_of(vote: LoggedVote, *, process_id: int, release: int) -> str:
    """Return what the leaf of a vote says in a release."""
    number = vote_number(vote.nonce, process_id=process_id, release=release)
    return leaf_text(vote.idea_id, vote.stance, number)


def line_hash(line: str) -> bytes:
    """Return the hash of a leaf by its line in the public file; raises ``ValueError`` for a line that is none."""
    if "," in line:
        return leaf_hash(line.encode())
    sealed = bytes.fromhex(line)
    if len(sealed) != HASH_BYTES:
        raise ValueError(f"this is no line of a vote log: {line[:80]}")
    return sealed


def read_log_votes(session: Session, process_id: int) -> Generator[LoggedVote, None, None]:
    """Yield all votes of a process, whatever has become of their ideas; a few at a time are in memory.

    Whoever may stop early has to close it.
    """
    statement = (
        select(Vote.id, Vote.idea_id, type_coerce(Vote.stance, String), Vote.nonce)
        .join(Idea, Idea.id == Vote.idea_id)
        .where(Idea.process_id == process_id)
    )
    connection = session.connection()
    with connection.execution_options(stream_results=True, yield_per=CHUNK).execute(statement) as rows:
        for part in rows.partitions():
            yield from (LoggedVote(id_, idea_id, stance, bytes(nonce)) for id_, idea_id, stance, nonce in part)


def public_ideas(session: Session, process_id: int) -> set[int]:
    """Return the ids of the ideas that everybody may see."""
    return set(session.scalars(select(Idea.id).where(Idea.process_id == process_id, Idea.state == IdeaState.PUBLISHED)))


def write_log(
    votes: Iterable[LoggedVote],
    paths: LogPaths,
    *,
    process_id: int,
    release: int,
    public: Collection[int],
    beat: Callable[[], None] = lambda: None,
) -> WrittenLog:
    """Write the public file and the tree of a release; memory hardly grows with the number of votes.

    ``public`` are the ideas that everybody may see. ``beat`` is called again and again.
    """
    with tempfile.TemporaryDirectory(dir=paths.public.parent) as folder:
        spool = _Spool(Path(folder))
        counted: dict[int, dict[str, int]] = {}
        newest = 0
        for done, vote in enumerate(votes):
            number = vote_number(vote.nonce, process_id=process_id, release=release)
            content = leaf_text(vote.idea_id, vote.stance, number).encode()
            stance = STANCES.index(vote.stance)
            spool.add(leaf_hash(content) + number + vote.idea_id.to_bytes(8, "big") + bytes((stance,)))
            of_idea = counted.setdefault(vote.idea_id, dict.fromkeys(STANCES, 0))
            of_idea[vote.stance] += 1
            newest = max(newest, vote.id)
            if done % (4 * CHUNK) == 0:
                beat()
        every = {idea_id: VoteFigures(**of_idea) for idea_id, of_idea in counted.items()}
        counts = {idea_id: one for idea_id, one in every.items() if idea_id in public and is_enough(one)}
        leaves, root = write_tree(paths.tree, _write_public(paths.public, spool, counts, beat))
    with paths.public.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    sealed = leaves - sum(one.people for one in counts.values())
    return WrittenLog(leaves, sealed, newest, root.hex(), digest, counts)


def log_lines(path: Path) -> Iterator[str]:
    """Yield the lines of a public file; raises ``OSError``, ``EOFError`` or ``UnicodeDecodeError`` for a broken one."""
    with gzip.open(path, "rt", encoding="ascii", newline="\n") as file:
        for line in file:
            yield line.rstrip("\n")


class _Spool:
    """Entries in files by the first byte of their hash, so that only one of 256 parts is sorted at a time."""

    def __init__(self, folder: Path) -> None:
        self._paths = [folder / f"{number:02x}" for number in range(BUCKETS)]
        self._waiting = [bytearray() for _ in range(BUCKETS)]

    def add(self, entry: bytes) -> None:
        waiting = self._waiting[entry[0]]
        waiting += entry
        if len(waiting) > SPOOL_BYTES:
            self._write(entry[0])

    def parts(self) -> Iterator[list[bytes]]:
        """Yield all entries in the order of their hashes, in parts."""
        for number, path in enumerate(self._paths):
            stored = path.read_bytes() if path.exists() else b""
            content = stored + self._waiting[number]
            self._waiting[number] = bytearray()
            yield sorted(content[start : start + ENTRY] for start in range(0, len(content), ENTRY))

    def _write(self, number: int) -> None:
        with self._paths[number].open("ab") as file:
            file.write(self._waiting[number])
        self._waiting[number].clear()


def _write_public(path: Path, spool: _Spool, counts: Collection[int], beat: Callable[[], None]) -> Iterator[bytes]:
    """Write the public file and yield the hashes of its leaves in their order."""
    # Without name and time, so that equal votes give an equal file.
    with path.open("wb") as raw, gzip.GzipFile("", "wb", FASTEST, raw, mtime=0) as file:
        for part in spool.parts():
            lines = []
            for entry in part:
                digest, idea_id = entry[:HASH_BYTES], int.from_bytes(entry[-9:-1], "big")
                number, stance = entry[HASH_BYTES:-9], STANCES[entry[-1]]
                lines.append(leaf_text(idea_id, stance, number) if idea_id in counts else digest.hex())
                yield digest
            if lines:
                file.write(("\n".join(lines) + "\n").encode())
            beat()
