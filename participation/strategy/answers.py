"""Reading what the city has answered to ideas and statements; the latest answer comes first, none disappears."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, null, select, union_all
from sqlalchemy.orm import Session

from participation.curation.models import Filing
from participation.kit.db import read_rows
from participation.multilingual import Phrase, phrase
from participation.multilingual import lazy as _l
from participation.strategy.models import Answer, AnswerOutcome, Statement, StatementSource, StatementState

OUTCOMES: Mapping[AnswerOutcome, Any] = {
    AnswerOutcome.YES: _l("Yes, we will do this"),
    AnswerOutcome.PARTLY: _l("Yes, in part"),
    AnswerOutcome.EXPERIMENT: _l("We will try it out"),
    AnswerOutcome.NO: _l("No, we will not do this"),
}
"""What an outcome is called, in the order in which it is offered."""


@dataclass(frozen=True, slots=True)
class AnswerView:
    """One answer in the reader's language or a fallback; ``statement`` is the number of the one it is about."""

    id: int
    outcome: AnswerOutcome
    department: str
    text: Phrase
    answered_at: datetime
    statement_id: int | None
    statement: int | None


_COLUMNS = (Answer.id, Answer.outcome, Answer.department, Answer.text, Answer.answered_at, Answer.statement_id)
_THROUGH_STATEMENTS = (
    select(StatementSource.statement_id)
    .join(Filing, Filing.cluster_id == StatementSource.cluster_id)
    .where(Filing.idea_id == bindparam("idea_id"), Filing.ended_at.is_(None))
)
# Asked with every idea page: it stands ready, because putting a statement together takes longer than running it.
_AROUND_IDEA: Any = union_all(
    select(*_COLUMNS, null().label("position")).where(Answer.idea_id == bindparam("idea_id")),
    select(*_COLUMNS, Statement.position)
    .join(Statement, Statement.id == Answer.statement_id)
    .where(Answer.statement_id.in_(_THROUGH_STATEMENTS), Statement.state == StatementState.PUBLISHED),
)


def answers_around(session: Session, idea_id: int, language: str) -> tuple[AnswerView, ...]:
    """Return the answers to an idea and to the public statements that rest on it, those to the idea itself first."""
    views = [_view(row, language) for row in read_rows(session, _AROUND_IDEA, {"idea_id": idea_id})]
    return tuple(sorted(views, key=lambda view: (view.statement is not None, -view.answered_at.timestamp(), -view.id)))


def answers_to_idea(session: Session, idea_id: int, language: str) -> tuple[AnswerView, ...]:
    """Return the answers to an idea itself."""
    return answers_to_ideas(session, [idea_id], language).get(idea_id, ())


def answers_to_ideas(session: Session, idea_ids: Iterable[int], language: str) -> dict[int, tuple[AnswerView, ...]]:
    """Return the answers to each of the ideas themselves; ideas without any are left out."""
    statement = (
        select(*_COLUMNS, Answer.idea_id, null().label("position"))
        .where(Answer.idea_id.in_(list(idea_ids)))
        .order_by(Answer.answered_at.desc(), Answer.id.desc())
    )
    found: dict[int, tuple[AnswerView, ...]] = {}
    for row in session.execute(statement):
        found[row.idea_id] = (*found.get(row.idea_id, ()), _view(row, language))
    return found


def answers_to_statements(
    session: Session, statement_ids: Iterable[int], language: str
) -> dict[int, tuple[AnswerView, ...]]:
    """Return the answers to each statement; statements without any are left out."""
    statement = (
        select(*_COLUMNS, Statement.position)
        .join(Statement, Statement.id == Answer.statement_id)
        .where(Answer.statement_id.in_(list(statement_ids)))
        .order_by(Answer.answered_at.desc(), Answer.id.desc())
    )
    found: dict[int, tuple[AnswerView, ...]] = {}
    for row in session.execute(statement):
        found[row.statement_id] = (*found.get(row.statement_id, ()), _view(row, language))
    return found


def _view(row: Any, language: str) -> AnswerView:
    return AnswerView(
        id=row.id,
        outcome=row.outcome,
        department=row.department,
        text=phrase(row.text, language),
        answered_at=row.answered_at,
        statement_id=row.statement_id,
        statement=row.position,
    )
