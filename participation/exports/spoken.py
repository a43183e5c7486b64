"""Which languages the editorial texts of an export really stand in, so that no file has columns without a word."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from participation.exports.document import StrategyInput, Texts
from participation.strategy.answering.subjects import is_public
from participation.strategy.models import Answer, Measure, MeasureStep

Languages = tuple[str, ...]
SHORT: Mapping[str, Mapping[str, Callable[[Any], Texts]]] = {
    "phases": {"title": lambda row: row.title_in},
    "principles": {"title": lambda row: row.title_in},
    "fields": {"title": lambda row: row.title_in},
    "clusters": {"title": lambda row: row.title_in, "description": lambda row: row.description_in},
    "statements": {"text": lambda row: row.text_in, "reasoning": lambda row: row.reasoning_in},
    "assessments": {"about": lambda row: row.about_in, "reason": lambda row: row.reason_in},
}
"""Texts of the parts that a document holds in memory, by the names of part and column."""


def spoken_in(session: Session, process_id: int, document: StrategyInput) -> dict[str, Languages]:
    """Return the languages of each column of editorial texts, by the names of part and column."""
    found = {
        f"{part}.{column}": languages_of(map(text_in, getattr(document, part)), document.languages)
        for part, columns in SHORT.items()
        for column, text_in in columns.items()
    }
    for name, statement in _read_later(process_id).items():
        texts = session.scalars(statement.execution_options(yield_per=500))
        found[name] = languages_of(texts, document.languages)
    return found


def languages_of(texts: Iterable[Texts], offered: Iterable[str]) -> Languages:
    """Return those of the ``offered`` languages in which one of ``texts`` says something, in their order."""
    used = {language for text in texts for language, said in text.items() if said}
    return tuple(language for language in offered if language in used)


def _read_later(process_id: int) -> dict[str, Select[Any]]:
    answered = Answer.process_id == process_id, is_public(Answer)
    measures = select(Measure.title).join(Answer, Answer.id == Measure.answer_id).where(*answered)
    steps = (
        select(MeasureStep.text)
        .join(Measure, Measure.id == MeasureStep.measure_id)
        .join(Answer, Answer.id == Measure.answer_id)
    )
    return {
        "answers.text": select(Answer.text).where(*answered),
        "measures.title": measures,
        "measures.steps": steps.where(*answered),
    }
