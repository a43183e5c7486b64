"""Clusters under statements: which ones are in use, so that no provenance breaks."""

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session

from participation.strategy.models import Statement, StatementSource, StatementState


def clusters_in_use(session: Session, cluster_ids: Collection[int]) -> set[int]:
    """Return those of the clusters on which a statement rests that was not withdrawn.

    What only waits to be signed off does not count: signing it off refuses clusters that are gone.
    """
    return set(
        session.scalars(
            select(StatementSource.cluster_id)
            .join(Statement, Statement.id == StatementSource.statement_id)
            .where(StatementSource.cluster_id.in_(list(cluster_ids)), Statement.state != StatementState.WITHDRAWN)
        )
    )
