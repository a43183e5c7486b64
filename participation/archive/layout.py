"""The format of an archive: the names of what is in it, its head, its manifest, and the text for whoever opens it."""

import json
import re
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from pathlib import Path
from types import UnionType
from typing import Any, TypeVar, get_origin

from participation.archive.problems import ArchiveProblem, Damaged

FORMAT = 1
README, KEY, PAYLOAD = "README.txt", "key.age", "payload.age"
HEAD, MANIFEST = "format.json", "manifest.json"
_PART = re.compile(r"tables/([a-z_]{1,60})/([0-9]{6})\.jsonl", re.ASCII)
_FILE = re.compile(r"files/([a-z]{1,20})/([A-Za-z0-9][A-Za-z0-9.-]{0,120})", re.ASCII)
_README = Path(__file__).with_name("readme.txt")


@dataclass(frozen=True, slots=True)
class Head:
    """What stands first in an archive: whether the rest can be understood, and how much there is to come."""

    format: int
    product: str
    schema: str
    written_at: str
    process: str
    has_addresses: bool
    rows: int


@dataclass(frozen=True, slots=True)
class TableEntry:
    """What the manifest says of a table; ``highest`` is the highest number that any of its rows ever had."""

    name: str
    rows: int
    sha256: str
    highest: int | None


@dataclass(frozen=True, slots=True)
class FileEntry:
    """What the manifest says of a file."""

    name: str
    bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What stands last in an archive: everything that is in it, with checksums."""

    process_id: int
    readme_sha256: str
    tables: tuple[TableEntry, ...]
    files: tuple[FileEntry, ...]
    left_out: dict[str, str]


Entry = TypeVar("Entry", Head, Manifest, TableEntry, FileEntry)


def part_name(table: str, number: int) -> str:
    """Return the name of a part of a table; parts are numbered from one."""
    return f"tables/{table}/{number:06d}.jsonl"


def part_of(name: str) -> tuple[str, int] | None:
    """Return the table and number of the part called ``name``; ``None`` for other names."""
    match = _PART.fullmatch(name)
    return (match[1], int(match[2])) if match else None


def file_name(kind: str, name: str) -> str:
    """Return the name of a file in the archive."""
    return f"files/{kind}/{name}"


def is_file_name(name: str) -> bool:
    """Return whether ``name`` is that of a file that can be in an archive; it leads nowhere else."""
    return _FILE.fullmatch(name) is not None


def json_bytes(content: Head | Manifest) -> bytes:
    """Return a head or a manifest as it is written."""
    return json.dumps(asdict(content), ensure_ascii=False, indent=1).encode() + b"\n"


def read_head(content: bytes) -> Head:
    """Return the head that ``content`` holds; raises ``ArchiveProblem``, also for a format of later versions."""
    found = _loaded(content, HEAD)
    if isinstance(found.get("format"), int) and found["format"] > FORMAT:
        raise ArchiveProblem(
            f"this archive has format {found['format']}, written by version {found.get('product')}; this version"
            f" reads format {FORMAT}: bring this installation up to date first"
        )
    head = _made(Head, found, HEAD)
    if head.format != FORMAT or _moment(head.written_at) is None:
        raise Damaged(f"{HEAD} says what it cannot say")
    return head


def read_manifest(content: bytes) -> Manifest:
    """Return the manifest that ``content`` holds; raises ``Damaged``."""
    found = _loaded(content, MANIFEST)
    tables, files = found.pop("tables", None), found.pop("files", None)
    if not isinstance(tables, list) or not isinstance(files, list):
        raise Damaged(f"{MANIFEST} is not complete")
    found["tables"] = tuple(_made(TableEntry, one, MANIFEST) for one in tables)
    found["files"] = tuple(_made(FileEntry, one, MANIFEST) for one in files)
    return _made(Manifest, found, MANIFEST)


def readme(head: Head) -> bytes:
    """Return the text that lies beside the data, readable without any key: it names no process and nobody."""
    words = _README.read_text(encoding="utf-8")
    return words.format(day=head.written_at[:10], product=head.product, format=head.format, schema=head.schema).encode()


def _loaded(content: bytes, name: str) -> dict[str, Any]:
    try:
        found = json.loads(content)
    except (ValueError, RecursionError):
        raise Damaged(f"{name} is not JSON") from None
    if not isinstance(found, dict):
        raise Damaged(f"{name} is not an object")
    return found


def _made(kind: type[Entry], found: Any, name: str) -> Entry:
    """Return ``found`` as a dataclass of plain values; raises ``Damaged`` unless it has just its fields."""
    wanted = {one.name: one.type for one in fields(kind)}
    if not isinstance(found, dict) or found.keys() != wanted.keys():
        raise Damaged(f"{name} has other fields than it should")
    for field, value in found.items():
        expected = _plain(wanted[field])
        if not isinstance(value, expected) or (isinstance(value, bool) and expected is not bool):
            raise Damaged(f"{name}: {field} is not what it should be")
    return kind(**found)


def _plain(kind: Any) -> Any:
    origin = get_origin(kind)
    return kind if origin in (None, UnionType) else origin


def _moment(text: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else None
