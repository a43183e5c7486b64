"""Writing and reading archives in tests, and looking into them by means that others have as well."""

import io
import json
import tarfile
import zipfile
from pathlib import Path
from typing import Any

import pyrage
from flask import Flask
from pyrage.x25519 import Identity

from participation.accounts.actor import SYSTEM
from participation.archive.keys import Keys, key_path, new_lock
from participation.archive.layout import MANIFEST, PAYLOAD
from participation.archive.reading import Read, read_archive
from participation.archive.writing import WriteOrder, Written, write_archive
from participation.kit import clock

SINCE = {"log_entry", "archive_note"}
"""Tables that say that an archive was read."""


def write(app: Flask, path: Path, process_id: int, **more: Any) -> Written:
    """Write an archive with a key beside it."""
    actor = more.pop("actor", SYSTEM)
    order = WriteOrder(process_id=process_id, path=path, lock=new_lock(), **more)
    with app.app_context():
        return write_archive(actor, order, now=clock.now())


def read(app: Flask, path: Path) -> Read:
    """Read an archive."""
    with app.app_context():
        return read_archive(SYSTEM, path, Keys(), now=clock.now())


def unpacked(path: Path) -> dict[str, bytes]:
    """Return what is in an archive, by means that others have as well."""
    identity = Identity.from_str(key_path(path).read_text().splitlines()[-1])
    with zipfile.ZipFile(path) as archive:
        plain = pyrage.decrypt(archive.read(PAYLOAD), [identity])
    with tarfile.open(fileobj=io.BytesIO(plain), mode="r:gz") as tar:
        return {one.name: content.read() for one in tar if (content := tar.extractfile(one))}


def tables(content: dict[str, bytes]) -> dict[str, tuple[int, str]]:
    """Return how many rows each table of an archive has, and their checksum."""
    return {one["name"]: (one["rows"], one["sha256"]) for one in json.loads(content[MANIFEST])["tables"]}


def rows(content: dict[str, bytes], table: str) -> list[dict[str, Any]]:
    """Return the rows of a table of an archive."""
    return [json.loads(line) for line in content.get(f"tables/{table}/000001.jsonl", b"").splitlines()]
