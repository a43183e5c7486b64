"""Reading clusters, what is filed in them and what is not filed yet."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from participation.curation.models import Cluster, Filing
from participation.ideas.models import Idea, IdeaState
from participation.kit.permissions import found
from participation.kit.schema import Translated

_CURRENT = Filing.ended_at.is_(None)


@dataclass(frozen=True, slots=True)
class ClusterView:
    """A cluster and how many published ideas are filed in it."""

    id: int
    process_id: int
    title: Translated
    description: Translated
    ideas: int


@dataclass(frozen=True, slots=True)
class Coverage:
    """How much of a process is filed: published ideas with a cluster among all published ideas."""

    filed: int
    ideas: int

    @property
    def share(self) -> float:
        return self.filed / self.ideas if self.ideas else 0.0


def clusters_of(session: Session, process_id: int) -> list[ClusterView]:
    """Return the clusters of a process in the order of the board."""
    counted = (
        select(Filing.cluster_id, func.count().label("ideas"))
        .join(Idea, Idea.id == Filing.idea_id)
        .where(Idea.process_id == process_id, Idea.state == IdeaState.PUBLISHED, _CURRENT)
        .group_by(Filing.cluster_id)
        .subquery()
    )
    rows = session.execute(
        select(Cluster, func.coalesce(counted.c.ideas, 0))
        .outerjoin(counted, counted.c.cluster_id == Cluster.id)
        .where(Cluster.process_id == process_id, Cluster.removed_at.is_(None))
        .order_by(Cluster.position, Cluster.id)
    )
    return [
        ClusterView(cluster.id, cluster.process_id, cluster.title, cluster.description, ideas)
        for cluster, ideas in rows
    ]


def cluster_by_id(session: Session, process_id: int, cluster_id: int) -> Cluster:
    """Return a cluster of the process; raises ``Missing``."""
    return found(
        session.scalar(
            select(Cluster).where(
                Cluster.id == cluster_id, Cluster.process_id == process_id, Cluster.removed_at.is_(None)
            )
        )
    )


def idea_ids_in(session: Session, cluster_ids: Iterable[int]) -> dict[int, list[int]]:
    """Return the published ideas filed in each cluster, by id."""
    ids = list(cluster_ids)
    filed: dict[int, list[int]] = {cluster_id: [] for cluster_id in ids}
    rows = session.execute(
        select(Filing.cluster_id, Filing.idea_id)
        .join(Idea, Idea.id == Filing.idea_id)
        .where(Filing.cluster_id.in_(ids), _CURRENT, Idea.state == IdeaState.PUBLISHED)
        .order_by(Filing.cluster_id, Filing.idea_id)
    )
    for cluster_id, idea_id in rows:
        filed[cluster_id].append(idea_id)
    return filed


def clusters_with(session: Session, idea_id: int) -> list[Cluster]:
    """Return the clusters that an idea is filed in, in the order of the board."""
    statement = (
        select(Cluster)
        .join(Filing, Filing.cluster_id == Cluster.id)
        .where(Filing.idea_id == idea_id, _CURRENT, Cluster.removed_at.is_(None))
        .order_by(Cluster.position, Cluster.id)
    )
    return list(session.scalars(statement))


def coverage(session: Session, process_id: int) -> Coverage:
    """Return how many published ideas of a process are filed, and how many there are."""
    published = (Idea.process_id == process_id) & (Idea.state == IdeaState.PUBLISHED)
    is_filed = select(Filing.id).where(Filing.idea_id == Idea.id, _CURRENT).exists()
    ideas = session.scalar(select(func.count()).select_from(Idea).where(published)) or 0
    filed = session.scalar(select(func.count()).select_from(Idea).where(published, is_filed)) or 0
    return Coverage(filed, ideas)
