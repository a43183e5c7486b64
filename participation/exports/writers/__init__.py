"""The file formats of an export: one module with a `write` each, and the table that names them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Protocol

from participation.exports.document import StrategyInput
from participation.exports.writers import csv, docx, json, jsonl, ods, pdf, tables, xlsx
from participation.exports.writers.odf import MEDIA_TYPE

__all__ = ["WRITERS", "Write", "Writer"]


class Write(Protocol):
    """Writes the document to `path`, which appears only when complete.

    `progress` gets the number of rows read so far from the streamed parts, every 500 rows and at the end; an exception
    from it stops the writing and leaves no file. Raises OSError when the disk refuses.
    """

    def __call__(self, document: StrategyInput, path: Path, *, progress: Callable[[int], None]) -> None: ...


@dataclass(frozen=True, slots=True)
class Writer:
    """One format: `extension` without the dot, `label` as people call it in every language.

    `reads` names the streamed parts of the document that one writing reads, a part twice when it reads it twice: the
    sum of their `counts` is what `progress` arrives at.
    """

    format: str
    mimetype: str
    extension: str
    label: str
    write: Write
    reads: tuple[str, ...]


_OFFICE = "application/vnd.openxmlformats-officedocument"
_PAPER = ("ideas",)

WRITERS: Mapping[str, Writer] = MappingProxyType(
    {
        writer.format: writer
        for writer in (
            Writer("xlsx", f"{_OFFICE}.spreadsheetml.sheet", "xlsx", "Excel (XLSX)", xlsx.write, xlsx.READS),
            Writer("ods", MEDIA_TYPE, "ods", "OpenDocument (ODS)", ods.write, ods.READS),
            Writer("docx", f"{_OFFICE}.wordprocessingml.document", "docx", "Word (DOCX)", docx.write, _PAPER),
            Writer("pdf", "application/pdf", "pdf", "PDF", pdf.write, _PAPER),
            Writer("csv", "text/csv; charset=utf-8", "csv", "CSV", csv.write, csv.READS),
            Writer("tables", "application/zip", "zip", "CSV (ZIP)", tables.write, tables.READS),
            Writer("json", "application/json", "json", "JSON", json.write, json.READS),
            Writer("jsonl", "application/jsonl", "jsonl", "JSON Lines", jsonl.write, jsonl.READS),
        )
    }
)
