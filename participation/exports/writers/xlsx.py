"""The workbook: everything on sheets that people sort and filter, written row by row in constant memory."""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, Generic, TypeVar
from zoneinfo import ZoneInfo

import xlsxwriter

from participation.exports.document import Links, StrategyInput
from participation.exports.writers.columns import (
    MIDDLE,
    TEXT,
    WIDE,
    Cell,
    Column,
    assessment_columns,
    bundle_columns,
    cluster_columns,
    comment_columns,
    idea_columns,
    source_columns,
    statement_columns,
)
from participation.exports.writers.output import Counter, whole_file
from participation.exports.writers.text import fit, for_xml

Row = TypeVar("Row")

ROW_LIMIT = 1_048_576
CELL_LIMIT = 32_767
LINE_HEIGHT, TITLE_HEIGHT = 15, 24
ROW_LINES, LINES_LIMIT = 3, 12

_OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "default_date_format": "yyyy-mm-dd hh:mm",
}
_NAME_LIMIT = 31
_FORBIDDEN_IN_NAMES = str.maketrans(dict.fromkeys("[]:*?/\\'", " "))


def write(document: StrategyInput, path: Path, *, progress: Callable[[int], None]) -> None:
    """Write the sheets notes, statements, criteria, clusters, bundles, ideas, comments and sources.

    Texts are texts, whatever they begin with; numbers and dates are numbers and dates (dates in the document's
    timezone). A text over the cell limit ends in `labels.shortened`; the JSON export holds it whole. A list longer
    than a sheet continues on a next one.
    """
    counter = Counter(progress)
    with whole_file(path) as part, xlsxwriter.Workbook(str(part), _OPTIONS) as book:
        _Workbook(document, book, counter).fill()
    counter.done()


class _Workbook:
    """The workbook being written, with the formats its sheets share."""

    def __init__(self, document: StrategyInput, book: Any, counter: Counter) -> None:
        self.document = document
        self.book = book
        self.zone = ZoneInfo(document.timezone)
        self.text = book.add_format({"text_wrap": True, "valign": "top"})
        self.number = book.add_format({"valign": "top", "num_format": "0"})
        self.start_number = book.add_format({"valign": "top", "align": "left", "num_format": "#,##0"})
        self.share = book.add_format({"valign": "top", "align": "left", "num_format": "0.0%"})
        self.moment = book.add_format({"valign": "top", "align": "left", "num_format": "yyyy-mm-dd hh:mm"})
        self.head = book.add_format(
            {"bold": True, "text_wrap": True, "valign": "top", "bg_color": "#E4E9F1", "bottom": 1}
        )
        self.title = book.add_format({"bold": True, "font_size": 16})
        self._counter = counter
        self._names: set[str] = set()

    def fill(self) -> None:
        """Write all sheets; the ideas are read once for their own sheet and for the sources."""
        document, count = self.document, self._counter.over
        labels = document.labels
        self.book.set_properties(
            {"title": for_xml(document.process_title), "subject": labels.document_kind, "company": document.city}
        )
        self._write_notes()
        with_statements = _Sheet(self, labels.statements, statement_columns(document), measured=True)
        for statement in count(document.statements):
            with_statements.add(statement)
        with_criteria = _Sheet(self, labels.criteria, assessment_columns(document), measured=True)
        for assessment in count(document.assessments):
            with_criteria.add(assessment)
        with_clusters = _Sheet(self, labels.clusters, cluster_columns(document), measured=True)
        for cluster in count(document.clusters):
            with_clusters.add(cluster)
        with_bundles = _Sheet(self, labels.bundles, bundle_columns(document))
        for bundled in count(document.bundles):
            with_bundles.add(bundled)
        with_ideas = _Sheet(self, labels.ideas, idea_columns(document))
        with_comments = _Sheet(self, labels.comments, comment_columns(document))
        with_sources = _Sheet(self, labels.sources, source_columns(document))
        links = Links(document)
        for idea in count(document.ideas()):
            with_ideas.add(idea)
            for edge in links.of(idea):
                with_sources.add(edge)
        for edge in links.unused():
            with_sources.add(edge)
        for comment in count(document.comments()):
            with_comments.add(comment)
        lists = (with_statements, with_criteria, with_clusters, with_bundles, with_ideas, with_comments, with_sources)
        for sheet in lists:
            sheet.close()

    def new_sheet(self, name: str) -> Any:
        """Return a new worksheet; Excel allows no two equal names, no brackets and 31 characters."""
        stem = " ".join(for_xml(name).translate(_FORBIDDEN_IN_NAMES).split())[:_NAME_LIMIT] or "Sheet"
        unique, number = stem, 1
        while unique.casefold() in self._names:
            number += 1
            unique = f"{stem[: _NAME_LIMIT - 1 - len(str(number))]} {number}"
        self._names.add(unique.casefold())
        sheet = self.book.add_worksheet(unique)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        if self.document.dir == "rtl":
            sheet.right_to_left()
        return sheet

    def put(self, sheet: Any, row: int, column: int, value: Cell) -> None:
        """Write one cell as what it is; nothing for None and for an empty text."""
        if isinstance(value, str):
            shown = fit(for_xml(value), CELL_LIMIT, self.document.labels.shortened)
            if shown:
                sheet.write_string(row, column, shown, self.text)
        elif isinstance(value, datetime):
            local = value.astimezone(self.zone).replace(tzinfo=None)
            sheet.write_datetime(row, column, local, self.moment)
        elif value is not None:
            sheet.write_number(row, column, value, self.share if isinstance(value, float) else self.number)

    def _write_notes(self) -> None:
        sheet = self.new_sheet(self.document.labels.notes)
        widths = (WIDE + 14, TEXT + 20, MIDDLE)
        for position, width in enumerate(widths):
            sheet.set_column(position, position, width)
        for number, cells in enumerate(_notes(self.document)):
            sheet.set_row(number, _height(cells, widths) if number else TITLE_HEIGHT)
            for position, cell in enumerate(cells):
                if isinstance(cell, str) and len(cells) == 1:
                    sheet.write_string(number, position, for_xml(cell), self.head if number else self.title)
                elif isinstance(cell, int):
                    sheet.write_number(number, position, cell, self.start_number)
                else:
                    self.put(sheet, number, position, cell)


class _Sheet(Generic[Row]):
    """One list with its header; continued on a further worksheet when the rows of one are used up.

    Rows show `ROW_LINES` lines of a text, or all of it (up to `LINES_LIMIT`) where they are `measured`.
    """

    def __init__(self, book: _Workbook, name: str, columns: Sequence[Column[Row]], *, measured: bool = False) -> None:
        self._book = book
        self._name = name
        self._columns = columns
        self._measured = measured  # for short lists only: the library remembers every height it is given
        self._widths = [column.width for column in columns]
        self._begin()

    def add(self, row: Row) -> None:
        """Write the next row."""
        if self._next == ROW_LIMIT:
            self.close()
            self._begin()
        cells = [column.value(row) for column in self._columns]
        if self._measured:
            self._sheet.set_row(self._next, _height(cells, self._widths))
        for position, cell in enumerate(cells):
            self._book.put(self._sheet, self._next, position, cell)
        self._next += 1

    def close(self) -> None:
        """Set what needs the number of rows: the filter, and no warning about ids that look like numbers."""
        last_row, last_column = max(self._next - 1, 1), len(self._columns) - 1
        self._sheet.autofilter(0, 0, last_row, last_column)
        self._sheet.ignore_errors({"number_stored_as_text": f"A1:XFD{last_row + 1}"})

    def _begin(self) -> None:
        self._sheet = self._book.new_sheet(self._name)
        if not self._measured:
            self._sheet.set_default_row(LINE_HEIGHT * ROW_LINES)
        self._sheet.set_row(0, LINE_HEIGHT * 2)
        self._sheet.freeze_panes(1, 0)
        self._sheet.repeat_rows(0)
        for position, column in enumerate(self._columns):
            self._sheet.set_column(position, position, column.width)
            self._sheet.write_string(0, position, for_xml(column.heading), self._book.head)
        self._next = 1


def _height(cells: Sequence[Cell], widths: Sequence[int]) -> float:
    """Return a row height in points that shows the texts, at most `LINES_LIMIT` lines of them.

    Written out because office programs do not agree on measuring wrapped rows when they open a file.
    """
    lines = 1
    for cell, width in zip(cells, widths, strict=False):
        if isinstance(cell, str) and (len(cell) > width or "\n" in cell):
            lines = max(lines, cell.count("\n") + -(-len(cell) // width))
    return LINE_HEIGHT * min(lines, LINES_LIMIT)


def _notes(document: StrategyInput) -> Iterator[tuple[Cell, ...]]:
    """Yield the rows of the notes sheet: pairs, and one heading per list."""
    labels, figures = document.labels, document.figures
    yield (document.process_title,)
    yield (labels.document_kind,)
    yield labels.question, document.question
    yield labels.city, document.city
    yield labels.generated_at, document.generated_at
    yield labels.how_to_read, labels.reading_guide
    yield labels.source_note, document.source_note
    yield labels.method_note, document.method_note
    yield (labels.figures,)
    yield labels.participants, figures.participants
    yield labels.ideas, figures.ideas
    yield labels.votes, figures.votes
    yield labels.comments, figures.comments
    yield labels.filed_ideas, figures.filed_ideas
    yield labels.coverage, float(figures.coverage)
    yield (labels.phases,)
    for phase in document.phases:
        yield phase.title, phase.starts_at, phase.ends_at or labels.open_end
    yield (labels.principles,)
    for principle in document.principles:
        yield f"{principle.number}. {principle.title}", principle.ideas
