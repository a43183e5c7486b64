"""The statements of an export: which are public, which clusters they rest on, and the people behind them."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from participation.curation.queries import ClusterView
from participation.exports import figures as counted
from participation.exports.document import People, StatementRow
from participation.exports.moments import to_the_second
from participation.exports.statements import Around, around_statements
from participation.exports.wording import Words, answer_in_words
from participation.multilingual import pick
from participation.strategy.answering.answers import answers_to_statements
from participation.strategy.behind import PeopleBehind, ideas_behind, people_behind
from participation.strategy.models import Statement, StatementSource, StatementState
from participation.voting.queries import FEWEST_VOTES


@dataclass(frozen=True, slots=True)
class Sources:
    """A published statement and the clusters on the board that it rests on."""

    statement: Statement
    cluster_ids: tuple[int, ...]


def published_sources(session: Session, process_id: int, on_board: Iterable[int]) -> list[Sources]:
    """Return the public statements of a process in their order, with those of their clusters that are ``on_board``."""
    public = Statement.process_id == process_id, Statement.state == StatementState.PUBLISHED
    statements = session.scalars(select(Statement).where(*public).order_by(Statement.position, Statement.id)).all()
    rests_on: dict[int, list[int]] = {statement.id: [] for statement in statements}
    board = set(on_board)
    rows = session.execute(
        select(StatementSource.statement_id, StatementSource.cluster_id)
        .join(Statement, Statement.id == StatementSource.statement_id)
        .where(*public)
        .order_by(StatementSource.cluster_id)
    )
    for statement_id, cluster_id in rows:
        if cluster_id in board:
            rests_on[statement_id].append(cluster_id)
    return [Sources(statement, tuple(rests_on[statement.id])) for statement in statements]


def statements_on(sources: Iterable[Sources], clusters: Iterable[ClusterView]) -> dict[int, tuple[int, ...]]:
    """Return the statements that rest on each cluster of the board, in their order."""
    found_on: dict[int, list[int]] = {cluster.id: [] for cluster in clusters}
    for source in sources:
        for cluster_id in source.cluster_ids:
            found_on[cluster_id].append(source.statement.id)
    return {cluster_id: tuple(statement_ids) for cluster_id, statement_ids in found_on.items()}


def statement_rows(
    session: Session,
    sources: Sequence[Sources],
    titles: dict[int, str],
    language: str,
    said: Words,
    *,
    shows_results: bool,
    url: Callable[[int], str],
) -> tuple[StatementRow, ...]:
    """Return the statements in ``language``; ``titles`` are those of the principles, ``url`` leads to a statement."""
    ids = [source.statement.id for source in sources]
    ideas = ideas_behind(session, ids)
    principles = counted.principles_behind(session, ids)
    answers = answers_to_statements(session, ids, language)
    people = people_behind(session, ids) if shows_results else {}
    around = around_statements(session, [source.statement for source in sources], language, said)
    return tuple(
        StatementRow(
            id=str(source.statement.id),
            # The place on the list of all statements, so that a number once quoted never moves to another sentence.
            number=source.statement.position,
            text=pick(source.statement.text, language),
            text_in=source.statement.text,
            reasoning=pick(source.statement.reasoning, language),
            reasoning_in=source.statement.reasoning,
            cluster_ids=tuple(map(str, source.cluster_ids)),
            people=_people(people.get(source.statement.id)),
            ideas=ideas.get(source.statement.id, 0),
            answer=answer_in_words(answers.get(source.statement.id, ()), said),
            department=source.statement.department,
            published_at=_published(source.statement),
            url=url(source.statement.id),
            **_around(around[source.statement.id], principles.get(source.statement.id, ()), titles),
        )
        for source in sources
    )


def _published(statement: Statement) -> datetime | None:
    return to_the_second(statement.published_at) if statement.published_at else None


def _around(around: Around, named: Iterable[int], titles: dict[int, str]) -> dict[str, Any]:
    """Return what stands around a statement; without principles of its own those that its ideas name."""
    known = [key for key in named if key in titles]
    return {
        "principles": around.principles or tuple(titles[key] for key in known),
        "principle_ids": around.principle_ids or tuple(map(str, known)),
        "fields": around.fields,
        "field_ids": around.field_ids,
        "quotes": around.quotes,
        "objections": around.objections,
        "quoted": around.quoted,
        "objected": around.objected,
        "signed": around.signed,
        "lost": around.lost,
    }


def _people(behind: PeopleBehind | None) -> People | None:
    if behind is None or behind.people < FEWEST_VOTES:
        return None
    return People(agree=behind.agree, unsure=behind.unsure, disagree=behind.disagree, people=behind.people)
