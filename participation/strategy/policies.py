"""Who may write and publish statements, and who exports."""

from participation.accounts.actor import Actor, Role
from participation.kit.permissions import ALLOWED, Permission, refuse
from participation.multilingual import lazy as _l


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
