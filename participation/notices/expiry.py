"""What the worker forgets by the clock: addresses of those who gave notice, evidence whose time is over, counters."""

from datetime import timedelta

from flask import current_app
from sqlalchemy import select

from participation.activity.routines import Beat
from participation.activity.service import record
from participation.kit import clock
from participation.kit.db import transaction
from participation.kit.dialect import locked
from participation.kit.limits import forget_ended
from participation.notices.events import EvidenceEmptied
from participation.notices.models import Evidence, Notice

# As many as fit into a short transaction.
AT_ONCE = 100


def erase_old_contacts(beat: Beat) -> None:
    """Erase the addresses of those who gave notice, some time after the outcome was told."""
    lasts = timedelta(days=current_app.config["NOTICE_CONTACT_DAYS"])
    while _erase_some(lasts) == AT_ONCE:
        beat()


def empty_old_evidence(beat: Beat) -> None:
    """Empty the evidence that has been held for as long as it may be; that it was held, and by whom, stays."""
    while _empty_some() == AT_ONCE:
        beat()


def forget_counters(_beat: Beat) -> None:
    """Forget how often somebody did something as soon as it does not matter any more."""
    forget_ended()


def _erase_some(lasts: timedelta) -> int:
    now = clock.now()
    with transaction() as session:
        is_over = Notice.contact.is_not(None) & (Notice.closed_at <= now - lasts)
        rows = session.scalars(locked(select(Notice).where(is_over).order_by(Notice.id).limit(AT_ONCE))).all()
        for row in rows:
            row.contact, row.contact_erased_at = None, now
    return len(rows)


def _empty_some() -> int:
    now = clock.now()
    with transaction() as session:
        is_over = Evidence.deleted_at.is_(None) & (Evidence.delete_at <= now)
        rows = session.scalars(locked(select(Evidence).where(is_over).order_by(Evidence.id).limit(AT_ONCE))).all()
        for row in rows:
            row.snapshot, row.reason, row.deleted_at = {}, "", now
            record(session, EvidenceEmptied(row.id), account_id=None, now=now)
    return len(rows)
