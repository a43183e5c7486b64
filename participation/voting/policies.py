"""Who may vote, and why not."""

from datetime import datetime

from participation.accounts.actor import Actor
from participation.ideas.models import IdeaState
from participation.ideas.policies import may_react
from participation.kit.permissions import Permission
from participation.processes.models import Capability
from participation.processes.outline import ProcessOutline
from participation.processes.policies import may_contribute


def may_vote(
    actor: Actor,
    process: ProcessOutline,
    idea_state: IdeaState,
    *,
    now: datetime,
    opened_at: datetime | None = None,
) -> Permission:
    """Whether ``actor`` may vote on an idea in this state now, or change or withdraw a vote."""
    reaction = may_react(idea_state)
    if not reaction:
        return reaction
    return may_contribute(actor, process, Capability.VOTE, now=now, opened_at=opened_at)


def may_give_points(
    actor: Actor, process: ProcessOutline, *, now: datetime, opened_at: datetime | None = None
) -> Permission:
    """Whether ``actor`` may give points to ideas of a process now, or take them back."""
    return may_contribute(actor, process, Capability.PRIORITISE, now=now, opened_at=opened_at)
