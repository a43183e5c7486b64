"""Opening exported files with programs that are not ours, and what a document must look like when they do."""

import csv as stdlib_csv
import io
import zipfile
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from odfdo import Document
from openpyxl import load_workbook
from openpyxl.utils.escape import unescape

from participation.exports.document import StrategyInput
from participation.exports.writers import WRITERS, csv
from participation.exports.writers.cells import Cell, Column, Hidden, Row
from participation.exports.writers.sheets import sheets
from participation.exports.writers.text import fit, for_xml

Table = list[list[Any]]

CELL_LIMITS = {"xlsx": 32_767, "ods": 10**9}


def quiet(rows: int) -> None:
    """Take a report of progress."""


def written(key: str, document: StrategyInput, folder: Path) -> Path:
    """Return the file of a format, after making sure that nothing else was left beside it."""
    path = folder / f"out.{WRITERS[key].extension}"
    WRITERS[key].write(document, path, progress=quiet)
    assert sorted(folder.iterdir()) == [path]
    return path


def read_xlsx(path: Path) -> dict[str, Table]:
    """Return all sheets by name, as openpyxl finds them; empty cells are None."""

    def cell(value: Any) -> Any:
        return unescape(value) if isinstance(value, str) else value  # openpyxl forgets it for inline strings

    return {
        sheet.title: [[cell(value) for value in row] for row in sheet.iter_rows(values_only=True)]
        for sheet in load_workbook(path).worksheets
    }


def read_ods(path: Path) -> dict[str, Table]:
    """Return all sheets by name, as odfdo finds them; empty cells are None."""

    def cell(value: Any) -> Any:
        return float(value) if isinstance(value, Decimal) else value

    return {
        str(table.name): [[cell(value) for value in row] for row in table.get_values()]
        for table in Document(str(path)).body.tables
    }


READERS = {"xlsx": read_xlsx, "ods": read_ods}


def read_csv(raw: bytes, *, delimiter: str = ";") -> list[list[str]]:
    """Return all rows as text, with what guards against formulas taken away."""
    file = io.StringIO(raw.decode("utf-8-sig"), newline="")
    return [[csv.read_cell(cell) for cell in row] for row in stdlib_csv.reader(file, delimiter=delimiter)]


def read_tables(path: Path, *, delimiter: str = ";") -> dict[str, list[list[str]]]:
    """Return the CSV files of an archive by the kind of their rows."""
    with zipfile.ZipFile(path) as archive:
        assert archive.testzip() is None
        names = [name for name in archive.namelist() if name.endswith(".csv")]
        return {name.removesuffix(".csv"): read_csv(archive.read(name), delimiter=delimiter) for name in names}


def as_table(columns: Sequence[Column[Row]], rows: Iterable[Row]) -> list[list[Cell]]:
    """Return the head and the rows of a table before any format has touched them."""
    return [[column.heading for column in columns], *([column.value(row) for column in columns] for row in rows)]


def all_tables(document: StrategyInput) -> dict[str, list[list[Cell]]]:
    """Return every table of the document by the title of its sheet."""
    return {sheet.title: as_table(sheet.columns, sheet.rows()) for sheet in sheets(document)}


def in_workbook(table: list[list[Cell]], document: StrategyInput, limit: int) -> Table:
    """Return what a workbook holds of a table: no empty texts, no control characters, local times, short texts."""
    zone = ZoneInfo(document.timezone)

    def cell(value: Cell) -> Any:
        match value:
            case datetime():
                return value.astimezone(zone).replace(tzinfo=None)
            case Hidden():
                return "hidden"
            case bool():
                return "yes" if value else None
            case str():
                return fit(for_xml(value), limit, "[shortened]") or None
            case _:
                return value

    return [[cell(value) for value in row] for row in table]


def in_csv(table: list[list[Cell]]) -> list[list[str]]:
    """Return what CSV can hold of a table: everything as text, without NUL and lone surrogates."""

    def cell(value: Cell) -> str:
        match value:
            case Hidden():
                return "hidden"
            case bool():
                return "yes" if value else ""
            case date():
                return value.isoformat()
            case None:
                return ""
            case str():
                return value.replace("\0", "").encode("utf-16", "surrogatepass").decode("utf-16", "replace")
            case _:
                return str(value)

    return [[cell(value) for value in row] for row in table]


def same_day(table: Table) -> Table:
    """Return the table with days as moments at midnight: readers of XLSX know no days."""

    def cell(value: Any) -> Any:
        is_day = isinstance(value, date) and not isinstance(value, datetime)
        return datetime(value.year, value.month, value.day) if is_day else value  # noqa: DTZ001 - sheets know no zones

    return [[cell(value) for value in row] for row in table]
