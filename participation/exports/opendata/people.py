"""Who takes part, as rows of open data: what was published of it with small numbers protected, nothing else."""

from collections.abc import Iterator

from sqlalchemy.orm import Session

from participation.demographics.figures import compare
from participation.demographics.queries import characteristics_of, latest_figures
from participation.exports.opendata.columns import PeopleRow
from participation.kit.schema import Translated
from participation.kit.suppression import Figure


def people_rows(session: Session, process_id: int, framework_id: int) -> tuple[PeopleRow, ...]:
    """Return how many gave each answer by the figures published last; empty where none were."""
    return tuple(_rows(session, process_id, framework_id))


def _rows(session: Session, process_id: int, framework_id: int) -> Iterator[PeopleRow]:
    published = latest_figures(session, process_id)
    if published is None:
        return
    for characteristic in characteristics_of(session, framework_id):
        figures = compare(characteristic, published.figures)
        if figures is None:
            continue
        titles = {option.key: option.title for option in characteristic.options}
        yield _row(characteristic.key, characteristic.title, "", {}, figures.total)
        for answer in figures.answers:
            yield _row(characteristic.key, characteristic.title, answer.key, titles[answer.key], answer.count)


def _row(key: str, title: Translated, answer: str, answer_title: Translated, count: Figure) -> PeopleRow:
    return PeopleRow(
        characteristic=key,
        characteristic_in=title,
        answer=answer,
        answer_in=answer_title,
        people=count.value,
        least=None if count.is_shown else count.low,
        most=None if count.is_shown else count.high,
    )
