"""Who may point at a contribution, and who may hold and see evidence; and why not."""

from participation.accounts.actor import Actor, Role
from participation.kit.permissions import ALLOWED, Permission, refuse
from participation.multilingual import lazy as _l
from participation.processes.models import ProcessState
from participation.processes.outline import ProcessOutline


def may_give_notice(process: ProcessOutline, *, is_public: bool) -> Permission:
    """Whether somebody may point at a contribution: anybody, in any phase, as long as everybody can read it."""
    if process.state is ProcessState.DRAFT or not is_public:
        return refuse(_l("This contribution is not public, so nothing has to be done about it."))
    return ALLOWED


def may_keep_evidence(actor: Actor, process_id: int) -> Permission:
    """Whether ``actor`` may hold a contribution as evidence, see what is held, and who looked at it."""
    if actor.has(Role.MODERATOR, process_id):
        return ALLOWED
    return refuse(_l("Only moderators of this process may do this."))
