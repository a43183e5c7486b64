"""Which idea is in which cluster, as rows of an export; never by whom it was put there."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from participation.curation.models import Cluster, Filing
from participation.exports.code_words import CodeWords
from participation.exports.document import FilingRow
from participation.exports.moments import to_the_second
from participation.ideas.models import Idea, IdeaState
from participation.kit.db import read_rows

BATCH = 2000


def filing_rows(session: Session, cluster_ids: Iterable[int], said: CodeWords) -> Iterator[FilingRow]:
    """Yield the published ideas of each cluster in turn, in the order in which they were put there."""
    for cluster_id in cluster_ids:
        after = 0
        while batch := _filings(session, cluster_id, after):
            for row in batch:
                yield FilingRow(
                    idea_id=str(row.idea_id),
                    cluster_id=str(cluster_id),
                    is_main=row.is_main,
                    origin=said.origins[row.origin],
                    origin_code=row.origin.value,
                    filed_at=to_the_second(row.filed_at),
                )
            after = batch[-1].id


def filings_in(session: Session, process_id: int) -> int:
    """Return how many rows that will be."""
    count = (
        select(func.count())
        .select_from(Filing)
        .join(Idea, Idea.id == Filing.idea_id)
        .join(Cluster, Cluster.id == Filing.cluster_id)
        .where(Cluster.process_id == process_id, Cluster.removed_at.is_(None))
        .where(Filing.ended_at.is_(None), Idea.state == IdeaState.PUBLISHED)
    )
    return session.scalar(count) or 0


def _filings(session: Session, cluster_id: int, after: int) -> Sequence[Any]:
    statement = (
        select(Filing.id, Filing.idea_id, Filing.is_main, Filing.origin, Filing.filed_at)
        .join(Idea, Idea.id == Filing.idea_id)
        .where(Filing.cluster_id == cluster_id, Filing.id > after)
        .where(Filing.ended_at.is_(None), Idea.state == IdeaState.PUBLISHED)
        .order_by(Filing.id)
        .limit(BATCH)
    )
    return read_rows(session, statement).all()
