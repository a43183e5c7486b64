"""Reading tallies and one person's own votes."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from participation.ideas.models import Idea
from participation.voting.models import Stance, Tally, Vote


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
    ids = list(idea_ids)
    figures = dict.fromkeys(ids, VoteFigures())
    rows = session.execute(
        select(Tally.idea_id, Tally.agree, Tally.disagree, Tally.unsure).where(Tally.idea_id.in_(ids))
    )
    figures.update({row.idea_id: VoteFigures(row.agree, row.disagree, row.unsure) for row in rows})
    return figures


def stance_of(session: Session, *, idea_id: int, participant_id: int | None) -> Stance | None:
    """Return how a participant voted on an idea."""
    if participant_id is None:
        return None
    return session.scalar(select(Vote.stance).where(Vote.idea_id == idea_id, Vote.participant_id == participant_id))


def distinct_people(session: Session, idea_ids: Iterable[int]) -> VoteFigures:
    """Return how many different people agree with, disagree with and are unsure about at least one of the ideas.

    Each person counts once per stance; one who agrees with one idea and disagrees with another is in both figures.
    """
    rows = session.execute(
        select(Vote.stance, func.count(Vote.participant_id.distinct()))
        .where(Vote.idea_id.in_(list(idea_ids)))
        .group_by(Vote.stance)
    )
    counted = dict(rows.all())
    return VoteFigures(counted.get(Stance.AGREE, 0), counted.get(Stance.DISAGREE, 0), counted.get(Stance.UNSURE, 0))


def people_who_voted(session: Session, idea_ids: Iterable[int]) -> int:
    """Return how many different people voted on at least one of the ideas."""
    statement = select(func.count(Vote.participant_id.distinct())).where(Vote.idea_id.in_(list(idea_ids)))
    return session.scalar(statement) or 0


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
