"""The fair rotation: which draw holds, where the list begins at which time, and giving out the places anew."""

import hashlib
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session

from participation.ideas.models import Draw, Idea, IdeaState, Standing
from participation.ideas.standing import ROUND
from participation.kit import clock
from participation.kit.db import db, transaction
from participation.kit.dialect import insert_missing, locked
from participation.processes.models import Process
from participation.processes.service import touch

METHOD = "orders-1"
"""Changes whenever the same ideas, votes and comments may stand in another order."""
GOLDEN = 0x9E3779B97F4A7C15
"""The golden ratio's fractional part in 64 bits: 2**64 / φ."""
BITS = 64
BATCH_SECONDS = 0.05
ROWS_AT_ONCE = 100


@dataclass(frozen=True, slots=True)
class Turn:
    """A stretch of time in which the list begins at ``start``."""

    start: int
    began_at: datetime
    ends_at: datetime


def turn_at(moment: datetime, slot: timedelta) -> Turn:
    """Return where the list begins at ``moment``, by the timetable that everybody can work out.

    Time is cut into slots, counted from 1970 on; the list begins at fraction(number × golden ratio) × ``ROUND``.
    Multiples of the golden ratio fill the round more evenly than those of any other number: the points of any day
    leave gaps of at most three lengths (V. T. Sós, On the distribution mod 1 of the sequence nα, 1958).
    """
    seconds = int(slot.total_seconds())
    number = int(moment.timestamp()) // seconds
    began_at = datetime.fromtimestamp(number * seconds, UTC)
    start = (number * GOLDEN % 2**BITS) >> (BITS - (ROUND.bit_length() - 1))
    return Turn(start, began_at, began_at + slot)


def draw_number(session: Session, process_id: int) -> int:
    """Return the number of the draw that holds; 0 before the first one, when all places are as ideas came in."""
    return session.scalar(_NUMBER, {"process_id": process_id}) or 0


_NUMBER = select(Draw.number).where(Draw.process_id == bindparam("process_id"))


def place(rank: int, count: int) -> int:
    """Return the place of the idea that was drawn as number ``rank``, from 0 on, of ``count``: all gaps are equal."""
    return rank * ROUND // count


def drawn_order(seed: str, idea_ids: list[int]) -> list[int]:
    """Return the ideas in the order that ``seed`` gives them: by BLAKE2b of seed and id."""
    return sorted(idea_ids, key=lambda idea_id: hashlib.blake2b(f"{seed}:{idea_id}".encode(), digest_size=16).digest())


def redraw_all(beat: Callable[[], None]) -> None:
    """Give out the places of every process anew; ``beat`` is called in between, so that others see it is alive.

    Run again after it was interrupted it goes on with the same draw. To be called outside any transaction.
    """
    process_ids = list(db.session.scalars(select(Process.id).order_by(Process.id)))
    db.session.rollback()
    for process_id in process_ids:
        beat()
        redraw(process_id, beat)


def redraw(process_id: int, beat: Callable[[], None]) -> None:
    """Give out the places of one process anew, evenly spread, in transactions of at most a tenth of a second."""
    with transaction() as session:
        seed = _begin(session, process_id, clock.now())
    changes = _changes(process_id, seed)
    while changes:
        changes = _move(changes)
        beat()
    with transaction() as session:
        _finish(session, process_id, clock.now())


def _begin(session: Session, process_id: int, now: datetime) -> str:
    """Return the seed of the draw that begins now, or of one that was interrupted."""
    first = {"process_id": process_id, "number": 0, "seed": "", "begun_at": now, "done_at": now}
    insert_missing(session, Draw, first, key=["process_id"])
    draw = session.scalars(locked(select(Draw).where(Draw.process_id == process_id))).one()
    if draw.done_at is not None:
        draw.number += 1
        draw.seed = secrets.token_hex(16)
        draw.begun_at, draw.done_at = now, None
        touch(session, process_id)
    return draw.seed


def _changes(process_id: int, seed: str) -> list[dict[str, int]]:
    """Return the ideas whose place is another one in this draw, with it."""
    session = db.session()
    rows = session.execute(
        select(Idea.id, Standing.rotation)
        .join(Standing, Standing.idea_id == Idea.id)
        .where(Idea.process_id == process_id, Idea.state == IdeaState.PUBLISHED)
    )
    places = dict(rows.all())
    session.rollback()
    drawn = drawn_order(seed, list(places))
    return [
        {"idea": idea_id, "place": new}
        for rank, idea_id in enumerate(drawn)
        if (new := place(rank, len(drawn))) != places[idea_id]
    ]


def _move(changes: list[dict[str, int]]) -> list[dict[str, int]]:
    """Move ideas to their new places for a moment and return those that are left; at least some are moved."""
    until = time.monotonic() + BATCH_SECONDS
    with transaction() as session:
        while changes:
            batch, changes = changes[:ROWS_AT_ONCE], changes[ROWS_AT_ONCE:]
            session.connection().execute(_MOVE, batch)
            if time.monotonic() >= until:
                break
    return changes


def _finish(session: Session, process_id: int, now: datetime) -> None:
    draw = session.scalars(locked(select(Draw).where(Draw.process_id == process_id))).one()
    if draw.done_at is None:
        draw.number += 1
        draw.done_at = now
        touch(session, process_id)


_MOVE = (
    update(Standing.__table__)  # type: ignore[arg-type]  # a mapped class has a table, not just any FROM clause
    .where(Standing.idea_id == bindparam("idea"))
    .values(rotation=bindparam("place"))
)
