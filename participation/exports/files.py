"""Writing the input for a strategy into a file, all of it as of one moment, without holding anybody up."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit

from flask import current_app
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from participation.accounts.actor import Actor
from participation.exports.queries import Place, strategy_input
from participation.exports.writers import WRITERS
from participation.kit import clock
from participation.kit.db import begin_snapshot, db
from participation.processes.queries import process_by_id


def write_strategy_input(
    actor: Actor,
    *,
    process_id: int,
    file_format: str,
    language: str,
    path: Path,
    now: datetime,
    progress: Callable[[int], None] = lambda _rows: None,
) -> None:
    """Write the strategy input of a process to ``path``, which appears only when complete.

    Needs an application context. ``progress`` hears how many rows have been written; an exception from it stops the
    writing. Raises ``Missing``, ``Refused`` when ``actor`` may not export, ``KeyError`` for an unknown format and
    ``OSError``.
    """
    writer = WRITERS[file_format]
    with snapshot(db.engine) as session:
        process = process_by_id(session, process_id)
        place = Place(
            city=current_app.config["CITY_NAME"],
            timezone=current_app.config["TIMEZONE"],
            idea_url=_idea_urls(process.slug, language),
        )
        document = strategy_input(session, actor, process, language=language, now=now, place=place)
        writer.write(document, path, progress=progress)


@contextmanager
def snapshot(engine: Engine) -> Iterator[Session]:
    """Yield a session that sees the database as it is now for as long as it takes, and blocks no writer.

    It is not the session of ``transaction()``: reporting progress ends whatever that one has open.
    """
    with Session(engine) as session:
        begin_snapshot(session)
        yield session


def export_dir() -> Path:
    """Return the folder of the files, made so that nobody else on the machine can look into it."""
    folder = Path(current_app.config["EXPORT_DIR"])
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def path_of(public_id: str, file_format: str) -> Path:
    """Return where the file of a finished export lies."""
    return export_dir() / f"{public_id}.{WRITERS[file_format].extension}"


def file_name(slug: str, *, file_format: str, now: datetime) -> str:
    """Return the name under which people get a file: the process and the day in the city."""
    day = now.astimezone(clock.zone(current_app.config["TIMEZONE"])).date()
    return f"{slug}-{day.isoformat()}.{WRITERS[file_format].extension}"


def _idea_urls(slug: str, language: str) -> Callable[[int], str]:
    """Return a function from an idea to its address; without a PUBLIC_URL to its path."""
    public = urlsplit(current_app.config["PUBLIC_URL"])
    urls = current_app.url_map.bind(
        public.netloc or "localhost", script_name=public.path.rstrip("/") + "/", url_scheme=public.scheme or "http"
    )

    def url(idea_id: int) -> str:
        values = {"language": language, "slug": slug, "idea_id": idea_id}
        return urls.build("browse.idea", values, force_external=bool(public.netloc))

    return url
