"""Bringing statements into another order, and remembering which version somebody has read."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from participation.accounts.actor import Actor
from participation.activity.service import record
from participation.kit.dialect import locked, upsert
from participation.kit.permissions import Missing, require
from participation.strategy.document.events import StatementsReordered
from participation.strategy.document.queries import newest_number
from participation.strategy.document.versions import note_version
from participation.strategy.models import LastSeen, Statement, StatementState
from participation.strategy.policies import may_write_statement


class OrderChanged(Exception):
    """A colleague reordered, wrote or withdrew a statement since the page was made."""


def reorder_statements(
    session: Session,
    actor: Actor,
    *,
    process_id: int,
    wanted: Sequence[int],
    seen: Sequence[int],
    now: datetime,
) -> bool:
    """Put the statements of a process into the ``wanted`` order; return whether that changed anything.

    ``seen`` is the order that the page showed; raises ``OrderChanged`` where it is another one by now, or where
    ``wanted`` are not the same statements. Their numbers stay: those are quoted.
    """
    require(may_write_statement(actor, process_id))
    # Everybody locks statements by their ids and before the process, so that nobody waits for one who waits for them.
    everything = select(Statement).where(Statement.process_id == process_id).order_by(Statement.id)
    rows = [row for row in session.scalars(locked(everything)) if row.state is not StatementState.WITHDRAWN]
    rows.sort(key=lambda row: (row.place, row.id))
    if [row.id for row in rows] != list(seen) or sorted(wanted) != sorted(seen):
        raise OrderChanged
    if list(wanted) == list(seen):
        return False
    places = sorted(row.place for row in rows)
    by_id = {row.id: row for row in rows}
    for statement_id, place in zip(wanted, places, strict=True):
        by_id[statement_id].place = place
    session.flush()
    record(session, StatementsReordered(process_id), account_id=actor.account_id, now=now)
    note_version(session, process_id, now)
    return True


def mark_seen(session: Session, actor: Actor, *, process_id: int, number: int, now: datetime) -> None:
    """Remember that ``actor`` has read a version; raises ``Missing`` for one that does not exist."""
    if actor.account_id is None or not 0 < number <= newest_number(session, process_id):
        raise Missing
    values = {"account_id": actor.account_id, "process_id": process_id, "number": number, "seen_at": now}
    upsert(session, LastSeen, values, key=["account_id", "process_id"], update=["number", "seen_at"])
