"""Reading what the city has answered to ideas, bundles and statements; the latest comes first, none disappears."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Integer, bindparam, cast, null, select, union_all
from sqlalchemy.orm import Session

from participation.curation.models import BundleMember, Filing
from participation.kit.db import read_rows
from participation.multilingual import Phrase, phrase
from participation.multilingual import lazy as _l
from participation.strategy.answering.subjects import Subject, SubjectKind, about, subject_of
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
    """One answer in the reader's language or a fallback; ``statement`` is the number of the one it is about.

    ``bundle_id`` is set where it is about ideas that say the same, ``due_on`` where the city named a day.
    """

    id: int
    outcome: AnswerOutcome
    department: str
    text: Phrase
    answered_at: datetime
    statement_id: int | None
    statement: int | None
    bundle_id: int | None = None
    due_on: date | None = None


_COLUMNS = (
    Answer.id,
    Answer.outcome,
    Answer.department,
    Answer.text,
    Answer.answered_at,
    Answer.statement_id,
    Answer.bundle_id,
    Answer.due_on,
)
THROUGH_STATEMENTS = (
    select(StatementSource.statement_id)
    .join(Filing, Filing.cluster_id == StatementSource.cluster_id)
    .where(Filing.idea_id == bindparam("idea_id"), Filing.ended_at.is_(None))
)
"""The statements that rest on an idea."""
WITH_OTHERS = select(BundleMember.bundle_id).where(
    BundleMember.idea_id == bindparam("idea_id"), BundleMember.ended_at.is_(None)
)
"""The bundle that an idea is part of."""
_NO_NUMBER = cast(null(), Integer).label("position")
# Asked with every idea page: it stands ready, because putting a statement together takes longer than running it.
_AROUND_IDEA: Any = union_all(
    select(*_COLUMNS, _NO_NUMBER).where(Answer.idea_id == bindparam("idea_id")),
    select(*_COLUMNS, _NO_NUMBER).where(Answer.bundle_id.in_(WITH_OTHERS)),
    select(*_COLUMNS, Statement.position)
    .join(Statement, Statement.id == Answer.statement_id)
    .where(Answer.statement_id.in_(THROUGH_STATEMENTS), Statement.state == StatementState.PUBLISHED),
)


def answers_around(session: Session, idea_id: int, language: str) -> tuple[AnswerView, ...]:
    """Return the answers to an idea, to the bundle it is in, and to the public statements that rest on it.

    Those to the idea itself and to its bundle come first.
    """
    views = [_view(row, language) for row in read_rows(session, _AROUND_IDEA, {"idea_id": idea_id})]
    return tuple(sorted(views, key=lambda view: (view.statement is not None, -view.answered_at.timestamp(), -view.id)))


def answers_to_idea(session: Session, idea_id: int, language: str) -> tuple[AnswerView, ...]:
    """Return the answers to an idea itself."""
    return answers_to_ideas(session, [idea_id], language).get(idea_id, ())


def answers_to_ideas(session: Session, idea_ids: Iterable[int], language: str) -> dict[int, tuple[AnswerView, ...]]:
    """Return the answers to each of the ideas themselves; ideas without any are left out."""
    return _by_number(session, SubjectKind.IDEA, idea_ids, language)


def answers_to_bundles(session: Session, bundle_ids: Iterable[int], language: str) -> dict[int, tuple[AnswerView, ...]]:
    """Return the answers to each bundle; bundles without any are left out."""
    return _by_number(session, SubjectKind.BUNDLE, bundle_ids, language)


def answers_to_statements(
    session: Session, statement_ids: Iterable[int], language: str
) -> dict[int, tuple[AnswerView, ...]]:
    """Return the answers to each statement; statements without any are left out."""
    return _by_number(session, SubjectKind.STATEMENT, statement_ids, language)


def answers_to(session: Session, subjects: Iterable[Subject], language: str) -> dict[Subject, tuple[AnswerView, ...]]:
    """Return the answers to each subject, the latest first; subjects without any are left out."""
    statement = (
        select(*_COLUMNS, Answer.idea_id, Statement.position)
        .outerjoin(Statement, Statement.id == Answer.statement_id)
        .where(about(Answer, subjects))
        .order_by(Answer.answered_at.desc(), Answer.id.desc())
    )
    found: dict[Subject, tuple[AnswerView, ...]] = {}
    for row in session.execute(statement):
        subject = subject_of(row)
        found[subject] = (*found.get(subject, ()), _view(row, language))
    return found


def _by_number(
    session: Session, kind: SubjectKind, ids: Iterable[int], language: str
) -> dict[int, tuple[AnswerView, ...]]:
    found = answers_to(session, [Subject(kind, id_) for id_ in ids], language)
    return {subject.id: views for subject, views in found.items()}


def _view(row: Any, language: str) -> AnswerView:
    return AnswerView(
        id=row.id,
        outcome=row.outcome,
        department=row.department,
        text=phrase(row.text, language),
        answered_at=row.answered_at,
        statement_id=row.statement_id,
        statement=row.position,
        bundle_id=row.bundle_id,
        due_on=row.due_on,
    )
