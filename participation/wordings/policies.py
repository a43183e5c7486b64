"""Who may say that texts of residents go to a provider, and who sees how that goes."""

from participation.accounts.actor import Actor, Role
from participation.kit.permissions import ALLOWED, Permission, refuse
from participation.multilingual import lazy as _l


def may_choose_provider(actor: Actor, process_id: int) -> Permission:
    """Whether ``actor`` may switch a provider on or off for a process: texts leave the platform then."""
    if actor.has(Role.ADMIN, process_id):
        return ALLOWED
    return refuse(_l("Only admins may decide that texts leave the platform."))


def may_see_errands(actor: Actor, process_id: int) -> Permission:
    """Whether ``actor`` may see how far translations are, and have what failed tried again."""
    if actor.has_desk(process_id):
        return ALLOWED
    return refuse(_l("Only people who work at the desk of this process see this."))
