"""Who may write and publish statements, who exports, and who answers for the city."""

from participation.accounts.actor import Actor, Role
from participation.ideas.models import IdeaState
from participation.kit.permissions import ALLOWED, Permission, refuse
from participation.multilingual import lazy as _l
from participation.strategy.models import StatementState


def may_write_statement(actor: Actor, process_id: int) -> Permission:
    """Moderators and staff write and publish statements."""
    if actor.has(Role.MODERATOR, process_id) or actor.has(Role.STAFF, process_id):
        return ALLOWED
    return refuse(_l("Only moderators and staff of this process may write statements."))


def may_export(actor: Actor, process_id: int) -> Permission:
    """Staff export the strategy input."""
    if actor.has(Role.STAFF, process_id):
        return ALLOWED
    return refuse(_l("Only staff of this process may export."))


def may_answer(actor: Actor, process_id: int) -> Permission:
    """Staff answer for the city."""
    if actor.has(Role.STAFF, process_id):
        return ALLOWED
    return refuse(_l("Only staff of this process may answer for the city."))


def may_answer_idea(actor: Actor, process_id: int, state: IdeaState) -> Permission:
    """Whether ``actor`` may answer an idea in this state: what the public cannot read gets no public answer."""
    permission = may_answer(actor, process_id)
    if permission and state is not IdeaState.PUBLISHED:
        return refuse(_l("This idea is not public, so it gets no public answer."))
    return permission


def may_answer_statement(actor: Actor, process_id: int, state: StatementState) -> Permission:
    """Whether ``actor`` may answer a statement in this state."""
    permission = may_answer(actor, process_id)
    if permission and state is not StatementState.PUBLISHED:
        return refuse(_l("This statement is a draft. Publish it first."))
    return permission
