"""Counting anew, vote by vote in plain Python: what the product's figures are held against."""

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session

from participation.strategy.behind import PeopleBehind
from participation.voting.models import Stance, Vote


def people(session: Session, idea_ids: Collection[int]) -> PeopleBehind:
    """Return how many different people take each stance on at least one of the ideas, and how many voted."""
    votes = [vote for vote in session.scalars(select(Vote)) if vote.idea_id in idea_ids]
    by_stance = {stance: {vote.participant_id for vote in votes if vote.stance is stance} for stance in Stance}
    return PeopleBehind(
        agree=len(by_stance[Stance.AGREE]),
        disagree=len(by_stance[Stance.DISAGREE]),
        unsure=len(by_stance[Stance.UNSURE]),
        people=len({vote.participant_id for vote in votes}),
    )
