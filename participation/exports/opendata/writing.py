"""Writing a release: every table as CSV and as JSON Lines, what explains them, checksums, and all of it in one ZIP."""

import csv
import hashlib
import json
import zipfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from participation.exports.opendata.columns import Column, Published, Table, Value
from participation.exports.opendata.dictionary import SEPARATOR, as_csv, as_json, data_package
from participation.exports.opendata.readme import About, licence_text, name_in, readme
from participation.exports.opendata.tables import tables_of
from participation.exports.opendata.words import languages
from participation.exports.writers.csv import neutral
from participation.exports.writers.output import Counter
from participation.exports.writers.text import encodable

SUMS = "SHA256SUMS"
PACKAGE = "datapackage.json"
LICENCE = "LICENCE.txt"
CSV, JSONL = "text/csv", "application/x-ndjson"
MEDIA = {
    ".csv": CSV,
    ".jsonl": JSONL,
    ".json": "application/json",
    ".md": "text/markdown",
    ".txt": "text/plain",
    ".zip": "application/zip",
    "": "text/plain",
}
CHUNK = 1024 * 1024

_ENCODER = json.JSONEncoder(ensure_ascii=False, allow_nan=False)


@dataclass(frozen=True, slots=True)
class Written:
    """What was written: of each file, by its name, size, sha256, media type and rows; ``digest`` of what they say."""

    files: dict[str, dict[str, Any]]
    digest: str


def write_release(
    published: Published, about: About, folder: Path, *, zone: ZoneInfo, progress: Callable[[int], None]
) -> Written:
    """Write all files of a release into ``folder``, which exists and is empty.

    ``progress`` hears how many rows have been written; an exception from it ends the writing. Memory holds one row at
    a time. Raises ``OSError``.
    """
    counter, found = Counter(progress), tables_of(published, about.languages, zone, about.url)
    rows = {table.name: _write_table(table, published, folder, counter) for table in found}
    files = {name: _described(folder / name, rows[Path(name).stem]) for name in sorted(_names(folder))}
    digest = _digest_of(files, about)
    _write_papers(found, about, folder, files, rows)
    for name in sorted(_names(folder) - files.keys()):
        files[name] = _described(folder / name)
    sums = "".join(f"{entry['sha256']}  {name}\n" for name, entry in files.items())
    (folder / SUMS).write_text(sums, encoding="ascii")
    files[SUMS] = _described(folder / SUMS)
    archive = f"{about.slug}-{about.number}.zip"
    _pack(folder, folder / archive, list(files), about)
    files[archive] = _described(folder / archive)
    counter.done()
    return Written(files, digest)


def as_cell(value: Value) -> str | int | float:
    """Return a value as a cell of a CSV file, so that no spreadsheet runs it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple):
        return neutral(SEPARATOR.join(value))
    return neutral(value) if isinstance(value, str) else value


def as_json_value(value: Value) -> Any:
    """Return a value as JSON knows it; a lone surrogate, which no encoding can hold, becomes U+FFFD."""
    if isinstance(value, str):
        return encodable(value)
    if isinstance(value, date):
        return value.isoformat()
    return list(value) if isinstance(value, tuple) else value


def _write_table(table: Table[Any], published: Published, folder: Path, counter: Counter) -> int:
    """Write a table in both formats in one pass; return how many rows it has."""
    columns: Sequence[Column[Any]] = table.columns
    names, count = [column.name for column in columns], 0
    with (
        (folder / f"{table.name}.csv").open("w", encoding="utf-8", newline="") as flat,
        (folder / f"{table.name}.jsonl").open("w", encoding="utf-8", newline="\n") as lines,
    ):
        writer = csv.writer(flat, lineterminator="\r\n")
        writer.writerow(names)
        for row in counter.over(table.rows(published)):
            values = [column.value(row) for column in columns]
            writer.writerow([as_cell(value) for value in values])
            lines.write(
                _ENCODER.encode(dict(zip(names, (as_json_value(value) for value in values), strict=True))) + "\n"
            )
            count += 1
    return count


def _write_papers(
    found: Sequence[Table[Any]],
    about: About,
    folder: Path,
    files: Mapping[str, dict[str, Any]],
    rows: Mapping[str, int],
) -> None:
    (folder / "dictionary.json").write_bytes(as_json(found))
    (folder / "dictionary.csv").write_bytes(as_csv(found))
    (folder / PACKAGE).write_bytes(data_package(found, _package_head(about), files, rows))
    (folder / LICENCE).write_bytes(licence_text(about))
    for language in languages():
        name = name_in(language)
        (folder / f"{name}.md").write_bytes(readme(about, found, rows, language, marked=True))
        (folder / f"{name}.txt").write_bytes(readme(about, found, rows, language, marked=False))


def _package_head(about: About) -> dict[str, Any]:
    return {
        "name": f"{about.slug}-{about.number}",
        "id": about.url,
        "title": about.process.get("en") or next(iter(about.process.values()), about.slug),
        "homepage": about.url,
        "version": str(about.number),
        "created": about.built_at.isoformat(),
        "licenses": [{"name": about.licence.spdx, "path": about.licence.url, "title": about.licence.name["en"]}],
        "contributors": [{"title": about.operator, "roles": ["publisher"]}],
        "sources": [{"title": about.citation("en"), "path": about.url}],
    }


def _pack(folder: Path, archive: Path, names: Sequence[str], about: About) -> None:
    """Pack the files into one ZIP, in a folder of its name; the times in it are those of the release."""
    moment = about.built_at.timetuple()[:6]
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as packed:
        for name in names:
            entry = zipfile.ZipInfo(f"{archive.stem}/{name}", moment)
            entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
            with (folder / name).open("rb") as source, packed.open(entry, "w", force_zip64=True) as target:
                while chunk := source.read(CHUNK):
                    target.write(chunk)


def _digest_of(files: Mapping[str, dict[str, Any]], about: About) -> str:
    """Return the sha256 of what the tables and the texts about them say, whatever number and time the release has."""
    said = {name: entry["sha256"] for name, entry in files.items()}
    told = [about.process, about.summary, about.city, about.operator, about.contact, about.url, about.licence.uri]
    return hashlib.sha256(json.dumps([said, told, about.languages], sort_keys=True).encode()).hexdigest()


def _described(path: Path, rows: int | None = None) -> dict[str, Any]:
    path.chmod(0o600)
    with path.open("rb") as file:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    entry: dict[str, Any] = {"bytes": path.stat().st_size, "sha256": sha256, "media": MEDIA[path.suffix]}
    return entry if rows is None else {**entry, "rows": rows}


def _names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}
