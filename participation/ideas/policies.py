"""Who may do what with an idea, and why not."""

from dataclasses import dataclass
from datetime import datetime

from participation.accounts.actor import Actor, Role
from participation.ideas.models import IdeaState
from participation.kit.permissions import ALLOWED, Permission, refuse
from participation.multilingual import lazy as _l
from participation.processes.models import Capability, ProcessState
from participation.processes.outline import ProcessOutline
from participation.processes.policies import is_possible, may_contribute, may_write

MOST_ADDENDA = 10


@dataclass(frozen=True, slots=True)
class IdeaFacts:
    """What the rules about one idea rest on; ``is_author`` is seen from the person who asks.

    ``is_asked`` says that moderators asked the author for a change and wait for it.
    """

    state: IdeaState
    is_author: bool
    is_frozen: bool
    addenda: int = 0
    is_asked: bool = False


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
    """Published ideas are public, withdrawn ones nobody's; the rest is for the author and the moderators."""
    if state is IdeaState.WITHDRAWN:
        return refuse(_l("This idea was withdrawn by its author."))
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


def may_edit(
    actor: Actor, process: ProcessOutline, idea: IdeaFacts, *, now: datetime, opened_at: datetime | None = None
) -> Permission:
    """Whether ``actor`` may change the text of an idea: the author, until somebody else has voted or commented."""
    if not idea.is_author:
        return refuse(_l("Only the author of an idea may change it."))
    if idea.state not in (IdeaState.IN_REVIEW, IdeaState.PUBLISHED):
        return refuse(_l("This idea is not public any more, so it cannot be changed."))
    if idea.is_frozen:
        return refuse(_l("People have voted or commented on this text, so it stays as it is."))
    if idea.is_asked and process.state is ProcessState.PUBLISHED:
        # Whoever is asked for something must be able to do it, also when the phase is over meanwhile.
        return may_write(actor, process.id, now=now)
    return _may_write(actor, process, now=now, opened_at=opened_at)


def may_add(
    actor: Actor, process: ProcessOutline, idea: IdeaFacts, *, now: datetime, opened_at: datetime | None = None
) -> Permission:
    """Whether ``actor`` may put an addendum below an idea: the author, once the text itself stays as it is."""
    if not idea.is_author:
        return refuse(_l("Only the author of an idea may add something to it."))
    if idea.state is not IdeaState.PUBLISHED:
        return refuse(_l("This idea is not public, so nothing can be added to it."))
    if not idea.is_frozen:
        return refuse(_l("Nobody else has voted or commented yet: you can still change the text itself."))
    if idea.addenda >= MOST_ADDENDA:
        return refuse(_l("This idea has as many addenda as there can be."))
    return _may_write(actor, process, now=now, opened_at=opened_at)


def may_withdraw(actor: Actor, process: ProcessOutline, idea: IdeaFacts) -> Permission:
    """Whether ``actor`` may take an idea back: the author, in any phase, until the process is archived."""
    if not idea.is_author or not actor.is_signed_in:
        return refuse(_l("Only the author of an idea may withdraw it."))
    if idea.state is IdeaState.WITHDRAWN:
        return refuse(_l("This idea has been withdrawn already."))
    if idea.state is IdeaState.HIDDEN:
        return refuse(_l("Moderators have hidden this idea; it is not public."))
    if process.state is not ProcessState.PUBLISHED:
        return refuse(_l("This process is over, so its ideas stay."))
    return ALLOWED


def may_redact(actor: Actor, process_id: int, state: IdeaState) -> Permission:
    """Whether ``actor`` may take passages out of an idea: moderators, also where nobody else sees it."""
    moderates = may_moderate(actor, process_id)
    if not moderates:
        return moderates
    if state is IdeaState.WITHDRAWN:
        return refuse(_l("This idea was withdrawn by its author."))
    return ALLOWED


def _may_write(actor: Actor, process: ProcessOutline, *, now: datetime, opened_at: datetime | None) -> Permission:
    if is_possible(process, Capability.COMMENT, now=now, opened_at=opened_at):
        return may_contribute(actor, process, Capability.COMMENT, now=now, opened_at=opened_at)
    return may_contribute(actor, process, Capability.PROPOSE, now=now, opened_at=opened_at)
