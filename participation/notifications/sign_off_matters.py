"""What entries about the sign-off of statements are about."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, defer

from participation.kit.schema import Translated
from participation.notifications.models import EntryKind
from participation.notifications.queries import Entry
from participation.strategy.models import RevisionState, SignOff, Statement, StatementRevision, StatementState


@dataclass(frozen=True, slots=True)
class SignOffFact:
    """How far a revision of a statement has come; ``writers`` wrote or submitted it."""

    idea_id: None
    statement_id: int
    number: int
    text: Translated
    state: RevisionState
    remark: str
    writers: frozenset[int]


@dataclass(frozen=True, slots=True)
class ReopenedFact:
    """A statement that lost a source; ``is_over`` once it was signed off anew or withdrawn."""

    idea_id: None
    statement_id: int
    number: int
    text: Translated
    is_over: bool


def _revisions(session: Session, entries: list[Entry], _now: datetime) -> Mapping[int, SignOffFact]:
    rows = session.execute(
        select(StatementRevision, Statement.position)
        .options(defer(StatementRevision.basis))
        .join(Statement, Statement.id == StatementRevision.statement_id)
        .where(StatementRevision.id.in_({entry.subject_id for entry in entries}))
        .where(Statement.state != StatementState.WITHDRAWN)
    )
    return {
        row.id: SignOffFact(
            idea_id=None,
            statement_id=row.statement_id,
            number=position,
            text=row.content["text"],
            state=row.state,
            remark=row.remark,
            writers=frozenset(id_ for id_ in (row.written_by, row.submitted_by) if id_ is not None),
        )
        for row, position in rows
    }


def _reopened(session: Session, entries: list[Entry], _now: datetime) -> Mapping[int, ReopenedFact]:
    rows = session.execute(
        select(SignOff.id, SignOff.revision, Statement)
        .join(Statement, Statement.id == SignOff.statement_id)
        .where(SignOff.id.in_({entry.subject_id for entry in entries}))
    )
    return {
        id_: ReopenedFact(
            idea_id=None,
            statement_id=statement.id,
            number=statement.position,
            text=statement.text,
            is_over=statement.revision != revision or statement.state is not StatementState.PUBLISHED,
        )
        for id_, revision, statement in rows
    }


SIGN_OFF_READERS: Mapping[EntryKind, Callable[[Session, list[Entry], datetime], Mapping[int, Any]]] = {
    EntryKind.SIGN_OFF: _revisions,
    EntryKind.REOPENED: _reopened,
}
"""How what entries of these kinds are about is read."""
