"""Whether the opinion groups of a process have to be computed anew, told without reading its votes."""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
from sqlalchemy import select
from sqlalchemy.orm import Session

from participation.ideas.models import Idea, IdeaState
from participation.kit.dialect import read_integers
from participation.opinions.grouping import METHOD, MIN_VOTES
from participation.opinions.matrix import Ids, VoteMatrix, content_of_people
from participation.opinions.models import GroupRun
from participation.processes.models import Capability
from participation.processes.outline import ProcessOutline
from participation.voting.models import Tally

LEAST_PAUSE = timedelta(minutes=5)
PAUSE_TIMES = 20
"""The pause after a run is so many times what the run took: the worker spends at most one minute in twenty on them."""
SURELY = timedelta(hours=20)
"""Two people who change their votes against each other leave all tallies as they are: so often it is computed anyway,
as long as people may vote."""


@dataclass(frozen=True, slots=True)
class Mark:
    """What the tallies were when a run was last checked against them, and when that was."""

    tallies: str
    checked_at: datetime

    def __str__(self) -> str:
        return f"{self.tallies}@{self.checked_at.isoformat()}"


def mark_of(run: GroupRun) -> Mark:
    """Return the mark that was stored with a run."""
    tallies, _at, moment = run.mark.partition("@")
    return Mark(tallies, datetime.fromisoformat(moment))


def mark_now(session: Session, process_id: int, now: datetime) -> Mark | None:
    """Return the mark of a process as it is; ``None`` as long as nobody has voted on what is published there."""
    statement = (
        select(Tally.idea_id, Tally.agree, Tally.disagree, Tally.unsure)
        .join(Idea, Idea.id == Tally.idea_id)
        .where(Idea.process_id == process_id, Idea.state == IdeaState.PUBLISHED)
        .order_by(Tally.idea_id)
    )
    content, votes = hashlib.sha256(f"{METHOD} {MIN_VOTES}\n".encode()), 0
    for part in read_integers(session, statement):
        content.update(np.ascontiguousarray(part.astype("<i8")).tobytes())
        votes += int(part[:, 1:].sum())
    return Mark(content.hexdigest(), now) if votes else None


def is_due(process: ProcessOutline, last: GroupRun | None, mark: Mark, now: datetime) -> bool:
    """Return whether the groups of a process have to be computed now."""
    if last is None:
        return True
    before = mark_of(last)
    if now < before.checked_at + max(LEAST_PAUSE, PAUSE_TIMES * (last.finished_at - last.started_at)):
        return False
    if before.tallies != mark.tallies:
        return True
    voted_until = now if process.is_open(Capability.VOTE, now) else process.closed_since(Capability.VOTE, now)
    if voted_until is None or voted_until < before.checked_at:
        return False
    return voted_until < now or now - before.checked_at > SURELY


def people_changed(before: VoteMatrix, after: VoteMatrix) -> int:
    """Return of how many people the votes differ on the ideas in both: who has come, gone or changed any vote."""
    common = np.intersect1d(before.ideas, after.ideas, assume_unique=True)
    (known, counts), (there, numbers) = _people(before, common), _people(after, common)
    _different, places = np.unique(np.concatenate((known, there)), return_inverse=True)
    difference = np.bincount(places, weights=np.concatenate((-counts, numbers)))
    return int(max(difference[difference > 0].sum(), -difference[difference < 0].sum()))


def _people(votes: VoteMatrix, ideas: Ids) -> tuple[Ids, Ids]:
    """Return a number for each way to vote on these ideas, and how many people voted so."""
    own = votes.of_votes(np.isin(votes.ideas, ideas, assume_unique=True)[votes.columns])
    # By ids of ideas, as their places change with each new one.
    low, high = content_of_people(own.rows, own.ideas[own.columns], own.sides, len(own.people))
    return np.unique(low * 3 + high * 5, return_counts=True)
