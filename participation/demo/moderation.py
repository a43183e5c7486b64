"""What a program has seen in the contributions of the demo that wait."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from participation.cases.models import Case
from participation.signals.service import look_at


def look_at_waiting(session: Session, *, now: datetime) -> None:
    """Look at everything that waits, as the worker would have done."""
    for case_id in session.scalars(select(Case.id).where(Case.closed_at.is_(None)).order_by(Case.id)).all():
        look_at(session, case_id, now=now)
