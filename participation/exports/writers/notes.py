"""What a file of tables says about itself: for the first sheet of a workbook and the text beside CSV files."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from participation.exports.document import StrategyInput
from participation.exports.writers.cells import Cell, Sheet


@dataclass(frozen=True, slots=True)
class Note:
    """One line of the notes; what stands in cells beside each other belongs together."""

    cells: tuple[Cell, ...]
    style: Literal["title", "head", "plain"] = "plain"


_BLANK = Note(())


def notes(document: StrategyInput, tables: Sequence[Sheet[Any]]) -> Iterator[Note]:
    """Yield what the document is and how to read it, and what each sheet and column means."""
    yield from about(document)
    yield _BLANK
    yield Note((document.labels.legend.meanings,), "title")
    for table in tables:
        yield from meaning(table)


def about(document: StrategyInput) -> Iterator[Note]:
    """Yield the title, how to read the document, where it comes from, its figures, phases, principles and fields."""
    yield Note((document.process_title,), "title")
    yield Note((document.labels.document_kind,), "head")
    for heading, text in _about(document):
        if text != "":
            yield Note((heading, text))
    yield from _figures(document)
    yield from _structure(document)


def meaning(table: Sheet[Any]) -> Iterator[Note]:
    """Yield what one sheet holds and what each of its columns means."""
    yield _BLANK
    yield Note((table.title, table.note), "head")
    for column in table.columns:
        yield Note((column.heading, column.note))


def _about(document: StrategyInput) -> Iterator[tuple[str, Cell]]:
    labels, said = document.labels, document.labels.legend
    for name, text in _others(document, document.title_in):
        yield f"{labels.title} ({name})", text
    yield labels.question, document.question
    for name, text in _others(document, document.question_in):
        yield f"{labels.question} ({name})", text
    yield labels.city, document.city
    yield labels.number, document.number
    yield labels.url, document.url
    yield labels.generated_at, document.generated_at
    yield labels.language, document.languages.get(document.language, document.language)
    yield labels.how_to_read, f"{labels.reading_guide}\n{said.about_cells}\n{said.about_languages}"
    yield labels.hidden, said.about_hidden
    yield labels.source_note, document.source_note
    yield labels.method_note, document.method_note


def _figures(document: StrategyInput) -> Iterator[Note]:
    labels, figures = document.labels, document.figures
    yield _BLANK
    yield Note((labels.figures,), "head")
    yield Note((labels.participants, figures.participants))
    yield Note((labels.ideas, figures.ideas))
    yield Note((labels.votes, figures.votes))
    yield Note((labels.comments, figures.comments))
    yield Note((labels.filed_ideas, figures.filed_ideas))
    yield Note((labels.coverage, float(figures.coverage)))


def _structure(document: StrategyInput) -> Iterator[Note]:
    labels = document.labels
    yield _BLANK
    yield Note((labels.phases, labels.starts_at, labels.ends_at), "head")
    for phase in document.phases:
        title = "\n".join((phase.title, *(text for _, text in _others(document, phase.title_in))))
        yield Note((title, phase.starts_at, phase.ends_at or labels.open_end))
    for heading, rows in ((labels.principles, document.principles), (labels.field, document.fields)):
        if rows:
            yield _BLANK
            yield Note((heading, labels.ideas_count, ""), "head")
        for row in rows:
            others = "\n".join(text for _, text in _others(document, row.title_in))
            yield Note((f"{row.number}. {row.title}", row.ideas, others))


def _others(document: StrategyInput, texts: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Yield the name of each other language of a text, and the text in it."""
    for language, name in document.languages.items():
        if language != document.language and texts.get(language):
            yield name, texts[language]
