"""Reading tallies and one person's own votes."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from participation.ideas.models import Idea
from participation.kit.db import in_batches
from participation.voting.models import Stance, Tally, Vote

FEWEST_VOTES = 5
"""Of an idea on which fewer people voted, or to which fewer gave points, results and files tell no figures."""


@dataclass(frozen=True, slots=True)
class VoteFigures:
    """How many people take each stance."""

    agree: int = 0
    disagree: int = 0
    unsure: int = 0

    @property
    def people(self) -> int:
        return self.agree + self.disagree + self.unsure


def tallies(session: Session, idea_ids: Iterable[int]) -> dict[int, VoteFigures]:
    """Return the figures of each idea; ideas nobody voted on have zeros."""
    figures: dict[int, VoteFigures] = {}
    for ids in in_batches(idea_ids):
        figures |= dict.fromkeys(ids, VoteFigures())
        statement = select(Tally.idea_id, Tally.agree, Tally.disagree, Tally.unsure).where(Tally.idea_id.in_(ids))
        figures.update({row.idea_id: VoteFigures(*row[1:]) for row in session.execute(statement)})
    return figures


@dataclass(frozen=True, slots=True)
class OwnVote:
    """How somebody voted on an idea, and when."""

    stance: Stance
    cast_at: datetime


def own_vote(session: Session, *, idea_id: int, participant_id: int | None) -> OwnVote | None:
    """Return the vote of a participant on an idea."""
    if participant_id is None:
        return None
    own = (Vote.idea_id == idea_id) & (Vote.participant_id == participant_id)
    row = session.execute(select(Vote.stance, Vote.cast_at).where(own)).one_or_none()
    return OwnVote(*row) if row else None


def stance_of(session: Session, *, idea_id: int, participant_id: int | None) -> Stance | None:
    """Return how a participant voted on an idea."""
    if participant_id is None:
        return None
    return session.scalar(select(Vote.stance).where(Vote.idea_id == idea_id, Vote.participant_id == participant_id))


def tally_breaks(session: Session, process_id: int) -> list[int]:
    """Return the ids of ideas whose stored tally differs from their votes; empty when all is well."""
    counted: dict[int, dict[Stance, int]] = {}
    rows = session.execute(
        select(Vote.idea_id, Vote.stance, func.count())
        .join(Idea, Idea.id == Vote.idea_id)
        .where(Idea.process_id == process_id)
        .group_by(Vote.idea_id, Vote.stance)
    )
    for idea_id, stance, count in rows:
        counted.setdefault(idea_id, {})[stance] = count
    stored = tallies(session, session.scalars(select(Idea.id).where(Idea.process_id == process_id)).all())
    return sorted(
        idea_id
        for idea_id, figures in stored.items()
        if figures != VoteFigures(*(counted.get(idea_id, {}).get(stance, 0) for stance in Stance))
    )
