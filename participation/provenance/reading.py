"""Reading the records of a lineage one kind at a time; ids may be given as a query. Each is one query, some are two."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session

from participation.comments.models import Comment, CommentState
from participation.curation.models import Bundle, BundleMember, Cluster, Filing
from participation.ideas.models import Idea, IdeaRevision, IdeaState, Standing
from participation.kit.db import in_batches
from participation.provenance.lineage import (
    BundleRecord,
    ClusterRecord,
    CommentRecord,
    FilingRecord,
    IdeaRecord,
    QuoteRecord,
    RevisionRecord,
    Shift,
    SignedRecord,
    StatementRecord,
)
from participation.strategy.behind import PeopleBehind
from participation.strategy.models import (
    RevisionState,
    SignOff,
    Statement,
    StatementQuote,
    StatementRevision,
    StatementSource,
    StatementState,
)
from participation.voting.models import Tally
from participation.voting.queries import FEWEST_VOTES, VoteFigures

Basis = Mapping[int, Mapping[int, int]]
_PUBLIC = Idea.state == IdeaState.PUBLISHED
_FILED = Filing.ended_at.is_(None)


def ideas_in(session: Session, process_id: int, ids: Any, *, with_figures: bool) -> dict[int, IdeaRecord]:
    """Return the public ones of the ideas, by number."""
    bundle = (
        select(BundleMember.bundle_id)
        .where(BundleMember.idea_id == Idea.id, BundleMember.ended_at.is_(None))
        .correlate(Idea)
        .scalar_subquery()
    )
    rows = session.execute(
        select(
            Idea.id,
            Idea.external_id,
            Idea.revision,
            Idea.title,
            Idea.language,
            Idea.published_at,
            func.coalesce(Tally.agree, 0).label("agree"),
            func.coalesce(Tally.disagree, 0).label("disagree"),
            func.coalesce(Tally.unsure, 0).label("unsure"),
            func.coalesce(Standing.comments, 0).label("comments"),
            bundle.label("bundle_id"),
        )
        .outerjoin(Tally, Tally.idea_id == Idea.id)
        .outerjoin(Standing, Standing.idea_id == Idea.id)
        .where(Idea.id.in_(ids), Idea.process_id == process_id, _PUBLIC)
        .order_by(Idea.id)
    )
    ideas = {}
    for row in rows:
        figures = VoteFigures(row.agree, row.disagree, row.unsure)
        ideas[row.id] = IdeaRecord(
            id=row.id,
            external_id=row.external_id,
            revision=row.revision,
            title=row.title,
            language=row.language,
            published_at=row.published_at,
            figures=figures if with_figures and figures.people >= FEWEST_VOTES else None,
            comments=row.comments,
            bundle_id=row.bundle_id,
        )
    return ideas


def earlier_revisions(session: Session, ids: Any) -> tuple[RevisionRecord, ...]:
    """Return the earlier revisions of the public ones of the ideas that still can be read."""
    rows = session.execute(
        select(IdeaRevision.idea_id, IdeaRevision.revision, IdeaRevision.written_at)
        .join(Idea, Idea.id == IdeaRevision.idea_id)
        .where(IdeaRevision.idea_id.in_(ids), IdeaRevision.closed_at.is_(None), _PUBLIC)
        .order_by(IdeaRevision.idea_id, IdeaRevision.revision)
    )
    return tuple(RevisionRecord(*row) for row in rows)


def comments_in(session: Session, ids: Any) -> tuple[CommentRecord, ...]:
    """Return the public ones of the comments below public ideas, the most helpful first."""
    rows = session.execute(
        select(
            Comment.id,
            Comment.external_id,
            Comment.idea_id,
            Comment.stance,
            Comment.text,
            Comment.language,
            Comment.published_at,
        )
        .join(Idea, Idea.id == Comment.idea_id)
        .where(Comment.id.in_(ids), Comment.state == CommentState.PUBLISHED, _PUBLIC)
        .order_by(Comment.helpful.desc(), Comment.id)
    )
    return tuple(CommentRecord(*row) for row in rows)


def bundles_of(session: Session, ids: Any) -> dict[int, BundleRecord]:
    """Return the bundles that the ideas are part of, with all their public members."""
    own = select(BundleMember.bundle_id).where(BundleMember.idea_id.in_(ids), BundleMember.ended_at.is_(None))
    rows = session.execute(
        select(Bundle.id, Bundle.made_at, BundleMember.idea_id)
        .join(BundleMember, BundleMember.bundle_id == Bundle.id)
        .join(Idea, Idea.id == BundleMember.idea_id)
        .where(Bundle.id.in_(own), Bundle.ended_at.is_(None), BundleMember.ended_at.is_(None), _PUBLIC)
        .order_by(Bundle.id, BundleMember.id)
    )
    made_at, members = {}, defaultdict(list)
    for row in rows:
        made_at[row.id] = row.made_at
        members[row.id].append(row.idea_id)
    return {id_: BundleRecord(id_, made_at[id_], tuple(ideas)) for id_, ideas in members.items()}


def clusters_in(session: Session, process_id: int, ids: Any) -> dict[int, ClusterRecord]:
    """Return the clusters in the order of the board, each with the number of its public ideas."""
    held = (
        select(Filing.cluster_id, func.count().label("ideas"))
        .join(Idea, Idea.id == Filing.idea_id)
        .where(Filing.cluster_id.in_(ids), _FILED, _PUBLIC)
        .group_by(Filing.cluster_id)
        .subquery()
    )
    rows = session.execute(
        select(Cluster, func.coalesce(held.c.ideas, 0))
        .outerjoin(held, held.c.cluster_id == Cluster.id)
        .where(Cluster.id.in_(ids), Cluster.process_id == process_id)
        .order_by(Cluster.position, Cluster.id)
    )
    return {
        cluster.id: ClusterRecord(
            id=cluster.id,
            title=cluster.title,
            is_removed=cluster.removed_at is not None,
            merged_into=cluster.merged_into,
            created_at=cluster.created_at,
            ideas=ideas,
        )
        for cluster, ideas in rows
    }


def filings_of(session: Session, *, clusters: Any, ideas: Any) -> tuple[FilingRecord, ...]:
    """Return how the public ones of the ideas are filed in the clusters."""
    rows = session.execute(
        select(
            Filing.id,
            Filing.cluster_id,
            Filing.idea_id,
            Filing.is_main,
            Filing.origin,
            Filing.filed_at,
            Filing.begun_in,
        )
        .join(Idea, Idea.id == Filing.idea_id)
        .where(Filing.cluster_id.in_(clusters), Filing.idea_id.in_(ideas), _FILED, _PUBLIC)
        .order_by(Filing.cluster_id, Filing.idea_id)
    )
    return tuple(FilingRecord(*row) for row in rows)


def statements_in(session: Session, process_id: int, ids: Any, *, with_figures: bool) -> dict[int, StatementRecord]:
    """Return the statements that are or were public, in order, with sources and signed revisions."""
    rows = session.scalars(
        select(Statement)
        .where(Statement.id.in_(ids), Statement.process_id == process_id, Statement.state != StatementState.DRAFT)
        # What was withdrawn before anybody signed it off was never public.
        .where(Statement.published_at.is_not(None))
        .order_by(Statement.place, Statement.id)
    ).all()
    sources, signed = _sources(session, ids), _signed(session, ids, with_figures=with_figures)
    return {
        row.id: StatementRecord(
            id=row.id,
            number=row.position,
            state=row.state,
            revision=row.revision,
            text=row.text if row.state is StatementState.PUBLISHED else {},
            published_at=row.published_at,
            withdrawn_at=row.withdrawn_at,
            reopened_at=row.reopened_at,
            cluster_ids=sources.get(row.id, ()),
            signed=_without_words(signed.get(row.id, ()), row.state),
        )
        for row in rows
    }


def quotes_of(session: Session, ids: Any) -> tuple[QuoteRecord, ...]:
    """Return what the statements quote, in order; whether it can still be read is another question."""
    rows = session.execute(
        select(
            StatementQuote.statement_id,
            StatementQuote.source_kind,
            StatementQuote.source_id,
            StatementQuote.source_revision,
            StatementQuote.part,
        )
        .where(StatementQuote.statement_id.in_(ids))
        .order_by(StatementQuote.statement_id, StatementQuote.position, StatementQuote.id)
    )
    return tuple(QuoteRecord(*row) for row in rows)


def shifts_of(session: Session, statement: StatementRecord) -> dict[tuple[int, int], Shift]:
    """Return what has changed in each theme of a statement since it was signed off; nothing for one that was not.

    What is not public any more is a loss, and not counted here.
    """
    signed = statement.in_force
    if signed is None:
        return {}
    filed: dict[int, set[int]] = {cluster_id: set() for cluster_id in statement.cluster_ids}
    for cluster_id, idea_id in session.execute(
        select(Filing.cluster_id, Filing.idea_id)
        .join(Idea, Idea.id == Filing.idea_id)
        .where(Filing.cluster_id.in_(filed), _FILED, _PUBLIC)
    ):
        filed[cluster_id].add(idea_id)
    gone = {cluster_id: set(signed.basis.get(cluster_id, {})) - ideas for cluster_id, ideas in filed.items()}
    wanted = {idea_id for ideas in gone.values() for idea_id in ideas}
    public = set[int]()
    for batch in in_batches(wanted):
        public |= set(session.scalars(select(Idea.id).where(Idea.id.in_(batch), _PUBLIC)))
    return {
        (statement.id, cluster_id): Shift(
            came=len(ideas - set(signed.basis.get(cluster_id, {}))), left=len(gone[cluster_id] & public)
        )
        for cluster_id, ideas in filed.items()
    }


def basis_by_cluster(basis: Mapping[str, Any]) -> Basis:
    """Return the ideas of a signed basis with their revisions, by cluster."""
    return {cluster["id"]: dict(cluster["ideas"]) for cluster in basis.get("clusters", ())}


def _sources(session: Session, ids: Any) -> dict[int, tuple[int, ...]]:
    rows = session.execute(
        select(StatementSource.statement_id, StatementSource.cluster_id)
        .join(Cluster, Cluster.id == StatementSource.cluster_id)
        .where(StatementSource.statement_id.in_(ids))
        .order_by(StatementSource.statement_id, Cluster.position, Cluster.id)
    )
    sources: dict[int, tuple[int, ...]] = {}
    for statement_id, cluster_id in rows:
        sources[statement_id] = (*sources.get(statement_id, ()), cluster_id)
    return sources


def _signed(session: Session, ids: Any, *, with_figures: bool) -> dict[int, tuple[SignedRecord, ...]]:
    latest = (
        select(SignOff.statement_id, SignOff.revision, func.max(SignOff.id).label("id"))
        .where(SignOff.statement_id.in_(ids))
        .group_by(SignOff.statement_id, SignOff.revision)
        .subquery()
    )
    rows = session.execute(
        select(StatementRevision, SignOff.signed_at, SignOff.reopened_at)
        .join(
            latest,
            and_(
                latest.c.statement_id == StatementRevision.statement_id,
                latest.c.revision == StatementRevision.revision,
            ),
        )
        .join(SignOff, SignOff.id == latest.c.id)
        .where(StatementRevision.statement_id.in_(ids), StatementRevision.state == RevisionState.SIGNED)
        .order_by(StatementRevision.statement_id, StatementRevision.revision)
    )
    signed: dict[int, tuple[SignedRecord, ...]] = {}
    for revision, signed_at, reopened_at in rows:
        record = SignedRecord(
            statement_id=revision.statement_id,
            revision=revision.revision,
            text=revision.content["text"],
            # It is made of the figures, too, and few enough of them could be tried out.
            digest=revision.digest if with_figures else "",
            written_at=revision.written_at,
            signed_at=signed_at,
            reopened_at=reopened_at,
            basis=basis_by_cluster(revision.basis),
            people=_people(revision.basis) if with_figures else None,
        )
        signed[revision.statement_id] = (*signed.get(revision.statement_id, ()), record)
    return signed


def _people(basis: Mapping[str, Any]) -> PeopleBehind | None:
    figures = basis.get("figures", {})
    people = PeopleBehind(**{name: figures.get(name, 0) for name in ("agree", "disagree", "unsure", "people")})
    return people if people.people >= FEWEST_VOTES else None


def _without_words(signed: tuple[SignedRecord, ...], state: StatementState) -> tuple[SignedRecord, ...]:
    return signed if state is StatementState.PUBLISHED else tuple(replace(one, text={}) for one in signed)
