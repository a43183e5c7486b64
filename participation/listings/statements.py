"""Statements with everything they rest on: clusters, ideas and votes."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, bindparam, select
from sqlalchemy.orm import Session

from participation.curation.models import Cluster, Filing
from participation.curation.queries import idea_ids_in
from participation.ideas.models import Idea
from participation.kit.permissions import found
from participation.kit.schema import Translated
from participation.multilingual import Phrase, direction, phrase, pick
from participation.processes.outline import ProcessOutline
from participation.processes.policies import may_see_results
from participation.strategy.models import Statement, StatementSource, StatementState
from participation.voting.queries import VoteFigures, distinct_people, people_who_voted, tallies

IDEAS_SHOWN = 12


@dataclass(frozen=True, slots=True)
class SourceIdea:
    """An idea at the root of a statement."""

    id: int
    title: str
    url: str
    language: str
    dir: str
    agree: int
    unsure: int
    disagree: int
    results_hidden: bool
    too_few: bool = False
    removed_label: str = ""


@dataclass(frozen=True, slots=True)
class SourceCluster:
    """A cluster that a statement rests on; ``ideas`` are the most supported ones, ``count`` all of them."""

    id: int
    title: str
    description: str
    url: str
    note: str
    count: int
    ideas: tuple[SourceIdea, ...]


@dataclass(frozen=True, slots=True)
class StatementView:
    """A statement with its provenance; ``people`` is ``None`` while results are hidden."""

    id: int
    number: int
    text: Phrase
    reasoning: Phrase
    url: str
    clusters: tuple[SourceCluster, ...]
    ideas: int
    people: int | None
    figures: VoteFigures | None


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
        StatementLine(row.id, number, phrase(row.text, language), f"{base_url}/{row.id}")
        for number, row in enumerate(session.scalars(statement), start=1)
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
    rows = session.execute(OUTCOME, {"idea_id": idea_id}).all()
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
    ideas_url: str,
    now: datetime,
) -> StatementView:
    """Return a public statement with its provenance; raises ``Missing``."""
    lines = published_statements(session, process.id, language, base_url=statements_url)
    number = found(next((line.number for line in lines if line.id == statement_id), None))
    row = session.get_one(Statement, statement_id)
    clusters = _clusters(session, statement_id)
    filed = idea_ids_in(session, [cluster.id for cluster in clusters])
    all_ideas = sorted({idea_id for ids in filed.values() for idea_id in ids})
    shown = bool(may_see_results(process, now=now))
    votes = tallies(session, all_ideas) if shown else {}
    top = {cluster.id: _top(filed[cluster.id], votes) for cluster in clusters}
    ideas = _ideas(session, {idea_id for ids in top.values() for idea_id in ids})
    sources = tuple(
        SourceCluster(
            id=cluster.id,
            title=pick(cluster.title, language),
            description=pick(cluster.description, language),
            url=f"{ideas_url}?cluster={cluster.id}",
            note="",
            count=len(filed[cluster.id]),
            ideas=tuple(_source_idea(ideas[idea_id], votes, ideas_url, shown) for idea_id in top[cluster.id]),
        )
        for cluster in clusters
    )
    return StatementView(
        id=row.id,
        number=number,
        text=phrase(row.text, language),
        reasoning=phrase(row.reasoning, language),
        url=f"{statements_url}/{row.id}",
        clusters=sources,
        ideas=len(all_ideas),
        people=people_who_voted(session, all_ideas) if shown else None,
        figures=distinct_people(session, all_ideas) if shown else None,
    )


def _clusters(session: Session, statement_id: int) -> list[Cluster]:
    statement = (
        select(Cluster)
        .join(StatementSource, StatementSource.cluster_id == Cluster.id)
        .where(StatementSource.statement_id == statement_id)
        .order_by(Cluster.position, Cluster.id)
    )
    return list(session.scalars(statement))


def _top(idea_ids: list[int], votes: dict[int, VoteFigures]) -> list[int]:
    ordered = sorted(idea_ids, key=lambda idea_id: (-votes.get(idea_id, VoteFigures()).agree, idea_id))
    return ordered[:IDEAS_SHOWN]


def _ideas(session: Session, idea_ids: set[int]) -> dict[int, Idea]:
    return {idea.id: idea for idea in session.scalars(select(Idea).where(Idea.id.in_(idea_ids)))}


def _source_idea(idea: Idea, votes: dict[int, VoteFigures], ideas_url: str, shown: bool) -> SourceIdea:
    figures = votes.get(idea.id, VoteFigures())
    return SourceIdea(
        id=idea.id,
        title=idea.title,
        url=f"{ideas_url}/{idea.id}",
        language=idea.language,
        dir=direction(idea.language),
        agree=figures.agree,
        unsure=figures.unsure,
        disagree=figures.disagree,
        results_hidden=not shown,
    )
