"""How long decisions take: how many fell into which span of time, never whose they were."""

import math
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from participation.kit.dialect import insert_missing
from participation.moderation.models import DecisionKind, DecisionTime
from participation.processes.outline import ProcessOutline

SPANS_PER_DOUBLING = 4
LONGEST = timedelta(minutes=30)
"""Whatever takes longer was left open meanwhile, and says nothing about the work."""
FEWEST_TIMES = 10
"""No median is shown of fewer decisions."""


@dataclass(frozen=True, slots=True)
class MedianTime:
    """How long half of the decisions of one kind took at most; ``seconds`` is ``None`` where there are too few."""

    kind: DecisionKind
    decisions: int
    seconds: int | None


def span_of(seconds: float) -> int:
    """Return the span that a duration falls into: four of them for each doubling, the first begins at one second."""
    return max(0, math.floor(math.log2(max(seconds, 1.0)) * SPANS_PER_DOUBLING))


def note_time(
    session: Session, process: ProcessOutline, kind: DecisionKind, taken: timedelta, *, now: datetime
) -> None:
    """Count how long a decision took, where the process measures that at all; the month is the one in UTC."""
    if not process.measures_time or not timedelta(0) < taken <= LONGEST:
        return
    key = {"process_id": process.id, "month": f"{now:%Y-%m}", "kind": kind, "span": span_of(taken.total_seconds())}
    insert_missing(session, DecisionTime, {**key, "decisions": 0}, key=["process_id", "month", "kind", "span"])
    where = [getattr(DecisionTime, name) == value for name, value in key.items()]
    session.execute(
        update(DecisionTime)
        .where(*where)
        .values(decisions=DecisionTime.decisions + 1)
        .execution_options(synchronize_session=False)
    )


def median_times(session: Session, process_id: int) -> tuple[MedianTime, ...]:
    """Return the median time of each kind of decision ever counted in a process, in the order of the kinds."""
    rows = session.execute(
        select(DecisionTime.kind, DecisionTime.span, func.sum(DecisionTime.decisions))
        .where(DecisionTime.process_id == process_id)
        .group_by(DecisionTime.kind, DecisionTime.span)
        .order_by(DecisionTime.span)
    )
    spans: dict[DecisionKind, list[tuple[int, int]]] = {}
    for kind, span, decisions in rows:
        spans.setdefault(kind, []).append((span, decisions))
    return tuple(
        MedianTime(kind, sum(number for _span, number in spans[kind]), median_of(spans[kind]))
        for kind in DecisionKind
        if kind in spans
    )


def median_of(spans: list[tuple[int, int]]) -> int | None:
    """Return the median in seconds of spans with their numbers, in order, to within a tenth; ``None`` for too few.

    Inside of the span that holds it, it is taken to lie where it would if durations were spread evenly on the
    logarithmic scale.
    """
    total = sum(number for _span, number in spans)
    if total < FEWEST_TIMES:
        return None
    below = 0
    for span, number in spans:
        if below + number >= total / 2:
            inside = (total / 2 - below) / number
            return round(2 ** ((span + inside) / SPANS_PER_DOUBLING))
        below += number
    return None
