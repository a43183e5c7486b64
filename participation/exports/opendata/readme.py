"""The files for people beside open data: what it is, under what terms, and how to name the source."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from babel.dates import format_date
from babel.numbers import format_decimal

from participation.exports.opendata.columns import Table
from participation.exports.opendata.dictionary import text_of, title_of
from participation.exports.opendata.words import Licence, in_words, languages, lines, said
from participation.kit.schema import Translated
from participation.kit.suppression import K
from participation.multilingual import locale_of, pick
from participation.voting.queries import FEWEST_VOTES

NAMES = {"de": "LIESMICH", "en": "README"}
"""What the README is called; in other languages their code is part of the name."""


def name_in(language: str) -> str:
    """Return what the README in ``language`` is called, without the ending."""
    return NAMES.get(language) or f"{NAMES['en']}.{language}"


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """What a release says about itself; ``built_at`` is a moment in the city's own time."""

    process: Translated
    summary: Translated
    slug: str
    number: int
    built_at: datetime
    city: str
    operator: str
    contact: str
    url: str
    licence: Licence
    languages: tuple[str, ...]

    def citation(self, language: str) -> str:
        """Return how the source is named."""
        return said(
            "citation",
            language,
            operator=self.operator,
            process=pick(self.process, language),
            number=self.number,
            day=format_date(self.built_at, locale=locale_of(language)),
            licence=in_words(self.licence.name, language),
            licence_url=self.licence.url,
            url=self.url,
        )


def readme(
    about: About, tables: Sequence[Table[Any]], rows: Mapping[str, int], language: str, *, marked: bool
) -> bytes:
    """Return the README in ``language``, as Markdown or (not ``marked``) as plain text."""
    parts = list(_parts(about, tables, rows, language, marked=marked))
    return "\n\n".join(parts).encode() + b"\n"


def licence_text(about: About) -> bytes:
    """Return ``LICENCE.txt``: the terms in short in each language, and where all of them stand."""
    paragraphs = []
    for language in languages():
        name = f"{in_words(about.licence.name, language)} ({about.licence.short})"
        paragraphs += [
            f"{name}\n{about.licence.url}",
            in_words(about.licence.duties, language),
            about.citation(language),
        ]
    return "\n\n".join(paragraphs).encode() + b"\n"


def _parts(
    about: About, tables: Sequence[Table[Any]], rows: Mapping[str, int], language: str, *, marked: bool
) -> Iterator[str]:
    process = pick(about.process, language)
    clean = _safe if marked else str
    yield _heading(said("title", language, process=clean(process)), "=", marked=marked)
    yield said("what", language, process=clean(process), city=clean(about.city))
    day = format_date(about.built_at, "long", locale=locale_of(language))
    moment = f"{day}, {about.built_at:%H:%M} ({about.built_at:%Z})"
    yield said("as_of", language, number=about.number, moment=moment)
    yield _heading(said("parts.files", language), "-", marked=marked)
    yield "\n".join(_file(table, rows[table.name], language, marked=marked) for table in tables)
    yield _heading(said("parts.reading", language), "-", marked=marked)
    yield from lines("reading", language)
    yield _heading(said("parts.privacy", language), "-", marked=marked)
    yield from lines("privacy", language, votes=FEWEST_VOTES, people=K)
    yield _heading(said("parts.licence", language), "-", marked=marked)
    yield f"{in_words(about.licence.name, language)}: {about.licence.url}"
    yield in_words(about.licence.duties, language)
    yield _heading(said("parts.citing", language), "-", marked=marked)
    yield clean(about.citation(language)) if not marked else f"> {clean(about.citation(language))}"
    yield _heading(said("parts.changes", language), "-", marked=marked)
    yield said("changes", language, url=about.url)
    yield _heading(said("parts.contact", language), "-", marked=marked)
    yield f"{clean(about.operator)}, {about.contact}"


def _file(table: Table[Any], rows: int, language: str, *, marked: bool) -> str:
    name = f"`{table.name}`" if marked else table.name
    count = format_decimal(rows, locale=locale_of(language))
    title, text = in_words(title_of(table.name), language), in_words(text_of(table.name), language)
    return f"- {name} ({title}, {count}): {text}"


def _heading(text: str, line: str, *, marked: bool) -> str:
    if marked:
        return f"{'#' if line == '=' else '##'} {text}"
    return f"{text}\n{line * len(text)}"


def _safe(text: str) -> str:
    """Return a text of the city that cannot be taken for Markdown or HTML."""
    return "".join(f"\\{character}" if character in "\\`*_[]<>#|" else character for character in text)
