"""The theme clusters of an export: how many ideas each has, which are read first, what the votes on them come to."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from participation.curation.models import Filing
from participation.curation.queries import ClusterView
from participation.exports.document import TOP_IDEAS, ClusterRow, Votes
from participation.ideas.models import Idea, IdeaState
from participation.multilingual import pick
from participation.voting.models import Tally
from participation.voting.queries import FEWEST_VOTES


def cluster_rows(
    session: Session, clusters: Iterable[ClusterView], language: str, *, shows_results: bool
) -> tuple[ClusterRow, ...]:
    """Return the clusters in ``language``; two queries, and no more rows than are returned."""
    views = list(clusters)
    ids = [cluster.id for cluster in views]
    top = _top_ideas(session, ids, by_votes=shows_results)
    votes = _votes(session, ids) if shows_results else {}
    return tuple(
        ClusterRow(
            id=str(cluster.id),
            title=pick(cluster.title, language),
            description=pick(cluster.description, language),
            title_in=cluster.title,
            description_in=cluster.description,
            ideas=cluster.ideas,
            top_idea_ids=tuple(top.get(cluster.id, ())),
            votes=votes.get(cluster.id),
        )
        for cluster in views
    )


def _top_ideas(session: Session, cluster_ids: list[int], *, by_votes: bool) -> dict[int, list[str]]:
    """Return the ideas with the most agreement in each cluster; without votes those that came first."""
    order = (func.coalesce(Tally.agree, 0).desc(), Idea.id) if by_votes else (Idea.id,)
    place = func.row_number().over(partition_by=Filing.cluster_id, order_by=order).label("place")
    ranked = _filed(select(Filing.cluster_id, Filing.idea_id, place), cluster_ids).subquery()
    rows = session.execute(
        select(ranked.c.cluster_id, ranked.c.idea_id)
        .where(ranked.c.place <= TOP_IDEAS)
        .order_by(ranked.c.cluster_id, ranked.c.place)
    )
    found: dict[int, list[str]] = {}
    for cluster_id, idea_id in rows:
        found.setdefault(cluster_id, []).append(str(idea_id))
    return found


def _votes(session: Session, cluster_ids: list[int]) -> dict[int, Votes]:
    """Return the votes on those ideas whose votes are told; with others in it a sum would tell theirs by difference."""
    sums = select(Filing.cluster_id, func.sum(Tally.agree), func.sum(Tally.unsure), func.sum(Tally.disagree))
    told = Tally.agree + Tally.unsure + Tally.disagree >= FEWEST_VOTES
    rows = session.execute(_filed(sums, cluster_ids).where(told).group_by(Filing.cluster_id))
    return {
        cluster_id: Votes(agree=agree, unsure=unsure, disagree=disagree) for cluster_id, agree, unsure, disagree in rows
    }


def _filed(statement: Select[*tuple[Any, ...]], cluster_ids: list[int]) -> Select[*tuple[Any, ...]]:
    return (
        statement.select_from(Filing)
        .join(Idea, Idea.id == Filing.idea_id)
        .outerjoin(Tally, Tally.idea_id == Filing.idea_id)
        .where(Filing.cluster_id.in_(cluster_ids), Filing.ended_at.is_(None), Idea.state == IdeaState.PUBLISHED)
    )
