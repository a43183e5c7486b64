"""Saying that an import is over: what looked at it when it began has seen only the beginning."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from participation.accounts.actor import Actor
from participation.activity.service import record
from participation.intake.events import ImportEnded
from participation.intake.report import ImportReport
from participation.kit.db import db, transaction


@contextmanager
def saying_when_over(actor: Actor, process_id: int, report: ImportReport, *, now: datetime) -> Iterator[None]:
    """Record, after a block that adds rows in several transactions, that no more come; also where it breaks off."""
    try:
        yield
    finally:
        db.session.rollback()
        if report.added and report.written:
            with transaction() as session:
                record(session, ImportEnded(process_id), account_id=actor.account_id, now=now)
