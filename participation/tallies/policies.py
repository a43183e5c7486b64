"""When a release of the vote log is due."""

from datetime import datetime

from participation.processes.models import Capability, ProcessState
from participation.processes.outline import ProcessOutline
from participation.processes.policies import GRACE

FEWEST_PEOPLE = 10
"""So many people must have voted, changed or withdrawn a vote since the release before.

What has changed between two releases can be seen by whoever has both; it must not be what a single person did.
"""


def is_voting_over(process: ProcessOutline, *, now: datetime) -> bool:
    """Return whether no vote can come any more, not even by a form that was opened in time."""
    if process.state is ProcessState.ARCHIVED:
        return True
    if process.is_open(Capability.VOTE, now) or process.opens_at(Capability.VOTE, now):
        return False
    ended = process.closed_since(Capability.VOTE, now)
    return ended is None or now >= ended + GRACE


def is_release_due(*, changed_people: int, is_over: bool, has_final: bool) -> bool:
    """Return whether a release may be made now: with enough changes, or as the last one when voting is over."""
    return changed_people >= FEWEST_PEOPLE or (is_over and not has_final and changed_people > 0)
