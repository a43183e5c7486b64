"""Everything in the document as JSON for machines, streamed row by row."""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import IO, TypeAlias

from participation.exports.document import StrategyInput
from participation.exports.writers.output import STREAMED, Counter, counted, whole_file
from participation.exports.writers.text import encodable

SCHEMA = "strategy-input"
VERSION = 2
READS = STREAMED

HEAD = (
    "process_id",
    "slug",
    "url",
    "number",
    "process_title",
    "title_in",
    "question",
    "question_in",
    "city",
    "language",
    "languages",
    "dir",
    "timezone",
    "generated_at",
    "source_note",
    "method_note",
    "has_points",
    "has_translations",
    "shows_results",
    "figures",
)
"""What is said once, by the names of the document."""

LISTS = ("phases", "principles", "fields", "statements", "clusters", "assessments")
"""The parts that stay small, by the names of the document; those in ``READS`` follow them."""

Json: TypeAlias = str | int | float | bool | list["Json"] | dict[str, "Json"] | None
Object: TypeAlias = dict[str, Json]

# One encoder for all rows: `json.dumps` would make one per row.
_ENCODER = json.JSONEncoder(ensure_ascii=False, allow_nan=False)


def write(document: StrategyInput, path: Path, *, progress: Callable[[int], None]) -> None:
    """Write one object: `schema`, `version`, the document's head, then one list per kind of row.

    Keys are the field names of the row classes in their order, one row per line. Hidden votes are null; an unfiled
    idea has an empty `cluster_ids`. Headings and labels are left out: they are not data.
    """
    counter = Counter(progress)
    read = counted(document, counter)
    with whole_file(path) as part, part.open("w", encoding="utf-8", newline="\n") as file:
        file.write("{\n" + _member("schema", SCHEMA) + ",\n" + _member("version", VERSION))
        for name in HEAD:
            file.write(",\n" + _member(name, plain(getattr(document, name))))
        for name in LISTS:
            _write_list(file, name, getattr(document, name))
        for name in READS:
            _write_list(file, name, getattr(read, name)())
        file.write("\n}\n")
    counter.done()


def plain(value: object) -> Json:
    """Return the value as JSON knows it: rows as objects, tuples as lists, dates as ISO 8601, with their offset.

    Raises TypeError for a value that has no place in a document.
    """
    if isinstance(value, str):
        return encodable(value)
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple | list):
        return [plain(item) for item in value]
    if isinstance(value, Mapping):
        return {encodable(str(key)): plain(item) for key, item in value.items()}
    if is_dataclass(value) and not isinstance(value, type):
        return {name: plain(getattr(value, name)) for name in _names(type(value))}
    raise TypeError(f"{type(value).__name__} cannot be exported")


def encode(value: Json) -> str:
    """Return the value as one line of JSON, letters as they are."""
    return _ENCODER.encode(value)


@cache
def _names(row: type) -> tuple[str, ...]:
    return tuple(field.name for field in fields(row))


def _member(name: str, value: Json) -> str:
    return f"{json.dumps(name)}: {encode(value)}"


def _write_list(file: IO[str], name: str, rows: Iterable[object]) -> None:
    file.write(f",\n{json.dumps(name)}: [")
    for position, row in enumerate(rows):
        file.write(",\n" if position else "\n")
        file.write(encode(plain(row)))
    file.write("\n]")
