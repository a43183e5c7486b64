"""Reading an archive into an empty installation: in one transaction, with the same ids, all of it or nothing."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO, Any

from sqlalchemy import Table, func, insert, literal, select, type_coerce, union_all, update
from sqlalchemy.exc import DataError, IntegrityError
from sqlalchemy.orm import Session

from participation.accounts.actor import Actor
from participation.archive.keys import Keys
from participation.archive.layout import Head, Manifest
from participation.archive.models import ArchiveStep
from participation.archive.places import places_of, put_in_place, working_folder
from participation.archive.problems import ArchiveProblem, Damaged
from participation.archive.receiving import Progress, Receiver
from participation.archive.scope import SCOPE, Extent, Kept, kept_tables
from participation.archive.service import Noted, note_archive
from participation.archive.values import BadRow, row_of
from participation.archive.verifying import receive
from participation.archive.versions import check_schema
from participation.ideas.search import index_ideas, to_index
from participation.kit.db import transaction
from participation.kit.dialect import number_on_from
from participation.kit.schema import Base
from participation.similarity.jobs import queue_similarity
from participation.wordings import searching

AT_ONCE = 1_000
INDEXED_AT_ONCE = 200


Show = Callable[[str], AbstractContextManager[Progress]]


@contextmanager
def _in_silence(_label: str) -> Iterator[Progress]:
    yield lambda _share, _rows: None


class NotEmpty(ArchiveProblem):
    """There is something in this installation already."""


@dataclass(frozen=True, slots=True)
class Read:
    """A process that was read."""

    process_id: int
    slug: str
    rows: int
    files: int
    sha256: str


def read_archive(
    actor: Actor,
    path: Path,
    keys: Keys,
    *,
    now: datetime,
    show: Show = _in_silence,
) -> Read:
    """Read the archive at ``path`` into an empty, migrated installation and return what came.

    Needs an application context. ``show`` is called for each step, for what is told how far that has come. The search
    index is written along with it; similar ideas are queued for the worker. Raises ``OSError`` and ``ArchiveProblem``,
    after which nothing has changed.
    """
    placed: list[Path] = []
    try:
        with working_folder() as folder, transaction() as session:
            check_empty(session)
            loading = _Loading(session, folder)
            with show("archive") as progress:
                receiver = Receiver(loading, progress)
                head, manifest = receive(path, keys, receiver)
            slug = loading.finish(manifest)
            _hold_extent(session, head, manifest)
            _number_on(session, manifest)
            with show("search index") as progress:
                _index(session, progress)
            queue_similarity(session, manifest.process_id)
            noted = Noted(receiver.sha256, head.format, has_addresses=False)
            note_archive(session, actor, ArchiveStep.READ, noted, process_id=manifest.process_id, now=now)
            placed += put_in_place(loading.staged, loading.places, manifest.process_id)
    except BaseException:
        for file in placed:
            file.unlink(missing_ok=True)
        raise
    return Read(manifest.process_id, slug, sum(one.rows for one in manifest.tables), len(placed), receiver.sha256)


def check_empty(session: Session) -> None:
    """Raise ``NotEmpty`` where a table has rows that an archive would bring: its ids are kept, so none may be taken."""
    filled = union_all(
        *(select(literal(table.name)).where(select(literal(1)).select_from(table).exists()) for table in kept_tables())
    )
    names = set(session.scalars(filled))
    if names:
        first = next(name for name in ("process", "account", "framework", *sorted(names)) if name in names)
        raise NotEmpty(
            f"this installation is not empty: it has rows in the table {first}; an archive is read into one that was"
            " just migrated, and admins are made afterwards"
        )


class _Loading:
    """Puts rows into the database as they come, and files into a folder."""

    def __init__(self, session: Session, folder: Path) -> None:
        self.staged: dict[str, Path] = {}
        self.places: dict[str, Path] = {}
        self._session = session
        self._folder = folder
        self._file: IO[bytes] | None = None
        self._later: list[tuple[Table, str, int, int]] = []
        self._process_ids: set[int] = set()

    def head(self, head: Head) -> list[str] | None:
        check_schema(head)
        return [table.name for table in kept_tables()]

    def rows(self, table: str, lines: list[bytes]) -> None:
        target = Base.metadata.tables[table]
        selves = _self_references(target)
        for start in range(0, len(lines), AT_ONCE):
            rows = list(self._rows(target, lines[start : start + AT_ONCE]))
            for row in rows:
                self._name_later(target, row, selves)
            try:
                self._session.connection().execute(insert(target), rows)
            except (IntegrityError, DataError) as problem:
                raise _unfitting(target, problem) from None

    def open_file(self, name: str) -> None:
        self.staged[name] = self._folder / str(len(self.staged))
        self._file = self.staged[name].open("xb")

    def file_piece(self, piece: bytes) -> None:
        assert self._file
        self._file.write(piece)

    def close_file(self) -> None:
        assert self._file
        self._file.close()

    def finish(self, manifest: Manifest) -> str:
        """Set what was left open, hold everything against the manifest, and return the slug of the process."""
        for table, column, id_, value in self._later:
            changed = update(table).where(table.c.id == id_).values({column: value})
            try:
                self._session.connection().execute(changed)
            except IntegrityError as problem:
                raise _unfitting(table, problem) from None
        process = Base.metadata.tables["process"]
        slugs: dict[int, str] = dict(self._session.execute(select(process.c.id, process.c.slug)).all())
        if list(slugs) != [manifest.process_id] or not self._process_ids <= {manifest.process_id}:
            raise Damaged("it holds something of another process than the one it names")
        self.places = places_of(self._session, manifest.process_id)
        if any(".." in place.parts for place in self.places.values()):
            raise Damaged("a name in it leads out of the folders of files")
        if not self.staged.keys() <= self.places.keys():
            raise Damaged("it holds files that nothing in it refers to")
        return slugs[manifest.process_id]

    def _rows(self, table: Table, lines: list[bytes]) -> Iterator[dict[str, Any]]:
        for line in lines:
            try:
                row = row_of(table, line)
            except BadRow as problem:
                raise Damaged(f"a row of {table.name} cannot be read: {problem}") from None
            if row.get("process_id") is not None:
                self._process_ids.add(row["process_id"])
            yield row

    def _name_later(self, table: Table, row: dict[str, Any], selves: list[str]) -> None:
        """Leave out where a row names one of its own table that comes later."""
        for column in selves:
            if row[column] is not None and row[column] > row["id"]:
                self._later.append((table, column, row["id"], row[column]))
                row[column] = None


def _self_references(table: Table) -> list[str]:
    return [key.parent.name for key in table.foreign_keys if key.column.table is table]


def _unfitting(table: Table, problem: IntegrityError | DataError) -> ArchiveProblem:
    """Return what is wrong with rows that the database refuses, without what they hold."""
    if isinstance(problem, DataError):
        return ArchiveProblem(f"this database cannot hold a value in the table {table.name} of the archive")
    return Damaged(f"rows of {table.name} do not fit what they name, or each other")


def _hold_extent(session: Session, head: Head, manifest: Manifest) -> None:
    """Raise ``Damaged`` where rows are not those that writing the process here would yield.

    Whoever has the public key can make an archive up: roles that hold everywhere, rows that hang on nothing, and
    passwords or addresses that were said to stay behind come in by none.
    """
    extent = Extent(manifest.process_id, datetime.fromisoformat(head.written_at), head.has_addresses)
    came = {one.name: one.rows for one in manifest.tables}
    for table in kept_tables():
        rule = SCOPE[table.name]
        assert isinstance(rule, Kept)
        as_written = (
            table.c[name].is_not_distinct_from(type_coerce(instead(table, extent), table.c[name].type))
            for name, instead in rule.instead.items()
        )
        belonging = select(func.count()).select_from(table).where(extent.rows(table.name), *as_written)
        if session.scalar(belonging) != came.get(table.name, 0):
            raise Damaged(f"rows of {table.name} do not belong to the process, or hold what stays out of archives")


def _number_on(session: Session, manifest: Manifest) -> None:
    highest: Mapping[str, int] = {one.name: one.highest or 0 for one in manifest.tables}
    for table in kept_tables():
        if table.autoincrement_column is not None:
            number_on_from(session.connection(), table, highest.get(table.name, 0))


def _index(session: Session, progress: Progress) -> None:
    """Write the search index."""
    many = session.scalar(select(func.count()).select_from(Base.metadata.tables["idea"])) or 0
    last, done = 0, 0
    while ids := to_index(session, after=last, most=INDEXED_AT_ONCE):
        index_ideas(session, ids)
        last, done = ids[-1], done + len(ids)
        progress(done / many, done)
    last = 0
    while ids := searching.to_index(session, after=last, most=INDEXED_AT_ONCE):
        searching.index(session, ids)
        last = ids[-1]
