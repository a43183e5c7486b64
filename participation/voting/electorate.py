"""Where somebody becomes a voter whom a process does not count as one yet."""

from flask import url_for

from participation.accounts.actor import Actor
from participation.processes.outline import ProcessOutline
from participation.processes.policies import is_in_electorate


def residence_url(actor: Actor, process: ProcessOutline, here: str) -> str:
    """Return where ``actor`` enters the code from a letter and comes back ``here``; empty where there is no need to."""
    if not actor.is_signed_in or is_in_electorate(actor, process):
        return ""
    return url_for("accounts.residence", next=here)
