"""Taking an idea back: its text goes, the trace of it stays for those who took part."""

from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from participation.accounts.actor import Actor
from participation.activity.service import record
from participation.ideas.events import IdeaWithdrawn
from participation.ideas.models import Addendum, Idea, IdeaState, WithdrawalReason
from participation.ideas.policies import may_withdraw
from participation.ideas.queries import facts_about
from participation.ideas.search import index_ideas
from participation.ideas.service import lock_idea
from participation.ideas.waiting import stop_waiting
from participation.kit.permissions import Missing, require
from participation.multilingual import lazy as _l
from participation.processes.outline import ProcessOutline
from participation.processes.service import take_back

REASONS = {
    WithdrawalReason.SETTLED: _l("It is settled: done, or no longer needed"),
    WithdrawalReason.BETTER: _l("Another idea says it better"),
    WithdrawalReason.MISTAKE: _l("It was a mistake"),
    WithdrawalReason.PERSONAL: _l("For personal reasons"),
}


def withdraw_idea(
    session: Session,
    actor: Actor,
    *,
    process: ProcessOutline,
    idea_id: int,
    reason: WithdrawalReason | None,
    now: datetime,
) -> Idea:
    """Take an idea back for good, and return it; votes and comments stay stored, but nobody sees them any more."""
    idea = lock_idea(session, idea_id)
    if idea.process_id != process.id:
        raise Missing
    require(may_withdraw(actor, process, facts_about(session, actor, idea)))
    idea.state = IdeaState.WITHDRAWN
    idea.withdrawn_at = now
    idea.withdrawn_for = reason
    # Nobody needs to read and decide about them any more.
    waiting = (Addendum.idea_id == idea.id) & (Addendum.state == IdeaState.IN_REVIEW)
    session.execute(update(Addendum).where(waiting).values(state=IdeaState.WITHDRAWN))
    session.flush()
    stop_waiting(session, idea.id, now=now)
    index_ideas(session, [idea.id])
    record(session, IdeaWithdrawn(idea.id), account_id=actor.account_id, now=now)
    take_back(session, idea.process_id)
    return idea
