"""Who holds statements against the criteria and values of the framework."""

from participation.accounts.actor import Actor
from participation.kit.permissions import Permission, refuse
from participation.multilingual import lazy as _l
from participation.strategy.models import StatementState
from participation.strategy.policies import may_write_statement


def may_assess(actor: Actor, process_id: int, state: StatementState) -> Permission:
    """Whether ``actor`` may assess a statement in this state: those who write statements do, until it is withdrawn."""
    permission = may_write_statement(actor, process_id)
    if permission and state is StatementState.WITHDRAWN:
        return refuse(_l("This statement is withdrawn, so nothing is said about it any more."))
    return permission
