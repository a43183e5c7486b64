"""Which tables are open data: the one definition that files and dictionary follow.

What is not named here is not published. No column names or numbers a person, and times are days, so that nobody's
contributions can be put together.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any
from zoneinfo import ZoneInfo

from participation.exports.document import (
    FieldRow,
    PhaseRow,
    PrincipleRow,
)
from participation.exports.opendata.columns import Columns, PeopleRow, Published, Table
from participation.exports.opendata.contribution_tables import contributions, curated
from participation.exports.opendata.strategy_tables import strategy
from participation.exports.spoken import languages_of

PARTS: Mapping[str, str] = {
    "themes": "clusters",
    "measure-steps": "measures",
}
"""What the document calls the rows of tables that have another name there."""
COLUMNS: Mapping[tuple[str, str], str] = {("measure-steps", "text"): "steps"}


def tables_of(published: Published, languages: Sequence[str], zone: ZoneInfo, base: str = "") -> tuple[Table[Any], ...]:
    """Return all tables with columns for just those of ``languages`` in which their texts stand."""
    return tuple(_without_empty(table, published, languages) for table in tables(languages, zone, base))


def _without_empty(table: Table[Any], published: Published, languages: Sequence[str]) -> Table[Any]:
    spoken = published.document.spoken
    people = {
        "characteristic_title": languages_of((row.characteristic_in for row in published.people), languages),
        "answer_title": languages_of((row.answer_in for row in published.people), languages),
    }

    def is_spoken(about: str, language: str) -> bool:
        if table.name == "people":
            return language in people[about]
        name = f"{PARTS.get(table.name, table.name)}.{COLUMNS.get((table.name, about), about)}"
        return language in spoken.get(name, languages)

    columns = (one for one in table.columns if not one.language or is_spoken(one.about, one.language))
    return replace(table, columns=tuple(columns))


def tables(languages: Sequence[str], zone: ZoneInfo, base: str = "") -> tuple[Table[Any], ...]:
    """Return all tables, with a column for each of ``languages`` wherever a text stands in several.

    Addresses are made whole by that of the data itself, ``base``.
    """
    make = Columns(tuple(languages), zone, base)
    return (
        *contributions(make),
        *curated(make),
        *strategy(make),
        *_around(make),
    )


def _around(make: Columns) -> tuple[Table[Any], ...]:
    return (_principles(make), _fields(make), _phases(make), _people(make))


def _principles(make: Columns) -> Table[PrincipleRow]:
    return Table(
        name="principles",
        rows=lambda published: published.document.principles,
        columns=(
            make.id("principle_id", lambda row: row.id),
            make.number("number", lambda row: row.number, required=True),
            *make.texts("title", lambda row: row.title_in),
            make.number("ideas", lambda row: row.ideas, required=True),
        ),
        key=("principle_id",),
    )


def _fields(make: Columns) -> Table[FieldRow]:
    return Table(
        name="fields",
        rows=lambda published: published.document.fields,
        columns=(
            make.id("field_id", lambda row: row.id),
            make.number("number", lambda row: row.number, required=True),
            *make.texts("title", lambda row: row.title_in),
            make.number("ideas", lambda row: row.ideas, required=True),
        ),
        key=("field_id",),
    )


def _phases(make: Columns) -> Table[PhaseRow]:
    return Table(
        name="phases",
        rows=lambda published: published.document.phases,
        columns=(
            *make.texts("title", lambda row: row.title_in),
            make.day("starts_on", lambda row: row.starts_at, required=True),
            make.day("ends_on", lambda row: row.ends_at),
        ),
    )


def _people(make: Columns) -> Table[PeopleRow]:
    return Table(
        name="people",
        rows=lambda published: published.people,
        columns=(
            make.text("characteristic", lambda row: row.characteristic),
            *make.texts("characteristic_title", lambda row: row.characteristic_in),
            make.text("answer", lambda row: row.answer),
            *make.texts("answer_title", lambda row: row.answer_in),
            make.number("people", lambda row: row.people),
            make.number("least", lambda row: row.least),
            make.number("most", lambda row: row.most),
        ),
        key=("characteristic", "answer"),
    )
