"""Tables as CSV: the flat provenance table, and how any table becomes lines that no spreadsheet computes."""

import csv
import re
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import IO

from participation.exports.document import StrategyInput
from participation.exports.labels import Labels
from participation.exports.options import Options
from participation.exports.writers.cells import Cell, Column, Hidden, Row
from participation.exports.writers.columns import provenance_columns
from participation.exports.writers.output import Counter, counted, whole_file
from participation.exports.writers.text import encodable

DELIMITER = ";"
ENCODING = "utf-8-sig"
READS = ("ideas",)

# What may stand before the first character that counts: quotes, the apostrophes `neutral` puts in front, control
# characters, spaces and what is not seen at all (soft hyphen, zero-width and directional marks, byte order mark).
_QUOTES = "'\"\u2018-\u201f\u2039\u203a\u00ab\u00bb"
_UNSEEN = r"\x00-\x20\s\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f"
_WIDE_UNSEEN = r"\u3164\ufe00-\ufe0f\ufeff\uffa0"
_FORMULA = re.compile(rf"[{_QUOTES}{_UNSEEN}{_WIDE_UNSEEN}]*[=+\-@\t\r\n＝＋－＠]")


def write(document: StrategyInput, path: Path, *, progress: Callable[[int], None]) -> None:
    """Write one row per edge of the document, text quoted and neutralised, numbers bare, datetimes as ISO 8601.

    Ideas without a statement, unfiled ideas, and statements or clusters without an idea have rows with empty cells.
    Read it back with ``csv.reader`` and ``read_cell`` on every cell.
    """
    counter = Counter(progress)
    read = counted(document, counter)
    options = document.options
    with whole_file(path) as part, part.open("w", encoding=encoding_of(options), newline="") as file:
        columns = provenance_columns(document)
        write_table(file, columns, read.edges(), delimiter=options.delimiter, labels=document.labels)
    counter.done()


def encoding_of(options: Options) -> str:
    """Return the encoding of a CSV file: UTF-8, with the byte order mark that Excel needs or without it."""
    return "utf-8-sig" if options.bom else "utf-8"


def write_table(
    file: IO[str], columns: Sequence[Column[Row]], rows: Iterable[Row], *, delimiter: str, labels: Labels | None
) -> int:
    """Write the head and all rows, and return how many rows they were; the file must not translate line ends.

    Without ``labels`` it is a table for machines: the keys of the columns as head, ``true`` and ``false``, and empty
    cells for what is hidden.
    """
    table = csv.writer(file, delimiter=delimiter, quoting=csv.QUOTE_NONNUMERIC, lineterminator="\r\n")
    table.writerow([neutral(column.heading) if labels else column.key for column in columns])
    count = 0
    for row in rows:
        table.writerow([_cell(column.value(row), labels) for column in columns])
        count += 1
    return count


def neutral(text: str) -> str:
    """Return the text with an apostrophe in front if a spreadsheet might run it; `read_cell` is the inverse.

    A text that begins with apostrophes and then such a character gets one more, so that nothing is ambiguous. NUL
    is dropped, because readers of CSV end the cell, or the file, at it.
    """
    kept = encodable(text).replace("\0", "")
    return f"'{kept}" if is_risky(kept) else kept


def is_risky(text: str) -> bool:
    """Return whether a spreadsheet into which somebody types or pastes the text might take it for a formula."""
    return bool(_FORMULA.match(text))


def read_cell(cell: str) -> str:
    """Return the text that `neutral` was given (without NUL and lone surrogates)."""
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell, 1) else cell


def _cell(value: Cell, labels: Labels | None) -> str | int | float:
    if isinstance(value, str):
        return neutral(value)
    if isinstance(value, bool):
        return _flag(value, labels)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Hidden):
        return labels.hidden if labels else ""
    return "" if value is None else value


def _flag(value: bool, labels: Labels | None) -> str:
    if labels is None:
        return "true" if value else "false"
    return labels.yes if value else ""
