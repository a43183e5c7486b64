"""Walking an order along its index: the statements behind a page of a list, and where to go on."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import BigInteger, Select, bindparam, func, select, tuple_
from sqlalchemy.orm import Session

from participation.accounts.actor import Actor
from participation.ideas.models import Idea, Standing
from participation.ideas.search import relevance
from participation.kit.db import read_rows
from participation.kit.schema import UtcDateTime
from participation.listings.ideas.orders import Cursor, Order, Round, Sort, moment_of
from participation.listings.ideas.rows import ROW, IdeaRow, row_of
from participation.listings.ideas.wanted import IdeaFilter, conditions_of

Spot = tuple[Any, int]
"""What an order goes by, and the idea: unique, so that a page ends between two ideas."""

KEYS: dict[Sort, Any] = {
    Sort.ROTATION: Standing.rotation,
    Sort.AGREEMENT: Standing.agreement,
    Sort.CONTESTED: Standing.contested,
    Sort.DISCUSSED: Standing.comments,
}
KEPT_STATEMENTS = 512


@dataclass(frozen=True, slots=True)
class Walk:
    """What is walked: whose view of which process, which ideas, in which order, how many at most."""

    actor: Actor
    process_id: int
    wanted: IdeaFilter
    order: Order
    most: int


@dataclass(frozen=True, slots=True)
class Step:
    """An idea met on the walk, with its place there."""

    row: IdeaRow
    cursor: Cursor


@dataclass(frozen=True, slots=True)
class Stretch:
    """A part of an order between two spots, both excluded, ``None`` is the very end; ``upwards`` to large keys."""

    low: Spot | None
    high: Spot | None
    upwards: bool


def walk(session: Session, path: Walk, cursor: Cursor | None) -> list[Step]:
    """Return the ideas from the cursor on, or from the beginning, at most ``path.most``, in the order walked."""
    steps: list[Step] = []
    for stretch in stretches(path.order, cursor):
        found = read_rows(session, _rows(*_shape(path, stretch)), _values(stretch))
        steps += [_step(path.order, row) for row in found]
        if len(steps) >= path.most:
            break
    return steps[: path.most]


def count_before(session: Session, path: Walk, cursor: Cursor) -> int:
    """Return how many ideas stand before the one at ``cursor``, at most ``path.most``."""
    back = Cursor(cursor.order, cursor.key, cursor.id, backwards=True)
    counts = (
        session.scalar(select(func.count()).select_from(_ids(*_shape(path, stretch))), _values(stretch)) or 0
        for stretch in stretches(path.order, back)
    )
    return min(sum(counts), path.most)


def stretches(order: Order, cursor: Cursor | None) -> Iterator[Stretch]:
    """Yield what lies ahead of the cursor, or the whole order: two stretches where a round goes past its end."""
    if order.round is not None:
        yield from _around(order.round, cursor)
    elif cursor is None:
        yield Stretch(None, None, upwards=False)
    else:
        key: Any = moment_of(cursor.key) if order.sort is Sort.NEWEST else cursor.key
        spot = (key, cursor.id)
        yield Stretch(spot, None, upwards=True) if cursor.backwards else Stretch(None, spot, upwards=False)


def _around(turn: Round, cursor: Cursor | None) -> Iterator[Stretch]:
    # No idea has the id 0, so this lies just before whatever has its place right at the start.
    start = (turn.start, 0)
    if cursor is None:
        yield Stretch(start, None, upwards=True)
        yield Stretch(None, start, upwards=True)
        return
    here, is_past_the_end = (cursor.key, cursor.id), cursor.key < turn.start
    if cursor.backwards:
        yield Stretch(None if is_past_the_end else start, here, upwards=False)
        if is_past_the_end:
            yield Stretch(start, None, upwards=False)
    else:
        yield Stretch(here, start if is_past_the_end else None, upwards=True)
        if not is_past_the_end:
            yield Stretch(None, start, upwards=True)


Shape = tuple[Actor, int, IdeaFilter, Sort, int, bool, bool, bool]


def _shape(path: Walk, stretch: Stretch) -> Shape:
    """Return all that a statement depends on; only the spots are filled in later."""
    ends = (stretch.low is not None, stretch.high is not None, stretch.upwards)
    return (path.actor, path.process_id, path.wanted, path.order.sort, path.most, *ends)


def _values(stretch: Stretch) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for name, spot in (("low", stretch.low), ("high", stretch.high)):
        if spot is not None:
            values |= {name: spot[0], f"{name}_id": spot[1]}
    return values


def _step(order: Order, values: Any) -> Step:
    row = row_of(values)
    return Step(row, Cursor.at(order, row, relevance=values[-1] if order.sort is Sort.RELEVANCE else 0))


# Putting a statement together takes longer than running it.
@lru_cache(maxsize=KEPT_STATEMENTS)
def _rows(*shape: Any) -> Select[Any]:
    found, upwards = _ids(*shape), shape[-1]
    statement: Select[Any] = ROW.add_columns(found.c.key).join(found, found.c.id == Idea.id)
    return statement.order_by(*(column if upwards else column.desc() for column in (found.c.key, found.c.id)))


def _ids(
    actor: Actor, process_id: int, wanted: IdeaFilter, sort: Sort, most: int, low: bool, high: bool, upwards: bool
) -> Any:
    """Return ids and keys of a stretch; the index of the order gives them one after the other, nothing is sorted."""
    conditions = conditions_of(actor, process_id, wanted)
    key: Any
    id_: Any
    if sort is Sort.NEWEST:
        key, id_ = Idea.published_at, Idea.id
        statement = select(id_.label("id"), key.label("key")).where(*conditions)
    elif sort is Sort.RELEVANCE:
        hits = select(Idea.id, relevance(wanted.query, wanted.reader).label("key")).where(*conditions).subquery()
        key, id_ = hits.c.key, hits.c.id
        statement = select(id_, key)
    else:
        key, id_ = KEYS[sort], Standing.idea_id
        # Not a join: the databases would weigh beginning with the ideas and sorting them all.
        is_wanted = select(Idea.id).where(Idea.id == Standing.idea_id, *conditions).exists()
        statement = select(id_.label("id"), key.label("key")).where(Standing.process_id == process_id, is_wanted)
    type_ = UtcDateTime() if sort is Sort.NEWEST else BigInteger()
    spot = tuple_(key, id_)
    if low:
        statement = statement.where(spot > tuple_(bindparam("low", type_=type_), bindparam("low_id")))
    if high:
        statement = statement.where(spot < tuple_(bindparam("high", type_=type_), bindparam("high_id")))
    ordered = statement.order_by(*(column if upwards else column.desc() for column in (key, id_)))
    return ordered.limit(most).subquery()
