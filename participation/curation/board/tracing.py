"""Why filings came about, so that what is moved along or put back keeps its reason and origin."""

from collections.abc import Collection, Iterable, Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from participation.curation.board.steps import Because
from participation.curation.models import Filing
from participation.kit.db import in_batches

Pair = tuple[int, int]
"""An idea and a cluster."""


def ideas_in_any(session: Session, cluster_ids: Collection[int]) -> list[int]:
    """Return the ideas that belong to any of the clusters now."""
    inside = (Filing.cluster_id.in_(list(cluster_ids)), Filing.ended_at.is_(None))
    return sorted(session.scalars(select(Filing.idea_id).where(*inside).distinct()))


def held_because(session: Session, idea_ids: Iterable[int], into: Mapping[int, int]) -> dict[Pair, Because]:
    """Return why ideas belong to clusters now, for the clusters ``into`` which they are about to be moved."""
    found: dict[Pair, Because] = {}
    for batch in in_batches(idea_ids):
        held = (Filing.idea_id.in_(batch), Filing.ended_at.is_(None), Filing.cluster_id.in_([*into, *into.values()]))
        rows = session.execute(
            select(Filing.idea_id, Filing.cluster_id, Filing.origin, Filing.reason)
            .where(*held)
            .order_by(Filing.is_main, Filing.id.desc())
        )
        # The last one counts: the main filing, and of several that only touch the oldest one.
        for idea_id, cluster_id, origin, reason in rows:
            found[idea_id, into.get(cluster_id, cluster_id)] = Because(origin, reason)
    return found


def changed_in(session: Session, process_numbers: Collection[int], idea_ids: Iterable[int]) -> dict[Pair, Because]:
    """Return why filings of ideas came about that were ended by one of these steps of their board."""
    found: dict[Pair, Because] = {}
    for batch in in_batches(idea_ids):
        ended = (Filing.idea_id.in_(batch), Filing.ended_in.in_(list(process_numbers)))
        rows = session.execute(select(Filing.idea_id, Filing.cluster_id, Filing.origin, Filing.reason).where(*ended))
        for idea_id, cluster_id, origin, reason in rows:
            found[idea_id, cluster_id] = Because(origin, reason)
    return found
