"""Who may bring files in through the browser, call that off, and keep column mappings."""

from participation.accounts.actor import Actor, Role
from participation.ideas.policies import may_import
from participation.intake.models import IntakeRun, IntakeState
from participation.kit.permissions import ALLOWED, Permission, refuse
from participation.multilingual import lazy as _l

_OVER = {
    IntakeState.WAITING: _l("This file is being read already. Please wait, or cancel that first."),
    IntakeState.DONE: _l("This file was imported already."),
    IntakeState.FAILED: _l("This import failed and its file was deleted. Please upload it again."),
    IntakeState.CANCELLED: _l("This import was cancelled and its file was deleted. Please upload it again."),
}


def may_start(actor: Actor, run: IntakeRun) -> Permission:
    """Staff of the process try a file out or import it, while it waits for that."""
    permission = may_import(actor, run.process_id)
    if permission and run.state is not IntakeState.UPLOADED:
        return refuse(_OVER[run.state])
    return permission


def may_cancel(actor: Actor, run: IntakeRun) -> Permission:
    """Staff of the process call off what is not finished."""
    permission = may_import(actor, run.process_id)
    if permission and run.state not in (IntakeState.UPLOADED, IntakeState.WAITING):
        return refuse(_l("This import is finished already, so there is nothing to cancel."))
    return permission


def may_keep_mappings(actor: Actor) -> Permission:
    """Staff of any process save, rename and delete column mappings: those belong to all of them."""
    if actor.is_system or any(role in (Role.STAFF, Role.ADMIN) for role, _process_id in actor.grants):
        return ALLOWED
    return refuse(_l("Only staff may keep column mappings."))
