"""Who may put ideas together as saying the same, and take them apart; and why not."""

from collections.abc import Collection
from dataclasses import dataclass

from participation.accounts.actor import Actor
from participation.curation.models import BundleExit
from participation.ideas.models import IdeaState
from participation.ideas.policies import may_moderate
from participation.kit.permissions import ALLOWED, Permission, refuse
from participation.multilingual import lazy as _l

FEWEST_MEMBERS = 2
MOST_MEMBERS = 50
BUNDLED = frozenset({IdeaState.IN_REVIEW, IdeaState.PUBLISHED})
"""States in which ideas can be put together; what is not public is shown to nobody else meanwhile."""


@dataclass(frozen=True, slots=True)
class ExitFacts:
    """What the rules about an idea that left a bundle rest on."""

    process_id: int
    ended_for: BundleExit | None


def may_bundle(
    actor: Actor, process_id: int, states: Collection[IdeaState], *, members: int, of_one_process: bool = True
) -> Permission:
    """Whether ``actor`` may put ideas in these states together; ``members`` is how many the bundle would have then."""
    moderates = may_moderate(actor, process_id)
    if not moderates:
        return moderates
    if not of_one_process:
        return refuse(_l("These ideas belong to different processes."))
    if members < FEWEST_MEMBERS:
        return refuse(_l("Please choose at least two ideas."))
    if members > MOST_MEMBERS:
        return refuse(_l("These are too many ideas for one bundle. A theme may fit better."))
    if not BUNDLED.issuperset(states):
        return refuse(_l("One of these ideas is not public any more, so it cannot be bundled."))
    return ALLOWED


def may_refuse(actor: Actor, process_id: int) -> Permission:
    """Whether ``actor`` may say that two ideas do not say the same, and take that back."""
    return may_moderate(actor, process_id)


def may_take_out(actor: Actor, process_id: int, *, is_author: bool) -> Permission:
    """Whether ``actor`` may take an idea out of its bundle: moderators, and its author at any time."""
    if is_author and actor.is_signed_in:
        return ALLOWED
    if may_moderate(actor, process_id):
        return ALLOWED
    return refuse(_l("Only the author of an idea and moderators may take it out of a bundle."))


def may_put_back(actor: Actor, left: ExitFacts) -> Permission:
    """Whether ``actor`` may put an idea back that left a bundle: moderators, unless its author took it out."""
    moderates = may_moderate(actor, left.process_id)
    if not moderates:
        return moderates
    if left.ended_for is BundleExit.AUTHOR:
        return AUTHOR_OBJECTS
    return ALLOWED


AUTHOR_OBJECTS = refuse(_l("The author of an idea took it out of a bundle with one of the others, and that holds."))
