"""What a statement rests on at a moment: the ideas of its clusters with their revisions, and the figures."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from participation.curation.models import Cluster, Filing
from participation.ideas.models import Idea, IdeaState
from participation.strategy.behind import people_under

Basis = dict[str, Any]


def basis_of(session: Session, cluster_ids: Iterable[int]) -> Basis:
    """Return what a sign-off keeps: public ideas by cluster as ``[id, revision]``, and how many people voted how.

    Figures count each person and each idea once.
    """
    clusters = session.execute(
        select(Cluster.id, Cluster.title).where(Cluster.id.in_(list(cluster_ids))).order_by(Cluster.id)
    ).all()
    ideas: dict[int, list[list[int]]] = {row.id: [] for row in clusters}
    rows = session.execute(
        select(Filing.cluster_id, Idea.id, Idea.revision)
        .join(Idea, Idea.id == Filing.idea_id)
        .where(Filing.cluster_id.in_(ideas), Filing.ended_at.is_(None), Idea.state == IdeaState.PUBLISHED)
        .order_by(Filing.cluster_id, Idea.id)
    )
    for cluster_id, idea_id, revision in rows:
        ideas[cluster_id].append([idea_id, revision])
    people = people_under(session, ideas)
    return {
        "clusters": [{"id": row.id, "title": dict(row.title), "ideas": ideas[row.id]} for row in clusters],
        "figures": {
            "ideas": len({idea_id for rows in ideas.values() for idea_id, _revision in rows}),
            "people": people.people,
            "agree": people.agree,
            "disagree": people.disagree,
            "unsure": people.unsure,
        },
    }


def ideas_of_basis(basis: Basis) -> dict[int, int]:
    """Return the ideas of a basis with the revision in which each was signed; an empty basis has none."""
    return {idea_id: revision for cluster in basis.get("clusters", ()) for idea_id, revision in cluster["ideas"]}
