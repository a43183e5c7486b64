"""What only the interface reads: comments one after the other, themes of several ideas, bundles with public ideas."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, func, or_, select, tuple_
from sqlalchemy.orm import Session

from participation.accounts.actor import ANONYMOUS
from participation.comments.models import Comment, CommentState
from participation.curation.models import Bundle, BundleMember, Cluster, Filing
from participation.ideas.models import Idea, IdeaState
from participation.ideas.queries import visible_to
from participation.kit.permissions import found
from participation.strategy.models import Statement, StatementSource, StatementState


@dataclass(frozen=True, slots=True)
class BundleRow:
    """A bundle that holds together and has public ideas."""

    id: int
    made_at: datetime


def public_idea_id(session: Session, process_id: int, idea_id: int) -> int:
    """Return the id of an idea that everybody may see; raises ``Missing``."""
    return found(session.scalar(select(Idea.id).where(visible_to(ANONYMOUS, process_id), Idea.id == idea_id)))


def comments_on_idea(
    session: Session, process_id: int, idea_id: int, *, since: datetime | None, after: int, most: int
) -> Sequence[Row[*tuple[Any, ...]]]:
    """Return public comments on a public idea by number from behind ``after``; raises ``Missing`` for other ideas."""
    public_idea_id(session, process_id, idea_id)
    statement = _comments(since).where(Comment.idea_id == idea_id, Comment.id > after)
    return session.execute(statement.order_by(Comment.id).limit(most)).all()


def comments_in_process(
    session: Session, process_id: int, *, since: datetime | None, after: tuple[datetime, int] | None, most: int
) -> Sequence[Row[*tuple[Any, ...]]]:
    """Return public comments on the public ideas of a process in the order in which they came, from ``after`` on."""
    statement = _comments(since).where(Comment.process_id == process_id)
    # Not a join: the databases would weigh beginning with the ideas and sorting all their comments.
    statement = statement.where(
        select(Idea.id).where(Idea.id == Comment.idea_id, visible_to(ANONYMOUS, process_id)).exists()
    )
    if after is not None:
        place = tuple_(Comment.submitted_at, Comment.id)
        statement = statement.where(place > tuple_(*after, types=[Comment.submitted_at.type, Comment.id.type]))
    return session.execute(statement.order_by(Comment.submitted_at, Comment.id).limit(most)).all()


def clusters_of_ideas(session: Session, idea_ids: Collection[int]) -> dict[int, tuple[int, ...]]:
    """Return the themes that each idea is filed under, its main one first, the others as on the board."""
    rows = session.execute(
        select(Filing.idea_id, Filing.cluster_id)
        .join(Cluster, Cluster.id == Filing.cluster_id)
        .where(Filing.idea_id.in_(list(idea_ids)), Filing.ended_at.is_(None), Cluster.removed_at.is_(None))
        .order_by(Filing.is_main.desc(), Cluster.position, Cluster.id)
    )
    filed: dict[int, tuple[int, ...]] = dict.fromkeys(idea_ids, ())
    for idea_id, cluster_id in rows:
        filed[idea_id] += (cluster_id,)
    return filed


def statements_on_clusters(session: Session, process_id: int) -> dict[int, tuple[int, ...]]:
    """Return the public statements that rest on each theme of a process, in their order; themes without any are not."""
    rows = session.execute(
        select(StatementSource.cluster_id, Statement.id)
        .join(Statement, Statement.id == StatementSource.statement_id)
        .where(Statement.process_id == process_id, Statement.state == StatementState.PUBLISHED)
        .order_by(Statement.position, Statement.id)
    )
    resting: dict[int, tuple[int, ...]] = {}
    for cluster_id, statement_id in rows:
        resting[cluster_id] = (*resting.get(cluster_id, ()), statement_id)
    return resting


def bundles_with_ideas(session: Session, process_id: int, *, before: int | None, most: int) -> list[BundleRow]:
    """Return the bundles of a process that have public ideas, the latest first, from below ``before``."""
    public = (
        select(BundleMember.id)
        .join(Idea, Idea.id == BundleMember.idea_id)
        .where(BundleMember.bundle_id == Bundle.id, BundleMember.ended_at.is_(None), Idea.state == IdeaState.PUBLISHED)
    )
    wanted = select(Bundle.id, Bundle.made_at).where(
        Bundle.process_id == process_id, Bundle.ended_at.is_(None), public.exists()
    )
    if before is not None:
        wanted = wanted.where(Bundle.id < before)
    return [BundleRow(*row) for row in session.execute(wanted.order_by(Bundle.id.desc()).limit(most))]


def public_statements(
    session: Session, process_id: int, *, after: tuple[int, int] | None, most: int
) -> list[Statement]:
    """Return the public statements of a process in their order, from behind the place ``after``."""
    wanted = select(Statement).where(Statement.process_id == process_id, Statement.state == StatementState.PUBLISHED)
    if after is not None:
        wanted = wanted.where(tuple_(Statement.position, Statement.id) > tuple_(*after))
    return list(session.scalars(wanted.order_by(Statement.position, Statement.id).limit(most)))


def _comments(since: datetime | None) -> Select[*tuple[Any, ...]]:
    published = func.coalesce(Comment.published_at, Comment.submitted_at)
    statement = select(
        Comment.id,
        Comment.idea_id,
        Comment.parent_id,
        Comment.thread_id,
        Comment.text,
        Comment.language,
        Comment.revision,
        Comment.stance,
        Comment.voice,
        Comment.helpful,
        Comment.submitted_at,
        Comment.published_at,
        Comment.edited_at,
    ).where(Comment.state == CommentState.PUBLISHED)
    return statement.where(or_(published >= since, Comment.edited_at >= since)) if since else statement
