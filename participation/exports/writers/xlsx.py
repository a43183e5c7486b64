"""The workbook for Excel: everything on sheets that people sort and filter, written row by row in constant memory."""

import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from itertools import chain, islice
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import xlsxwriter

from participation.exports.document import StrategyInput
from participation.exports.writers import grid
from participation.exports.writers import sheets as those
from participation.exports.writers.cells import Cell, Kind, Row, Sheet
from participation.exports.writers.csv import is_risky
from participation.exports.writers.grid import LINE_HEIGHT, ROW_LINES, TITLE_HEIGHT, SheetNames, as_read, row_height
from participation.exports.writers.notes import Note, notes
from participation.exports.writers.output import Counter, counted, whole_file
from participation.exports.writers.text import fit, for_xml, reads

READS = those.READS
CELL_LIMIT = 32_767

_OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "use_zip64": True,
}
_DAY, _MOMENT = "yyyy-mm-dd", "yyyy-mm-dd hh:mm"


def write(document: StrategyInput, path: Path, *, progress: Callable[[int], None]) -> None:
    """Write the notes and a sheet for each table, in the order of ``sheets``.

    Texts are texts, whatever they begin with; numbers and dates are numbers and dates (moments in the document's
    timezone). A text over the cell limit ends in `labels.shortened`; the JSON export holds it whole. A list longer
    than a sheet continues on a next one.
    """
    counter = Counter(progress)
    tables = those.sheets(counted(document, counter))
    with whole_file(path) as part, _scratch(path) as folder, _book(part, folder) as book:
        filled = _Workbook(document, book)
        filled.write_notes(tables)
        for table in tables:
            filled.write_table(table)
    counter.done()


@contextmanager
def _book(path: Path, folder: Path) -> Iterator[Any]:
    """Yield a workbook that is put together at the end, or dropped at once when the block raises."""
    book = xlsxwriter.Workbook(str(path), _OPTIONS | {"tmpdir": str(folder)})
    try:
        yield book
    except BaseException:
        for sheet in book.worksheets():
            sheet.row_data_fh.close()
        raise
    book.close()


@contextmanager
def _scratch(path: Path) -> Iterator[Path]:
    """Yield a folder beside the file for what the library writes meanwhile: the system's may be in memory."""
    folder = path.with_name(f"{path.name}.sheets")
    folder.mkdir(mode=0o700, exist_ok=True)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


class _Workbook:
    """The workbook being written, with the formats its sheets share."""

    def __init__(self, document: StrategyInput, book: Any) -> None:
        self._document = document
        self._book = book
        self._zone = ZoneInfo(document.timezone)
        self._names = SheetNames()
        self._texts: dict[tuple[str, bool], Any] = {}
        start = "right" if document.dir == "rtl" else "left"
        self._number = self._format(num_format="0")
        self._decimal = self._format(num_format="0.0")
        self._start_number = self._format(align=start, num_format="#,##0")
        self._share = self._format(align=start, num_format="0.0%")
        self._day = self._format(align=start, num_format=_DAY)
        self._moment = self._format(align=start, num_format=_MOMENT)
        self._head = self._format(bold=True, text_wrap=True, bg_color=grid.HEAD_FILL, bottom=1)
        self._title = self._format(bold=True, font_size=16, align=start)
        properties = {"title": document.process_title, "subject": document.labels.document_kind}
        properties |= {"company": document.city, "comments": document.url}
        book.set_properties({name: for_xml(text) for name, text in properties.items()} | {"created": self._now()})

    def write_notes(self, tables: Sequence[Sheet[Any]]) -> None:
        """Write the first sheet: what the file is, and what everything in it means."""
        sheet = self._new_sheet(self._document.labels.notes)
        sheet.fit_to_pages(1, 0)
        widths = grid.NOTE_WIDTHS
        for position, width in enumerate(widths):
            sheet.set_column(position, position, width)
        for number, note in enumerate(notes(self._document, tables)):
            sheet.set_row(number, TITLE_HEIGHT if note.style == "title" else row_height(note.cells, widths))
            for position, cell in enumerate(note.cells):
                self._put_note(sheet, number, position, note, cell)

    def write_table(self, table: Sheet[Row]) -> None:
        """Write all rows of a table, on as many worksheets as they need."""
        rows = iter(table.rows())
        first = next(rows, None)
        while True:
            sheet = self._begin(table)
            last = 0
            if first is not None:
                for last, row in enumerate(chain((first,), islice(rows, grid.ROW_LIMIT - 2)), start=1):
                    self._write_row(sheet, last, row, table)
            self._end(sheet, last, table)
            first = next(rows, None)
            if first is None:
                return

    def _begin(self, table: Sheet[Row]) -> Any:
        sheet = self._new_sheet(table.title)
        if not table.is_short:  # the library remembers every height it is given
            sheet.set_default_row(LINE_HEIGHT * ROW_LINES)
        sheet.set_row(0, LINE_HEIGHT * 2)
        sheet.freeze_panes(1, 0)
        sheet.repeat_rows(0)
        if sum(column.width for column in table.columns) > grid.PAGE_WIDTH:
            sheet.set_print_scale(grid.PRINT_SCALE)
            sheet.repeat_columns(0)
        else:
            sheet.fit_to_pages(1, 0)
        for position, column in enumerate(table.columns):
            sheet.set_column(position, position, column.width)
            sheet.write_string(0, position, for_xml(column.heading), self._head)
        return sheet

    def _end(self, sheet: Any, last: int, table: Sheet[Row]) -> None:
        """Set what needs the number of rows: the filter, and no warning about ids that look like numbers."""
        sheet.autofilter(0, 0, max(last, 1), len(table.columns) - 1)
        sheet.ignore_errors({"number_stored_as_text": f"A1:XFD{max(last, 1) + 1}"})

    def _write_row(self, sheet: Any, number: int, row: Row, table: Sheet[Row]) -> None:
        cells = [column.value(row) for column in table.columns]
        if table.is_short:
            sheet.set_row(number, row_height(cells, [column.width for column in table.columns]))
        for position, (cell, column) in enumerate(zip(cells, table.columns, strict=True)):
            self._put(sheet, number, position, cell, column.kind)

    def _put(self, sheet: Any, row: int, column: int, cell: Cell, kind: Kind) -> None:
        value = as_read(cell, self._zone, self._document.labels)
        if isinstance(value, str):
            shown = fit(value, CELL_LIMIT, self._document.labels.shortened)
            sheet.write_string(row, column, shown, self._text(shown, is_id=kind is Kind.ID))
        elif isinstance(value, datetime):
            sheet.write_datetime(row, column, value, self._moment)
        elif isinstance(value, date):
            sheet.write_datetime(row, column, value, self._day)
        elif value is not None:
            sheet.write_number(row, column, value, self._decimal if kind is Kind.DECIMAL else self._number)

    def _put_note(self, sheet: Any, row: int, column: int, note: Note, cell: Cell) -> None:
        if note.style != "plain":
            shown = self._title if note.style == "title" else self._head
            sheet.write_string(row, column, fit(for_xml(str(cell)), CELL_LIMIT, self._document.labels.shortened), shown)
        elif isinstance(cell, int):
            sheet.write_number(row, column, cell, self._start_number)
        elif isinstance(cell, float):
            sheet.write_number(row, column, cell, self._share)
        else:
            self._put(sheet, row, column, cell, Kind.TEXT)

    def _new_sheet(self, name: str) -> Any:
        sheet = self._book.add_worksheet(self._names.new(name))
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.set_header("&L&A")
        sheet.set_footer("&C&P / &N")
        if self._document.dir == "rtl":
            sheet.right_to_left()
        return sheet

    def _text(self, text: str, *, is_id: bool) -> Any:
        """Return the format of a text: in its own direction, and kept a text where somebody edits the cell later."""
        direction = reads(text)
        key = (direction if direction != self._document.dir else "", is_id or is_risky(text))
        if key not in self._texts:
            order = {"": 0, "ltr": 1, "rtl": 2}[key[0]]
            kept = {"num_format": "@", "quote_prefix": True} if key[1] else {}
            self._texts[key] = self._format(text_wrap=True, reading_order=order, **kept)
        return self._texts[key]

    def _format(self, **properties: object) -> Any:
        return self._book.add_format({"valign": "top"} | properties)

    def _now(self) -> datetime:
        return self._document.generated_at.astimezone(self._zone).replace(tzinfo=None)
