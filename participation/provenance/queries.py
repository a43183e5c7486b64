"""Reading lineages: of a statement down and up, of an idea down and up, of a whole process; only what is public now."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, or_, select, union
from sqlalchemy.orm import Session

from participation.comments.models import Comment, CommentState
from participation.curation.models import BundleMember, Cluster, Filing
from participation.ideas.models import Idea, IdeaState
from participation.kit.permissions import Missing, found
from participation.processes.outline import ProcessOutline
from participation.processes.policies import may_see_results
from participation.provenance import reading, reading_city
from participation.provenance.lineage import Lineage, StatementRecord
from participation.provenance.reading_losses import read_losses
from participation.strategy.answering.subjects import Subject, SubjectKind
from participation.strategy.models import SourceKind, Statement, StatementQuote, StatementSource, StatementState
from participation.voting.models import Tally

IDEAS_SHOWN = 10
"""So many ideas of each cluster are shown; the others are one link away."""
COMMENTS_SHOWN = 5
MEMBERS_SHOWN = 20
WINDOW = 200
"""So many ideas stand in one file about a statement; the next ones in the next."""
SEEN_STATES = (StatementState.PUBLISHED, StatementState.WITHDRAWN)


@dataclass(frozen=True, slots=True)
class Scope:
    """Which records a lineage takes in: ids, or a query for them.

    ``filed`` are the ideas whose filings belong to it, ``comments`` those comments that do.
    """

    ideas: Any
    filed: Any
    clusters: Any
    statements: Any
    comments: Any


@dataclass(frozen=True, slots=True)
class Part:
    """A lineage of a statement that holds so many ideas; ``next_after`` is where the following ones begin, if any."""

    lineage: Lineage
    next_after: int | None


def lineage_of_statement(session: Session, process: ProcessOutline, statement_id: int, *, now: datetime) -> Lineage:
    """Return a public statement with the most supported ideas of each of its clusters and what became of it.

    Raises ``Missing``.
    """
    clusters = _sources_of_public(session, process, statement_id)
    shown = bool(may_see_results(process, now=now))
    ideas = _quoted_ideas(session, [statement_id]) | set(session.scalars(_most_supported(clusters, shown=shown)))
    lineage = _lineage(session, process, _of_statement(statement_id, clusters, sorted(ideas)), now=now)
    return replace(lineage, shifts=reading.shifts_of(session, lineage.statements[statement_id]))


def part_of_statement(
    session: Session, process: ProcessOutline, statement_id: int, *, after: int, now: datetime, size: int = WINDOW
) -> Part:
    """Return a public statement with the next ``size`` of its ideas, by number, from behind ``after``.

    Raises ``Missing``.
    """
    clusters = _sources_of_public(session, process, statement_id)
    wanted = (
        select(Filing.idea_id)
        .join(Idea, Idea.id == Filing.idea_id)
        .where(
            Filing.cluster_id.in_(clusters),
            Filing.ended_at.is_(None),
            Idea.state == IdeaState.PUBLISHED,
            Filing.idea_id > after,
        )
        .distinct()
        .order_by(Filing.idea_id)
        .limit(size + 1)
    )
    ids = list(session.scalars(wanted))
    ideas = set(ids[:size])
    if not after:
        ideas |= _quoted_ideas(session, [statement_id])
    lineage = _lineage(session, process, _of_statement(statement_id, clusters, sorted(ideas)), now=now)
    return Part(lineage, ids[size - 1] if len(ids) > size else None)


def lineage_of_idea(session: Session, process: ProcessOutline, idea_id: int, *, now: datetime) -> Lineage:
    """Return a public idea with its votes and most helpful comments, its bundle, and what became of it.

    Raises ``Missing``.
    """
    is_public = (Idea.id == idea_id) & (Idea.process_id == process.id) & (Idea.state == IdeaState.PUBLISHED)
    found(session.scalar(select(Idea.id).where(is_public)))
    # Also what it was filed in once: a statement that was signed off then rests on it all the same.
    ever = select(Filing.cluster_id).where(Filing.idea_id == idea_id).distinct()
    statements = session.scalars(
        select(StatementSource.statement_id).where(StatementSource.cluster_id.in_(ever)).distinct()
    ).all()
    scope = Scope(
        ideas=[idea_id, *_bundled_with(session, idea_id)],
        filed=[idea_id],
        clusters=ever,
        statements=statements,
        comments=_helpful(session, idea_id) | _quoted(session, SourceKind.COMMENT, statements),
    )
    return _rests_on_idea(_lineage(session, process, scope, now=now, with_losses=False), idea_id)


def lineage_of_process(session: Session, process: ProcessOutline, *, now: datetime) -> Lineage:
    """Return everything of a process that is public: ideas, clusters, statements, and what became of them."""
    ideas = select(Idea.id).where(Idea.process_id == process.id, Idea.state == IdeaState.PUBLISHED)
    statements = session.scalars(
        select(Statement.id).where(Statement.process_id == process.id, Statement.state.in_(SEEN_STATES))
    ).all()
    sources = select(StatementSource.cluster_id).where(StatementSource.statement_id.in_(statements))
    on_board = select(Cluster.id).where(Cluster.process_id == process.id, Cluster.removed_at.is_(None))
    scope = Scope(
        ideas=ideas,
        filed=ideas,
        clusters=union(on_board, sources),
        statements=statements,
        comments=_quoted(session, SourceKind.COMMENT, statements),
    )
    return _lineage(session, process, scope, now=now)


def _of_statement(statement_id: int, clusters: Sequence[int], ideas: Sequence[int]) -> Scope:
    quoted = select(StatementQuote.source_id).where(
        StatementQuote.statement_id == statement_id, StatementQuote.source_kind == SourceKind.COMMENT
    )
    return Scope(ideas=ideas, filed=ideas, clusters=clusters, statements=[statement_id], comments=quoted)


def _lineage(
    session: Session, process: ProcessOutline, scope: Scope, *, now: datetime, with_losses: bool = True
) -> Lineage:
    shown = bool(may_see_results(process, now=now))
    ideas = reading.ideas_in(session, process.id, scope.ideas, with_figures=shown)
    bundles = reading.bundles_of(session, scope.ideas)
    statements = reading.statements_in(session, process.id, scope.statements, with_figures=shown)
    public = [one.id for one in statements.values() if one.state is StatementState.PUBLISHED]
    quotes = reading.quotes_of(session, public)
    losses = read_losses(session, public) if with_losses else ()
    answers = reading_city.answers_to(session, ideas=scope.ideas, bundles=list(bundles), statements=public)
    lost = {(loss.statement_id, loss.kind, loss.source_id) for loss in losses}
    return Lineage(
        slug=process.slug,
        framework_id=process.framework_id,
        ideas=ideas,
        revisions=reading.earlier_revisions(session, scope.ideas),
        comments=reading.comments_in(session, scope.comments),
        bundles=bundles,
        clusters=reading.clusters_in(session, process.id, scope.clusters),
        filings=reading.filings_of(session, clusters=scope.clusters, ideas=scope.filed),
        statements=statements,
        quotes=tuple(one for one in quotes if (one.statement_id, one.kind, one.source_id) not in lost),
        losses=losses,
        answers=answers,
        referrals=reading_city.open_referrals(session, ideas=scope.ideas, bundles=list(bundles), statements=public),
        measures=reading_city.measures_after(session, [answer.id for answer in answers]),
    )


def _rests_on_idea(lineage: Lineage, idea_id: int) -> Lineage:
    """Return the lineage without statements that do not rest on the idea, and without clusters that it only left."""
    current = {filing.cluster_id for filing in lineage.filings}

    def rests(statement: StatementRecord) -> bool:
        signed = statement.in_force
        return bool(current & set(statement.cluster_ids)) or bool(signed and idea_id in signed.ideas)

    statements = {id_: one for id_, one in lineage.statements.items() if rests(one)}
    signed_with = {
        cluster_id
        for one in statements.values()
        if one.in_force
        for cluster_id, ideas in one.in_force.basis.items()
        if idea_id in ideas
    }
    answers = tuple(one for one in lineage.answers if _is_known(one.subject, statements))
    kept = {one.id for one in answers}
    return replace(
        lineage,
        statements=statements,
        clusters={id_: one for id_, one in lineage.clusters.items() if id_ in current | signed_with},
        quotes=tuple(one for one in lineage.quotes if one.statement_id in statements),
        answers=answers,
        referrals=tuple(one for one in lineage.referrals if _is_known(one.subject, statements)),
        measures=tuple(one for one in lineage.measures if one.answer_id in kept),
    )


def _is_known(subject: Subject, statements: Mapping[int, StatementRecord]) -> bool:
    return subject.kind is not SubjectKind.STATEMENT or subject.id in statements


def _sources_of_public(session: Session, process: ProcessOutline, statement_id: int) -> list[int]:
    row = session.execute(
        select(Statement.process_id, Statement.state).where(Statement.id == statement_id)
    ).one_or_none()
    if row is None or row.process_id != process.id or row.state is not StatementState.PUBLISHED:
        raise Missing
    sources = select(StatementSource.cluster_id).where(StatementSource.statement_id == statement_id)
    return list(session.scalars(sources.order_by(StatementSource.cluster_id)))


def _most_supported(clusters: Collection[int], *, shown: bool) -> Select[int]:
    """Return the ideas of each cluster that most people agree with; the first ones while that is hidden."""
    support = func.coalesce(Tally.agree, 0).desc() if shown else Idea.id
    ranked = (
        select(
            Filing.idea_id,
            func.row_number().over(partition_by=Filing.cluster_id, order_by=(support, Idea.id)).label("rank"),
        )
        .join(Idea, Idea.id == Filing.idea_id)
        .outerjoin(Tally, Tally.idea_id == Filing.idea_id)
        .where(Filing.cluster_id.in_(clusters), Filing.ended_at.is_(None), Idea.state == IdeaState.PUBLISHED)
        .subquery()
    )
    return select(ranked.c.idea_id).where(ranked.c.rank <= IDEAS_SHOWN)


def _quoted(session: Session, kind: SourceKind, statements: Iterable[int]) -> set[int]:
    wanted = select(StatementQuote.source_id).where(
        StatementQuote.statement_id.in_(list(statements)), StatementQuote.source_kind == kind
    )
    return set(session.scalars(wanted))


def _quoted_ideas(session: Session, statements: Iterable[int]) -> set[int]:
    """Return the ideas that are quoted, and those whose comments are."""
    quotes = StatementQuote.statement_id.in_(list(statements))
    ideas = select(StatementQuote.source_id).where(quotes, StatementQuote.source_kind == SourceKind.IDEA)
    through_comments = (
        select(Comment.idea_id)
        .join(StatementQuote, StatementQuote.source_id == Comment.id)
        .where(quotes, StatementQuote.source_kind == SourceKind.COMMENT)
    )
    return set(session.scalars(ideas.union(through_comments)))


def _helpful(session: Session, idea_id: int) -> set[int]:
    wanted = (
        select(Comment.id)
        .where(Comment.idea_id == idea_id, Comment.state == CommentState.PUBLISHED)
        .order_by(Comment.helpful.desc(), Comment.id)
        .limit(COMMENTS_SHOWN)
    )
    return set(session.scalars(wanted))


def _bundled_with(session: Session, idea_id: int) -> list[int]:
    own = select(BundleMember.bundle_id).where(BundleMember.idea_id == idea_id, BundleMember.ended_at.is_(None))
    wanted = (
        select(BundleMember.idea_id)
        .where(
            BundleMember.bundle_id.in_(own),
            BundleMember.ended_at.is_(None),
            or_(BundleMember.idea_id < idea_id, BundleMember.idea_id > idea_id),
        )
        .order_by(BundleMember.id)
        .limit(MEMBERS_SHOWN)
    )
    return list(session.scalars(wanted))
