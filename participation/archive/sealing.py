"""The file itself: a plain ZIP that says what it is, around a payload that is encrypted while it is written."""

import io
import os
import secrets
import struct
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

import pyrage

from participation.archive.keys import Keys, Lock, identities
from participation.archive.layout import KEY, PAYLOAD, README
from participation.archive.problems import ArchiveProblem, Damaged, WrongKey

MOST_ASIDE = 100_000
"""Bytes that the text or the protected key may have."""
NO_KEY = "No matching keys"
BROKEN = (zipfile.BadZipFile, OSError, EOFError, ValueError, NotImplementedError, struct.error)
"""What reading a ZIP raises, depending on where it is broken."""


@contextmanager
def new_file(path: Path) -> Iterator[Path]:
    """Yield the name of a draft beside ``path`` that only its owner may read; it is gone at the end unless renamed."""
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    os.close(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    try:
        yield draft
    finally:
        draft.unlink(missing_ok=True)


def seal(path: Path, payload: Iterable[bytes], lock: Lock, *, readme: bytes, written_at: tuple[int, ...]) -> None:
    """Write an archive to the existing file ``path``; passes on whatever goes wrong while ``payload`` is made."""
    with path.open("r+b") as file:
        with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:
            for name, content in ((README, readme), (KEY, lock.inside)):
                if content:
                    archive.writestr(_entry(name, written_at), content)
            with archive.open(_entry(PAYLOAD, written_at), "w", force_zip64=True) as target:
                _encrypt(_Source(payload), target, lock)
        file.flush()
        os.fsync(file.fileno())


def unseal(path: Path, keys: Keys, target: Any) -> bytes:
    """Write the payload of an archive to ``target`` while it is decrypted, and return the text beside it.

    Raises ``ArchiveProblem``, passes on whatever ``target`` raises, and ``OSError`` where there is no such file.
    """
    with path.open("rb") as file:
        try:
            archive = zipfile.ZipFile(file)
            beside = _beside(archive)
            source = _Passing(archive.open(PAYLOAD))
        except BROKEN as problem:
            raise _broken(problem) from None
        _decrypt(source, target, identities(keys, path, beside.get(KEY, b"")))
    return beside.get(README, b"")


class _Source(io.RawIOBase):
    """Pieces of any size as a file that is read from; keeps the exception that the other side only quotes."""

    def __init__(self, pieces: Iterable[bytes]) -> None:
        self._pieces = iter(pieces)
        self._rest = memoryview(b"")
        self.failure: BaseException | None = None

    def read(self, size: int = -1) -> bytes:
        try:
            while not self._rest:
                self._rest = memoryview(next(self._pieces))
        except StopIteration:
            return b""
        except BaseException as problem:
            self.failure = problem
            raise
        piece, self._rest = self._rest[:size], self._rest[size:]
        return bytes(piece)


class _Passing(io.RawIOBase):
    """Passes on what is read, and keeps the exception that the other side only quotes."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self.failure: BaseException | None = None

    def read(self, size: int = -1) -> bytes:
        try:
            return self._file.read(size)
        except BaseException as problem:
            self.failure = problem
            raise


class _Target(io.RawIOBase):
    """Passes on what is written, and keeps the exception that the other side only quotes."""

    def __init__(self, target: Any) -> None:
        self._target = target
        self.failure: BaseException | None = None

    def write(self, data: Any) -> int:
        try:
            self._target.write(data)
        except BaseException as problem:
            self.failure = problem
            raise
        return len(data)


def _encrypt(source: _Source, target: IO[bytes], lock: Lock) -> None:
    sink = _Target(target)
    try:
        pyrage.encrypt_io(source, sink, list(lock.recipients))
    except (pyrage.EncryptError, OSError) as problem:
        raise source.failure or sink.failure or problem from None


def _decrypt(source: _Passing, target: Any, own: list[Any]) -> None:
    sink = _Target(target)
    try:
        pyrage.decrypt_io(source, sink, own)
    except (pyrage.DecryptError, *BROKEN) as problem:
        if sink.failure:
            raise sink.failure from None
        if source.failure:
            raise _broken(source.failure) from None
        if NO_KEY in str(problem):
            raise WrongKey("the key does not fit this archive") from None
        raise Damaged("it cannot be decrypted to its end") from None


def _beside(archive: zipfile.ZipFile) -> dict[str, bytes]:
    """Return the small files of an archive by name; raises ``ArchiveProblem`` for a ZIP that is none of ours."""
    entries = archive.infolist()
    names = [entry.filename for entry in entries]
    if PAYLOAD not in names:
        raise ArchiveProblem("this is not an archive of a process")
    if len(set(names)) < len(names) or not set(names) <= {README, KEY, PAYLOAD}:
        raise Damaged("it holds files that no archive holds")
    if any(entry.compress_type != zipfile.ZIP_STORED or entry.flag_bits & 1 for entry in entries):
        raise Damaged("it is packed another way than archives are")
    small = [entry for entry in entries if entry.filename != PAYLOAD]
    if any(entry.file_size > MOST_ASIDE for entry in small):
        raise Damaged("its text or its key is too long")
    return {entry.filename: archive.read(entry) for entry in small}


def _broken(problem: BaseException) -> ArchiveProblem:
    if isinstance(problem, zipfile.BadZipFile) and "not a zip" in str(problem).lower():
        return ArchiveProblem("this is not an archive of a process, or its end is missing")
    return Damaged("the file around the data cannot be read")


def _entry(name: str, written_at: tuple[int, ...]) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, date_time=written_at[:6])  # type: ignore[arg-type]  # year to second
    entry.external_attr = 0o600 << 16
    return entry
