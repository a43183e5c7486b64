"""Letting the residents of the demo give points to the ideas they agree with."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from random import Random

from sqlalchemy import select
from sqlalchemy.orm import Session

from participation.demo.cast import Cast
from participation.kit.dialect import insert_missing
from participation.processes.models import Capability
from participation.processes.outline import PhaseOutline, ProcessOutline
from participation.processes.service import note_points
from participation.voting.models import Priority, PriorityTally, Stance, Vote

SEED = 29
SHARE = 0.7
KEPT_BACK = 3
"""The resident whom visitors can sign in as has so many points left."""


def give_points(
    session: Session, process: ProcessOutline, cast: Cast, idea_ids: Sequence[int], *, now: datetime
) -> None:
    """Let most residents give their points, in the latest phase that has any, to public ideas they voted for."""
    phase = process.phase_for(Capability.PRIORITISE, now)
    if phase is None:
        return
    # A chance of its own: what happens elsewhere in the demo does not move with it.
    chance = Random(SEED)  # noqa: S311  # the demo shall look the same every time
    agreed = _agreed(session, cast, idea_ids)
    popular = Counter(idea_id for liked in agreed.values() for idea_id in liked)
    given = {}
    for number, participant_id in enumerate(cast.participants):
        is_guest = number == cast.resident
        liked = agreed.get(participant_id, [])
        if liked and (is_guest or chance.random() < SHARE):
            limit = phase.points - KEPT_BACK if is_guest else phase.points
            given[participant_id] = _spread(_by_weight(liked, popular, chance), phase, limit, chance)
    _store(session, phase, given, min(now, phase.ends_at))


def _agreed(session: Session, cast: Cast, idea_ids: Sequence[int]) -> dict[int, list[int]]:
    agreed: dict[int, list[int]] = {}
    rows = session.execute(
        select(Vote.participant_id, Vote.idea_id)
        .where(Vote.idea_id.in_(idea_ids), Vote.stance == Stance.AGREE, Vote.participant_id.in_(cast.participants))
        .order_by(Vote.participant_id, Vote.idea_id)
    )
    for participant_id, idea_id in rows:
        agreed.setdefault(participant_id, []).append(idea_id)
    return agreed


def _by_weight(liked: list[int], popular: Counter[int], chance: Random) -> list[int]:
    """Return ideas in an order drawn by lot, in which popular ones tend to come first."""
    draws = {idea_id: chance.random() ** (1 / popular[idea_id] ** 2) for idea_id in liked}
    return sorted(liked, key=lambda idea_id: draws[idea_id], reverse=True)


def _spread(liked: list[int], phase: PhaseOutline, limit: int, chance: Random) -> Counter[int]:
    """Return how somebody spreads points over ideas in this order, as far as they go."""
    points: Counter[int] = Counter()
    for idea_id in liked:
        left = limit - points.total()
        if not left:
            break
        points[idea_id] = min(left, chance.randint(1, phase.points_most))
    return points


def _store(session: Session, phase: PhaseOutline, given: Mapping[int, Counter[int]], moment: datetime) -> None:
    # All at once instead of person by person through voting.priorities, as the votes are.
    rows = [
        {
            "phase_id": phase.id,
            "participant_id": participant_id,
            "idea_id": idea_id,
            "points": points,
            "given_at": moment,
        }
        for participant_id, spread in given.items()
        for idea_id, points in spread.items()
    ]
    insert_missing(session, Priority, rows, key=["participant_id", "phase_id", "idea_id"])
    people = Counter((row["idea_id"], row["points"]) for row in rows)
    tally = [
        {"phase_id": phase.id, "idea_id": idea_id, "points": points, "people": count}
        for (idea_id, points), count in people.items()
    ]
    insert_missing(session, PriorityTally, tally, key=["phase_id", "idea_id", "points"])
    most = max((points for spread in given.values() for points in spread.values()), default=0)
    note_points(session, phase.id, given=max((one.total() for one in given.values()), default=0), most=most)
