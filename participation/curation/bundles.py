"""Putting ideas together that say the same, and taking them apart; each stays as it is, with votes and comments."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from participation.accounts.actor import Actor
from participation.activity.service import record
from participation.curation.bundle_policies import (
    AUTHOR_OBJECTS,
    FEWEST_MEMBERS,
    ExitFacts,
    may_bundle,
    may_put_back,
    may_take_out,
)
from participation.curation.events import IdeaBundled, IdeaUnbundled
from participation.curation.models import Bundle, BundleExit, BundleMember
from participation.ideas.models import Idea
from participation.kit.dialect import locked
from participation.kit.permissions import Missing, Refused, found, require
from participation.multilingual import lazy as _l
from participation.processes.models import Participant
from participation.processes.service import touch

_CURRENT = BundleMember.ended_at.is_(None)


def bundle_ideas(session: Session, actor: Actor, *, idea_ids: Collection[int], now: datetime) -> Bundle:
    """Return the bundle that holds all these ideas: a new one, or the one that some of them are in already.

    Twice is the same as once. Raises ``Refused`` where they are in different bundles, and where the author of one has
    taken it out of a bundle with another of them.
    """
    ideas = _lock(session, idea_ids)
    process_id, ids = ideas[0].process_id, {idea.id for idea in ideas}
    of_one_process = all(idea.process_id == process_id for idea in ideas)
    states = {idea.state for idea in ideas}
    require(may_bundle(actor, process_id, states, members=len(ids), of_one_process=of_one_process))
    bundles = {row.bundle_id for row in _members(session, ids)}
    if len(bundles) > 1:
        raise Refused(_l("These ideas are in different bundles already. Please take them out there first."))
    bundle = _bundle(session, process_id, bundles.pop()) if bundles else _new(session, actor, process_id, now)
    inside = {row.idea_id for row in _of_bundle(session, bundle.id)}
    require(may_bundle(actor, process_id, states, members=len(ids | inside)))
    if _objects(session, ids | inside):
        require(AUTHOR_OBJECTS)
    for idea_id in sorted(ids - inside):
        _add(session, actor, bundle, idea_id, now)
    touch(session, process_id)
    return bundle


def take_out(session: Session, actor: Actor, *, process_id: int, idea_id: int, now: datetime) -> BundleMember:
    """Take an idea out of its bundle, for the team or as its author, and return what ended.

    A bundle with one idea left is none: it ends too. Raises ``Missing`` where the idea is in no bundle.
    """
    (idea,) = _lock(session, [idea_id])
    if idea.process_id != process_id:
        raise Missing
    is_author = _is_author(session, actor, idea)
    require(may_take_out(actor, process_id, is_author=is_author))
    member = found(next(iter(_members(session, [idea_id])), None))
    bundle = _bundle(session, process_id, member.bundle_id)
    _end(session, actor, member, BundleExit.AUTHOR if is_author else BundleExit.MODERATION, now)
    others = _of_bundle(session, bundle.id)
    if len(others) < FEWEST_MEMBERS:
        for other in others:
            _end(session, actor, other, None, now)
        bundle.ended_at = now
    touch(session, process_id)
    return member


def dissolve(session: Session, actor: Actor, *, process_id: int, bundle_id: int, now: datetime) -> Bundle:
    """Take all ideas out of a bundle; raises ``Missing`` where there is none (any more)."""
    bundle = _bundle(session, process_id, bundle_id)
    require(may_take_out(actor, process_id, is_author=False))
    for member in _of_bundle(session, bundle.id):
        _end(session, actor, member, BundleExit.MODERATION, now)
    bundle.ended_at = now
    touch(session, process_id)
    return bundle


def put_back(session: Session, actor: Actor, *, process_id: int, member_id: int, now: datetime) -> Bundle:
    """Undo that an idea left a bundle, and return the bundle; one that ended with it begins anew as it was.

    Raises ``Refused`` where the idea is in another bundle by now, or where its author took it out.
    """
    left = found(session.get(BundleMember, member_id))
    former = session.get_one(Bundle, left.bundle_id)
    if former.process_id != process_id or left.ended_at is None:
        raise Missing
    require(may_put_back(actor, ExitFacts(process_id, left.ended_for)))
    # Whoever was in it until it ended comes back along with it.
    returning = _ended_with(session, former) | {left.idea_id}
    ideas = _lock(session, returning)
    bundle = _bundle(session, process_id, former.id, is_open=former.ended_at is None)
    inside = {row.idea_id for row in _of_bundle(session, bundle.id)}
    states = {idea.state for idea in ideas}
    require(may_bundle(actor, process_id, states, members=len(inside | returning)))
    if _members(session, returning):
        raise Refused(_l("This idea is in a bundle again."))
    if _objects(session, inside | returning):
        require(AUTHOR_OBJECTS)
    bundle.ended_at = None
    for idea_id in sorted(returning):
        _add(session, actor, bundle, idea_id, now)
    touch(session, process_id)
    return bundle


def _new(session: Session, actor: Actor, process_id: int, now: datetime) -> Bundle:
    bundle = Bundle(process_id=process_id, made_by=actor.account_id, made_at=now)
    session.add(bundle)
    session.flush()
    return bundle


def _add(session: Session, actor: Actor, bundle: Bundle, idea_id: int, now: datetime) -> None:
    member = BundleMember(bundle_id=bundle.id, idea_id=idea_id, added_by=actor.account_id, added_at=now)
    session.add(member)
    session.flush()
    record(session, IdeaBundled(member.id), account_id=actor.account_id, now=now)


def _end(session: Session, actor: Actor, member: BundleMember, reason: BundleExit | None, now: datetime) -> None:
    member.ended_at, member.ended_by, member.ended_for = now, actor.account_id, reason
    session.flush()
    record(session, IdeaUnbundled(member.id), account_id=actor.account_id, now=now)


def _lock(session: Session, idea_ids: Collection[int]) -> Sequence[Idea]:
    """Return the ideas as they are now, locked in the order of their ids; raises ``Missing`` if one does not exist."""
    wanted = sorted(set(idea_ids))
    statement = locked(select(Idea).where(Idea.id.in_(wanted)).order_by(Idea.id))
    ideas = session.scalars(statement.execution_options(populate_existing=True)).all()
    if not ideas or len(ideas) != len(wanted):
        raise Missing
    return ideas


def _bundle(session: Session, process_id: int, bundle_id: int, *, is_open: bool = True) -> Bundle:
    """Return a bundle, locked; always after the ideas, so that nobody waits for each other. Raises ``Missing``."""
    ended = Bundle.ended_at.is_(None) if is_open else Bundle.ended_at.is_not(None)
    wanted = select(Bundle).where(Bundle.id == bundle_id, Bundle.process_id == process_id, ended)
    bundle: Bundle | None = session.scalar(locked(wanted).execution_options(populate_existing=True))
    return found(bundle)


def _members(session: Session, idea_ids: Collection[int]) -> Sequence[BundleMember]:
    wanted = select(BundleMember).where(BundleMember.idea_id.in_(list(idea_ids)), _CURRENT)
    return session.scalars(wanted.execution_options(populate_existing=True)).all()


def _of_bundle(session: Session, bundle_id: int) -> Sequence[BundleMember]:
    wanted = select(BundleMember).where(BundleMember.bundle_id == bundle_id, _CURRENT).order_by(BundleMember.id)
    return session.scalars(wanted.execution_options(populate_existing=True)).all()


def _ended_with(session: Session, bundle: Bundle) -> set[int]:
    """Return the ideas that were in a bundle until it ended, but for those that their authors took out."""
    if bundle.ended_at is None:
        return set()
    together = select(BundleMember.idea_id).where(
        BundleMember.bundle_id == bundle.id,
        BundleMember.ended_at == bundle.ended_at,
        BundleMember.ended_for.is_distinct_from(BundleExit.AUTHOR),
    )
    return set(session.scalars(together))


def _objects(session: Session, idea_ids: Collection[int]) -> bool:
    """Return whether an author took one of these ideas out of a bundle that another of them was part of."""
    ids, other = list(idea_ids), aliased(BundleMember)
    taken_out = (
        select(func.count())
        .select_from(BundleMember)
        .join(other, other.bundle_id == BundleMember.bundle_id)
        .where(BundleMember.idea_id.in_(ids), BundleMember.ended_for == BundleExit.AUTHOR)
        .where(other.idea_id.in_(ids), other.idea_id != BundleMember.idea_id)
    )
    return bool(session.scalar(taken_out))


def _is_author(session: Session, actor: Actor, idea: Idea) -> bool:
    if actor.account_id is None:
        return False
    author = session.scalar(select(Participant.account_id).where(Participant.id == idea.participant_id))
    return author == actor.account_id
