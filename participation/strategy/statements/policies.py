"""Who signs statements off, sends them back and withdraws them; who may write them stands in ``strategy.policies``."""

from dataclasses import dataclass

from participation.accounts.actor import Actor, Role
from participation.kit.permissions import ALLOWED, Permission, refuse
from participation.multilingual import lazy as _l
from participation.strategy.models import RevisionState, StatementState
from participation.strategy.policies import may_write_statement


@dataclass(frozen=True, slots=True)
class Waiting:
    """What the rules about the latest revision of a statement rest on; ids are those of accounts.

    ``writers`` wrote or submitted any part of what is to be signed off; ``others`` counts the people besides them who
    moderate the process or work there as staff.
    """

    process_id: int
    statement: StatementState
    revision: RevisionState
    writers: frozenset[int]
    others: int
    is_reopened: bool = False


def may_rewrite(actor: Actor, process_id: int, state: StatementState) -> Permission:
    """Whether ``actor`` may change what a statement says; what is public stays until the change is signed off."""
    permission = may_write_statement(actor, process_id)
    if permission and state is StatementState.WITHDRAWN:
        return refuse(_l("This statement was withdrawn. Please write a new one."))
    return permission


def may_submit(actor: Actor, waiting: Waiting) -> Permission:
    """Whether ``actor`` may ask for the latest revision to be signed off."""
    permission = may_rewrite(actor, waiting.process_id, waiting.statement)
    if not permission:
        return permission
    if waiting.revision is RevisionState.SUBMITTED:
        return refuse(_l("This waits to be signed off already."))
    if waiting.revision is RevisionState.SIGNED and not waiting.is_reopened:
        return refuse(_l("This is signed off, and nothing was changed since."))
    return ALLOWED


def may_sign_off(actor: Actor, waiting: Waiting) -> Permission:
    """Whether ``actor`` may sign off: a second person of the team, or an admin where there is nobody else."""
    works_here = _works_in(actor, waiting.process_id)
    if not actor.is_signed_in or not (works_here or actor.has(Role.ADMIN, waiting.process_id)):
        return refuse(_l("Only moderators and staff of this process may sign off statements."))
    if waiting.statement is StatementState.WITHDRAWN:
        return refuse(_l("This statement was withdrawn."))
    if waiting.revision is not RevisionState.SUBMITTED:
        return refuse(_l("Nothing waits to be signed off here."))
    if actor.account_id in waiting.writers:
        return refuse(_someone_else(waiting.others))
    if not works_here and waiting.others:
        return refuse(_l("Somebody of the team signs this off. An admin does so only where there is nobody else."))
    return ALLOWED


def may_send_back(actor: Actor, waiting: Waiting) -> Permission:
    """Whether ``actor`` may send the submitted revision back to its writers; they may take it back themselves."""
    permission = may_rewrite(actor, waiting.process_id, waiting.statement)
    if permission and waiting.revision is not RevisionState.SUBMITTED:
        return refuse(_l("Nothing waits to be signed off here."))
    return permission


def may_withdraw(actor: Actor, process_id: int, state: StatementState) -> Permission:
    """Whether ``actor`` may withdraw a statement."""
    permission = may_write_statement(actor, process_id)
    if permission and state is StatementState.WITHDRAWN:
        return refuse(_l("This statement was withdrawn."))
    return permission


def _works_in(actor: Actor, process_id: int) -> bool:
    """Return whether ``actor`` is of the team itself; admins may do everything, but are not of it by that."""
    held = {(role, place) for role in (Role.MODERATOR, Role.STAFF) for place in (None, process_id)}
    return not held.isdisjoint(actor.grants)


def _someone_else(others: int) -> object:
    if others:
        return _l("You wrote or submitted this yourself, so somebody else signs it off.")
    return _l("You wrote or submitted this yourself, and nobody else is in the team. So an admin signs it off.")
