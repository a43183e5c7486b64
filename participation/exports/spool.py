"""What an export has read, in a folder of files: written once, then read as often as a writer needs it.

A folder that can be opened is complete: it takes its name only when everything is in it, and what each file holds is
written down. Whoever finds one goes on from there; memory holds one row at a time.
"""

import hashlib
import json
import secrets
import shutil
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass, fields, replace
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any, get_args, get_origin, get_type_hints

from participation.exports.coding import Undecodable, decode, encode, shape
from participation.exports.document import Rows, StrategyInput

HEAD, NOTE = "head.json", "reading.json"
STEP = 500
"""So many rows are read between two reports."""


class NoReading(Exception):
    """There is no complete reading here that this version of the product can read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One file of a reading."""

    rows: int
    size_bytes: int
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A complete reading: when it was read and what is in its files, by their names.

    ``losses`` is how often by then something public in the process had been taken back: what was read before the last
    time may hold it.
    """

    folder: Path
    read_at: datetime
    losses: int
    parts: dict[str, Part]

    @property
    def counts(self) -> dict[str, int]:
        """How many rows each long part of the document has, by its name."""
        return {name: self.parts[_file_of(name)].rows for name in streams()}

    def document(self) -> StrategyInput:
        """Return the document; its long parts are read from the files each time. Raises ``NoReading``."""
        try:
            head = decode(StrategyInput, (self.folder / HEAD).read_bytes())
        except (OSError, Undecodable) as problem:
            raise NoReading(str(problem)) from problem
        parts: dict[str, Any] = {name: _rows_in(self.folder / _file_of(name), kind) for name, kind in streams().items()}
        return replace(head, counts=self.counts, **parts)


@cache
def streams() -> dict[str, type]:
    """Return what the long parts of a document hold, by their names and in its order."""
    hints = get_type_hints(StrategyInput)
    called = (one.name for one in fields(StrategyInput) if get_origin(hints[one.name]) is Callable)
    return {name: get_args(get_args(hints[name])[1])[0] for name in called}


def write_reading(
    document: StrategyInput, folder: Path, *, read_at: datetime, losses: int, progress: Callable[[int], None]
) -> Reading:
    """Read a document to its end into ``folder``, which appears when all of it is there; return what is in it.

    ``progress`` hears how many rows were read; an exception from it leaves nothing behind. Where somebody else has
    finished the same folder meanwhile, theirs stays and is returned.
    """
    draft = folder.with_name(f"{folder.stem}.{secrets.token_hex(4)}.part")
    draft.mkdir(mode=0o700, parents=True)
    try:
        parts, counter = {}, _Counter(progress)
        for name in streams():
            parts[_file_of(name)] = _write_part(draft / _file_of(name), getattr(document, name)(), counter)
        parts[HEAD] = _write_part(draft / HEAD, [document], _Counter(lambda _rows: None))
        note = {
            "shape": _shape(),
            "read_at": read_at.isoformat(),
            "losses": losses,
            "parts": {key: asdict(one) for key, one in parts.items()},
        }
        (draft / NOTE).write_text(json.dumps(note, indent=1), encoding="utf-8")
        (draft / NOTE).chmod(0o600)
        counter.done()
        try:
            draft.rename(folder)
        except OSError:
            return open_reading(folder)
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    return Reading(folder=folder, read_at=read_at, losses=losses, parts=parts)


def open_reading(folder: Path) -> Reading:
    """Return the reading in ``folder``, every file of it compared with what was written; raises ``NoReading``."""
    try:
        note = json.loads((folder / NOTE).read_text(encoding="utf-8"))
        reading = Reading(
            folder=folder,
            read_at=datetime.fromisoformat(note["read_at"]),
            losses=int(note["losses"]),
            parts={name: Part(**part) for name, part in note["parts"].items()},
        )
        is_whole = note["shape"] == _shape() and all(
            _digest(folder / name) == part.sha256 for name, part in reading.parts.items()
        )
    except (OSError, ValueError, TypeError, KeyError) as problem:
        raise NoReading(str(problem)) from problem
    if not is_whole:
        raise NoReading("a file is not what was read, or another version read it")
    return reading


class _Counter:
    """How many rows have been read over all parts, reported now and then."""

    def __init__(self, progress: Callable[[int], None]) -> None:
        self._progress = progress
        self._count = 0

    def step(self) -> None:
        self._count += 1
        if self._count % STEP == 0:
            self._progress(self._count)

    def done(self) -> None:
        self._progress(self._count)


def _write_part(path: Path, rows: Iterable[object], counter: _Counter) -> Part:
    digest, count, size = hashlib.sha256(), 0, 0
    with path.open("xb") as file:
        path.chmod(0o600)
        for row in rows:
            line = f"{encode(row)}\n".encode("ascii")
            file.write(line)
            digest.update(line)
            count, size = count + 1, size + len(line)
            counter.step()
    return Part(rows=count, size_bytes=size, sha256=digest.hexdigest())


def _rows_in(path: Path, kind: type) -> Rows[Any]:
    def read() -> Iterator[Any]:
        with path.open("rb") as file:
            for line in file:
                yield decode(kind, line)

    return read


def _file_of(name: str) -> str:
    return f"{name}.jsonl"


@cache
def _shape() -> str:
    """Return a digest that is another one when rows have other fields, so that no version reads what it cannot."""
    shapes = "\n".join(map(shape, (StrategyInput, *streams().values())))
    return hashlib.sha256(shapes.encode()).hexdigest()


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
