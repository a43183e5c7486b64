"""Checking an archive from beginning to end without any database."""

from dataclasses import dataclass
from pathlib import Path

from participation.archive.keys import Keys
from participation.archive.layout import Head, Manifest
from participation.archive.problems import ArchiveProblem, Damaged
from participation.archive.receiving import Progress, Receiver
from participation.archive.scope import kept_tables
from participation.archive.sealing import unseal
from participation.archive.tarball import Unpacker
from participation.archive.values import BadRow, row_of
from participation.archive.versions import check_schema
from participation.kit.schema import Base


@dataclass(frozen=True, slots=True)
class Verified:
    """A sound archive; ``advice`` is what stands in the way of reading it here, empty for nothing."""

    head: Head
    manifest: Manifest
    sha256: str
    advice: str


def verify_archive(path: Path, keys: Keys, *, progress: Progress = lambda _share, _rows: None) -> Verified:
    """Return what an archive holds once everything in it was decrypted, counted and held against its manifest.

    Raises ``ArchiveProblem`` and ``OSError``.
    """
    looking = _Looking()
    receiver = Receiver(looking, progress)
    head, manifest = receive(path, keys, receiver)
    return Verified(head, manifest, receiver.sha256, looking.advice)


def receive(path: Path, keys: Keys, receiver: Receiver) -> tuple[Head, Manifest]:
    """Pass the content of an archive to ``receiver`` and return head and manifest; raises ``ArchiveProblem``."""
    unpacker = Unpacker(receiver)
    readme = unseal(path, keys, unpacker)
    unpacker.close()
    return receiver.finish(readme)


class _Looking:
    """Takes nothing, but looks whether each line is a row of its table, where this version knows the tables."""

    def __init__(self) -> None:
        self.advice = ""

    def head(self, head: Head) -> list[str] | None:
        try:
            check_schema(head)
        except ArchiveProblem as problem:
            self.advice = str(problem)
            # Whatever tables there are: only the manifest can tell.
            return None
        return [table.name for table in kept_tables()]

    def rows(self, table: str, lines: list[bytes]) -> None:
        if self.advice:
            return
        for line in lines:
            try:
                row_of(Base.metadata.tables[table], line)
            except BadRow as problem:
                raise Damaged(f"a row of {table} cannot be read: {problem}") from None

    def open_file(self, name: str) -> None:
        """Files are only counted."""

    def file_piece(self, piece: bytes) -> None:
        """Files are only counted."""

    def close_file(self) -> None:
        """Files are only counted."""
