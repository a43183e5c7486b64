"""Everything in the document as JSON for machines, streamed row by row."""

import json
from collections.abc import Callable, Iterable
from dataclasses import fields, is_dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import IO, TypeAlias

from participation.exports.document import StrategyInput
from participation.exports.writers.output import Counter, whole_file
from participation.exports.writers.text import encodable

SCHEMA = "strategy-input"
VERSION = 1

Json: TypeAlias = str | int | float | bool | list["Json"] | dict[str, "Json"] | None

# One encoder for all rows: `json.dumps` would make one per row.
_ENCODER = json.JSONEncoder(ensure_ascii=False, allow_nan=False)

_HEAD = ("process_title", "question", "city", "language", "dir", "timezone", "generated_at", "source_note")
_LISTS = ("phases", "principles", "statements", "clusters", "assessments", "bundles")


def write(document: StrategyInput, path: Path, *, progress: Callable[[int], None]) -> None:
    """Write one object: `schema`, `version`, the document's head, `figures`, then one list per kind of row.

    Keys are the field names of the row classes in their order, one row per line. Hidden votes are null; an unfiled
    idea has an empty `cluster_ids`. Headings and labels are left out: they are not data.
    """
    counter = Counter(progress)
    with whole_file(path) as part, part.open("w", encoding="utf-8", newline="\n") as file:
        file.write("{\n" + _member("schema", SCHEMA) + ",\n" + _member("version", VERSION))
        for name in (*_HEAD, "method_note", "figures"):
            file.write(",\n" + _member(name, plain(getattr(document, name))))
        for name in _LISTS:
            _write_list(file, name, counter.over(getattr(document, name)))
        _write_list(file, "ideas", counter.over(document.ideas()))
        _write_list(file, "comments", counter.over(document.comments()))
        file.write("\n}\n")
    counter.done()


def plain(value: object) -> Json:
    """Return the value as JSON knows it: rows as objects, tuples as lists, datetimes as ISO 8601 with their offset.

    Raises TypeError for a value that has no place in a document.
    """
    if isinstance(value, str):
        return encodable(value)
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, tuple):
        return [plain(item) for item in value]
    if is_dataclass(value) and not isinstance(value, type):
        return {name: plain(getattr(value, name)) for name in _names(type(value))}
    raise TypeError(f"{type(value).__name__} cannot be exported")


@cache
def _names(row: type) -> tuple[str, ...]:
    return tuple(field.name for field in fields(row))


def _member(name: str, value: Json) -> str:
    return f"{json.dumps(name)}: {_ENCODER.encode(value)}"


def _write_list(file: IO[str], name: str, rows: Iterable[object]) -> None:
    file.write(f",\n{json.dumps(name)}: [")
    for position, row in enumerate(rows):
        file.write(",\n" if position else "\n")
        file.write(_ENCODER.encode(plain(row)))
    file.write("\n]")
