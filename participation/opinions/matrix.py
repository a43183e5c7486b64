"""The votes of a process as one sparse matrix, always in the same order, so that equal votes give equal results."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from participation.ideas.models import Idea, IdeaState
from participation.kit.dialect import read_integers
from participation.voting.models import Stance, Tally, Vote

SIDE = {Stance.AGREE: 1, Stance.UNSURE: 0, Stance.DISAGREE: -1}
MOST_OF_ALL = 4
"""Where at least one vote in so many belongs to a process, all are read one after the other: that is faster than to
look each of them up."""
MOST_IN_TABLE = 50_000_000
"""Ids up to this are looked up in a table rather than sorted."""

Ids = NDArray[np.int64]
Places = NDArray[np.int32]
Sides = NDArray[np.int8]


@dataclass(frozen=True, slots=True)
class VoteMatrix:
    """Votes as triples, sorted by person and then by idea.

    Vote number i was cast by ``people[rows[i]]`` on ``ideas[columns[i]]`` and says ``sides[i]``: 1 agree, -1 disagree,
    0 unsure. ``ideas`` are in rising order. The order of ``people`` follows from how they voted and from nothing else,
    so neither the order of the votes nor who cast them makes any difference to what is computed.
    """

    people: Ids
    ideas: Ids
    rows: Places
    columns: Places
    sides: Sides

    @property
    def shape(self) -> tuple[int, int]:
        """How many people and how many ideas."""
        return len(self.people), len(self.ideas)

    def digest(self) -> str:
        """Return a SHA-256 over all votes, with people and ideas by their places in the order: it names nobody."""
        content = hashlib.sha256(f"{self.shape[0]} {self.shape[1]}\n".encode())
        for part in (self.rows, self.columns, self.sides):
            content.update(np.ascontiguousarray(part).astype(part.dtype.newbyteorder("<"), copy=False).tobytes())
        return content.hexdigest()

    def votes_per_person(self) -> NDArray[np.int64]:
        """Return how many ideas each person voted on."""
        return np.bincount(self.rows, minlength=len(self.people))

    def of_people(self, chosen: NDArray[np.bool_]) -> "VoteMatrix":
        """Return the votes of the chosen people; all ideas stay."""
        if chosen.all():
            return self
        kept = chosen[self.rows]
        places = np.cumsum(chosen, dtype=np.int32) - 1
        return VoteMatrix(
            self.people[chosen],
            self.ideas,
            places[self.rows[kept]].astype(np.int32, copy=False),
            self.columns[kept],
            self.sides[kept],
        )

    def of_votes(self, kept: NDArray[np.bool_]) -> "VoteMatrix":
        """Return the chosen votes; people who cast none of them are no longer in it, all ideas stay."""
        if kept.all():
            return self
        rest = VoteMatrix(self.people, self.ideas, self.rows[kept], self.columns[kept], self.sides[kept])
        return rest.of_people(rest.votes_per_person() > 0)


def vote_matrix(person_ids: Ids, idea_ids: Ids, sides: Sides) -> VoteMatrix:
    """Return the matrix of votes given in any order; each pair of person and idea at most once."""
    people, rows = _numbered(person_ids)
    ideas, columns = _numbered(idea_ids)
    order = np.lexsort(content_of_people(rows, columns, sides, len(people)))
    rows = _inverse(order)[rows]
    # Sorted as one number per vote: several times as fast as sorting by two keys.
    width = max(1, len(ideas))
    packed = rows.astype(np.int64)
    packed *= width
    packed += columns
    packed *= 4
    packed += sides + np.int8(1)
    del rows, columns
    packed.sort()
    sides = (packed & 3).astype(np.int8) - np.int8(1)
    packed >>= 2
    rows = (packed // width).astype(np.int32)
    packed %= width
    return VoteMatrix(people[order], ideas, rows, packed.astype(np.int32), sides)


def read_votes(session: Session, process_id: int) -> VoteMatrix:
    """Return the votes on the published ideas of a process."""
    people, ideas, sides = [], [], []
    side = case(*((Vote.stance == stance, value + 1) for stance, value in SIDE.items()))
    for part in read_per_vote(session, process_id, Vote.participant_id * 4 + side):
        people.append(part[:, 0] >> 2)
        ideas.append(part[:, 1])
        sides.append(((part[:, 0] & 3) - 1).astype(np.int8))
    return vote_matrix(_joined(people, np.int64), _joined(ideas, np.int64), _joined(sides, np.int8))


def read_per_vote(session: Session, process_id: int, figure: Any, *more: Any) -> Iterator[Ids]:
    """Yield the votes on the published ideas of a process in no certain order: ``figure``, the idea's id, ``more``."""
    is_published = (Idea.process_id == process_id) & (Idea.state == IdeaState.PUBLISHED)
    published = np.array(session.scalars(select(Idea.id).where(is_published).order_by(Idea.id)).all(), np.int64)
    counted = select(func.sum(Tally.agree + Tally.disagree + Tally.unsure)).join(Idea, Idea.id == Tally.idea_id)
    own = session.scalar(counted.where(Idea.process_id == process_id)) or 0
    everything = session.scalar(select(func.max(Vote.id))) or 0
    statement = select(figure, Vote.idea_id, *more)
    if own * MOST_OF_ALL < everything:
        yield from read_integers(session, statement.join(Idea, Idea.id == Vote.idea_id).where(is_published))
        return
    is_wanted = np.zeros(int(published[-1]) + 2 if len(published) else 1, np.bool_)
    is_wanted[published] = True
    for part in read_integers(session, statement.with_hint(Vote, "NOT INDEXED", "sqlite")):
        kept = is_wanted[np.minimum(part[:, 1], len(is_wanted) - 1)]
        yield part if kept.all() else part[kept]


def _numbered(ids: Ids) -> tuple[Ids, Places]:
    """Return the different ids in rising order, and the place of each id among them."""
    highest = int(ids.max(initial=0))
    if highest > MOST_IN_TABLE:
        known, places = np.unique(ids, return_inverse=True)
        return known, places.astype(np.int32)
    is_there = np.zeros(highest + 1, np.bool_)
    is_there[ids] = True
    found = np.flatnonzero(is_there)
    place = np.zeros(highest + 1, np.int32)
    place[found] = np.arange(len(found), dtype=np.int32)
    return found, place[ids]


def content_of_people(rows: Places, columns: Ids | Places, sides: Sides, people: int) -> tuple[Ids, Ids]:
    """Return two numbers for each person that follow from the votes and differ, as good as always, between people."""
    hashed = mixed(columns.astype(np.uint64) * np.uint64(3) + (sides + np.int8(1)).astype(np.uint64))
    # Sums of up to two million numbers of 32 bits are exact in floating point, so their order makes no difference.
    low = np.bincount(rows, weights=(hashed & np.uint64(0xFFFFFFFF)).astype(np.float64), minlength=people)
    high = np.bincount(rows, weights=(hashed >> np.uint64(32)).astype(np.float64), minlength=people)
    return low.astype(np.int64), high.astype(np.int64)


def mixed(numbers: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Return the numbers hashed (finaliser of SplitMix64: G. L. Steele, D. Lea, C. H. Flood, OOPSLA 2014)."""
    numbers = (numbers + np.uint64(1)) * np.uint64(0x9E3779B97F4A7C15)
    numbers = (numbers ^ (numbers >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    numbers = (numbers ^ (numbers >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return numbers ^ (numbers >> np.uint64(31))


def _inverse(order: Ids) -> Places:
    inverse = np.empty(len(order), np.int32)
    inverse[order] = np.arange(len(order), dtype=np.int32)
    return inverse


def _joined(parts: list[NDArray[Any]], kind: type[np.integer[Any]]) -> NDArray[Any]:
    joined = np.concatenate(parts) if parts else np.empty(0, kind)
    parts.clear()
    return joined
