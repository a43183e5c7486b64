"""The flat provenance table as CSV: one row per way from a statement over a cluster to an idea."""

import csv
import re
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from participation.exports.document import StrategyInput
from participation.exports.writers.columns import Cell, provenance_columns
from participation.exports.writers.output import Counter, whole_file
from participation.exports.writers.text import encodable

DELIMITER = ";"
ENCODING = "utf-8-sig"

# A spreadsheet takes a cell that begins so for a formula; the apostrophes are those `neutral` puts in front.
_FORMULA = re.compile(r"'*[=+\-@\t\r\n＝＋－＠]")
_NEUTRALISED = re.compile(r"'+[=+\-@\t\r\n＝＋－＠]")


def write(document: StrategyInput, path: Path, *, progress: Callable[[int], None]) -> None:
    """Write one row per edge of the document, text quoted and neutralised, numbers bare, datetimes as ISO 8601.

    Ideas without a statement, unfiled ideas, and statements or clusters without an idea have rows with empty cells.
    Read it back with `csv.reader(file, delimiter=DELIMITER)` and `read_cell` on every cell.
    """
    counter = Counter(progress)
    columns = provenance_columns(document)
    with whole_file(path) as part, part.open("w", encoding=ENCODING, newline="") as file:
        table = csv.writer(file, delimiter=DELIMITER, quoting=csv.QUOTE_NONNUMERIC, lineterminator="\r\n")
        table.writerow([neutral(column.heading) for column in columns])
        for edge in counter.over(document.edges()):
            table.writerow([_cell(column.value(edge)) for column in columns])
    counter.done()


def neutral(text: str) -> str:
    """Return the text with an apostrophe in front if a spreadsheet would run it; `read_cell` is the inverse.

    A text that begins with apostrophes and then such a character gets one more, so that nothing is ambiguous. NUL
    is dropped, because readers of CSV end the cell, or the file, at it.
    """
    kept = encodable(text).replace("\0", "")
    return f"'{kept}" if _FORMULA.match(kept) else kept


def read_cell(cell: str) -> str:
    """Return the text that `neutral` was given (without NUL and lone surrogates)."""
    return cell[1:] if _NEUTRALISED.match(cell) else cell


def _cell(value: Cell) -> str | int | float:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.isoformat()
    return neutral(value) if isinstance(value, str) else value
