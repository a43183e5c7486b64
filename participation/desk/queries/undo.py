"""Which decisions belong together because somebody took them in one go."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from participation.accounts.actor import Actor
from participation.kit.permissions import found
from participation.moderation.models import Decision


def taken_together(session: Session, actor: Actor, process_id: int, decision_id: int) -> tuple[int, ...]:
    """Return what ``actor`` decided in the same moment as this one, the last first; raises ``Missing`` for others’."""
    own = (Decision.process_id == process_id) & (Decision.decided_by == actor.account_id)
    moment: datetime | None = session.scalar(select(Decision.decided_at).where(own, Decision.id == decision_id))
    together = select(Decision.id).where(own, Decision.decided_at == found(moment), Decision.undone_at.is_(None))
    return tuple(session.scalars(together.order_by(Decision.id.desc())))
