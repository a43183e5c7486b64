"""Writing a process into an archive: everything as of one moment, a little at a time, nothing of it in the clear."""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from sqlalchemy import Table
from sqlalchemy.orm import Session

from participation.accounts.actor import Actor
from participation.archive.keys import Lock, key_path, write_key
from participation.archive.layout import (
    FORMAT,
    HEAD,
    MANIFEST,
    FileEntry,
    Head,
    Manifest,
    TableEntry,
    json_bytes,
    part_name,
    readme,
)
from participation.archive.models import ArchiveStep
from participation.archive.places import hold, places_of, working_folder
from participation.archive.policies import may_archive_addresses
from participation.archive.problems import ArchiveProblem
from participation.archive.rows import count_rows, lines
from participation.archive.scope import SCOPE, Extent, LeftOut, kept_tables
from participation.archive.sealing import new_file, seal
from participation.archive.service import Noted, note_archive
from participation.archive.tarball import AT_ONCE, END, gzipped, member
from participation.archive.versions import product, schema
from participation.kit.db import begin_snapshot, db, transaction
from participation.kit.dialect import highest_number
from participation.kit.permissions import require
from participation.processes.queries import process_by_id

PART_BYTES = 2 * 2**20
Progress = Callable[[float, int], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class WriteOrder:
    """What is to be written: which process, where to, closed with what; ``reason`` is why with addresses."""

    process_id: int
    path: Path
    lock: Lock
    has_addresses: bool = False
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Written:
    """An archive that was written; ``sha256`` is that of its manifest."""

    rows: int
    files: int
    bytes: int
    sha256: str


def write_archive(
    actor: Actor, order: WriteOrder, *, now: datetime, progress: Progress = lambda _share, _rows: None
) -> Written:
    """Write a process to ``order.path``, which appears only when complete; its key appears beside it where one is made.

    Needs an application context. Nobody is held up meanwhile. Raises ``Missing``, ``Refused``, ``ArchiveProblem`` where
    there is such a file already, and ``OSError``.
    """
    if order.has_addresses:
        require(may_archive_addresses(actor, order.process_id, reason=order.reason))
    for path in (order.path, *((key_path(order.path),) if order.lock.beside else ())):
        if path.exists():
            raise ArchiveProblem(f"{path} is there already: choose another name")
    with new_file(order.path) as draft, working_folder() as folder:
        with Session(db.engine) as session:
            begin_snapshot(session)
            content = _Content(session, order, folder, now, progress)
            seal(draft, gzipped(content.members()), order.lock, readme=content.readme, written_at=now.timetuple())
        size = draft.stat().st_size
        _publish(actor, order, draft, content, now=now)
    return Written(content.rows, len(content.files), size, content.sha256)


@dataclass
class _Content:
    """What goes into an archive, made while it is written; the figures are complete at the end."""

    session: Session
    order: WriteOrder
    folder: Path
    now: datetime
    progress: Progress
    rows: int = 0
    sha256: str = ""
    tables: list[TableEntry] = field(default_factory=list)
    files: list[FileEntry] = field(default_factory=list)

    def __post_init__(self) -> None:
        process = process_by_id(self.session, self.order.process_id)
        self.extent = Extent(process.id, self.now, self.order.has_addresses)
        # Before anything that takes long: what lies beside the database belongs to the same moment.
        self.held = hold(places_of(self.session, process.id), self.folder)
        self.head = Head(
            format=FORMAT,
            product=product(),
            schema=schema(),
            written_at=self.now.isoformat(),
            process=process.slug,
            has_addresses=self.order.has_addresses,
            rows=count_rows(self.session, kept_tables(), self.extent),
        )
        self.readme = readme(self.head)

    def members(self) -> Iterator[bytes]:
        """Yield the archive as a tar: head, tables, files, and the manifest, which knows them all."""
        yield from self._member(HEAD, json_bytes(self.head))
        for table in kept_tables():
            yield from self._table(table)
        for name, path in self.held.items():
            yield from self._file(name, path)
        manifest = json_bytes(
            Manifest(
                process_id=self.order.process_id,
                readme_sha256=hashlib.sha256(self.readme).hexdigest(),
                tables=tuple(self.tables),
                files=tuple(self.files),
                left_out={name: one.because for name, one in sorted(SCOPE.items()) if isinstance(one, LeftOut)},
            )
        )
        self.sha256 = hashlib.sha256(manifest).hexdigest()
        yield from self._member(MANIFEST, manifest)
        yield END

    def _table(self, table: Table) -> Iterator[bytes]:
        digest, rows, number = hashlib.sha256(), 0, 0
        for part, count in _parts(lines(self.session, table, self.extent)):
            digest.update(part)
            rows, number = rows + count, number + 1
            yield from self._member(part_name(table.name, number), part)
            self.rows += count
            self.progress(self.rows / max(self.head.rows, 1), self.rows)
        numbered = table.autoincrement_column is not None
        highest = highest_number(self.session.connection(), table) if numbered else None
        self.tables.append(TableEntry(table.name, rows, digest.hexdigest(), highest))

    def _file(self, name: str, path: Path) -> Iterator[bytes]:
        digest, size = hashlib.sha256(), path.stat().st_size

        def pieces() -> Iterator[bytes]:
            with path.open("rb") as file:
                while piece := file.read(AT_ONCE):
                    digest.update(piece)
                    yield piece

        yield from member(name, size, pieces(), written_at=self.now.timestamp())
        self.files.append(FileEntry(name, size, digest.hexdigest()))

    def _member(self, name: str, content: bytes) -> Iterator[bytes]:
        return member(name, len(content), (content,), written_at=self.now.timestamp())


def _parts(rows: Iterator[bytes]) -> Iterator[tuple[bytes, int]]:
    """Yield lines gathered to parts of at least ``PART_BYTES``, but for the last, each with the number of its lines."""
    waiting: list[bytes] = []
    size = 0
    for line in rows:
        waiting.append(line)
        size += len(line)
        if size >= PART_BYTES:
            yield b"".join(waiting), len(waiting)
            waiting, size = [], 0
    if waiting:
        yield b"".join(waiting), len(waiting)


def _publish(actor: Actor, order: WriteOrder, draft: Path, content: _Content, *, now: datetime) -> None:
    """Note the archive, put its key beside it and give it its name: all of that, or nothing."""
    done: list[Path] = []
    noted = Noted(content.sha256, FORMAT, order.has_addresses, order.reason if order.has_addresses else "")
    try:
        with transaction() as session:
            note_archive(session, actor, ArchiveStep.WRITTEN, noted, process_id=order.process_id, now=now)
            if order.lock.beside:
                write_key(order.lock, key_path(order.path))
                done.append(key_path(order.path))
            draft.rename(order.path)
            done.append(order.path)
    except BaseException:
        for path in done:
            path.unlink()
        raise
