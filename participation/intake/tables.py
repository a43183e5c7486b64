"""Reading a CSV or XLSX file as a stream of rows; delimiter and encoding are found out."""

import csv
import io
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from participation.intake.encodings import check_encoding, detect_encoding
from participation.intake.reasons import Reason
from participation.intake.reasons import marked as _l
from participation.intake.rows import ImportProblem, Row, body, column_place, has_columns, split_header
from participation.intake.workbooks import open_workbook

DELIMITERS = {",": _l("comma"), ";": _l("semicolon"), "\t": _l("tab"), "|": _l("bar")}
# Stands in where a file has just one column and its commas are part of the text.
NO_DELIMITER = "\x1f"
SAMPLE_CHARACTERS = 256 * 1024
SAMPLE_ROWS = 200
LONGEST_CELL = 4 * 1024 * 1024
FIELD_TOO_LONG = "field larger than field limit"
UNCLOSED = "unexpected end of data"
SEPARATOR_LINE = re.compile(r"sep=(.)\r?\n", re.IGNORECASE)
ZIP_MAGIC, OLD_EXCEL_MAGIC = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"


@dataclass(frozen=True, slots=True)
class Table:
    """An open table: its column names, its rows read once from top to bottom, and how far reading has come (0–1)."""

    columns: tuple[str, ...]
    rows: Iterator[Row]
    description: Reason
    position: Callable[[], float]

    def place(self, column: str) -> int:
        """Return where ``column`` stands in each row; raises ``ImportProblem`` when it is not there."""
        return column_place(self.columns, column)


@dataclass(frozen=True, slots=True)
class TableFile:
    """A CSV or XLSX file and what is known about it beforehand; ``None`` is found out.

    ``called`` is the name people gave it, where it lies under another one.
    """

    path: Path
    delimiter: str | None = None
    encoding: str | None = None
    sheet: str | None = None
    called: str = ""

    @property
    def name(self) -> str:
        """Under which name people know the file."""
        return self.called or self.path.name

    @contextmanager
    def open(self, wanted: Sequence[str] = (), *, most: int | None = None) -> Iterator[Table]:
        """Yield the table with the columns ``wanted``, and of its rows the first ``most``, empty ones counted as well.

        Raises ``ImportProblem`` when it cannot be read.
        """
        try:
            with self.path.open("rb") as file:
                magic = file.read(4)
        except OSError as error:
            raise ImportProblem(
                Reason(_l("%(name)s: %(problem)s"), name=self.called or str(self.path), problem=error.strerror or "")
            ) from None
        if not magic:
            raise ImportProblem(Reason(_l("%(name)s is empty"), name=self.name))
        if magic == OLD_EXCEL_MAGIC:
            raise ImportProblem(
                Reason(_l("%(name)s is in Excel's old format; save it as .xlsx or .csv"), name=self.name)
            )
        opened = self._open_xlsx(wanted, most) if magic == ZIP_MAGIC else self._open_csv(wanted, most)
        with opened as table:
            for name in wanted:
                table.place(name)
            yield table

    @contextmanager
    def _open_xlsx(self, wanted: Sequence[str], most: int | None) -> Iterator[Table]:
        with open_workbook(self.path, self.sheet, wanted, self.name) as sheet:
            rows = body(islice(sheet.rows, most), len(sheet.columns), pads=True)
            yield Table(sheet.columns, rows, Reason(_l("XLSX, sheet “%(name)s”"), name=sheet.title), sheet.position)

    @contextmanager
    def _open_csv(self, wanted: Sequence[str], most: int | None) -> Iterator[Table]:
        if self.encoding:
            check_encoding(self.path, self.encoding, self.name)
        encoding = self.encoding or detect_encoding(self.path, self.name)
        size = self.path.stat().st_size
        with self.path.open("rb") as raw, io.TextIOWrapper(raw, encoding, newline="") as text:
            sample = text.read(SAMPLE_CHARACTERS)
            declared = SEPARATOR_LINE.match(sample)
            delimiter = self.delimiter or (declared and declared[1])
            if not delimiter:
                delimiter = detect_delimiter(sample, wanted, is_whole=len(sample) < SAMPLE_CHARACTERS)
            text.seek(0)
            if declared:
                text.readline()
            columns, rest = split_header(_csv_rows(text, delimiter), wanted)
            name = DELIMITERS.get(delimiter, _l("one column") if delimiter == NO_DELIMITER else f"“{delimiter}”")
            rows = body(islice(rest, most), len(columns), pads=False)
            how = Reason(_l("CSV, %(delimiter)s, %(encoding)s"), delimiter=Reason(name), encoding=encoding)
            yield Table(columns, rows, how, lambda: raw.tell() / size)


def detect_delimiter(sample: str, wanted: Sequence[str], *, is_whole: bool) -> str:
    """Return the character that splits ``sample`` best: it yields the ``wanted`` columns and rows of equal length."""
    csv.field_size_limit(LONGEST_CELL)
    best, best_score = NO_DELIMITER, (False, 0.0, 1)
    for delimiter in DELIMITERS:
        reader = csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter)
        records = [Row(number, tuple(cells)) for number, cells in enumerate(islice(reader, SAMPLE_ROWS), start=1)]
        if not is_whole and len(records) > 1:
            # The sample ends somewhere in the middle of its last record.
            records.pop()
        if not any(not record.is_blank for record in records):
            continue
        columns, rest = split_header(iter(records), wanted)
        lengths = [len(record.cells) for record in rest if not record.is_blank]
        alike = lengths.count(len(columns)) / len(lengths) if lengths else 1.0
        score = (has_columns(columns, wanted), alike, len(columns))
        if len(columns) > 1 and score > best_score:
            best, best_score = delimiter, score
    return best


def _csv_rows(text: io.TextIOWrapper, delimiter: str) -> Iterator[Row]:
    csv.field_size_limit(LONGEST_CELL)
    reader = csv.reader(text, delimiter=delimiter, strict=True)
    number = 0
    while True:
        number += 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield Row(number, (), _csv_problem(str(error)))
            if FIELD_TOO_LONG in str(error):
                return
            continue
        yield Row(number, tuple(cells))


def _csv_problem(error: str) -> Reason:
    if FIELD_TOO_LONG in error:
        return Reason(
            _l("has a cell of more than %(most)s characters; nothing after it can be read"), most=f"{LONGEST_CELL:,}"
        )
    if UNCLOSED in error:
        return Reason(_l("opens a quotation mark that nothing closes; everything after it was taken for its text"))
    return Reason(_l("has quotation marks in the wrong place"))
