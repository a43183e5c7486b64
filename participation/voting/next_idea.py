"""Which idea comes next when somebody votes in a row: those where one more vote says most, and some at random.

The page of the method says it in words: ``browse/methods/next-idea.yaml``.
"""

import enum
import math
from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from types import MappingProxyType
from typing import Any

from sqlalchemy import BigInteger, Integer, bindparam, exists, func, select
from sqlalchemy.orm import Session

from participation.ideas.models import Idea, IdeaState, Standing
from participation.ideas.standing import ROUND, Z
from participation.kit.db import read_rows
from participation.voting.models import Skip, Tally, Vote

VERSION = "1"
SAMPLE = 40
"""How many ideas are drawn of which one is chosen."""
CHANCE = 0.2
"""The share of turns in which the weights do not count."""
LEAST = 1e-12
NUMBERS = MappingProxyType({"sample": SAMPLE, "chance": round(100 * CHANCE)})


class Reason(enum.Enum):
    """Why an idea was chosen: for what one more vote says about it, or by chance alone."""

    GAIN = "gain"
    CHANCE = "chance"


@dataclass(frozen=True, slots=True)
class Candidate:
    """An idea that may come next, with how many people voted on it and how many of them agree."""

    idea_id: int
    people: int
    agree: int


@dataclass(frozen=True, slots=True)
class Choice:
    """The idea that comes next, and why."""

    idea_id: int
    reason: Reason


def half_width(agree: float, people: int) -> float:
    """Return half the width of Wilson's 95 % interval for the share that agrees, between 0 and 1/2.

    Nothing is known without any vote: the interval reaches from 0 to 1. Source: see ``ideas.standing.lower_bound``.
    """
    if people <= 0:
        return 0.5
    share, z2 = agree / people, Z * Z
    return Z / (1 + z2 / people) * math.sqrt(share * (1 - share) / people + z2 / (4 * people * people))


def gain(agree: float, people: int) -> float:
    """Return by how much one more vote is expected to narrow the half width; more than 0.

    The next vote agrees with the chance at the middle of the interval. This is the expected reduction of error of
    B. Settles, Active learning literature survey, University of Wisconsin–Madison, TR 1648 (2009), section 3.4.
    """
    likely = (agree + Z * Z / 2) / (people + Z * Z)
    after = likely * half_width(agree + 1, people + 1) + (1 - likely) * half_width(agree, people + 1)
    # With very many votes rounding would leave nothing, or less.
    return max(half_width(agree, people) - after, LEAST)


def choose(candidates: Sequence[Candidate], random: Random, *, results_hidden: bool) -> Choice | None:
    """Return one of the candidates; ``None`` if there is none.

    While results are hidden all opinions count as divided: then the choice tells nothing about how people voted.
    """
    if not candidates:
        return None
    if random.random() < CHANCE:
        return Choice(random.choice(candidates).idea_id, Reason.CHANCE)
    weights = [gain(one.people / 2 if results_hidden else one.agree, one.people) for one in candidates]
    return Choice(random.choices(candidates, weights)[0].idea_id, Reason.GAIN)


def next_idea(
    session: Session,
    *,
    process_id: int,
    participant_id: int | None,
    random: Random,
    results_hidden: bool,
    left_out: int | None = None,
) -> Choice | None:
    """Return a public idea that the participant has neither voted on nor skipped nor written; ``None`` at the end.

    ``left_out`` is an idea that need not come again at once; it does where it is the only one. What this costs depends
    on how many of the ideas around one place of the rotation the participant has seen, not on how many there are.
    """
    found = _candidates(session, process_id, participant_id, random.randrange(ROUND))
    others = [one for one in found if one.idea_id != left_out]
    return choose(others or found, random, results_hidden=results_hidden)


def _candidates(session: Session, process_id: int, participant_id: int | None, start: int) -> list[Candidate]:
    """Return up to ``SAMPLE`` ideas that follow ``start`` in the fair rotation, around its end."""
    values = {"process_id": process_id, "participant_id": participant_id}
    unseen = _UNSEEN if participant_id is not None else _PUBLIC
    found: list[Candidate] = []
    for from_place, below in ((start, ROUND), (0, start)):
        if len(found) < SAMPLE:
            bounds = {"from_place": from_place, "below": below, "most": SAMPLE - len(found)}
            found += [Candidate(*row) for row in read_rows(session, unseen, values | bounds)]
    return found


# Asked with every vote in a row: put together once.
_PUBLIC: Any = (
    select(
        Standing.idea_id,
        func.coalesce(Tally.agree + Tally.unsure + Tally.disagree, 0),
        func.coalesce(Tally.agree, 0),
    )
    .join(Idea, Idea.id == Standing.idea_id)
    .outerjoin(Tally, Tally.idea_id == Standing.idea_id)
    .where(
        Standing.process_id == bindparam("process_id"),
        Standing.rotation >= bindparam("from_place", type_=BigInteger),
        Standing.rotation < bindparam("below", type_=BigInteger),
        Idea.state == IdeaState.PUBLISHED,
    )
    .order_by(Standing.rotation, Standing.idea_id)
    .limit(bindparam("most", type_=Integer))
)
_PERSON: Any = bindparam("participant_id", type_=BigInteger)
_UNSEEN: Any = _PUBLIC.where(
    Idea.participant_id != _PERSON,
    ~exists().where(Vote.idea_id == Standing.idea_id, Vote.participant_id == _PERSON),
    ~exists().where(Skip.participant_id == _PERSON, Skip.idea_id == Standing.idea_id),
)
