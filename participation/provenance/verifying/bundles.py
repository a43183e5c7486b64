"""Checks of bundles: members of one process, in one bundle each, and none in a bundle that has ended."""

from collections.abc import Iterator

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from participation.curation.models import Bundle, BundleMember
from participation.ideas.models import Idea
from participation.provenance.verifying.breaks import Break, BreakKind
from participation.provenance.verifying.facts import Facts

_CURRENT = BundleMember.ended_at.is_(None)


def bundle_breaks(session: Session, facts: Facts) -> Iterator[Break]:
    """Yield what is wrong with the bundles of a process."""
    members = session.execute(
        select(BundleMember.bundle_id, BundleMember.idea_id, Bundle.ended_at, Bundle.process_id, Idea.process_id)
        .join(Bundle, Bundle.id == BundleMember.bundle_id)
        .outerjoin(Idea, Idea.id == BundleMember.idea_id)
        .where(_CURRENT, or_(Bundle.process_id == facts.process.id, Idea.process_id == facts.process.id))
        .where(or_(Bundle.ended_at.is_not(None), func.coalesce(Idea.process_id, 0) != Bundle.process_id))
        .order_by(BundleMember.id)
    )
    for bundle_id, idea_id, ended_at, of_bundle, of_idea in members:
        about = {"bundle": bundle_id, "idea": idea_id}
        if of_bundle != of_idea:
            yield Break(BreakKind.BUNDLE_ELSEWHERE, about, "the idea is missing, or of another process than the bundle")
        if ended_at is not None:
            yield Break(BreakKind.ENDED_BUNDLE_WITH_MEMBERS, about, "the idea is in a bundle that has ended")
    twice = session.execute(
        select(BundleMember.idea_id, func.count())
        .join(Idea, Idea.id == BundleMember.idea_id)
        .where(_CURRENT, Idea.process_id == facts.process.id)
        .group_by(BundleMember.idea_id)
        .having(func.count() > 1)
        .order_by(BundleMember.idea_id)
    )
    for idea_id, number in twice:
        says = f"it is in {number} bundles at the same time"
        yield Break(BreakKind.IDEA_IN_TWO_BUNDLES, {"idea": idea_id}, says)
