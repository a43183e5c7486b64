"""Where ideas stand in the orders of lists: the numbers behind each order, kept along with votes and comments."""

import math
import secrets
from collections.abc import Iterable, Mapping

from sqlalchemy import bindparam, update
from sqlalchemy.orm import Session

from participation.ideas.models import Standing
from participation.kit.dialect import insert_missing

ROUND = 2**31
"""Places in the fair rotation: from 0 up to, not including, this."""
MILLION = 1_000_000
Z = 1.959963984540054
"""Quantile of the normal distribution for an interval that holds with 95 %."""


def lower_bound(part: int, whole: int) -> float:
    """Return the lower end of Wilson's 95 % interval for the share ``part / whole``, between 0 and 1; 0 for nothing.

    Source: E. B. Wilson, Probable inference, the law of succession, and statistical inference, JASA 22 (1927).
    """
    if whole <= 0:
        return 0.0
    share, z2 = part / whole, Z * Z
    middle = share + z2 / (2 * whole)
    spread = Z * math.sqrt(share * (1 - share) / whole + z2 / (4 * whole * whole))
    return max(0.0, (middle - spread) / (1 + z2 / whole))


def agreement(agree: int, disagree: int) -> int:
    """Return what "most agreement" sorts by, in millionths: the lower bound of the share that agrees.

    Those who are unsure count for neither side.
    """
    return round(lower_bound(agree, agree + disagree) * MILLION)


def contested(agree: int, disagree: int) -> int:
    """Return what "most contested" sorts by, in millionths: twice the lower bound of the smaller side's share."""
    return 2 * round(lower_bound(min(agree, disagree), agree + disagree) * MILLION)


def open_standings(session: Session, *, process_id: int, idea_ids: Iterable[int]) -> None:
    """Give ideas their place in all orders, with a random one in the fair rotation; those that have one keep it."""
    rows = [
        {
            "idea_id": idea_id,
            "process_id": process_id,
            "rotation": secrets.randbelow(ROUND),
            "agreement": 0,
            "contested": 0,
            "comments": 0,
        }
        for idea_id in idea_ids
    ]
    insert_missing(session, Standing, rows, key=["idea_id"])


def note_votes(session: Session, sides: Mapping[int, tuple[int, int]]) -> None:
    """Bring the standings along with the votes; ``sides`` says by idea how many agree and how many disagree."""
    rows = [
        {"idea": idea_id, "agreed": agreement(agree, disagree), "argued": contested(agree, disagree)}
        for idea_id, (agree, disagree) in sides.items()
    ]
    if rows:
        # On the connection: a bulk update by the ORM wants primary keys, and the standing may not be loaded anyway.
        session.connection().execute(NOTE_VOTES, rows if len(rows) > 1 else rows[0])


def note_comments(session: Session, idea_id: int, *, more: int) -> None:
    """Count ``more`` published comments on an idea; a negative number takes some away."""
    if more:
        session.execute(
            update(Standing).where(Standing.idea_id == idea_id).values(comments=Standing.comments + more),
            execution_options={"synchronize_session": False},
        )


NOTE_VOTES = (
    update(Standing.__table__)  # type: ignore[arg-type]  # a mapped class has a table, not just any FROM clause
    .where(Standing.idea_id == bindparam("idea"))
    .values(agreement=bindparam("agreed"), contested=bindparam("argued"))
)
"""What ``note_votes`` does for the idea ``idea``, for whoever writes it along with the votes."""
