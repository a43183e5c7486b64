"""The pages on which everybody finds open data: that of a process, what became of a release, and all processes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any

from flask import current_app, g, url_for
from sqlalchemy.orm import Session

from participation.exports.models import ReleaseState
from participation.exports.opendata.columns import Column, Table, Type
from participation.exports.opendata.dictionary import codes_of, meaning_of, text_of, title_of
from participation.exports.opendata.jobs import about_release
from participation.exports.opendata.policies import opens_data
from participation.exports.opendata.queries import FileView, ReleaseView, offers_of, releases_of
from participation.exports.opendata.readme import About
from participation.exports.opendata.records import FORMATS, ZIP
from participation.exports.opendata.tables import tables
from participation.exports.opendata.words import Licence, languages, licence_of
from participation.exports.opendata.writing import SUMS
from participation.kit import clock
from participation.multilingual import Phrase, phrase
from participation.multilingual import gettext as _
from participation.multilingual import lazy as _l
from participation.multilingual.moments import number
from participation.processes.outline import ProcessOutline
from participation.processes.policies import may_see_results

RECORD_LABELS: Mapping[str, str] = MappingProxyType({"rdf": "RDF/XML", "ttl": "Turtle", "jsonld": "JSON-LD"})
TYPES: Mapping[Type, Any] = MappingProxyType(
    {
        Type.STRING: _l("text"),
        Type.INTEGER: _l("whole number"),
        Type.NUMBER: _l("number"),
        Type.BOOLEAN: _l("yes or no"),
        Type.DATE: _l("day"),
        Type.LIST: _l("list"),
    }
)
ENDINGS: Mapping[ReleaseState, Any] = MappingProxyType(
    {
        ReleaseState.REPLACED: _l("Replaced by a newer one"),
        ReleaseState.WITHDRAWN: _l("Withdrawn, because something in it is not public any more"),
        # Nobody has noted it yet, and nothing of it is handed out.
        ReleaseState.CURRENT: _l("Withdrawn, because something in it is not public any more"),
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class FileLine:
    """A file to fetch."""

    name: str
    url: str
    size: str
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnLine:
    """What a column means, with what its values stand for."""

    name: str
    type: str
    meaning: Phrase
    codes: tuple[tuple[str, Phrase], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TableLine:
    """A table: what it holds, how many rows, the files to fetch, and its columns."""

    name: str
    title: Phrase
    text: Phrase
    rows: str
    files: tuple[FileLine, ...]
    columns: tuple[ColumnLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class EarlierLine:
    """A release that is not handed out any more."""

    number: int
    built_at: datetime
    ended_at: datetime | None
    ending: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferedRelease:
    """The release that is handed out now."""

    number: int
    built_at: datetime
    all_files: FileLine
    tables: tuple[TableLine, ...]
    papers: tuple[FileLine, ...]
    sums: FileLine
    checksums: str
    citation: Phrase


@dataclass(frozen=True, slots=True, kw_only=True)
class DataPage:
    """The open data of a process; ``release`` is None where nothing is handed out right now."""

    process_title: Phrase
    process_url: str
    url: str
    opens_data: bool
    hides_results: bool
    release: OfferedRelease | None
    is_building: bool
    licence: Licence
    licence_name: Phrase
    licence_duties: Phrase
    records: tuple[tuple[str, str], ...]
    catalogue_url: str
    interface_url: str
    earlier: tuple[EarlierLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class GonePage:
    """What became of a release whose file somebody asked for."""

    process_title: Phrase
    process_url: str
    data_url: str
    number: int
    built_at: datetime
    ended_at: datetime | None
    ending: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CatalogueLine:
    """A process with open data."""

    title: Phrase
    summary: Phrase
    url: str
    number: int | None
    built_at: datetime | None
    licence: str
    licence_url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CataloguePage:
    """All processes with open data."""

    lines: tuple[CatalogueLine, ...]
    records: tuple[tuple[str, str], ...]
    interface_url: str


def data_page(session: Session, process: ProcessOutline, *, now: datetime) -> DataPage:
    """Return the page of a process in the reader's language."""
    releases, licence = releases_of(session, process), licence_of(process.data_licence)
    is_open = opens_data(process)
    return DataPage(
        process_title=phrase(process.title, g.language),
        process_url=url_for("browse.process", slug=process.slug),
        url=url_for("opendata.process", slug=process.slug),
        opens_data=is_open,
        hides_results=not may_see_results(process, now=now),
        release=_offered(process, releases.current) if releases.current else None,
        is_building=is_open and releases.current is None,
        licence=licence,
        licence_name=phrase(licence.name, g.language),
        licence_duties=phrase(licence.duties, g.language),
        records=_records("opendata.process_record_file", process.slug) if is_open else (),
        catalogue_url=url_for("opendata.catalogue"),
        interface_url=url_for("interface.documentation"),
        earlier=tuple(_earlier(view) for view in releases.earlier),
    )


def gone_page(process: ProcessOutline, release: ReleaseView) -> GonePage:
    """Return the page that says what became of a release."""
    return GonePage(
        process_title=phrase(process.title, g.language),
        process_url=url_for("browse.process", slug=process.slug),
        data_url=url_for("opendata.process", slug=process.slug),
        number=release.number,
        built_at=release.built_at,
        ended_at=release.ended_at,
        ending=_ending(release),
    )


def catalogue_page(session: Session, processes: Sequence[ProcessOutline]) -> CataloguePage:
    """Return the page of all processes with open data."""
    offers = offers_of(session, processes)
    return CataloguePage(
        lines=tuple(_line(process, offers[process.id].current) for process in processes),
        records=_records("opendata.catalogue_record_file"),
        interface_url=url_for("interface.documentation"),
    )


def _line(process: ProcessOutline, current: ReleaseView | None) -> CatalogueLine:
    licence = licence_of(process.data_licence)
    return CatalogueLine(
        title=phrase(process.title, g.language),
        summary=phrase(process.question, g.language),
        url=url_for("opendata.process", slug=process.slug),
        number=current.number if current else None,
        built_at=current.built_at if current else None,
        licence=licence.short,
        licence_url=licence.url,
    )


def _offered(process: ProcessOutline, release: ReleaseView) -> OfferedRelease:
    lines = {file.name: _file_line(process, release, file) for file in release.files}
    rows = {file.name: file.rows for file in release.files if file.rows is not None}
    config = current_app.config
    found = [
        table
        for table in tables(tuple(config["LANGUAGES"]), clock.zone(config["TIMEZONE"]))
        # A release written by an earlier version may lack a table that there is now.
        if f"{table.name}.csv" in lines
    ]
    archive = next(file.name for file in release.files if file.media == ZIP)
    papers = [line for name, line in lines.items() if name not in rows and name not in (archive, SUMS)]
    about = about_release(process, number=release.number, built_at=release.built_at)
    return OfferedRelease(
        number=release.number,
        built_at=release.built_at,
        all_files=lines[archive],
        tables=tuple(_table_line(table, lines, rows[f"{table.name}.csv"] or 0) for table in found),
        papers=tuple(papers),
        sums=lines[SUMS],
        checksums="\n".join(f"{line.sha256}  {name}" for name, line in lines.items()),
        citation=_citation(about),
    )


def _citation(about: About) -> Phrase:
    language = g.language if g.language in languages() else "en"
    return Phrase(about.citation(language), language)


def _table_line(table: Table[Any], lines: Mapping[str, FileLine], rows: int) -> TableLine:
    return TableLine(
        name=table.name,
        title=phrase(title_of(table.name), g.language, fallbacks=("en",)),
        text=phrase(text_of(table.name), g.language, fallbacks=("en",)),
        rows=number(rows),
        files=tuple(lines[f"{table.name}{ending}"] for ending in (".csv", ".jsonl")),
        columns=tuple(
            ColumnLine(
                name=f"{column.about}_…" if column.language else column.name,
                type=str(TYPES[column.type]),
                meaning=phrase(meaning_of(table.name, column.about), g.language, fallbacks=("en",)),
                codes=tuple(
                    (code, phrase(text, g.language, fallbacks=("en",))) for code, text in codes_of(column.about).items()
                ),
            )
            for column in _told_once(table)
        ),
    )


def _told_once(table: Table[Any]) -> list[Column[Any]]:
    """Return the columns of a table, of those that hold one text in several languages only the first."""
    first = {column.about: column for column in reversed(table.columns) if column.language}
    return [column for column in table.columns if not column.language or first[column.about] is column]


def _file_line(process: ProcessOutline, release: ReleaseView, file: FileView) -> FileLine:
    url = url_for("opendata.file", slug=process.slug, release=release.number, name=file.name)
    return FileLine(name=file.name, url=url, size=_size(file.bytes), sha256=file.sha256)


def _size(size: int) -> str:
    if size >= 1_000_000:
        return _("%(size)s MB", size=number(round(size / 1_000_000, 1)))
    return _("%(size)s kB", size=number((size + 999) // 1000))


def _earlier(release: ReleaseView) -> EarlierLine:
    return EarlierLine(
        number=release.number, built_at=release.built_at, ended_at=release.ended_at, ending=_ending(release)
    )


def _ending(release: ReleaseView) -> str:
    return str(ENDINGS[release.state])


def _records(endpoint: str, slug: str | None = None) -> tuple[tuple[str, str], ...]:
    return tuple((RECORD_LABELS[ending], url_for(endpoint, slug=slug, record_format=ending)) for ending in FORMATS)
