"""Undoing any step of the board where everything is still as the step left it; an undo is a step like any other."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from participation.accounts.actor import Actor
from participation.curation.board.clashing import StepBy, changes_after, taken_by
from participation.curation.board.clusters import order_now, put_in_order
from participation.curation.board.conflicts import Clash, ClashKind, Conflict
from participation.curation.board.places import (
    MAIN,
    NOT_THERE,
    Move,
    Places,
    changed_since,
    in_order,
    moves_between,
    places_at,
    places_now,
)
from participation.curation.board.steps import Because, Done, InUse, Step, begin, refuse_in_use
from participation.curation.board.tracing import changed_in
from participation.curation.models import BoardChange, BoardChangeKind, Cluster, ClusterNote, Filing
from participation.kit.dialect import locked
from participation.kit.permissions import Refused, found
from participation.multilingual import lazy as _l

Entry = dict[str, Any]


def undo_change(
    session: Session,
    actor: Actor,
    *,
    process_id: int,
    number: int,
    in_use: InUse,
    now: datetime,
    partly: bool = False,
) -> Done:
    """Bring everything that a step changed back to what it was before; undoing an undo brings it about again.

    Raises ``Conflict`` where something is not as the step left it; with ``partly`` only that stays as it is. Raises
    ``Refused`` for a step that was undone already, one of which nothing is left, and where a statement rests on a
    theme that would go.
    """
    step = begin(session, actor, process_id, BoardChangeKind.UNDO, now)
    wanted = (BoardChange.process_id == process_id, BoardChange.number == number)
    change = found(session.scalar(select(BoardChange).where(*wanted).execution_options(populate_existing=True)))
    if change.undone_at is not None:
        raise Refused(_l("This step was undone already."))
    step.undoes = number
    way_back = _plan(step, change)
    if way_back.clashes and not partly:
        raise Conflict(step.board.version, tuple(way_back.clashes))
    refuse_in_use(session, [row.id for row, entry in way_back.clusters if entry["before"].get("removed")], in_use)
    _go(step, change, way_back)
    done = step.finish()
    if done.number is None:
        raise Refused(_l("Nothing of this step is left to undo."))
    change.undone_at = now
    if change.undoes is not None:
        undone = (BoardChange.process_id == process_id, BoardChange.number == change.undoes)
        session.scalars(select(BoardChange).where(*undone)).one().undone_at = None
    return done


@dataclass(slots=True)
class _WayBack:
    """What is to be brought back, and what stands in the way of the rest."""

    clusters: list[tuple[Cluster, Entry]] = field(default_factory=list)
    moves: list[Move] = field(default_factory=list)
    order: tuple[list[int], list[int]] | None = None
    note: ClusterNote | None = None
    clashes: list[Clash] = field(default_factory=list)


def _plan(step: Step, change: BoardChange) -> _WayBack:
    """Return the way back from a step; every part of it that a later step changed is a clash instead."""
    plan = _WayBack()
    moves = [Move(*move) for move in change.details.get("moves", ())]
    rows = _locked(
        step, {move.cluster_id for move in moves} | {one["id"] for one in change.details.get("clusters", ())}
    )
    fitting: list[tuple[Cluster, Entry]] = []
    for entry in change.details.get("clusters", ()):
        row = rows[entry["id"]]
        if clash := _altered(row, entry):
            plan.clashes.append(clash)
        else:
            fitting.append((row, entry))
    standing = {row.id for row in rows.values() if row.removed_at is None}
    standing |= {row.id for row, entry in fitting if entry["before"].get("removed") is False}
    _plan_moves(step, change, moves, standing, plan)
    _plan_clusters(step, fitting, plan)
    _plan_order(step, change, plan)
    _plan_note(step, change, plan)
    _name_colleagues(step, plan)
    return plan


def _plan_moves(step: Step, change: BoardChange, moves: list[Move], standing: set[int], plan: _WayBack) -> None:
    by_idea: dict[int, list[Move]] = {}
    for move in moves:
        by_idea.setdefault(move.idea_id, []).append(move)
    now = places_now(step.session, by_idea)
    after: dict[int, Places] = {}
    altered = []
    for idea_id, parts in by_idea.items():
        back = {**now[idea_id], **{move.cluster_id: move.before for move in parts}}
        back = {cluster_id: strength for cluster_id, strength in back.items() if strength != NOT_THERE}
        is_as_left = all(now[idea_id].get(move.cluster_id, NOT_THERE) == move.after for move in parts)
        mains = sum(strength == MAIN for strength in back.values())
        if is_as_left and mains <= 1 and back.keys() - now[idea_id].keys() <= standing:
            after[idea_id] = back
        else:
            altered.append(idea_id)
    plan.moves = moves_between({idea_id: now[idea_id] for idea_id in after}, after)
    latest = changed_since(step.session, altered, change.number)
    then = places_at(step.session, altered, change.number)
    plan.clashes += [
        Clash(
            ClashKind.IDEA,
            idea_id=idea_id,
            number=latest.get(idea_id),
            then=in_order(then[idea_id]),
            now_in=in_order(now[idea_id]),
        )
        for idea_id in sorted(altered)
    ]


def _plan_clusters(step: Step, fitting: list[tuple[Cluster, Entry]], plan: _WayBack) -> None:
    """Bring clusters back, but for those that would go although ideas would still be filed there."""
    going = [row.id for row, entry in fitting if entry["before"].get("removed")]
    left = Counter(_filed(step.session, going))
    for move in plan.moves:
        left[move.cluster_id] += (move.after != NOT_THERE) - (move.before != NOT_THERE)
    for row, entry in fitting:
        if entry["before"].get("removed") and left[row.id]:
            clash = Clash(ClashKind.FILLED, cluster_id=row.id, count=left[row.id], now_text=row.title)
            plan.clashes.append(clash)
        else:
            plan.clusters.append((row, entry))


def _plan_order(step: Step, change: BoardChange, plan: _WayBack) -> None:
    order = change.details.get("order")
    if not order:
        return
    now = order_now(step.session, step.process_id)
    same = set(now) & set(order["after"])
    if [one for one in now if one in same] != [one for one in order["after"] if one in same]:
        later = [one for one in changes_after(step.session, step.process_id, change.number) if "order" in one.details]
        plan.clashes.append(Clash(ClashKind.ORDER, number=later[-1].number if later else None))
        return
    before = iter([one for one in order["before"] if one in same])
    plan.order = now, [next(before) if one in same else one for one in now]


def _plan_note(step: Step, change: BoardChange, plan: _WayBack) -> None:
    noted = change.details.get("note")
    if not noted:
        return
    note = step.session.get_one(ClusterNote, noted["id"])
    if (note.removed_at is None) == noted["after"]:
        plan.note = note
    else:
        plan.clashes.append(Clash(ClashKind.NOTE, cluster_id=note.cluster_id))


def _go(step: Step, change: BoardChange, plan: _WayBack) -> None:
    """Take the way back: clusters that return come first, those that go come last."""
    because = changed_in(step.session, [change.number], {move.idea_id for move in plan.moves})
    for row, entry in plan.clusters:
        if entry["before"].get("removed") is False:
            step.put_on(row)
        elif "removed" not in entry["before"]:
            step.describe(row, **entry["before"])
    step.move(plan.moves, because, otherwise=Because())
    for row, entry in plan.clusters:
        if entry["before"].get("removed"):
            step.take_off(row, into=entry["before"]["merged_into"])
    if plan.order and plan.order[0] != plan.order[1]:
        put_in_order(step, *plan.order)
    if plan.note:
        is_back = plan.note.removed_at is not None
        plan.note.removed_at = None if is_back else step.now
        step.more["note"] = {
            "id": plan.note.id,
            "cluster": plan.note.cluster_id,
            "before": not is_back,
            "after": is_back,
        }
    for name in ("into", "from"):
        if change.details.get(name) and step.clusters:
            step.more[name] = change.details[name]


def _altered(row: Cluster, entry: Entry) -> Clash | None:
    """Return what a later step made of a cluster, ``None`` for one that is as this one left it."""
    now = {name: row.removed_at is not None if name == "removed" else getattr(row, name) for name in entry["after"]}
    if now == entry["after"]:
        return None
    if row.removed_at is not None and not entry["after"].get("removed"):
        return Clash(ClashKind.CLUSTER_GONE, cluster_id=row.id, number=row.version, now_text=row.title)
    if "label" in entry["before"]:
        label, wanted = {"": row.label}, {"": entry["before"]["label"]}
        return Clash(ClashKind.LABEL, cluster_id=row.id, number=row.version, now_text=label, wanted_text=wanted)
    wanted = entry["before"].get("title") or entry["before"].get("description")
    text = row.title if "title" in now or not wanted else row.description
    return Clash(ClashKind.WORDING, cluster_id=row.id, number=row.version, now_text=text, wanted_text=wanted)


def _name_colleagues(step: Step, plan: _WayBack) -> None:
    numbers = [clash.number for clash in plan.clashes if clash.number]
    if not numbers:
        return
    steps = taken_by(step.session, step.process_id, numbers)
    plan.clashes = [_named(clash, steps) for clash in plan.clashes]


def _named(clash: Clash, steps: Mapping[int, StepBy]) -> Clash:
    taken = steps.get(clash.number or 0)
    if taken is None:
        return clash
    return replace(clash, by=taken.by, at=taken.at)


def _locked(step: Step, cluster_ids: set[int]) -> dict[int, Cluster]:
    statement = locked(select(Cluster).where(Cluster.id.in_(sorted(cluster_ids))).order_by(Cluster.id))
    rows = step.session.scalars(statement.execution_options(populate_existing=True))
    return {row.id: row for row in rows}


def _filed(session: Session, cluster_ids: list[int]) -> dict[int, int]:
    if not cluster_ids:
        return {}
    inside = (Filing.cluster_id.in_(cluster_ids), Filing.ended_at.is_(None))
    rows = session.execute(select(Filing.cluster_id, func.count()).where(*inside).group_by(Filing.cluster_id))
    return dict(rows.all())
