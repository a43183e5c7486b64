"""Who may do what with an idea, and why not."""

from datetime import datetime

from participation.accounts.actor import Actor, Role
from participation.ideas.models import IdeaState
from participation.kit.permissions import ALLOWED, Permission, refuse
from participation.multilingual import lazy as _l
from participation.processes.models import Capability
from participation.processes.outline import ProcessOutline
from participation.processes.policies import may_contribute


def may_submit(
    actor: Actor, process: ProcessOutline, *, now: datetime, opened_at: datetime | None = None
) -> Permission:
    """Whether ``actor`` may propose an idea now."""
    return may_contribute(actor, process, Capability.PROPOSE, now=now, opened_at=opened_at)


def may_moderate(actor: Actor, process_id: int) -> Permission:
    """Whether ``actor`` may decide about contributions of a process and tag them."""
    if actor.has(Role.MODERATOR, process_id):
        return ALLOWED
    return refuse(_l("Only moderators of this process may do this."))


def may_see_idea(actor: Actor, *, state: IdeaState, process_id: int, is_author: bool) -> Permission:
    """Published ideas are public; the rest is for the author and the moderators."""
    if state is IdeaState.PUBLISHED or is_author or actor.has(Role.MODERATOR, process_id):
        return ALLOWED
    return refuse(_l("This idea is not public."))


def may_react(idea_state: IdeaState) -> Permission:
    """Whether an idea in this state takes votes and comments."""
    if idea_state is IdeaState.PUBLISHED:
        return ALLOWED
    return refuse(_l("This idea is not public, so it takes no votes or comments."))


def may_import(actor: Actor, process_id: int) -> Permission:
    """Whether ``actor`` may bring in ideas and votes from elsewhere, whatever the phase."""
    if actor.has(Role.STAFF, process_id):
        return ALLOWED
    return refuse(_l("Only staff of this process may import contributions."))
