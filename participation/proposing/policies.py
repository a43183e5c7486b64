"""Who may begin and submit drafts, and why not; who sees one is a rule of ``queries``: nobody but its author."""

from datetime import datetime, timedelta

from participation.accounts.actor import Actor
from participation.ideas.policies import may_submit
from participation.kit.permissions import ALLOWED, Permission, refuse
from participation.multilingual import lazily
from participation.multilingual import lazy as _l
from participation.processes.models import Capability
from participation.processes.outline import ProcessOutline

MOST_DRAFTS = 20
"""How many drafts somebody may have in one process."""
MOMENT = timedelta(seconds=1)


def may_begin_draft(
    actor: Actor, process: ProcessOutline, *, drafts: int, now: datetime, opened_at: datetime | None = None
) -> Permission:
    """Whether ``actor``, who has ``drafts`` of them in this process already, may begin another one."""
    permission = may_submit(actor, process, now=now, opened_at=opened_at)
    if not permission:
        return permission
    if drafts >= MOST_DRAFTS:
        return refuse(
            lazily(
                _l("You have %(count)s drafts here already. Please submit or delete one of them first."),
                count=MOST_DRAFTS,
            )
        )
    return ALLOWED


def may_submit_draft(actor: Actor, process: ProcessOutline, *, opened_at: datetime, now: datetime) -> Permission:
    """Whether a draft of ``actor`` that was opened at ``opened_at`` may become an idea now."""
    return may_submit(actor, process, now=now, opened_at=counts_as_opened(process, opened_at, now))


def counts_as_opened(process: ProcessOutline, opened_at: datetime, now: datetime) -> datetime:
    """Return when a draft counts as opened for the grace after the end of proposing.

    Forms count for hours only. A draft is kept by us and stays open for weeks, so one from before the end was still
    open at the last moment.
    """
    ended = process.closed_since(Capability.PROPOSE, now)
    return max(opened_at, ended - MOMENT) if ended is not None and opened_at < ended else opened_at
