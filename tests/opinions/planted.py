"""Votes with groups that were put there on purpose, as a matrix and in a database."""

from datetime import datetime, timedelta
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import case, delete, func, insert, select
from sqlalchemy.orm import Session

from participation.ideas.models import Idea, IdeaSource, IdeaState
from participation.kit import clock
from participation.opinions.matrix import VoteMatrix, vote_matrix
from participation.processes.models import Participant
from participation.voting.models import Stance, Tally, Vote
from tests import make

IDEAS = 30
FIRST_PERSON = 987_600_000
STANCES = {1: Stance.AGREE, 0: Stance.UNSURE, -1: Stance.DISAGREE}
Sides = NDArray[np.int64]


def sides_of(sizes: tuple[int, ...], *, seed: int = 1) -> tuple[Sides, Sides]:
    """Return people × ideas: groups differ on 20 ideas, all agree on five and disagree on five; and who is where."""
    chance = np.random.default_rng(seed)
    group = np.repeat(np.arange(len(sizes)), sizes)
    leaning = np.ones((len(sizes), IDEAS), int)
    for number in range(1, len(sizes)):
        leaning[number, 10 * number - 10 : 10 * number] = -1
    leaning[:, 25:] = -1
    sides = leaning[group] * chance.choice([1] * 12 + [0, -1], (len(group), IDEAS))
    sides[:, 20:] = leaning[group][:, 20:] * chance.choice([1] * 12 + [-1], (len(group), 10))
    return sides, group


def planted(sizes: tuple[int, ...], *, seed: int = 1, turnout: float = 0.6) -> tuple[VoteMatrix, Sides]:
    """Return the votes of groups of these sizes, and who is in which; people count from 100, ideas from 1000."""
    sides, group = sides_of(sizes, seed=seed)
    people, ideas = np.nonzero(np.random.default_rng(seed + 1).random(sides.shape) < turnout)
    return vote_matrix(people + 100, ideas + 1000, sides[people, ideas].astype(np.int8)), group


def put_votes(session: Session, place: make.Place, sides: Sides, *, first: int = 0, at: datetime | None = None) -> None:
    """Store everybody's votes (people × ideas); people from number ``first`` on, ideas are made where missing."""
    moment = at or clock.now() - timedelta(hours=2)
    ideas = [10_000 + number for number in range(sides.shape[1])]
    people = [FIRST_PERSON + first + number for number in range(sides.shape[0])]
    if not first:
        session.execute(insert(Participant), [_person(place, FIRST_PERSON - 1, "author", moment)])
        session.execute(insert(Idea), [_idea(place, idea_id, moment) for idea_id in ideas])
    session.execute(insert(Participant), [_person(place, person, f"p{person}", moment) for person in people])
    votes = [
        {
            "idea_id": idea_id,
            "participant_id": person,
            "stance": STANCES[int(side)],
            "revision": 1,
            "cast_at": moment + timedelta(minutes=row % 60),
        }
        for row, person in enumerate(people)
        for idea_id, side in zip(ideas, sides[row], strict=True)
    ]
    session.execute(insert(Vote), votes)
    count_again(session, place)


def count_again(session: Session, place: make.Place) -> None:
    """Set the tallies of a process to what its votes add up to."""
    own = select(Idea.id).where(Idea.process_id == place.id)
    session.execute(delete(Tally).where(Tally.idea_id.in_(own)))
    counted = [func.sum(case((Vote.stance == stance, 1), else_=0)) for stance in Stance]
    counts = select(Vote.idea_id, *counted).where(Vote.idea_id.in_(own)).group_by(Vote.idea_id)
    session.execute(insert(Tally).from_select(["idea_id", *(stance.value for stance in Stance)], counts))


def _person(place: make.Place, number: int, name: str, moment: datetime) -> dict[str, Any]:
    return {"id": number, "process_id": place.id, "pseudonym": name, "external_key": name, "joined_at": moment}


def _idea(place: make.Place, number: int, moment: datetime) -> dict[str, Any]:
    return {
        "id": number,
        "process_id": place.id,
        "participant_id": FIRST_PERSON - 1,
        "state": IdeaState.PUBLISHED,
        "source": IdeaSource.ONLINE,
        "title": f"Idea {number}",
        "text": "Words about it",
        "language": "en",
        "revision": 1,
        "submitted_at": moment,
        "published_at": moment,
        "external_id": f"s{number}",
    }
