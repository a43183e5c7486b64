"""Who may say something about themselves, and why not."""

from participation.accounts.actor import Actor
from participation.kit.permissions import ALLOWED, Permission, refuse
from participation.multilingual import lazy as _l
from participation.processes.models import ProcessState
from participation.processes.outline import ProcessOutline


def may_describe_self(actor: Actor, process: ProcessOutline, *, takes_part: bool) -> Permission:
    """People who take part may, for as long as the process is not archived; taking it back is always possible."""
    if process.state is not ProcessState.PUBLISHED:
        return refuse(_l("This process is not open for contributions."))
    if not actor.is_signed_in:
        return refuse(_l("Please sign in to take part."))
    if not takes_part:
        return refuse(_l("This is for people who take part: please vote, comment or propose something first."))
    return ALLOWED
