"""The file formats of an export: one module with a `write` each, and the table that names them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Protocol

from participation.exports.document import StrategyInput
from participation.exports.writers import csv, docx, json, pdf, xlsx

__all__ = ["WRITERS", "Write", "Writer"]


class Write(Protocol):
    """Writes the document to `path`, which appears only when complete.

    `progress` gets the number of rows read so far, every 500 rows and at the end; an exception from it stops the
    writing and leaves no file. Raises OSError when the disk refuses.
    """

    def __call__(self, document: StrategyInput, path: Path, *, progress: Callable[[int], None]) -> None: ...


@dataclass(frozen=True, slots=True)
class Writer:
    """One format: `extension` without the dot, `label` as people call it in every language."""

    format: str
    mimetype: str
    extension: str
    label: str
    write: Write


_OFFICE = "application/vnd.openxmlformats-officedocument"

WRITERS: Mapping[str, Writer] = MappingProxyType(
    {
        writer.format: writer
        for writer in (
            Writer("xlsx", f"{_OFFICE}.spreadsheetml.sheet", "xlsx", "Excel (XLSX)", xlsx.write),
            Writer("docx", f"{_OFFICE}.wordprocessingml.document", "docx", "Word (DOCX)", docx.write),
            Writer("pdf", "application/pdf", "pdf", "PDF", pdf.write),
            Writer("csv", "text/csv; charset=utf-8", "csv", "CSV", csv.write),
            Writer("json", "application/json", "json", "JSON", json.write),
        )
    }
)
