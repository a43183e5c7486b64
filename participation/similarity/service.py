"""Keeping vectors of ideas and which ideas are near each other; texts that have changed meanwhile are left alone."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from participation.ideas.models import Idea, IdeaState
from participation.kit.dialect import insert_missing, locked, upsert
from participation.processes.service import touch
from participation.similarity.models import IdeaVector, Neighbourhood

MOST_NEIGHBOURS = 10
"""More than a page shows, for those that are hidden later or whose text changes."""


@dataclass(frozen=True, slots=True)
class MadeVector:
    """A vector as it is stored, with the revision of the idea it was made from."""

    idea_id: int
    revision: int
    packed: bytes


@dataclass(frozen=True, slots=True)
class Neighbour:
    """An idea near another one, with the words of its own that they share."""

    idea_id: int
    revision: int
    score: float
    means_similar: bool
    words: tuple[str, ...]

    def entry(self) -> dict[str, Any]:
        """Return it as it is kept."""
        return {
            "idea_id": self.idea_id,
            "revision": self.revision,
            "score": self.score,
            "means_similar": self.means_similar,
            "words": list(self.words),
        }


@dataclass(frozen=True, slots=True)
class Found:
    """The neighbours of one idea; ``back`` holds the idea itself as each of them sees it."""

    idea_id: int
    revision: int
    neighbours: tuple[Neighbour, ...]
    back: tuple[Neighbour, ...]


def put_vectors(session: Session, process_id: int, vectors: Sequence[MadeVector], *, method: str, now: datetime) -> int:
    """Keep vectors in place of earlier ones, and return how many; those of ideas that have changed are dropped."""
    current = _revisions(session, process_id, [vector.idea_id for vector in vectors])
    fresh = [vector for vector in vectors if current.get(vector.idea_id) == vector.revision]
    if not fresh:
        return 0
    ids = [vector.idea_id for vector in fresh]
    # Not updated in place: a new row has a new id, and that is what readers look for.
    session.execute(delete(IdeaVector).where(IdeaVector.idea_id.in_(ids), IdeaVector.method == method))
    rows = [
        {
            "process_id": process_id,
            "idea_id": vector.idea_id,
            "revision": vector.revision,
            "method": method,
            "vector": vector.packed,
            "made_at": now,
        }
        for vector in fresh
    ]
    # Somebody else may just have made the same one.
    insert_missing(session, IdeaVector, rows, key=["idea_id", "method"])
    return len(fresh)


def put_neighbours(session: Session, process_id: int, found: Sequence[Found], *, method: str, now: datetime) -> None:
    """Keep the neighbours of ideas, and put the ideas into the lists of their neighbours.

    Ideas that have changed since, and lists that another method made, are left out.
    """
    mentioned = {one.idea_id for one in found} | {near.idea_id for one in found for near in one.neighbours}
    current = _revisions(session, process_id, sorted(mentioned))
    fresh = [one for one in found if current.get(one.idea_id) == one.revision]
    lists = {one.idea_id: [near.entry() for near in one.neighbours] for one in fresh}
    own = set(lists)
    others = select(Neighbourhood).where(
        Neighbourhood.idea_id.in_(mentioned - own),
        Neighbourhood.method == method,
        Neighbourhood.process_id == process_id,
    )
    kept = {row.idea_id: row for row in session.scalars(locked(others.order_by(Neighbourhood.idea_id)))}
    lists |= {idea_id: row.entries["ideas"] for idea_id, row in kept.items()}
    for one in fresh:
        for near, back in zip(one.neighbours, one.back, strict=True):
            if near.idea_id in lists:
                lists[near.idea_id] = _with(lists[near.idea_id], back.entry())
    rows = [
        {
            "idea_id": idea_id,
            "process_id": process_id,
            "revision": current[idea_id] if idea_id in own else kept[idea_id].revision,
            "method": method,
            "entries": {"ideas": entries},
            "made_at": now,
        }
        for idea_id, entries in sorted(lists.items())
        if idea_id in own or entries != kept[idea_id].entries["ideas"]
    ]
    upsert(session, Neighbourhood, rows, key=["idea_id"], update=["revision", "method", "entries", "made_at"])
    if rows and _any_public(session, [idea_id for idea_id, entries in lists.items() if entries]):
        touch(session, process_id)


def _with(entries: Sequence[Mapping[str, Any]], new: dict[str, Any]) -> list[dict[str, Any]]:
    """Return a list with one more idea in its place, in place of an earlier revision of it."""
    all_ = [dict(entry) for entry in entries if entry["idea_id"] != new["idea_id"]] + [new]
    return sorted(all_, key=lambda entry: (-entry["score"], entry["idea_id"]))[:MOST_NEIGHBOURS]


def _revisions(session: Session, process_id: int, idea_ids: Sequence[int]) -> dict[int, int]:
    """Return the revisions of those ideas that there are.

    Not locked: readers compare revisions again, so that what comes too late is never shown.
    """
    rows = select(Idea.id, Idea.revision).where(Idea.process_id == process_id, Idea.id.in_(idea_ids))
    return dict(session.execute(rows).all())


def _any_public(session: Session, idea_ids: Sequence[int]) -> bool:
    public = select(Idea.id).where(Idea.id.in_(idea_ids), Idea.state == IdeaState.PUBLISHED).limit(1)
    return session.scalar(public) is not None
