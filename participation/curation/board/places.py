"""Where ideas stand on the board, now and after an earlier step, and what it takes to bring them elsewhere."""

import enum
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from participation.curation.models import Cluster, Filing, FilingOrigin
from participation.kit.db import in_batches, read_rows

NOT_THERE, TOUCHES, MAIN = 0, 1, 2
"""How strongly an idea belongs to a cluster."""

Places = dict[int, int]
"""How strongly one idea belongs to each of its clusters."""


class Placing(enum.Enum):
    """How an idea is to be filed: by itself as its main theme where it has none, surely so, or only touching."""

    AUTO = "auto"
    MAIN = "main"
    ALSO = "also"


class Move(NamedTuple):
    """An idea belongs to a cluster as strongly as ``after`` says, instead of ``before``."""

    idea_id: int
    cluster_id: int
    before: int
    after: int


@dataclass(frozen=True, slots=True)
class Position:
    """One filing of an idea that holds; ``by`` is the account that filed it."""

    cluster_id: int
    is_main: bool
    origin: FilingOrigin
    by: int | None
    at: datetime


def positions_of(session: Session, idea_ids: Iterable[int]) -> dict[int, tuple[Position, ...]]:
    """Return where each of the ideas is filed: its main cluster first, then in the order of the board."""
    ids = list(idea_ids)
    found: dict[int, list[Position]] = {idea_id: [] for idea_id in ids}
    for batch in in_batches(ids):
        rows = session.execute(
            select(Filing.idea_id, Cluster.id, Filing.is_main, Filing.origin, Filing.filed_by, Filing.filed_at)
            .join(Cluster, Cluster.id == Filing.cluster_id)
            .where(Filing.idea_id.in_(batch), Filing.ended_at.is_(None))
            .order_by(Filing.is_main.desc(), Cluster.position, Cluster.id)
        )
        for idea_id, cluster_id, is_main, origin, by, at in rows:
            found[idea_id].append(Position(cluster_id, is_main, origin, by, at))
    return {idea_id: tuple(positions) for idea_id, positions in found.items()}


def places_now(session: Session, idea_ids: Iterable[int]) -> dict[int, Places]:
    """Return where each of the ideas stands; those filed nowhere too."""
    return _places(session, idea_ids, Filing.ended_at.is_(None))


def places_at(session: Session, idea_ids: Iterable[int], version: int) -> dict[int, Places]:
    """Return where each of the ideas stood when the board's change ``version`` was its latest one."""
    # What ended before changes were numbered has an end without a number.
    held_on = or_(Filing.ended_at.is_(None), Filing.ended_in > version)
    return _places(session, idea_ids, (Filing.begun_in <= version) & held_on)


def changed_since(session: Session, idea_ids: Iterable[int], version: int) -> dict[int, int]:
    """Return the latest step after ``version`` that filed or unfiled each of the ideas that changed since."""
    latest: dict[int, int] = {}
    for batch in in_batches(idea_ids):
        begun, ended = func.max(Filing.begun_in), func.max(Filing.ended_in)
        rows = read_rows(
            session,
            select(Filing.idea_id, begun, ended)
            .where(Filing.idea_id.in_(batch), or_(Filing.begun_in > version, Filing.ended_in > version))
            .group_by(Filing.idea_id),
        )
        latest |= {idea_id: max(begun_in, ended_in or 0) for idea_id, begun_in, ended_in in rows}
    return latest


def in_order(places: Mapping[int, int]) -> tuple[int, ...]:
    """Return the clusters of an idea, its main one first."""
    return tuple(sorted(places, key=lambda cluster_id: (-places[cluster_id], cluster_id)))


def filed_in(places: Places, cluster_id: int, placing: Placing, out_of: int | None = None) -> Places:
    """Return where an idea stands after it was filed in a cluster, out of another one or beside what it has."""
    after = {held: strength for held, strength in places.items() if held not in {out_of} - {cluster_id}}
    is_first = not places or (placing is Placing.AUTO and MAIN not in after.values())
    wanted = MAIN if is_first or placing is Placing.MAIN else max(TOUCHES, after.get(cluster_id, NOT_THERE))
    if wanted == MAIN:
        after = dict.fromkeys(after, TOUCHES)
    after[cluster_id] = wanted
    return after


def moves_between(before: Mapping[int, Places], after: Mapping[int, Places]) -> list[Move]:
    """Return what it takes for ideas to stand as ``after`` says, in the order of their ids."""
    return [
        Move(idea_id, cluster_id, stood.get(cluster_id, NOT_THERE), stands.get(cluster_id, NOT_THERE))
        for idea_id, stands in sorted(after.items())
        for stood in [before.get(idea_id, {})]
        for cluster_id in sorted(stood.keys() | stands.keys())
        if stood.get(cluster_id, NOT_THERE) != stands.get(cluster_id, NOT_THERE)
    ]


def _places(session: Session, idea_ids: Iterable[int], held: ColumnElement[bool]) -> dict[int, Places]:
    ids: Collection[int] = list(idea_ids)
    found: dict[int, Places] = {idea_id: {} for idea_id in ids}
    for batch in in_batches(ids):
        rows = read_rows(
            session, select(Filing.idea_id, Filing.cluster_id, Filing.is_main).where(Filing.idea_id.in_(batch), held)
        )
        for idea_id, cluster_id, is_main in rows:
            found[idea_id][cluster_id] = MAIN if is_main else TOUCHES
    return found
