"""Who may look behind the opinion groups."""

from participation.accounts.actor import Actor, Role
from participation.kit.permissions import ALLOWED, Permission, refuse
from participation.multilingual import lazy as _l


def may_check_votes(actor: Actor, process_id: int) -> Permission:
    """Staff see signs of campaigns in the votes and have opinion groups computed."""
    if actor.has(Role.STAFF, process_id):
        return ALLOWED
    return refuse(_l("Only staff of this process may check its votes."))
