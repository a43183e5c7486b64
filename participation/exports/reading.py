"""The first half of an export: everything a file can say, read as of one moment into a folder of its own."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit

from flask import current_app
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from participation.accounts.actor import Actor
from participation.comments.models import Comment, CommentState
from participation.exports.answers import answering_counts
from participation.exports.bundles import bundled_in
from participation.exports.council.queries import PaperPlace, council_paper
from participation.exports.decisions import decisions_in
from participation.exports.document import StrategyInput
from participation.exports.filings import filings_in
from participation.exports.options import Options
from participation.exports.queries import Place, strategy_input
from participation.exports.spool import NoReading, Reading, open_reading, write_reading
from participation.exports.translations import translations_in
from participation.ideas.models import Idea, IdeaState
from participation.kit.db import begin_snapshot, db
from participation.processes.outline import ProcessOutline
from participation.processes.queries import process_by_id

__all__ = ["NoReading", "Reading", "document_in", "expected_rows", "open_reading", "read_into", "snapshot"]


def read_into(
    folder: Path,
    actor: Actor,
    *,
    process_id: int,
    language: str,
    now: datetime,
    options: Options | None = None,
    for_council: bool = False,
    progress: Callable[[int], None] = lambda _rows: None,
) -> Reading:
    """Read the strategy input of a process into ``folder``, which appears only when complete; return what is in it.

    Needs an application context. ``for_council`` adds what only the paper for the council says. ``progress`` hears how
    many rows have been read; an exception from it stops the reading. Raises ``Missing``, ``Refused`` when ``actor``
    may not export, and ``OSError``.
    """
    with snapshot(db.engine) as session:
        process = process_by_id(session, process_id)
        place = _place(process.slug, language)
        document = strategy_input(
            session, actor, process, language=language, now=now, place=place, options=options or Options()
        )
        if for_council:
            document = _with_paper(session, process, document, place, now)
        return write_reading(document, folder, read_at=now, losses=process.losses, progress=progress)


def document_in(folder: Path) -> StrategyInput:
    """Return the document that was read into ``folder``; raises ``NoReading``."""
    return open_reading(folder).document()


def expected_rows(session: Session, process_id: int, *, now: datetime) -> dict[str, int]:
    """Return how many rows each long part of the document is going to have, if nobody changes anything meanwhile."""
    published = (Idea.process_id == process_id) & (Idea.state == IdeaState.PUBLISHED)
    ideas = session.scalar(select(func.count()).where(published)) or 0
    comments = session.scalar(
        select(func.count())
        .select_from(Comment)
        .join(Idea, Idea.id == Comment.idea_id)
        .where(published, Comment.state == CommentState.PUBLISHED)
    )
    return {
        "ideas": ideas,
        "votes": ideas,
        "comments": comments or 0,
        "filings": filings_in(session, process_id),
        "bundles": bundled_in(session, process_id),
        "decisions": decisions_in(session, process_id, now=now),
        **answering_counts(session, process_id),
        "translations": translations_in(session, process_id),
    }


@contextmanager
def snapshot(engine: Engine) -> Iterator[Session]:
    """Yield a session that sees the database as it is now for as long as it takes, and blocks no writer.

    It is not the session of ``transaction()``: reporting progress ends whatever that one has open.
    """
    with Session(engine) as session:
        begin_snapshot(session)
        yield session


def _with_paper(
    session: Session, process: ProcessOutline, document: StrategyInput, place: Place, now: datetime
) -> StrategyInput:
    where = PaperPlace(timezone=place.timezone, idea_url=place.idea_url, logo=current_app.config["CITY_LOGO"])
    paper = council_paper(session, process, document.figures, language=document.language, now=now, place=where)
    return replace(document, council=paper)


def _place(slug: str, language: str) -> Place:
    """Return the installation; addresses are paths where there is no PUBLIC_URL."""
    config = current_app.config
    public = urlsplit(config["PUBLIC_URL"])
    urls = current_app.url_map.bind(
        public.netloc or "localhost", script_name=public.path.rstrip("/") + "/", url_scheme=public.scheme or "http"
    )

    def url(endpoint: str, **values: object) -> str:
        return urls.build(endpoint, {"language": language, "slug": slug, **values}, force_external=bool(public.netloc))

    return Place(
        city=config["CITY_NAME"],
        timezone=config["TIMEZONE"],
        languages=tuple(config["LANGUAGES"]),
        url=url("browse.process"),
        idea_url=lambda idea_id: url("browse.idea", idea_id=idea_id),
        statement_url=lambda statement_id: url("browse.statement", statement_id=statement_id),
    )
