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
from participation.processes.policies import may_see_results
from participation.strategy.models import SignOff, Statement, StatementRevision, StatementSource, StatementState
from participation.strategy.statements.comparing import ShownQuote, names_in, shown_quotes
from participation.strategy.statements.content import content_in_force
from participation.strategy.statements.losses import Trace, traces_of
from participation.strategy.statements.queries import Provenance, provenance, statement_of
from participation.strategy.statements.voices import (
    DistrictBehind,
    GroupOnStatement,
    Objection,
    districts_behind,
    groups_on,
    objections_to,
)


@dataclass(frozen=True, slots=True)
class Signature:
    """A sign-off as everybody may know it: when, of which revision, and how many ideas and people stood behind it."""

    revision: int
    signed_at: datetime
    ideas: int
    people: int | None
    digest: str


@dataclass(frozen=True, slots=True)
class StatementView:
    """A statement with everything that it says and rests on, and what stands beside it.

    ``signed`` is empty where nobody signed it off yet; ``reopened_at`` is since when it has to be signed off anew.
    A statement that was withdrawn says why; it has no figures any more.
    """

    id: int
    number: int
    text: Phrase
    reasoning: Phrase
    url: str
    department: str
    principles: tuple[Phrase, ...]
    fields: tuple[Phrase, ...]
    published_at: datetime | None
    signed: Signature | None
    reopened_at: datetime | None
    quotes: tuple[ShownQuote, ...]
    lost: tuple[Trace, ...]
    rests_on: Provenance | None = None
    objections: tuple[Objection, ...] = ()
    groups: tuple[GroupOnStatement, ...] = ()
    districts: tuple[DistrictBehind, ...] = ()
    withdrawn_at: datetime | None = None
    withdrawn_for: Phrase | None = None


@dataclass(frozen=True, slots=True)
class StatementLine:
    """A statement in a list."""

    id: int
    number: int
    text: Phrase
    url: str
    withdrawn_at: datetime | None = None


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
    return [_line(row, language, base_url) for row in session.scalars(statement)]


def withdrawn_statements(session: Session, process_id: int, language: str, *, base_url: str) -> list[StatementLine]:
    """Return the traces of statements of a process that were public once, in order."""
    statement = (
        select(Statement)
        .where(
            Statement.process_id == process_id,
            Statement.state == StatementState.WITHDRAWN,
            Statement.published_at.is_not(None),
        )
        .order_by(Statement.position, Statement.id)
    )
    return [_line(row, language, base_url) for row in session.scalars(statement)]


# Stands ready with a place for its value: putting it together takes longer than running it.
OUTCOME = (
    select(Cluster.id, Cluster.title, Statement.id, Statement.text, Statement.position)
    .join(Filing, Filing.cluster_id == Cluster.id)
    .outerjoin(StatementSource, StatementSource.cluster_id == Cluster.id)
    .outerjoin(
        Statement, and_(Statement.id == StatementSource.statement_id, Statement.state == StatementState.PUBLISHED)
    )
    .where(Filing.idea_id == bindparam("idea_id"), Filing.ended_at.is_(None), Cluster.removed_at.is_(None))
    .order_by(Filing.is_main.desc(), Cluster.position, Cluster.id)
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
    """Return a statement that is or was public with everything around it; raises ``Missing`` for any other."""
    row = statement_of(session, process.id, statement_id)
    if row.published_at is None or row.state is StatementState.DRAFT:
        raise Missing
    content = content_in_force(session, row)
    names = names_in(session, [content], language)
    results = bool(may_see_results(process, now=now))
    is_public = row.state is StatementState.PUBLISHED
    return StatementView(
        id=row.id,
        number=row.position,
        text=phrase(row.text, language),
        reasoning=phrase(row.reasoning, language),
        url=f"{statements_url}/{row.id}",
        department=row.department,
        principles=tuple(names.principles[id_] for id_ in content.principles),
        fields=tuple(names.fields[id_] for id_ in content.fields),
        published_at=row.published_at,
        signed=_signature(session, row, results=results),
        reopened_at=row.reopened_at,
        quotes=tuple(quote for quote in shown_quotes(session, content.quotes) if quote.words is not None),
        lost=traces_of(session, statement_id),
        rests_on=provenance(session, process, row.id, language=language, now=now) if is_public else None,
        objections=objections_to(session, [statement_id])[statement_id] if is_public else (),
        groups=groups_on(session, process.id, statement_id) if is_public and results else (),
        districts=districts_behind(session, statement_id, shows_results=results) if is_public else (),
        withdrawn_at=row.withdrawn_at,
        withdrawn_for=phrase(row.withdrawn_for, language) if row.withdrawn_at else None,
    )


def _signature(session: Session, row: Statement, *, results: bool) -> Signature | None:
    found = session.execute(
        select(SignOff.revision, SignOff.signed_at, StatementRevision.basis, StatementRevision.digest)
        .join(
            StatementRevision,
            (StatementRevision.statement_id == SignOff.statement_id) & (StatementRevision.revision == SignOff.revision),
        )
        .where(SignOff.statement_id == row.id)
        .order_by(SignOff.id.desc())
        .limit(1)
    ).one_or_none()
    if found is None:
        return None
    figures = found.basis["figures"]
    # The digest is made of the figures, too, and few enough of them could be tried out.
    people, digest = (figures["people"], found.digest) if results else (None, "")
    return Signature(found.revision, found.signed_at, figures["ideas"], people, digest)


def _line(row: Statement, language: str, base_url: str) -> StatementLine:
    return StatementLine(row.id, row.position, phrase(row.text, language), f"{base_url}/{row.id}", row.withdrawn_at)
