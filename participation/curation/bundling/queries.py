"""Reading bundles: which public ideas say the same as one, how many people stand behind all of them, what has ended."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session, aliased

from participation.accounts.actor import Actor
from participation.curation.models import Bundle, BundleExit, BundleMember
from participation.ideas.models import Idea, IdeaState
from participation.kit.db import in_batches
from participation.kit.permissions import found
from participation.processes.models import Participant
from participation.texts import excerpt
from participation.voting.models import Stance, Vote

PAGE = 20
ENDED_SHOWN = 10


@dataclass(frozen=True, slots=True)
class BundledIdea:
    """An idea as part of a bundle."""

    member_id: int
    bundle_id: int
    idea_id: int
    title: str
    language: str
    state: IdeaState
    added_at: datetime
    ended_at: datetime | None = None
    ended_for: BundleExit | None = None
    text: str = ""
    published_at: datetime | None = None

    @property
    def excerpt(self) -> str:
        """The beginning of its text."""
        return excerpt(self.text)

    @property
    def was_public(self) -> bool:
        """Whether readers could ever see it."""
        return self.published_at is not None


@dataclass(frozen=True, slots=True)
class BundleFigures:
    """How many people, each counted once, take a stance on at least one of several ideas.

    ``both`` agree with one of them and disagree with another; they are among the others, too.
    """

    people: int = 0
    agree: int = 0
    disagree: int = 0
    both: int = 0


def bundle_of_idea() -> Any:
    """Return the number of the bundle that each row of ``Idea`` is part of, as a value of a list."""
    return (
        select(BundleMember.bundle_id)
        .where(BundleMember.idea_id == Idea.id, BundleMember.ended_at.is_(None))
        .correlate(Idea)
        .scalar_subquery()
    )


def bundle_id_of(session: Session, idea_id: int) -> int | None:
    """Return the bundle that an idea is part of."""
    return session.scalar(
        select(BundleMember.bundle_id).where(BundleMember.idea_id == idea_id, BundleMember.ended_at.is_(None))
    )


def bundle_in(session: Session, process_id: int, bundle_id: int) -> Bundle:
    """Return a bundle of the process that holds; raises ``Missing``."""
    wanted = (Bundle.id == bundle_id, Bundle.process_id == process_id, Bundle.ended_at.is_(None))
    return found(session.scalar(select(Bundle).where(*wanted)))


def own_among(session: Session, actor: Actor, idea_ids: Collection[int]) -> set[int]:
    """Return those of the ideas that the actor wrote; no query for whoever is not signed in."""
    if actor.account_id is None:
        return set()
    wrote = (Idea.id.in_(list(idea_ids)), Participant.account_id == actor.account_id)
    return set(session.scalars(select(Idea.id).join(Participant, Participant.id == Idea.participant_id).where(*wrote)))


def mates_of(session: Session, idea_ids: Collection[int]) -> dict[int, int]:
    """Return the other public ideas in the bundles of these ideas, each with the one of them it comes along with."""
    ids, other = list(idea_ids), aliased(BundleMember)
    mates: dict[int, int] = {}
    for batch in in_batches(ids):
        rows = session.execute(
            select(other.idea_id, BundleMember.idea_id)
            .join(other, (other.bundle_id == BundleMember.bundle_id) & other.ended_at.is_(None))
            .join(Idea, Idea.id == other.idea_id)
            .where(BundleMember.idea_id.in_(batch), BundleMember.ended_at.is_(None))
            .where(Idea.state == IdeaState.PUBLISHED)
            .order_by(BundleMember.id, other.id)
        )
        for mate, idea_id in rows:
            if mate not in set(ids):
                mates.setdefault(mate, idea_id)
    return mates


def members_of(session: Session, bundle_ids: Collection[int], *, public: bool = True) -> list[BundledIdea]:
    """Return the ideas of bundles, those bundled first at the beginning: the public ones, or all of them."""
    wanted = _ideas().where(BundleMember.bundle_id.in_(list(bundle_ids)), BundleMember.ended_at.is_(None))
    if public:
        wanted = wanted.where(Idea.state == IdeaState.PUBLISHED)
    return [BundledIdea(*row) for row in session.execute(wanted.order_by(BundleMember.bundle_id, BundleMember.id))]


@dataclass(frozen=True, slots=True)
class Surroundings:
    """The bundle of an idea with all that is in it, itself too; and how it left others, the latest first."""

    members: tuple[BundledIdea, ...]
    left: tuple[BundledIdea, ...]


def bundles_around(session: Session, idea_id: int) -> Surroundings:
    """Return the bundle that an idea is part of, and those that it left and is not part of again."""
    its_own = select(BundleMember.bundle_id).where(BundleMember.idea_id == idea_id)
    rows = session.execute(_ideas().where(BundleMember.bundle_id.in_(its_own)).order_by(BundleMember.id))
    ideas = [BundledIdea(*row) for row in rows]
    current = next((one.bundle_id for one in ideas if one.idea_id == idea_id and one.ended_at is None), None)
    latest = {one.bundle_id: one for one in ideas if one.idea_id == idea_id and one.bundle_id != current}
    return Surroundings(
        members=tuple(one for one in ideas if one.bundle_id == current and one.ended_at is None),
        left=tuple(sorted(latest.values(), key=lambda one: -one.member_id)),
    )


def ended_bundles(session: Session, process_id: int) -> list[BundledIdea]:
    """Return the ideas that were in the bundles of a process that ended last, until they ended; ten bundles at most."""
    ended = (
        select(Bundle.id, Bundle.ended_at)
        .where(Bundle.process_id == process_id, Bundle.ended_at.is_not(None))
        .order_by(Bundle.ended_at.desc(), Bundle.id.desc())
        .limit(ENDED_SHOWN)
        .subquery()
    )
    together = (ended.c.id == BundleMember.bundle_id) & (ended.c.ended_at == BundleMember.ended_at)
    wanted = _ideas().join(ended, together).order_by(ended.c.ended_at.desc(), ended.c.id.desc(), BundleMember.id)
    return [BundledIdea(*row) for row in session.execute(wanted)]


def figures_of(session: Session, bundle_ids: Collection[int]) -> dict[int, BundleFigures]:
    """Return how many people take a stance on the public ideas of each bundle; each person counts once."""

    def takes(stance: Stance) -> Any:
        return func.max(case((Vote.stance == stance, 1), else_=0))

    stances = (
        select(
            BundleMember.bundle_id,
            takes(Stance.AGREE).label("agrees"),
            takes(Stance.DISAGREE).label("disagrees"),
        )
        .join(Idea, Idea.id == BundleMember.idea_id)
        .join(Vote, Vote.idea_id == BundleMember.idea_id)
        .where(BundleMember.bundle_id.in_(list(bundle_ids)), BundleMember.ended_at.is_(None))
        .where(Idea.state == IdeaState.PUBLISHED)
        .group_by(BundleMember.bundle_id, Vote.participant_id)
        .subquery()
    )
    both = func.sum(stances.c.agrees * stances.c.disagrees)
    rows = session.execute(
        select(
            stances.c.bundle_id, func.count(), func.sum(stances.c.agrees), func.sum(stances.c.disagrees), both
        ).group_by(stances.c.bundle_id)
    )
    counted = {row[0]: BundleFigures(*(int(number) for number in row[1:])) for row in rows}
    return {bundle_id: counted.get(bundle_id, BundleFigures()) for bundle_id in bundle_ids}


def bundles_in(session: Session, process_id: int, *, before: int | None = None) -> list[int]:
    """Return the ids of up to 21 bundles of a process that hold together, the latest first, from below ``before``."""
    wanted = select(Bundle.id).where(Bundle.process_id == process_id, Bundle.ended_at.is_(None))
    if before is not None:
        wanted = wanted.where(Bundle.id < before)
    return list(session.scalars(wanted.order_by(Bundle.id.desc()).limit(PAGE + 1)))


def _ideas() -> Any:
    return select(
        BundleMember.id,
        BundleMember.bundle_id,
        Idea.id.label("idea_id"),
        Idea.title,
        Idea.language,
        Idea.state,
        BundleMember.added_at,
        BundleMember.ended_at,
        BundleMember.ended_for,
        Idea.text,
        Idea.published_at,
    ).join(Idea, Idea.id == BundleMember.idea_id)
