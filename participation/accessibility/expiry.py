"""What the worker forgets by the clock: how to reach those who reported a barrier, and what they use to read."""

from datetime import timedelta

from flask import current_app
from sqlalchemy import select

from participation.accessibility.models import BarrierReport
from participation.activity.routines import Beat
from participation.kit import clock
from participation.kit.db import transaction
from participation.kit.dialect import locked

# As many as fit into a short transaction.
AT_ONCE = 100


def erase_old_barrier_contacts(beat: Beat) -> None:
    """Erase addresses, and what says something about a person's health, some time after a report was answered."""
    lasts = timedelta(days=current_app.config["BARRIER_CONTACT_DAYS"])
    while _erase_some(lasts) == AT_ONCE:
        beat()


def _erase_some(lasts: timedelta) -> int:
    now = clock.now()
    personal = BarrierReport.contact.is_not(None) | BarrierReport.account_id.is_not(None) | (BarrierReport.uses != "")
    with transaction() as session:
        is_over = personal & (BarrierReport.answered_at <= now - lasts)
        statement = select(BarrierReport).where(is_over).order_by(BarrierReport.id).limit(AT_ONCE)
        rows = session.scalars(locked(statement)).all()
        for row in rows:
            row.contact, row.account_id, row.uses, row.contact_erased_at = None, None, "", now
    return len(rows)
