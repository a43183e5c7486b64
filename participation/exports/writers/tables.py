"""All tables as CSV files in one ZIP archive, with a text that says what is in them."""

import io
import zipfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import IO, Any
from zoneinfo import ZoneInfo

from participation.exports.document import StrategyInput
from participation.exports.writers import sheets as those
from participation.exports.writers.cells import Cell, Sheet
from participation.exports.writers.csv import encoding_of, write_table
from participation.exports.writers.notes import Note, about, meaning
from participation.exports.writers.output import Counter, counted, whole_file
from participation.exports.writers.text import encodable

README = "README.txt"
READS = those.READS


def write(document: StrategyInput, path: Path, *, progress: Callable[[int], None]) -> None:
    """Write one CSV file per table, called by its kind, and README.txt with the notes.

    Every file is there, also when it has no rows. The same way of reading back as for the flat table holds.
    """
    counter = Counter(progress)
    tables = those.sheets(counted(document, counter))
    encoding = encoding_of(document.options)
    with whole_file(path) as part, zipfile.ZipFile(part, "w", zipfile.ZIP_DEFLATED) as archive:
        with _member(archive, README, "utf-8-sig", document.generated_at) as file:
            file.writelines(f"{line}\r\n" for line in _readme(document, tables))
        for table in tables:
            with _member(archive, f"{table.kind}.csv", encoding, document.generated_at) as file:
                write_table(
                    file, table.columns, table.rows(), delimiter=document.options.delimiter, labels=document.labels
                )
    counter.done()


@contextmanager
def _member(archive: zipfile.ZipFile, name: str, encoding: str, moment: datetime) -> Iterator[IO[str]]:
    entry = zipfile.ZipInfo(name, moment.timetuple()[:6])
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.external_attr = 0o644 << 16
    # How long it gets is not known, and more than 2 GiB need the larger header from the start.
    with (
        archive.open(entry, "w", force_zip64=True) as raw,
        io.TextIOWrapper(raw, encoding=encoding, newline="") as file,
    ):
        yield file


def _readme(document: StrategyInput, tables: Sequence[Sheet[Any]]) -> Iterator[str]:
    zone = ZoneInfo(document.timezone)
    for note in about(document):
        yield from _line(note, zone)
    for table in tables:
        blank, head, *columns = meaning(table)
        yield from _line(blank, zone)
        yield f"{table.kind}.csv"
        for note in (head, *columns):
            yield from _line(note, zone)
    yield ""
    yield document.labels.legend.read_back


def _line(note: Note, zone: ZoneInfo) -> Iterator[str]:
    """Yield the note as one line, further lines of its text below it, and what is a title underlined."""
    name, *values = (_said(cell, zone) for cell in note.cells) if note.cells else ("",)
    first, *rest = ": ".join(filter(None, (name, ", ".join(filter(None, values))))).splitlines() or [""]
    yield encodable(first)
    yield from (f"    {encodable(line)}" for line in rest)
    if note.style != "plain":
        yield ("=" if note.style == "title" else "-") * min(len(first), 80)


def _said(cell: Cell, zone: ZoneInfo) -> str:
    if isinstance(cell, datetime):
        return cell.astimezone(zone).strftime("%Y-%m-%d %H:%M")
    if isinstance(cell, float):
        return f"{cell:.1%}"
    return "" if cell is None else str(cell)
