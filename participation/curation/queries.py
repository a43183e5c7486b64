"""Reading clusters, what is filed in them and how much of a process is filed; the board has its own queries."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

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
    """How much of a process is filed: published ideas with a main cluster among all published ideas."""

    filed: int
    ideas: int

    @property
    def share(self) -> float:
        return self.filed / self.ideas if self.ideas else 0.0

    @property
    def unfiled(self) -> int:
        """How many are not filed yet."""
        return self.ideas - self.filed


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


@dataclass(frozen=True, slots=True)
class WithdrawnIdea:
    """The trace of a filed idea that its author withdrew."""

    id: int
    withdrawn_at: datetime


def withdrawn_in(session: Session, cluster_ids: Iterable[int]) -> dict[int, list[WithdrawnIdea]]:
    """Return the withdrawn ideas filed in each cluster that has any, by id."""
    rows = session.execute(
        select(Filing.cluster_id, Idea.id, Idea.withdrawn_at)
        .join(Idea, Idea.id == Filing.idea_id)
        .where(Filing.cluster_id.in_(list(cluster_ids)), _CURRENT, Idea.state == IdeaState.WITHDRAWN)
        .order_by(Filing.cluster_id, Idea.id)
    )
    gone: dict[int, list[WithdrawnIdea]] = {}
    for cluster_id, idea_id, withdrawn_at in rows:
        if withdrawn_at is not None:
            gone.setdefault(cluster_id, []).append(WithdrawnIdea(idea_id, withdrawn_at))
    return gone


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
    return coverages(session, [process_id])[process_id]


def coverages(session: Session, process_ids: Iterable[int]) -> dict[int, Coverage]:
    """Return the coverage of each process."""
    ids = list(process_ids)
    has_main = (Filing.idea_id == Idea.id) & _CURRENT & Filing.is_main
    rows = session.execute(
        select(Idea.process_id, func.count(Filing.id), func.count())
        .outerjoin(Filing, has_main)
        .where(Idea.process_id.in_(ids), Idea.state == IdeaState.PUBLISHED)
        .group_by(Idea.process_id)
    )
    found_ones = {process_id: Coverage(filed, ideas) for process_id, filed, ideas in rows}
    return {process_id: found_ones.get(process_id, Coverage(0, 0)) for process_id in ids}
