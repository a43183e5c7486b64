"""Giving points to ideas, within the limits of a phase; the tally follows in the same transaction."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, delete, select, update
from sqlalchemy.orm import Session

from participation.accounts.actor import Actor
from participation.ideas.models import Idea, IdeaState
from participation.kit.dialect import insert_missing, locked, upsert
from participation.kit.permissions import Missing, Refused, found, require
from participation.multilingual import lazily
from participation.multilingual import lazy as _l
from participation.processes.models import Capability, Participant, Phase
from participation.processes.queries import process_by_slug
from participation.processes.service import join, note_points
from participation.voting.models import Priority, PriorityTally
from participation.voting.policies import may_give_points
from participation.voting.priority_queries import own_points


class TooManyPoints(Refused):
    """Somebody wants to give more points than a person has; ``over`` says how many more."""

    def __init__(self, reason: object, over: int) -> None:
        super().__init__(reason)
        self.over = over


class PointsRefused(Refused):
    """An idea cannot get so many points; ``idea_id`` says which."""

    def __init__(self, reason: object, idea_id: int) -> None:
        super().__init__(reason)
        self.idea_id = idea_id


def give_points(
    session: Session,
    actor: Actor,
    *,
    slug: str,
    points: Mapping[int, int],
    now: datetime,
    opened_at: datetime | None = None,
) -> None:
    """Give ideas, by their id, so many points in the phase of now; 0 takes them back, ideas not named keep theirs.

    Raises ``PointsRefused`` for more points on one idea than the phase allows, or more than before on one that is not
    public any more, ``TooManyPoints`` for more in all than a person has, and ``Missing`` for ideas of other processes.
    Nothing is logged about who gave what.
    """
    process = process_by_slug(session, slug)
    require(may_give_points(actor, process, now=now, opened_at=opened_at))
    phase_id = found(process.phase_for(Capability.PRIORITISE, now)).id
    participant = join(session, actor, process_id=process.id, now=now)
    # One request of a person at a time: what is given in all is only right while nothing is added beside it.
    session.execute(locked(select(Participant.id).where(Participant.id == participant.id), keeps_key=True))
    limits = session.execute(
        locked(select(Phase.points, Phase.points_most).where(Phase.id == phase_id), shared=True)
    ).one()
    before = own_points(session, phase_id=phase_id, participant_id=participant.id)
    changes = {idea_id: given for idea_id, given in points.items() if given != before.get(idea_id, 0)}
    _check_ideas(session, process.id, changes, before)
    after = {idea_id: given for idea_id, given in {**before, **changes}.items() if given}
    _check_limits(after, limits.points, limits.points_most)
    if changes:
        _store(session, phase_id, participant.id, changes, now)
        _count(session, phase_id, before, changes)
        note_points(session, phase_id, given=sum(after.values()), most=max(after.values(), default=0))


def _check_ideas(session: Session, process_id: int, changes: Mapping[int, int], before: Mapping[int, int]) -> None:
    rows = session.execute(select(Idea.id, Idea.state).where(Idea.process_id == process_id, Idea.id.in_(changes)))
    states = {row.id: row.state for row in rows}
    for idea_id, given in changes.items():
        if idea_id not in states or given < 0:
            raise Missing
        if given > before.get(idea_id, 0) and states[idea_id] is not IdeaState.PUBLISHED:
            raise PointsRefused(_l("This idea is not public any more. You can only take your points back."), idea_id)


def _check_limits(given: Mapping[int, int], most_in_all: int, most_on_one: int) -> None:
    for idea_id, points in given.items():
        if points > most_on_one:
            raise PointsRefused(lazily(_l("At most %(most)s points can go to one idea."), most=most_on_one), idea_id)
    over = sum(given.values()) - most_in_all
    if over > 0:
        reason = lazily(
            _l("You have %(all)s points and gave %(given)s. Please take back %(over)s."),
            all=most_in_all,
            given=most_in_all + over,
            over=over,
        )
        raise TooManyPoints(reason, over)


def _store(session: Session, phase_id: int, participant_id: int, changes: Mapping[int, int], now: datetime) -> None:
    own = (Priority.phase_id == phase_id) & (Priority.participant_id == participant_id)
    gone = [idea_id for idea_id, points in changes.items() if not points]
    if gone:
        session.execute(delete(Priority).where(own, Priority.idea_id.in_(gone)))
    rows = [
        {
            "phase_id": phase_id,
            "participant_id": participant_id,
            "idea_id": idea_id,
            "points": points,
            "given_at": now,
        }
        for idea_id, points in changes.items()
        if points
    ]
    upsert(session, Priority, rows, key=["participant_id", "phase_id", "idea_id"], update=["points", "given_at"])


def _count(session: Session, phase_id: int, before: Mapping[int, int], changes: Mapping[int, int]) -> None:
    """Move one person in the tally of each idea from the points given before to those given now."""
    deltas = {(idea_id, points): 1 for idea_id, points in changes.items() if points}
    deltas |= {(idea_id, before[idea_id]): -1 for idea_id in changes if before.get(idea_id)}
    # Everybody takes the rows in the same order, so nobody waits for somebody who waits for them.
    steps = sorted(deltas.items())
    blank = [{"phase_id": phase_id, "idea_id": idea, "points": points, "people": 0} for (idea, points), _ in steps]
    insert_missing(session, PriorityTally, blank, key=["phase_id", "idea_id", "points"])
    values = [{"of_idea": idea, "of_points": points, "delta": delta} for (idea, points), delta in steps]
    table: Any = PriorityTally.__table__
    counted = (
        update(table)
        .where(
            table.c.phase_id == phase_id,
            table.c.idea_id == bindparam("of_idea"),
            table.c.points == bindparam("of_points"),
        )
        .values(people=table.c.people + bindparam("delta"))
    )
    session.connection().execute(counted, values)
