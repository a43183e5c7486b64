"""Who may take addresses of people out of the house."""

from participation.accounts.actor import Actor, Role
from participation.kit.permissions import ALLOWED, Permission, refuse
from participation.multilingual import lazy as _l


def may_archive_addresses(actor: Actor, process_id: int, *, reason: str) -> Permission:
    """An admin, by name and with a reason; the installation itself has none to give."""
    if not actor.is_signed_in or not actor.has(Role.ADMIN, process_id):
        return refuse(_l("Only an admin decides that addresses go into an archive."))
    if not reason.strip():
        return refuse(_l("Say why the addresses are needed."))
    return ALLOWED
