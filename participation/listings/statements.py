"""Statements with everything they rest on: clusters, ideas and votes."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, bindparam, select
from sqlalchemy.orm import Session

from participation.curation.models import Cluster, Filing
from participation.kit.db import read_rows
from participation.kit.permissions import Missing
from participation.kit.schema import Translated
from participation.multilingual import Phrase, phrase
from participation.processes.outline import ProcessOutline
from participation.strategy.models import Statement, StatementSource, StatementState
from participation.strategy.queries import Provenance, provenance, statement_of


@dataclass(frozen=True, slots=True)
class StatementView:
    """A statement with its provenance."""

    id: int
    number: int
    text: Phrase
    reasoning: Phrase
    url: str
    rests_on: Provenance


@dataclass(frozen=True, slots=True)
class StatementLine:
    """A statement in a list."""

    id: int
    number: int
    text: Phrase
    url: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of an idea: clusters with id and title, statements with position, id and text."""

    clusters: tuple[tuple[int, Translated], ...]
    statements: tuple[tuple[int, int, Translated], ...]


def published_statements(session: Session, process_id: int, language: str, *, base_url: str) -> list[StatementLine]:
    """Return the public statements of a process in order."""
    statement = (
        select(Statement)
        .where(Statement.process_id == process_id, Statement.state == StatementState.PUBLISHED)
        .order_by(Statement.position, Statement.id)
    )
    return [
        StatementLine(row.id, row.position, phrase(row.text, language), f"{base_url}/{row.id}")
        for row in session.scalars(statement)
    ]


# Stands ready with a place for its value: putting it together takes longer than running it.
OUTCOME = (
    select(Cluster.id, Cluster.title, Statement.id, Statement.text, Statement.position)
    .join(Filing, Filing.cluster_id == Cluster.id)
    .outerjoin(StatementSource, StatementSource.cluster_id == Cluster.id)
    .outerjoin(
        Statement, and_(Statement.id == StatementSource.statement_id, Statement.state == StatementState.PUBLISHED)
    )
    .where(Filing.idea_id == bindparam("idea_id"), Filing.ended_at.is_(None), Cluster.removed_at.is_(None))
    .order_by(Cluster.position, Cluster.id)
)


def outcome_of(session: Session, idea_id: int) -> Outcome:
    """Return where an idea is filed and which public statements rest on that, each in order."""
    rows = read_rows(session, OUTCOME, {"idea_id": idea_id}).all()
    clusters = {row[0]: row[1] for row in rows}
    statements = {(row.position, row[2]): row.text for row in rows if row.position is not None}
    return Outcome(tuple(clusters.items()), tuple((*place, statements[place]) for place in sorted(statements)))


def statement_view(
    session: Session,
    process: ProcessOutline,
    statement_id: int,
    language: str,
    *,
    statements_url: str,
    now: datetime,
) -> StatementView:
    """Return a public statement with its provenance; raises ``Missing``."""
    row = statement_of(session, process.id, statement_id)
    if row.state is not StatementState.PUBLISHED:
        raise Missing
    return StatementView(
        id=row.id,
        number=row.position,
        text=phrase(row.text, language),
        reasoning=phrase(row.reasoning, language),
        url=f"{statements_url}/{row.id}",
        rests_on=provenance(session, process, row.id, language=language, now=now),
    )
