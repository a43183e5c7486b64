"""Taking an archive apart while it is decrypted: everything in its order, counted and held against the manifest."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

from participation.archive.layout import (
    HEAD,
    MANIFEST,
    FileEntry,
    Head,
    Manifest,
    TableEntry,
    is_file_name,
    part_of,
    read_head,
    read_manifest,
)
from participation.archive.problems import Damaged

MOST_PART = 64 * 2**20
"""Bytes that a part of a table, the head or the manifest may have: they are taken whole."""
Progress = Callable[[float, int], None]


class Sink(Protocol):
    """Where the content of an archive goes."""

    def head(self, head: Head) -> list[str] | None:
        """Look at the head and return the tables in the order in which they have to come; ``None`` for any."""

    def rows(self, table: str, lines: list[bytes]) -> None:
        """Take rows of a table."""

    def open_file(self, name: str) -> None:
        """Begin a file."""

    def file_piece(self, piece: bytes) -> None:
        """Take a piece of the file."""

    def close_file(self) -> None:
        """End the file."""


@dataclass(slots=True)
class _Counted:
    """What came of one table."""

    rows: int
    digest: Any


class Receiver:
    """Is told what a tar holds, passes it on to a sink, and says at the end whether it is what the manifest says."""

    def __init__(self, sink: Sink, progress: Progress) -> None:
        self.head: Head | None = None
        self.manifest: Manifest | None = None
        self.sha256 = ""
        self._sink = sink
        self._progress = progress
        self._name = ""
        self._whole = bytearray()
        self._tables: dict[str, _Counted] = {}
        self._order: list[str] | None = []
        self._table = ""
        self._part = 0
        self._rows = 0
        self._files: list[FileEntry] = []
        self._digest: Any = None
        self._size = 0

    def begin(self, name: str, size: int) -> None:
        """A member begins."""
        if self.manifest or (self.head is None) != (name == HEAD):
            raise Damaged(f"{name} stands where nothing like that belongs")
        self._name, self._size = name, size
        if is_file_name(name):
            self._digest = hashlib.sha256()
            self._sink.open_file(name)
        elif name not in (HEAD, MANIFEST) and part_of(name) is None:
            raise Damaged("it holds something that no archive holds")
        elif size > MOST_PART:
            raise Damaged(f"{name} is longer than anything that was written")

    def feed(self, data: bytes) -> None:
        """A piece of its content."""
        if is_file_name(self._name):
            self._digest.update(data)
            self._sink.file_piece(data)
        else:
            self._whole += data

    def end(self) -> None:
        """The member is complete."""
        content = bytes(self._whole)
        self._whole.clear()
        if is_file_name(self._name):
            self._sink.close_file()
            self._files.append(FileEntry(self._name, self._size, self._digest.hexdigest()))
        elif self._name == HEAD:
            self.head = read_head(content)
            self._order = self._sink.head(self.head)
        elif self._name == MANIFEST:
            self.manifest = read_manifest(content)
            self.sha256 = hashlib.sha256(content).hexdigest()
        else:
            self._take_part(content)

    def finish(self, readme: bytes) -> tuple[Head, Manifest]:
        """Return head and manifest; raises ``Damaged`` unless what came is just what the manifest says."""
        if self.head is None or self.manifest is None:
            raise Damaged("its end is missing")
        if hashlib.sha256(readme).hexdigest() != self.manifest.readme_sha256:
            raise Damaged("the text beside the data is not the one that was written")
        self._hold_tables(self.manifest.tables)
        if tuple(self._files) != self.manifest.files:
            raise Damaged("the files in it are not those that were written")
        return self.head, self.manifest

    def _take_part(self, content: bytes) -> None:
        found = part_of(self._name)
        assert found
        table, number = found
        is_next = number == self._part + 1 if table == self._table else number == 1 and table not in self._tables
        if not is_next or self._files or not content.endswith(b"\n"):
            raise Damaged(f"{self._name} stands where nothing like that belongs")
        if self._order is not None:
            if table not in self._order:
                raise Damaged(f"the table {table} stands where nothing like that belongs")
            # Tables that come before this one cannot come any more.
            del self._order[: self._order.index(table)]
        self._table, self._part = table, number
        counted = self._tables.setdefault(table, _Counted(0, hashlib.sha256()))
        counted.digest.update(content)
        lines = content.split(b"\n")[:-1]
        counted.rows += len(lines)
        self._rows += len(lines)
        self._sink.rows(table, lines)
        assert self.head
        self._progress(min(self._rows / max(self.head.rows, 1), 1.0), self._rows)

    def _hold_tables(self, entries: tuple[TableEntry, ...]) -> None:
        nothing = _Counted(0, hashlib.sha256())
        for entry in entries:
            counted = self._tables.pop(entry.name, nothing)
            if (counted.rows, counted.digest.hexdigest()) != (entry.rows, entry.sha256):
                raise Damaged(f"the table {entry.name} is not the one that was written")
        if self._tables:
            raise Damaged(f"the manifest does not know the table {next(iter(self._tables))}")
