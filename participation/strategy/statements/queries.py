"""Reading statements as those who write them see them: drafts too, with sources and figures."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select, tuple_
from sqlalchemy.orm import Session

from participation.accounts.actor import Actor
from participation.curation.models import Cluster
from participation.curation.queries import WithdrawnIdea, clusters_of, idea_ids_in, withdrawn_in
from participation.ideas.models import Idea
from participation.kit.permissions import found
from participation.multilingual import Phrase, direction, phrase, pick
from participation.processes.models import Process, ProcessState
from participation.processes.outline import ProcessOutline
from participation.processes.policies import may_see_results
from participation.processes.workplace import Workplace, workplace
from participation.strategy.behind import PeopleBehind, ideas_behind, people_behind
from participation.strategy.models import RevisionState, Statement, StatementRevision, StatementSource, StatementState
from participation.voting.queries import VoteFigures, tallies

IDEAS_SHOWN = 12


@dataclass(frozen=True, slots=True)
class StatementCount:
    """How many statements a process has."""

    published: int = 0
    drafts: int = 0


@dataclass(frozen=True, slots=True)
class StatementLine:
    """A statement in a list."""

    id: int
    number: int
    text: Phrase
    state: StatementState


@dataclass(frozen=True, slots=True)
class StatementRow:
    """A statement with its sources; ``people`` counts each once and is ``None`` while results are hidden.

    ``latest`` is how far its latest revision has come; ``is_reopened``: it has to be signed off anew.
    """

    line: StatementLine
    latest: RevisionState
    is_reopened: bool
    written_at: datetime
    clusters: tuple[Phrase, ...]
    ideas: int
    people: PeopleBehind | None


@dataclass(frozen=True, slots=True)
class StatementList:
    """All the statements of a process in order."""

    workplace: Workplace
    statements: tuple[StatementRow, ...]
    results_reason: str


@dataclass(frozen=True, slots=True)
class ClusterSource:
    """A cluster that a statement can rest on."""

    id: int
    title: Phrase
    ideas: int


@dataclass(frozen=True, slots=True)
class SourceIdea:
    """An idea at the root of a statement, with its votes."""

    id: int
    title: str
    language: str
    dir: str
    figures: VoteFigures


@dataclass(frozen=True, slots=True)
class SourceCluster:
    """A cluster that a statement rests on with its most supported ideas; ``count`` is how many it holds.

    ``withdrawn`` are traces of ideas that it held, too; they count nowhere.
    """

    id: int
    title: str
    is_removed: bool
    count: int
    ideas: tuple[SourceIdea, ...]
    withdrawn: tuple[WithdrawnIdea, ...] = ()


@dataclass(frozen=True, slots=True)
class Provenance:
    """What a statement rests on; ``people`` is ``None`` while results are hidden."""

    clusters: tuple[SourceCluster, ...]
    ideas: int
    people: PeopleBehind | None
    results_reason: str


def statement_counts(session: Session, process_ids: Iterable[int]) -> dict[int, StatementCount]:
    """Return how many statements each process has."""
    counted: dict[int, dict[StatementState, int]] = {process_id: {} for process_id in process_ids}
    rows = session.execute(
        select(Statement.process_id, Statement.state, func.count())
        .where(Statement.process_id.in_(counted))
        .group_by(Statement.process_id, Statement.state)
    )
    for process_id, state, number in rows:
        counted[process_id][state] = number
    return {
        process_id: StatementCount(states.get(StatementState.PUBLISHED, 0), states.get(StatementState.DRAFT, 0))
        for process_id, states in counted.items()
    }


def statement_of(session: Session, process_id: int, statement_id: int) -> Statement:
    """Return a statement of the process, drafts too; raises ``Missing``."""
    row = session.get(Statement, statement_id)
    return found(row if row and row.process_id == process_id else None)


def public_slug(session: Session, statement_id: int) -> str | None:
    """Return in which process a statement is that is or was public; ``None`` for any other, and in a draft."""
    return session.scalar(
        select(Process.slug)
        .join(Statement, Statement.process_id == Process.id)
        .where(
            Statement.id == statement_id,
            Statement.published_at.is_not(None),
            Statement.state != StatementState.DRAFT,
            Process.state != ProcessState.DRAFT,
        )
    )


def statements_from(session: Session, cluster_id: int, language: str) -> list[StatementLine]:
    """Return the statements that rest on a cluster, drafts too."""
    resting = select(StatementSource.statement_id).where(StatementSource.cluster_id == cluster_id)
    statement = select(Statement).where(Statement.id.in_(resting)).order_by(Statement.position, Statement.id)
    return [_line(row, language) for row in session.scalars(statement)]


def cluster_sources(session: Session, process_id: int, language: str) -> tuple[ClusterSource, ...]:
    """Return what a statement of the process can rest on, in the order of the board."""
    return tuple(
        ClusterSource(cluster.id, phrase(cluster.title, language), cluster.ideas)
        for cluster in clusters_of(session, process_id)
    )


def statement_list(
    session: Session, actor: Actor, process: ProcessOutline, *, language: str, now: datetime
) -> StatementList:
    """Return all the statements of a process; the number of queries does not depend on theirs."""
    statement = select(Statement).where(Statement.process_id == process.id)
    rows = list(session.scalars(statement.order_by(Statement.position, Statement.id)))
    ids = [row.id for row in rows]
    titles: dict[int, list[Phrase]] = {statement_id: [] for statement_id in ids}
    sources = (
        select(StatementSource.statement_id, Cluster.title)
        .join(Cluster, Cluster.id == StatementSource.cluster_id)
        .where(StatementSource.statement_id.in_(ids))
        .order_by(Cluster.position, Cluster.id)
    )
    for statement_id, title in session.execute(sources):
        titles[statement_id].append(phrase(title, language))
    ideas = ideas_behind(session, ids)
    latest = _latest_states(session, ids)
    shown = may_see_results(process, now=now)
    people = people_behind(session, ids) if shown else {}
    return StatementList(
        workplace=workplace(actor, process, language),
        statements=tuple(
            StatementRow(
                line=_line(row, language),
                latest=latest.get(row.id, RevisionState.WORKING),
                is_reopened=row.reopened_at is not None,
                written_at=row.written_at,
                clusters=tuple(titles[row.id]),
                ideas=ideas.get(row.id, 0),
                people=people.get(row.id, PeopleBehind()) if shown else None,
            )
            for row in rows
        ),
        results_reason="" if shown else str(shown.reason),
    )


def provenance(
    session: Session, process: ProcessOutline, statement_id: int, *, language: str, now: datetime
) -> Provenance:
    """Return what a statement rests on: clusters, their ideas by support, and people counted once."""
    statement = (
        select(Cluster)
        .join(StatementSource, StatementSource.cluster_id == Cluster.id)
        .where(StatementSource.statement_id == statement_id)
        .order_by(Cluster.position, Cluster.id)
    )
    clusters = list(session.scalars(statement))
    filed = idea_ids_in(session, [cluster.id for cluster in clusters])
    gone = withdrawn_in(session, filed)
    ideas = sorted({idea_id for ids in filed.values() for idea_id in ids})
    shown = may_see_results(process, now=now)
    votes = tallies(session, ideas) if shown else {}
    top = {cluster_id: _most_supported(ids, votes) for cluster_id, ids in filed.items()}
    wanted = {idea_id for ids in top.values() for idea_id in ids}
    known = {idea.id: idea for idea in session.scalars(select(Idea).where(Idea.id.in_(wanted)))}
    return Provenance(
        clusters=tuple(
            SourceCluster(
                id=cluster.id,
                title=pick(cluster.title, language),
                is_removed=cluster.removed_at is not None,
                count=len(filed[cluster.id]),
                ideas=tuple(_source_idea(known[idea_id], votes) for idea_id in top[cluster.id]),
                withdrawn=tuple(gone.get(cluster.id, ())),
            )
            for cluster in clusters
        ),
        ideas=len(ideas),
        people=people_behind(session, [statement_id])[statement_id] if shown else None,
        results_reason="" if shown else str(shown.reason),
    )


def _latest_states(session: Session, statement_ids: list[int]) -> dict[int, RevisionState]:
    newest = (
        select(StatementRevision.statement_id, func.max(StatementRevision.revision))
        .where(StatementRevision.statement_id.in_(statement_ids))
        .group_by(StatementRevision.statement_id)
    )
    rows = session.execute(
        select(StatementRevision.statement_id, StatementRevision.state).where(
            tuple_(StatementRevision.statement_id, StatementRevision.revision).in_(newest)
        )
    )
    return {row[0]: row[1] for row in rows}


def _line(row: Statement, language: str) -> StatementLine:
    return StatementLine(row.id, row.position, phrase(row.text, language), row.state)


def _most_supported(idea_ids: list[int], votes: dict[int, VoteFigures]) -> list[int]:
    return sorted(idea_ids, key=lambda idea_id: (-votes.get(idea_id, VoteFigures()).agree, idea_id))[:IDEAS_SHOWN]


def _source_idea(idea: Idea, votes: dict[int, VoteFigures]) -> SourceIdea:
    figures = votes.get(idea.id, VoteFigures())
    return SourceIdea(idea.id, idea.title, idea.language, direction(idea.language), figures)
