"""Putting ideas together that say the same, and taking them apart; each stays as it is, with votes and comments.

Whatever changes bundles locks the board of their process first, so that nobody's step is lost beside another one.
Authors are told of it when the time to undo it, ``told_after``, is over.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from participation.accounts.actor import Actor
from participation.activity.service import record
from participation.curation.board.steps import lock_board
from participation.curation.bundling.policies import (
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
AT_ONCE = timedelta(0)


class InSeveral(Refused):
    """These ideas are in different bundles; whoever wants that merges these."""


def bundle_ideas(
    session: Session,
    actor: Actor,
    *,
    idea_ids: Collection[int],
    now: datetime,
    merging: bool = False,
    told_after: timedelta = AT_ONCE,
) -> Bundle:
    """Return the bundle that holds all these ideas: a new one, or the one that some of them are in already.

    Twice is the same as once. Where they are in different bundles, ``merging`` brings all of these into the oldest one,
    whole. Raises ``InSeveral`` without it, and ``Refused`` where the author of one of the ideas has taken it out of a
    bundle with another of them.
    """
    step = _begin(session, actor, idea_ids, now, told_after)
    ids = set(idea_ids)
    step.require_bundling(ids)
    bundle_ids = sorted({row.bundle_id for row in _members(session, ids)})
    if len(bundle_ids) > 1 and not merging:
        raise InSeveral(_l("These ideas are in different bundles already."))
    inside = {row.idea_id for bundle_id in bundle_ids for row in _of_bundle(session, bundle_id)}
    step.require_bundling(ids, inside)
    bundles = [_bundle(session, step.process_id, bundle_id) for bundle_id in bundle_ids]
    bundle = bundles[0] if bundles else _new(session, actor, step.process_id, now)
    moved = {idea_id for other in bundles[1:] for idea_id in step.end_bundle(other)}
    kept = {row.idea_id for row in _of_bundle(session, bundle.id)}
    for idea_id in sorted((ids | moved) - kept):
        step.add(bundle, idea_id)
    touch(session, step.process_id)
    return bundle


def merge_bundles(
    session: Session,
    actor: Actor,
    *,
    process_id: int,
    bundle_ids: Collection[int],
    now: datetime,
    told_after: timedelta = AT_ONCE,
) -> Bundle:
    """Return the oldest of these bundles with all ideas of all of them; the others end.

    Raises ``Missing`` unless all of them hold in the process, and ``Refused`` as ``bundle_ideas`` does.
    """
    lock_board(session, process_id)
    ids = {row.idea_id for bundle_id in bundle_ids for row in _of_bundle(session, bundle_id)}
    for bundle_id in sorted(bundle_ids):
        _bundle(session, process_id, bundle_id)
    return bundle_ideas(session, actor, idea_ids=ids, merging=True, told_after=told_after, now=now)


def take_out(
    session: Session,
    actor: Actor,
    *,
    process_id: int,
    idea_id: int,
    now: datetime,
    told_after: timedelta = AT_ONCE,
) -> BundleMember:
    """Take an idea out of its bundle, for the team or as its author, and return what ended.

    A bundle with one idea left is none: it ends too. Raises ``Missing`` where the idea is in no bundle.
    """
    step = _begin(session, actor, [idea_id], now, told_after)
    if step.process_id != process_id:
        raise Missing
    is_author = _is_author(session, actor, step.ideas[0])
    require(may_take_out(actor, process_id, is_author=is_author))
    member = found(next(iter(_members(session, [idea_id])), None))
    bundle = _bundle(session, process_id, member.bundle_id)
    step.end(member, BundleExit.AUTHOR if is_author else BundleExit.MODERATION)
    step.end_if_alone(bundle)
    touch(session, process_id)
    return member


def dissolve(
    session: Session,
    actor: Actor,
    *,
    process_id: int,
    bundle_id: int,
    now: datetime,
    told_after: timedelta = AT_ONCE,
) -> Bundle:
    """Take all ideas out of a bundle; raises ``Missing`` where there is none (any more)."""
    lock_board(session, process_id)
    bundle = _bundle(session, process_id, bundle_id)
    require(may_take_out(actor, process_id, is_author=False))
    _Step(session, actor, process_id, (), now, told_after).end_bundle(bundle)
    touch(session, process_id)
    return bundle


def put_back(
    session: Session,
    actor: Actor,
    *,
    process_id: int,
    member_id: int,
    now: datetime,
    told_after: timedelta = AT_ONCE,
) -> Bundle:
    """Undo that an idea left a bundle, and return the bundle; one that ended with it begins anew as it was.

    Where it ended because it was merged into another one, its ideas leave that again; one that its author took out
    since stays out. Raises ``Refused`` where one of the ideas is in yet another bundle by now, or where its author
    took it out.
    """
    left = found(session.get(BundleMember, member_id))
    former = session.get_one(Bundle, left.bundle_id)
    if former.process_id != process_id:
        raise Missing
    lock_board(session, process_id)
    session.refresh(left)
    session.refresh(former)
    if left.ended_at is None:
        raise Missing
    require(may_put_back(actor, ExitFacts(process_id, left.ended_for)))
    # Whoever was in it until it ended comes back along with it.
    returning = _ended_with(session, former) | {left.idea_id}
    step = _begin(session, actor, returning, now, told_after)
    inside = {row.idea_id for row in _of_bundle(session, former.id)}
    returning -= _objecting(session, returning, inside | returning)
    if left.idea_id not in returning and not former.ended_at:
        require(AUTHOR_OBJECTS)
    if len(inside | returning) < FEWEST_MEMBERS:
        require(AUTHOR_OBJECTS)
    step.require_bundling(returning, inside)
    step.take_out_of_merged(former, returning)
    if _members(session, returning):
        raise Refused(_l("This idea is in a bundle again."))
    bundle = _bundle(session, process_id, former.id, is_open=former.ended_at is None)
    bundle.ended_at = None
    for idea_id in sorted(returning):
        step.add(bundle, idea_id)
    touch(session, process_id)
    return bundle


@dataclass(frozen=True, slots=True)
class _Step:
    """One change of bundles, with the ideas it is about locked."""

    session: Session
    actor: Actor
    process_id: int
    ideas: Sequence[Idea]
    now: datetime
    told_after: timedelta

    def require_bundling(self, ids: Collection[int], inside: Collection[int] = ()) -> None:
        """Raise ``Refused`` unless the actor may put these ideas together with those ``inside`` already."""
        together = {*ids, *inside}
        of_one_process = all(idea.process_id == self.process_id for idea in self.ideas)
        states = {idea.state for idea in self.ideas if idea.id in together}
        require(may_bundle(self.actor, self.process_id, states, members=len(together), of_one_process=of_one_process))
        if _objecting(self.session, together, together):
            require(AUTHOR_OBJECTS)

    def add(self, bundle: Bundle, idea_id: int) -> None:
        """Let an idea be part of a bundle from now on."""
        by = self.actor.account_id
        member = BundleMember(bundle_id=bundle.id, idea_id=idea_id, added_by=by, added_at=self.now)
        self.session.add(member)
        self.session.flush()
        record(self.session, IdeaBundled(member.id), account_id=by, now=self.now, delay=self.told_after)

    def end(self, member: BundleMember, reason: BundleExit | None) -> None:
        """Let an idea not be part of its bundle any more."""
        member.ended_at, member.ended_by, member.ended_for = self.now, self.actor.account_id, reason
        self.session.flush()
        event = IdeaUnbundled(member.id)
        record(self.session, event, account_id=self.actor.account_id, now=self.now, delay=self.told_after)

    def end_bundle(self, bundle: Bundle) -> list[int]:
        """End a bundle and return the ideas that were in it."""
        members = _of_bundle(self.session, bundle.id)
        for member in members:
            self.end(member, BundleExit.MODERATION)
        bundle.ended_at = self.now
        return [member.idea_id for member in members]

    def end_if_alone(self, bundle: Bundle) -> None:
        """End a bundle of which one idea is left."""
        others = _of_bundle(self.session, bundle.id)
        if len(others) < FEWEST_MEMBERS:
            for other in others:
                self.end(other, None)
            bundle.ended_at = self.now

    def take_out_of_merged(self, former: Bundle, ids: Collection[int]) -> None:
        """Take ideas out of the bundle that they came into when theirs was merged into it."""
        moved = [row for row in _members(self.session, ids) if row.added_at == former.ended_at]
        for member in moved:
            self.end(member, None)
        for bundle_id in sorted({member.bundle_id for member in moved}):
            self.end_if_alone(_bundle(self.session, self.process_id, bundle_id))


def _begin(session: Session, actor: Actor, idea_ids: Collection[int], now: datetime, told_after: timedelta) -> _Step:
    """Lock the board, then the ideas in the order of their ids; raises ``Missing`` if one does not exist."""
    wanted = sorted(set(idea_ids))
    process_id = found(session.scalar(select(Idea.process_id).where(Idea.id == (wanted or [0])[0])))
    lock_board(session, process_id)
    statement = locked(select(Idea).where(Idea.id.in_(wanted)).order_by(Idea.id))
    ideas = session.scalars(statement.execution_options(populate_existing=True)).all()
    if len(ideas) != len(wanted):
        raise Missing
    return _Step(session, actor, process_id, ideas, now, told_after)


def _new(session: Session, actor: Actor, process_id: int, now: datetime) -> Bundle:
    bundle = Bundle(process_id=process_id, made_by=actor.account_id, made_at=now)
    session.add(bundle)
    session.flush()
    return bundle


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


def _objecting(session: Session, idea_ids: Collection[int], beside: Collection[int]) -> set[int]:
    """Return those ideas that their authors took out of a bundle which one of those ``beside`` was part of.

    Only what was in it at that time counts: nobody objects to ideas that came later.
    """
    other = aliased(BundleMember)
    taken_out = (
        select(BundleMember.idea_id)
        .join(other, other.bundle_id == BundleMember.bundle_id)
        .where(BundleMember.idea_id.in_(list(idea_ids)), BundleMember.ended_for == BundleExit.AUTHOR)
        .where(other.idea_id.in_(list(beside)), other.idea_id != BundleMember.idea_id)
        .where(other.added_at <= BundleMember.ended_at)
        .where(func.coalesce(other.ended_at, BundleMember.ended_at) >= BundleMember.ended_at)
    )
    return set(session.scalars(taken_out))


def _is_author(session: Session, actor: Actor, idea: Idea) -> bool:
    if actor.account_id is None:
        return False
    author = session.scalar(select(Participant.account_id).where(Participant.id == idea.participant_id))
    return author == actor.account_id
