"""The workbook as OpenDocument: the same sheets, written as a stream in constant memory."""

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from itertools import chain, islice
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from lxml import etree

from participation.exports.document import StrategyInput
from participation.exports.writers import grid, odf_styles
from participation.exports.writers import sheets as those
from participation.exports.writers.cells import Cell, Kind, Row, Sheet
from participation.exports.writers.grid import SheetNames, as_read, row_height
from participation.exports.writers.notes import Note, notes
from participation.exports.writers.odf import About, Xml, content, element, finish, named, package
from participation.exports.writers.output import Counter, counted, whole_file
from participation.exports.writers.text import for_xml, reads

READS = those.READS

# Readers take these for layout and drop them: a tab, and every space but a single one between words.
_SPACES = re.compile(r"\t|^ +| {2,}| +$")

_CELL, _PARAGRAPH, _SPACE, _TAB = (named(f"{name}") for name in ("table:table-cell", "text:p", "text:s", "text:tab"))
_ROW, _STYLE, _COUNT = named("table:table-row"), named("table:style-name"), named("text:c")
_TYPE, _TEXT = named("office:value-type"), named("office:string-value")
_VALUE, _DATE = named("office:value"), named("office:date-value")


def write(document: StrategyInput, path: Path, *, progress: Callable[[int], None]) -> None:
    """Write the notes and a sheet for each table, in the order of ``sheets``; every cell says of what type it is.

    Moments are those of the document's timezone. Texts stand whole, however long; a list longer than a sheet continues
    on a next one.
    """
    counter = Counter(progress)
    tables = those.sheets(counted(document, counter))
    about = About(
        title=for_xml(document.process_title),
        subject=for_xml(document.labels.document_kind),
        publisher=for_xml(document.city),
        language=document.language,
        is_rtl=document.dir == "rtl",
        moment=document.generated_at,
    )
    with whole_file(path) as part, package(part) as archive:
        with content(archive, odf_styles.automatic(is_rtl=about.is_rtl)) as xml:
            filled = _Spreadsheet(document, xml)
            filled.write_notes(tables)
            for table in tables:
                filled.write_table(table)
            filled.finish()
        finish(archive, about, filled.frozen)
    counter.done()


@dataclass(frozen=True, slots=True)
class _Range:
    """What the filter of a sheet covers."""

    sheet: str
    rows: int
    columns: int


class _Spreadsheet:
    """The tables being written, and what is known of them only afterwards."""

    def __init__(self, document: StrategyInput, xml: Xml) -> None:
        self.frozen: dict[str, int] = {}
        self._document = document
        self._xml = xml
        self._zone = ZoneInfo(document.timezone)
        self._names = SheetNames()
        self._ranges: list[_Range] = []

    def write_notes(self, tables: Sequence[Sheet[Any]]) -> None:
        """Write the first sheet: what the file is, and what everything in it means."""
        name = self._new_name(self._document.labels.notes, frozen=0)
        with self._table(name, grid.NOTE_WIDTHS):
            for note in notes(self._document, tables):
                self._write_note(note)

    def write_table(self, table: Sheet[Row]) -> None:
        """Write all rows of a table, on as many sheets as they need."""
        rows = iter(table.rows())
        first = next(rows, None)
        while True:
            name, count = self._new_name(table.title, frozen=1), 1
            with self._table(name, [column.width for column in table.columns]):
                self._write_head([column.heading for column in table.columns])
                if first is not None:
                    for row in chain((first,), islice(rows, grid.ROW_LIMIT - 2)):
                        self._write_row(table, row)
                        count += 1
            self._ranges.append(_Range(name, max(count, 2), len(table.columns)))
            first = next(rows, None)
            if first is None:
                return

    def finish(self) -> None:
        """Write what stands behind all tables: their filters."""
        ranges = (
            element(
                "table:database-range",
                {
                    # The name under which LibreOffice keeps the one filter of a sheet that nobody has named.
                    "table:name": f"__Anonymous_Sheet_DB__{list(self.frozen).index(one.sheet)}",
                    "table:target-range-address": f"'{one.sheet}'.A1:'{one.sheet}'.{_letters(one.columns)}{one.rows}",
                    "table:display-filter-buttons": "true",
                },
            )
            for one in self._ranges
        )
        self._xml.write(element("table:database-ranges", None, *ranges))

    def _new_name(self, wanted: str, *, frozen: int) -> str:
        name = self._names.new(wanted)
        self.frozen[name] = frozen
        return name

    @contextmanager
    def _table(self, name: str, widths: Sequence[int]) -> Iterator[None]:
        """Write the outside of one sheet with its columns; the rows written in the block are in it."""
        is_wide = sum(widths) > grid.PAGE_WIDTH
        attributes = {named("table:name"): name, _STYLE: odf_styles.WIDE_SHEET if is_wide else odf_styles.SHEET}
        first, *others = (_column(width) for width in widths)
        with self._xml.element(named("table:table"), attributes):
            self._xml.write(element("table:table-header-columns", None, first) if is_wide else first)
            for column in others:
                self._xml.write(column)
            yield

    def _write_head(self, headings: Sequence[str]) -> None:
        row = etree.Element(_ROW, {_STYLE: odf_styles.HEAD_ROW})
        for heading in headings:
            _put_text(row, for_xml(heading), odf_styles.HEAD)
        self._xml.write(element("table:table-header-rows", None, row))

    def _write_row(self, table: Sheet[Row], row: Row) -> None:
        cells = [column.value(row) for column in table.columns]
        height = odf_styles.ROW
        if table.is_short:
            height = odf_styles.row_of(row_height(cells, [column.width for column in table.columns]))
        made = etree.Element(_ROW, {_STYLE: height})
        for cell, column in zip(cells, table.columns, strict=True):
            self._put(made, cell, column.kind)
        self._xml.write(made)

    def _write_note(self, note: Note) -> None:
        height = grid.TITLE_HEIGHT if note.style == "title" else row_height(note.cells, grid.NOTE_WIDTHS)
        row = etree.Element(_ROW, {_STYLE: odf_styles.row_of(height)})
        style = {"title": odf_styles.TITLE, "head": odf_styles.HEAD}.get(note.style)
        for cell in note.cells:
            if style:
                _put_text(row, for_xml(str(cell)), style)
            elif isinstance(cell, float):
                _put_value(row, "percentage", repr(cell), odf_styles.SHARE, f"{cell:.1%}")
            elif isinstance(cell, int):
                _put_value(row, "float", str(cell), odf_styles.START_NUMBER, str(cell))
            else:
                self._put(row, cell, Kind.TEXT)
        self._xml.write(row)

    def _put(self, row: etree._Element, cell: Cell, kind: Kind) -> None:
        value = as_read(cell, self._zone, self._document.labels)
        if value is None:
            etree.SubElement(row, _CELL)
        elif isinstance(value, str):
            _put_text(row, value, odf_styles.text_style(reads(value), self._document.dir, is_id=kind is Kind.ID))
        elif isinstance(value, datetime):
            _put_date(row, value.isoformat(), odf_styles.MOMENT, f"{value:%Y-%m-%d %H:%M}")
        elif isinstance(value, date):
            _put_date(row, value.isoformat(), odf_styles.DAY, value.isoformat())
        else:
            style = odf_styles.DECIMAL if kind is Kind.DECIMAL else odf_styles.NUMBER
            _put_value(row, "float", repr(value), style, str(value))


def _column(width: int) -> etree._Element:
    styles = {"table:style-name": odf_styles.column_of(width), "table:default-cell-style-name": odf_styles.TEXT}
    return element("table:table-column", styles)


def _put_text(row: etree._Element, text: str, style: str) -> None:
    cell = etree.SubElement(row, _CELL, {_TYPE: "string"})
    if style != odf_styles.TEXT:
        cell.set(_STYLE, style)
    if "\t" in text:  # LibreOffice leaves tabs out of what it shows of a paragraph, but takes them from here
        cell.set(_TEXT, text)
    for line in text.split("\n"):
        paragraph = etree.SubElement(cell, _PARAGRAPH)
        if _SPACES.search(line):
            _put_spaced(paragraph, line)
        else:
            paragraph.text = line


def _put_spaced(paragraph: etree._Element, line: str) -> None:
    """Write a line whose spaces count: each run of them and each tab as an element of its own."""
    end, last = 0, None
    for found in _SPACES.finditer(line):
        _append(paragraph, last, line[end : found.start()])
        run = found.group()
        last = etree.SubElement(paragraph, _TAB) if run == "\t" else etree.SubElement(paragraph, _SPACE)
        if run != "\t":
            last.set(_COUNT, str(len(run)))
        end = found.end()
    _append(paragraph, last, line[end:])


def _append(paragraph: etree._Element, last: etree._Element | None, text: str) -> None:
    if last is None:
        paragraph.text = text
    else:
        last.tail = text


def _put_value(row: etree._Element, kind: str, value: str, style: str, shown: str) -> None:
    cell = etree.SubElement(row, _CELL, {_TYPE: kind, _VALUE: value, _STYLE: style})
    etree.SubElement(cell, _PARAGRAPH).text = shown


def _put_date(row: etree._Element, value: str, style: str, shown: str) -> None:
    cell = etree.SubElement(row, _CELL, {_TYPE: "date", _DATE: value, _STYLE: style})
    etree.SubElement(cell, _PARAGRAPH).text = shown


def _letters(column: int) -> str:
    """Return the name of the n-th column: A to Z, then AA and so on."""
    name = ""
    while column:
        column, letter = divmod(column - 1, 26)
        name = chr(ord("A") + letter) + name
    return name
