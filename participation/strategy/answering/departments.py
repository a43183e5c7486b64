"""Which departments have been named in a process, so that the same one is written the same way."""

from sqlalchemy import func, select, union_all
from sqlalchemy.orm import Session

from participation.strategy.models import Answer, Measure, Referral, Statement

MOST = 50


def departments_used(session: Session, process_id: int) -> tuple[str, ...]:
    """Return the departments named in statements, referrals, answers and measures, those named most often first."""
    named = union_all(
        *(
            select(table.department.label("department")).where(table.process_id == process_id, table.department != "")
            for table in (Answer, Measure, Referral, Statement)
        )
    ).subquery()
    order = (func.count().desc(), named.c.department)
    statement = select(named.c.department).group_by(named.c.department).order_by(*order).limit(MOST)
    return tuple(session.scalars(statement))
