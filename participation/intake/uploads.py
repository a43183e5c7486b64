"""Files that staff upload: kept out of sight under a name of our own, only as long as they are needed."""

import hashlib
import os
import secrets
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from flask import current_app

from participation.intake.reasons import Reason
from participation.intake.reasons import marked as _l
from participation.intake.rows import ImportProblem
from participation.intake.tables import TableFile

CHUNK_BYTES = 1024 * 1024
NAME_LONGEST = 120
# What stands for text in a table, or for a sheet; anything else is refused before somebody opens it.
PREFIXES = {b"%PDF": "PDF", b"\x89PNG": "PNG", b"\xff\xd8\xff": "JPEG", b"GIF8": "GIF", b"\x7fELF": "ELF"}


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that has arrived: the random name it lies under, the name people gave it, its size and sha256."""

    public_id: str
    file_name: str
    size_bytes: int
    sha256: str


def import_dir() -> Path:
    """Return the folder of uploaded files, made so that nobody else on the machine can look into it."""
    folder = Path(current_app.config["IMPORT_DIR"])
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def path_of(public_id: str) -> Path:
    """Return where the file of an import lies."""
    return import_dir() / f"{public_id}.upload"


def table_of(public_id: str, file_name: str) -> TableFile:
    """Return the file of an import, to be read as a table."""
    return TableFile(path_of(public_id), called=file_name)


def most_bytes() -> int:
    """Return how big a file may be."""
    return int(current_app.config["IMPORT_MEGABYTES"]) * 1024 * 1024


def keep(stream: BinaryIO, file_name: str) -> Upload:
    """Write what comes in to a file of its own; raises ``ImportProblem`` when it is too big, empty or no table."""
    public_id = secrets.token_urlsafe(24)
    name, path = shown_name(file_name), path_of(public_id)
    size, digest = 0, hashlib.sha256()
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            while chunk := stream.read(CHUNK_BYTES):
                size += len(chunk)
                _check(chunk, size, name)
                digest.update(chunk)
                file.write(chunk)
        _check_filled(size, name)
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    return Upload(public_id, name, size, digest.hexdigest())


def remove(public_id: str) -> None:
    """Delete the file of an import, if it is there."""
    path_of(public_id).unlink(missing_ok=True)


def remove_strays(is_kept: Callable[[str], bool], *, older_than: datetime) -> int:
    """Delete files of imports that ``is_kept`` says are over, and return how many."""
    strays = [
        path
        for path in import_dir().glob("*.upload")
        if path.stat().st_mtime < older_than.timestamp() and not is_kept(path.stem)
    ]
    for path in strays:
        path.unlink(missing_ok=True)
    return len(strays)


def shown_name(file_name: str) -> str:
    """Return the last part of a file's name, without what could mislead readers or programs."""
    last = file_name.replace("\\", "/").rsplit("/", maxsplit=1)[-1]
    seen = "".join(mark if unicodedata.category(mark)[0] not in "CZ" else " " for mark in last)
    return " ".join(seen.split())[-NAME_LONGEST:] or "file"


def _check_filled(size: int, name: str) -> None:
    if not size:
        raise ImportProblem(Reason(_l("%(name)s is empty"), name=name))


def _check(chunk: bytes, size: int, name: str) -> None:
    if size > most_bytes():
        most = current_app.config["IMPORT_MEGABYTES"]
        raise ImportProblem(
            Reason(
                _l("%(name)s is bigger than %(most)s MB; split it, or have it imported on the command line"),
                name=name,
                most=most,
            )
        )
    for prefix, kind in PREFIXES.items():
        if size == len(chunk) and chunk.startswith(prefix):
            raise ImportProblem(Reason(_l("%(name)s is a %(kind)s file, no table"), name=name, kind=kind))
