"""The files of exports: where they lie, what people get them as, and writing one without a queue."""

import tempfile
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from flask import current_app

from participation.accounts.actor import Actor
from participation.exports.council.queries import COUNCIL_FORMATS
from participation.exports.options import Options
from participation.exports.reading import read_into, snapshot
from participation.exports.writers import WRITERS
from participation.kit import clock

__all__ = ["export_dir", "file_name", "path_of", "reading_of", "snapshot", "write_strategy_input"]

READING = ".reading"


def write_strategy_input(
    actor: Actor,
    *,
    process_id: int,
    file_format: str,
    language: str,
    path: Path,
    now: datetime,
    options: Options | None = None,
    progress: Callable[[int], None] = lambda _rows: None,
) -> None:
    """Write the strategy input of a process to ``path``, which appears only when complete.

    It is read first and written afterwards, as in the queue; what was read lies beside ``path`` meanwhile. Needs an
    application context. ``progress`` hears how many rows have been read and written; an exception from it stops both.
    Raises ``Missing``, ``Refused`` when ``actor`` may not export, ``KeyError`` for an unknown format and ``OSError``.
    """
    writer = WRITERS[file_format]
    with tempfile.TemporaryDirectory(prefix=f".{path.name}.", dir=path.resolve().parent) as folder:
        reading = read_into(
            Path(folder) / "all",
            actor,
            process_id=process_id,
            language=language,
            now=now,
            options=options,
            for_council=file_format in COUNCIL_FORMATS,
            progress=progress,
        )
        done = sum(reading.counts.values())
        writer.write(reading.document(), path, progress=lambda rows: progress(done + rows))


def export_dir() -> Path:
    """Return the folder of the files, made so that nobody else on the machine can look into it."""
    folder = Path(current_app.config["EXPORT_DIR"])
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def path_of(public_id: str, file_format: str) -> Path:
    """Return where the file of a finished export lies."""
    return export_dir() / f"{public_id}.{WRITERS[file_format].extension}"


def reading_of(public_id: str) -> Path:
    """Return the folder of what an export has read, while it is being written."""
    return export_dir() / f"{public_id}{READING}"


def file_name(slug: str, *, file_format: str, now: datetime) -> str:
    """Return the name under which people get a file: the process and the day in the city."""
    day = now.astimezone(clock.zone(current_app.config["TIMEZONE"])).date()
    return f"{slug}-{day.isoformat()}.{WRITERS[file_format].extension}"
