"""Saying that two ideas do not say the same, so that they are not offered together again, and taking that back."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session, aliased

from participation.accounts.actor import Actor
from participation.activity.service import record
from participation.curation.bundling.policies import may_refuse
from participation.curation.events import PairOffered, PairRefused
from participation.curation.models import BundleExit, BundleMember, BundleRefusal
from participation.ideas.models import Idea, IdeaState
from participation.kit.dialect import insert_returning
from participation.kit.permissions import Missing, require

Pair = tuple[int, int]


@dataclass(frozen=True, slots=True)
class RefusedPair:
    """Two ideas that somebody of the team keeps apart."""

    first_id: int
    second_id: int
    refused_at: datetime
    first_title: str
    first_language: str
    second_title: str
    second_language: str


def refuse_pair(session: Session, actor: Actor, *, process_id: int, one: int, other: int, now: datetime) -> bool:
    """Note that two ideas do not say the same and return whether that is new; raises ``Missing`` and ``Refused``."""
    first, second = _pair(session, process_id, one, other)
    require(may_refuse(actor, process_id))
    row = {
        "first_id": first,
        "second_id": second,
        "process_id": process_id,
        "refused_by": actor.account_id,
        "refused_at": now,
    }
    key = ["first_id", "second_id"]
    added = insert_returning(session, BundleRefusal, [row], key=key, returning=[BundleRefusal.first_id])
    if added:
        record(session, PairRefused(first, second), account_id=actor.account_id, now=now)
    return bool(added)


def offer_pair_again(session: Session, actor: Actor, *, process_id: int, one: int, other: int, now: datetime) -> bool:
    """Take a refusal back and return whether there was one; raises ``Missing`` and ``Refused``."""
    first, second = _pair(session, process_id, one, other)
    require(may_refuse(actor, process_id))
    held = (BundleRefusal.first_id == first, BundleRefusal.second_id == second)
    gone = session.scalars(delete(BundleRefusal).where(*held).returning(BundleRefusal.first_id)).all()
    if gone:
        record(session, PairOffered(first, second), account_id=actor.account_id, now=now)
    return bool(gone)


def refused_lately(session: Session, process_id: int, *, most: int) -> list[RefusedPair]:
    """Return the pairs that were refused last, the latest first, as far as both ideas are public."""
    first, second = aliased(Idea), aliased(Idea)
    rows = session.execute(
        select(BundleRefusal.first_id, BundleRefusal.second_id, BundleRefusal.refused_at)
        .add_columns(first.title, first.language, second.title, second.language)
        .join(first, first.id == BundleRefusal.first_id)
        .join(second, second.id == BundleRefusal.second_id)
        .where(BundleRefusal.process_id == process_id)
        .where(first.state == IdeaState.PUBLISHED, second.state == IdeaState.PUBLISHED)
        .order_by(BundleRefusal.refused_at.desc(), BundleRefusal.first_id, BundleRefusal.second_id)
        .limit(most)
    )
    return [RefusedPair(*row) for row in rows]


def kept_apart(session: Session, process_id: int) -> set[Pair]:
    """Return the pairs of ideas that are not offered: refused ones, and those to which an author objected.

    The smaller number comes first.
    """
    refused = select(BundleRefusal.first_id, BundleRefusal.second_id).where(BundleRefusal.process_id == process_id)
    other = aliased(BundleMember)
    objections = (
        select(BundleMember.idea_id, other.idea_id)
        .join(Idea, Idea.id == BundleMember.idea_id)
        .join(other, other.bundle_id == BundleMember.bundle_id)
        .where(Idea.process_id == process_id, BundleMember.ended_for == BundleExit.AUTHOR)
        .where(other.idea_id != BundleMember.idea_id, other.added_at <= BundleMember.ended_at)
        .where(func.coalesce(other.ended_at, BundleMember.ended_at) >= BundleMember.ended_at)
    )
    pairs = [*session.execute(refused).all(), *session.execute(objections).all()]
    return {(min(one, two), max(one, two)) for one, two in pairs}


def _pair(session: Session, process_id: int, one: int, other: int) -> Pair:
    inside = (Idea.id.in_([one, other]), Idea.process_id == process_id)
    if session.scalar(select(func.count()).select_from(Idea).where(*inside)) != len({one, other}) or one == other:
        raise Missing
    return min(one, other), max(one, other)
