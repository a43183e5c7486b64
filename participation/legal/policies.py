"""Who may write and publish legal texts."""

from participation.accounts.actor import Actor, Role
from participation.kit.permissions import ALLOWED, Permission, refuse
from participation.legal.models import LegalKind
from participation.multilingual import lazy as _l


def may_write_legal(actor: Actor, kind: LegalKind, process_id: int | None) -> Permission:
    """Whether ``actor`` may write a legal text: admins any; staff of a process its rules and its privacy notice."""
    if actor.has(Role.ADMIN, process_id):
        return ALLOWED
    if process_id is None:
        return refuse(_l("Only admins may change the texts that hold everywhere."))
    if kind is LegalKind.IMPRINT:
        return refuse(_l("Only admins may change the legal notice."))
    if actor.has(Role.STAFF, process_id):
        return ALLOWED
    return refuse(_l("Only staff of this process may change these texts."))
