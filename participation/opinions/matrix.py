"""The votes of a process as one sparse matrix, always in the same order, so that equal votes give equal results."""

import hashlib
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import case, select
from sqlalchemy.orm import Session

from participation.ideas.models import Idea, IdeaState
from participation.voting.models import Stance, Vote

CHUNK = 50_000
"""Rows taken from the database at a time."""
SIDE = {Stance.AGREE: 1, Stance.UNSURE: 0, Stance.DISAGREE: -1}

Ids = NDArray[np.int64]
Places = NDArray[np.int32]
Sides = NDArray[np.int8]


@dataclass(frozen=True, slots=True)
class VoteMatrix:
    """Votes as triples, sorted by person and then by idea.

    ``people`` and ``ideas`` are ids in rising order. Vote number i was cast by ``people[rows[i]]`` on
    ``ideas[columns[i]]`` and says ``sides[i]``: 1 agree, -1 disagree, 0 unsure.
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
            content.update(np.ascontiguousarray(part).astype(part.dtype.newbyteorder("<")).tobytes())
        return content.hexdigest()

    def votes_per_person(self) -> NDArray[np.int64]:
        """Return how many ideas each person voted on."""
        return np.bincount(self.rows, minlength=len(self.people))

    def of_people(self, chosen: NDArray[np.bool_]) -> "VoteMatrix":
        """Return the votes of the chosen people; all ideas stay."""
        kept = chosen[self.rows]
        places = np.cumsum(chosen, dtype=np.int32) - 1
        return VoteMatrix(
            self.people[chosen],
            self.ideas,
            places[self.rows[kept]].astype(np.int32),
            self.columns[kept],
            self.sides[kept],
        )


def vote_matrix(person_ids: Ids, idea_ids: Ids, sides: Sides) -> VoteMatrix:
    """Return the matrix of votes given in any order; each pair of person and idea at most once."""
    people, rows = np.unique(person_ids, return_inverse=True)
    ideas, columns = np.unique(idea_ids, return_inverse=True)
    order = np.argsort(rows * max(1, len(ideas)) + columns, kind="stable")
    return VoteMatrix(
        people, ideas, rows[order].astype(np.int32), columns[order].astype(np.int32), sides[order].astype(np.int8)
    )


def read_votes(session: Session, process_id: int) -> VoteMatrix:
    """Return the votes on the published ideas of a process."""
    side = case(*((Vote.stance == stance, value) for stance, value in SIDE.items()))
    statement = (
        select(Vote.participant_id, Vote.idea_id, side)
        .join(Idea, Idea.id == Vote.idea_id)
        .where(Idea.process_id == process_id, Idea.state == IdeaState.PUBLISHED)
    )
    connection = session.connection()
    rows = connection.execution_options(stream_results=True, yield_per=CHUNK).execute(statement)
    parts = [_numbers(part) for part in rows.partitions()]
    votes = np.concatenate(parts) if parts else np.empty((0, 3), np.int64)
    return vote_matrix(votes[:, 0], votes[:, 1], votes[:, 2].astype(np.int8))


def _numbers(rows: Any) -> NDArray[np.int64]:
    return np.fromiter((value for row in rows for value in row), np.int64, count=3 * len(rows)).reshape(-1, 3)
