"""Passing over ideas while voting in a row, taking that back, and how far somebody has come."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, exists, func, select
from sqlalchemy.orm import Session

from participation.accounts.actor import Actor
from participation.ideas.models import Idea, IdeaState
from participation.ideas.queries import idea_in
from participation.kit.dialect import upsert
from participation.kit.permissions import require
from participation.processes.queries import participant_of, process_by_slug
from participation.processes.service import join
from participation.voting.models import Skip, Vote
from participation.voting.policies import may_vote
from participation.voting.queries import stance_of
from participation.voting.service import cast_vote


@dataclass(frozen=True, slots=True)
class Seen:
    """How many of the public ideas of others somebody voted on or skipped; ``own`` counts those they wrote."""

    voted: int = 0
    skipped: int = 0
    own: int = 0

    @property
    def ideas(self) -> int:
        return self.voted + self.skipped


def skip_idea(
    session: Session, actor: Actor, *, slug: str, idea_id: int, now: datetime, opened_at: datetime | None = None
) -> None:
    """Note that the actor passes over an idea; whoever has voted on it has a stance, and nothing is noted.

    Raises ``Refused`` where the actor may not vote.
    """
    process = process_by_slug(session, slug)
    idea = idea_in(session, process.id, idea_id)
    require(may_vote(actor, process, idea.state, now=now, opened_at=opened_at))
    participant = join(session, actor, process_id=process.id, now=now)
    if stance_of(session, idea_id=idea_id, participant_id=participant.id) is None:
        values = {"participant_id": participant.id, "idea_id": idea_id, "skipped_at": now}
        upsert(session, Skip, values, key=["participant_id", "idea_id"], update=["skipped_at"])


def take_back(
    session: Session,
    actor: Actor,
    *,
    slug: str,
    idea_id: int,
    revision: int,
    now: datetime,
    opened_at: datetime | None = None,
) -> None:
    """Withdraw the actor's vote on an idea, or forget that the actor skipped it; twice is the same as once."""
    process = process_by_slug(session, slug)
    idea = idea_in(session, process.id, idea_id)
    require(may_vote(actor, process, idea.state, now=now, opened_at=opened_at))
    participant = participant_of(session, process_id=process.id, account_id=actor.account_id)
    if participant is None:
        return
    session.execute(delete(Skip).where(Skip.participant_id == participant.id, Skip.idea_id == idea_id))
    if stance_of(session, idea_id=idea_id, participant_id=participant.id) is not None:
        cast_vote(
            session, actor, slug=slug, idea_id=idea_id, stance=None, revision=revision, now=now, opened_at=opened_at
        )


def forget_skips(session: Session, actor: Actor, *, process_id: int) -> None:
    """Let all ideas of a process that the actor skipped come again."""
    participant = participant_of(session, process_id=process_id, account_id=actor.account_id)
    if participant is not None:
        here = select(Idea.id).where(Idea.process_id == process_id)
        session.execute(delete(Skip).where(Skip.participant_id == participant.id, Skip.idea_id.in_(here)))


def has_skipped(session: Session, *, idea_id: int, participant_id: int) -> bool:
    """Return whether a participant passed over an idea."""
    own = (Skip.participant_id == participant_id) & (Skip.idea_id == idea_id)
    return session.scalar(select(Skip.idea_id).where(own)) is not None


def seen_by(session: Session, participant_id: int) -> Seen:
    """Return how far a participant has come; costs as much as the participant has seen."""
    public = Idea.state == IdeaState.PUBLISHED
    others = public & (Idea.participant_id != participant_id)
    voted = (
        select(func.count())
        .select_from(Vote)
        .join(Idea, Idea.id == Vote.idea_id)
        .where(Vote.participant_id == participant_id, others)
    )
    skipped = (
        select(func.count())
        .select_from(Skip)
        .join(Idea, Idea.id == Skip.idea_id)
        .where(
            Skip.participant_id == participant_id,
            others,
            ~exists().where(Vote.idea_id == Skip.idea_id, Vote.participant_id == participant_id),
        )
    )
    own = select(func.count()).select_from(Idea).where(Idea.participant_id == participant_id, public)
    counts = select(voted.scalar_subquery(), skipped.scalar_subquery(), own.scalar_subquery())
    return Seen(*session.execute(counts).one())
