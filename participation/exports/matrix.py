"""The matrix of public statements × criteria and values as a file: CSV, a workbook, or JSON for machines."""

import csv
import io
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import xlsxwriter
from sqlalchemy.orm import Session

from participation.exports.writers.csv import DELIMITER, ENCODING, neutral
from participation.exports.writers.text import encodable, fit, for_xml
from participation.multilingual import Phrase, direction, pick
from participation.multilingual import gettext as _
from participation.processes.outline import ProcessOutline
from participation.strategy.assessing.queries import Matrix, MatrixRow, matrix
from participation.strategy.assessing.yardsticks import VERDICTS

SCHEMA, VERSION = "criteria-matrix", 1
CELL_LIMIT = 32_767
NARROW, MIDDLE, WIDE = 10, 18, 50


@dataclass(frozen=True, slots=True)
class MatrixFile:
    """What a file of the matrix says, in one language."""

    slug: str
    title: str
    language: str
    generated_at: datetime
    matrix: Matrix


def matrix_file(session: Session, process: ProcessOutline, language: str, *, now: datetime) -> MatrixFile:
    """Return the matrix of the public statements of a process; drafts are in no file."""
    found = matrix(session, process.id, process.framework_id, language)
    return MatrixFile(process.slug, pick(process.title, language), language, now.replace(microsecond=0), found)


def as_csv(file: MatrixFile) -> bytes:
    """Return one row per statement, with verdict and reason for each criterion and value."""
    text = io.StringIO(newline="")
    table = csv.writer(text, delimiter=DELIMITER, quoting=csv.QUOTE_NONNUMERIC, lineterminator="\r\n")
    heads = [head for one in file.matrix.yardsticks for head in (one.title.text, _reason_head(one.title))]
    table.writerow([neutral(head) for head in (_("No."), _("Statement"), *heads)])
    for row in file.matrix.rows:
        table.writerow([row.number, neutral(row.text.text), *(neutral(cell) for cell in _pairs(row))])
    return text.getvalue().encode(ENCODING)


def as_workbook(file: MatrixFile) -> bytes:
    """Return a workbook: the matrix on one sheet, every verdict with its reason and day on another one."""
    content = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(content, options) as book:
        book.set_properties({"title": for_xml(f"{_('Criteria matrix')}: {file.title}")})
        head = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bg_color": "#E4E9F1", "bottom": 1})
        text = book.add_format({"text_wrap": True, "valign": "top"})
        for name, widths, rows in (
            (_("Criteria matrix"), (NARROW, WIDE, MIDDLE), _matrix_rows(file)),
            (_("Reasons"), (NARROW, WIDE, WIDE, MIDDLE, WIDE, MIDDLE, MIDDLE), _reason_rows(file)),
        ):
            _write_sheet(book, name, rows, widths, head, text, is_rtl=direction(file.language) == "rtl")
    return content.getvalue()


def as_json(file: MatrixFile) -> bytes:
    """Return one object: the criteria and values, then the statements with what is said about each of them."""
    whole = {
        "schema": SCHEMA,
        "version": VERSION,
        "process": file.slug,
        "title": file.title,
        "language": file.language,
        "generated_at": file.generated_at.isoformat(),
        "yardsticks": [
            {"kind": one.kind.value, "key": one.key, "title": _said(one.title)} for one in file.matrix.yardsticks
        ],
        "statements": [
            {
                "id": row.id,
                "number": row.number,
                "text": _said(row.text),
                "assessments": list(_assessments(row)),
            }
            for row in file.matrix.rows
        ],
    }
    return encodable(json.dumps(whole, ensure_ascii=False, indent=1)).encode()


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of file: its media type and who writes it."""

    mimetype: str
    write: Callable[[MatrixFile], bytes]


KINDS: Mapping[str, Kind] = {
    "csv": Kind("text/csv", as_csv),
    "xlsx": Kind("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", as_workbook),
    "json": Kind("application/json", as_json),
}


def _reason_head(title: Phrase) -> str:
    return _("Reason: %(title)s", title=title.text)


def _pairs(row: MatrixRow) -> Iterator[str]:
    for cell in row.cells:
        yield str(VERDICTS[cell.current.verdict]) if cell.current else ""
        yield cell.current.reason.text if cell.current else ""


def _matrix_rows(file: MatrixFile) -> Iterator[tuple[str | int, ...]]:
    yield (_("No."), _("Statement"), *(one.title.text for one in file.matrix.yardsticks))
    for row in file.matrix.rows:
        verdicts = (str(VERDICTS[cell.current.verdict]) if cell.current else "" for cell in row.cells)
        yield (row.number, row.text.text, *verdicts)


def _reason_rows(file: MatrixFile) -> Iterator[tuple[str | int, ...]]:
    yield (
        _("No."),
        _("Statement"),
        _("Criterion or value"),
        _("Verdict"),
        _("Reason"),
        _("Assessed on"),
        _("About an earlier wording"),
    )
    for row in file.matrix.rows:
        for cell in row.cells:
            if cell.current:
                said = cell.current
                yield (
                    row.number,
                    row.text.text,
                    cell.yardstick.title.text,
                    str(VERDICTS[said.verdict]),
                    said.reason.text,
                    f"{said.assessed_at:%Y-%m-%d}",
                    _("yes") if said.is_outdated else "",
                )


def _assessments(row: MatrixRow) -> Iterator[dict[str, Any]]:
    for cell in row.cells:
        if cell.current:
            yield {
                "kind": cell.yardstick.kind.value,
                "key": cell.yardstick.key,
                "verdict": cell.current.verdict.value,
                "reason": _said(cell.current.reason),
                "assessed_at": cell.current.assessed_at.isoformat(),
                "is_outdated": cell.current.is_outdated,
            }


def _said(text: Phrase) -> dict[str, str]:
    return {"text": text.text, "language": text.language}


def _write_sheet(
    book: Any,
    name: str,
    rows: Iterator[tuple[str | int, ...]],
    widths: tuple[int, ...],
    head: Any,
    text: Any,
    *,
    is_rtl: bool,
) -> None:
    sheet = book.add_worksheet(for_xml(name)[:31])
    if is_rtl:
        sheet.right_to_left()
    sheet.freeze_panes(1, 2)
    columns = 0
    for number, cells in enumerate(rows):
        columns = max(columns, len(cells))
        for position, cell in enumerate(cells):
            if isinstance(cell, int):
                sheet.write_number(number, position, cell, text)
            elif cell:
                shown = fit(for_xml(cell), CELL_LIMIT, _("[shortened]"))
                sheet.write_string(number, position, shown, text if number else head)
    for position in range(columns):
        sheet.set_column(position, position, widths[min(position, len(widths) - 1)])
