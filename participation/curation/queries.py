"""Reading clusters, what is filed in them and what is not filed yet."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, case, func, literal, or_, select, tuple_, union_all
from sqlalchemy.orm import Session

from participation.curation.models import Cluster, Filing
from participation.ideas.models import Idea, IdeaPrinciple, IdeaState
from participation.kit.permissions import found
from participation.kit.schema import Translated

UNFILED_PAGE = 30
CLUSTER_PAGE = 50
COLUMN_SHOWS = 10

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
class FiledIdea:
    """An idea as it stands on the board."""

    id: int
    title: str
    text: str
    language: str
    published_at: datetime


@dataclass(frozen=True, slots=True)
class Search:
    """Which unfiled ideas are wanted: with all of the words, and with a principle or ``not_sure``."""

    words: tuple[str, ...] = ()
    principle_id: int | None = None
    not_sure: bool = False


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
    is_filed = select(Filing.id).where(Filing.idea_id == Idea.id, _CURRENT).exists()
    rows = session.execute(
        select(Idea.process_id, func.sum(case((is_filed, 1), else_=0)), func.count())
        .where(Idea.process_id.in_(ids), Idea.state == IdeaState.PUBLISHED)
        .group_by(Idea.process_id)
    )
    found_ones = {process_id: Coverage(int(filed), ideas) for process_id, filed, ideas in rows}
    return {process_id: found_ones.get(process_id, Coverage(0, 0)) for process_id in ids}


def latest_in(session: Session, cluster_ids: Sequence[int]) -> dict[int, list[FiledIdea]]:
    """Return the newest published ideas of each cluster, at most ``COLUMN_SHOWS`` each."""
    filed: dict[int, list[FiledIdea]] = {cluster_id: [] for cluster_id in cluster_ids}
    if not filed:
        return filed
    # One short, indexed look per cluster in a single statement, however many ideas they hold.
    looks = [
        select(literal(cluster_id).label("cluster_id"), Idea.id.label("idea_id"))
        .join(Filing, Filing.idea_id == Idea.id)
        .where(Filing.cluster_id == cluster_id, _CURRENT, Idea.state == IdeaState.PUBLISHED)
        .order_by(Filing.idea_id.desc())
        .limit(COLUMN_SHOWS)
        .subquery()
        for cluster_id in cluster_ids
    ]
    chosen = union_all(*(select(look) for look in looks)).subquery()
    rows = session.execute(
        select(chosen.c.cluster_id, Idea).join(Idea, Idea.id == chosen.c.idea_id).order_by(Idea.id.desc())
    )
    for cluster_id, idea in rows:
        filed[cluster_id].append(_filed_idea(idea))
    return filed


def ideas_in(session: Session, cluster_id: int, *, before: tuple[datetime, int] | None = None) -> list[FiledIdea]:
    """Return up to 51 published ideas of a cluster, the newest first, from behind ``before``."""
    in_cluster = select(Filing.id).where(Filing.idea_id == Idea.id, Filing.cluster_id == cluster_id, _CURRENT)
    statement = select(Idea).where(Idea.state == IdeaState.PUBLISHED, in_cluster.exists(), *_older_than(before))
    ordered = statement.order_by(Idea.published_at.desc(), Idea.id.desc()).limit(CLUSTER_PAGE + 1)
    return [_filed_idea(idea) for idea in session.scalars(ordered)]


def unfiled(
    session: Session, process_id: int, *, search: Search, before: tuple[datetime, int] | None = None
) -> list[FiledIdea]:
    """Return up to 31 published ideas of a process that are in no cluster, the newest first, from behind ``before``."""
    is_filed = select(Filing.id).where(Filing.idea_id == Idea.id, _CURRENT).exists()
    statement = select(Idea).where(
        Idea.process_id == process_id,
        Idea.state == IdeaState.PUBLISHED,
        ~is_filed,
        *_matches(search),
        *_older_than(before),
    )
    ordered = statement.order_by(Idea.published_at.desc(), Idea.id.desc()).limit(UNFILED_PAGE + 1)
    return [_filed_idea(idea) for idea in session.scalars(ordered)]


def _older_than(before: tuple[datetime, int] | None) -> list[ColumnElement[bool]]:
    return [] if before is None else [tuple_(Idea.published_at, Idea.id) < tuple_(*before)]


def _matches(search: Search) -> list[ColumnElement[bool]]:
    conditions = [
        # SQLite folds only plain letters, so umlauts are tried in both cases.
        or_(
            *(
                column.icontains(spelling, autoescape=True)
                for column in (Idea.title, Idea.text)
                for spelling in {word.lower(), word.capitalize(), word.upper()}
            )
        )
        for word in search.words
    ]
    tags = select(IdeaPrinciple.idea_id).where(IdeaPrinciple.idea_id == Idea.id)
    if search.not_sure:
        conditions.append(~tags.exists())
    elif search.principle_id is not None:
        conditions.append(tags.where(IdeaPrinciple.principle_id == search.principle_id).exists())
    return conditions


def _filed_idea(idea: Idea) -> FiledIdea:
    return FiledIdea(idea.id, idea.title, idea.text, idea.language, idea.published_at or idea.submitted_at)
