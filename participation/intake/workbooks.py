"""Reading one sheet of an XLSX file as a stream of rows of strings, whatever the file claims about its size."""

import lzma
import warnings
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from participation.intake.reasons import Reason
from participation.intake.reasons import marked as _l
from participation.intake.rows import MOST_COLUMNS, ImportProblem, Row, has_columns, split_header

MOST_BYTES = 256 * 1024 * 1024
# Shared strings are the one part that is held in memory.
MOST_STRING_BYTES = 64 * 1024 * 1024
MOST_ROWS = 200_000
# All that a sheet can have: a row with a higher number would have everything before it filled up with empty ones.
MOST_NUMBERS = 1_048_576
BROKEN = (
    AttributeError,
    EOFError,
    IndexError,
    KeyError,
    OSError,
    OverflowError,
    # Encrypted, or packed in a way that is not known here.
    RuntimeError,
    # Of every parser of XML that the library uses.
    SyntaxError,
    TypeError,
    ValueError,
    lzma.LZMAError,
    zipfile.BadZipFile,
    zlib.error,
)


@dataclass(frozen=True, slots=True)
class Sheet:
    """An open sheet: its column names, the rows below them, and how far reading has come (0–1)."""

    title: str
    columns: tuple[str, ...]
    rows: Iterator[Row]
    position: Callable[[], float]


@contextmanager
def open_workbook(path: Path, title: str | None, wanted: Sequence[str], name: str = "") -> Iterator[Sheet]:
    """Yield the sheet called ``title``, else the first one with all ``wanted`` columns, else the first one.

    Raises ``ImportProblem`` for a file (called ``name``) that is broken, too big once unpacked, or no workbook.
    """
    from openpyxl import load_workbook

    name = name or path.name
    _check_size(path, name)
    # What the library finds odd (missing styles, unknown extensions) does not change the cells' texts.
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", category=UserWarning, module="openpyxl")
        try:
            workbook = load_workbook(path, read_only=True, data_only=True, keep_links=False)
        except BROKEN as error:
            raise ImportProblem(
                Reason(_l("%(name)s is broken or not an XLSX file (%(kind)s)"), name=name, kind=type(error).__name__)
            ) from None
        try:
            yield _choose(workbook, title, wanted)
        finally:
            workbook.close()


def _check_size(path: Path, name: str) -> None:
    try:
        with zipfile.ZipFile(path) as archive:
            # Unpacking never yields more than is declared here, so the sum is a true bound.
            sizes = {entry.filename: entry.file_size for entry in archive.infolist()}
    except BROKEN:
        raise ImportProblem(Reason(_l("%(name)s is a broken archive"), name=name)) from None
    if not any(part.startswith("xl/") for part in sizes):
        raise ImportProblem(
            Reason(_l("%(name)s is an archive, but not an XLSX file; save it as .xlsx or .csv"), name=name)
        )
    if sum(sizes.values()) > MOST_BYTES or sizes.get("xl/sharedStrings.xml", 0) > MOST_STRING_BYTES:
        raise ImportProblem(Reason(_l("%(name)s is too big once unpacked; save it as .csv"), name=name))


def _choose(workbook: Any, title: str | None, wanted: Sequence[str]) -> Sheet:
    titles = [sheet.title for sheet in workbook.worksheets]
    if title is not None and title not in titles:
        known = ", ".join(f"“{name}”" for name in titles)
        raise ImportProblem(
            Reason(_l("there is no sheet “%(name)s”; the sheets are %(known)s"), name=title, known=known)
        )
    first: Sheet | None = None
    for worksheet in workbook.worksheets:
        if title not in (None, worksheet.title):
            continue
        try:
            sheet = _open_sheet(worksheet, wanted)
        except ImportProblem:
            if title is not None:
                raise
            continue
        if title is not None or has_columns(sheet.columns, wanted):
            return sheet
        first = first or sheet
    if first is None:
        raise ImportProblem(Reason(_l("no sheet has a row with column names")))
    return first


def _open_sheet(worksheet: Any, wanted: Sequence[str]) -> Sheet:
    expected = worksheet.max_row or 0
    # Some writers declare a range that is too small; without it all cells are read.
    worksheet.reset_dimensions()
    reached = [0]
    columns, rest = split_header(_rows(worksheet, reached), wanted)
    return Sheet(worksheet.title, columns, rest, lambda: min(reached[0] / expected, 1.0) if expected else 0.0)


def _rows(worksheet: Any, reached: list[int]) -> Iterator[Row]:
    values = worksheet.iter_rows(max_row=MOST_NUMBERS, values_only=True)
    number = 0
    while True:
        number += 1
        try:
            cells = next(values, None)
        except BROKEN as error:
            yield Row(
                number,
                (),
                Reason(_l("cannot be read, nor anything after it (%(kind)s)"), kind=type(error).__name__),
            )
            return
        if cells is None:
            return
        if number > MOST_ROWS and not _is_empty(cells):
            yield Row(
                number,
                (),
                Reason(
                    _l("is beyond the %(most)s rows that can be read; save the file as .csv"), most=f"{MOST_ROWS:,}"
                ),
            )
            return
        reached[0] = number
        yield _row(number, cells)


def _is_empty(cells: Sequence[object]) -> bool:
    # Counted, not looked through: a cell far to the right makes thousands of empty ones.
    return cells.count(None) == len(cells)


def _row(number: int, cells: Sequence[object]) -> Row:
    width = 0 if _is_empty(cells) else len(cells)
    while width and cells[width - 1] is None:
        width -= 1
    if width > MOST_COLUMNS:
        return Row(
            number,
            (),
            Reason(
                _l("has %(count)s cells, at most %(most)s can be read"), count=f"{width:,}", most=f"{MOST_COLUMNS:,}"
            ),
        )
    return Row(number, tuple(cell_text(cell) for cell in cells[:width]))


def cell_text(value: object) -> str:
    """Return what a cell holds as text: numbers without a trailing ``.0``, points in time in ISO 8601."""
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case float():
            return str(int(value)) if value.is_integer() and abs(value) < 1e15 else f"{value:.15g}"
        case datetime():
            is_day = value.time() == time.min
            return value.date().isoformat() if is_day else value.isoformat(timespec="seconds")
        case date():
            return value.isoformat()
        case time():
            return value.isoformat(timespec="seconds")
        case timedelta():
            return str(value)
        case _:
            return str(value)
