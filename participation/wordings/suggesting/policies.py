"""Who may suggest a wording, take a suggestion back, and decide about wordings; and why not."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from participation.accounts.actor import Actor
from participation.ideas.policies import may_moderate
from participation.kit.permissions import ALLOWED, Permission, refuse
from participation.multilingual import lazy as _l
from participation.processes.models import ProcessState
from participation.processes.outline import ProcessOutline
from participation.processes.policies import may_write
from participation.wordings.models import WordingState

MOST_WAITING = 20
"""So many suggestions of one person wait in a process at the same time at most."""


@dataclass(frozen=True, slots=True)
class WordingFacts:
    """What the rules about one wording rest on; ``is_own`` is seen from the person who asks.

    ``is_current`` says that it belongs to a text as everybody can read it now; ``is_latest`` that nothing has happened
    to wordings of that text in this language since it was decided on.
    """

    process_id: int
    state: WordingState
    is_own: bool = False
    is_current: bool = True
    is_latest: bool = True
    decided_by: int | None = None
    decided_at: datetime | None = None


def may_suggest(
    actor: Actor, process: ProcessOutline, *, is_public: bool, waiting: int = 0, now: datetime
) -> Permission:
    """Whether ``actor`` may suggest a wording of a text: whoever may write, in any phase, until the process is over."""
    if not is_public:
        return refuse(_l("This text is not public, so it cannot be put into another language."))
    if process.state is not ProcessState.PUBLISHED:
        return refuse(_l("This process is not open for contributions."))
    if not actor.is_signed_in:
        return refuse(_l("Please sign in to take part."))
    if waiting >= MOST_WAITING:
        return refuse(_l("Many of your suggestions wait already. Please wait until moderators have read some of them."))
    return may_write(actor, process.id, now=now)


def may_withdraw(actor: Actor, wording: WordingFacts) -> Permission:
    """Whether ``actor`` may take a suggestion back: whoever made it, until it is decided on."""
    if not wording.is_own or not actor.is_signed_in:
        return refuse(_l("Only whoever suggested this can take it back."))
    return _waits(wording)


def may_accept(actor: Actor, wording: WordingFacts) -> Permission:
    """Whether ``actor`` may show a suggested wording to readers."""
    refusable = may_refuse(actor, wording)
    if not refusable:
        return refusable
    if not wording.is_current:
        return refuse(_l("The text has changed since, or is not public any more, so this cannot be shown."))
    return ALLOWED


def may_refuse(actor: Actor, wording: WordingFacts) -> Permission:
    """Whether ``actor`` may refuse a suggested wording."""
    moderates = may_moderate(actor, wording.process_id)
    return _waits(wording) if moderates else moderates


def may_correct(actor: Actor, wording: WordingFacts) -> Permission:
    """Whether ``actor`` may put another wording in the place of one that is shown."""
    removable = may_take_down(actor, wording)
    if not removable:
        return removable
    if not wording.is_current:
        return refuse(_l("The text has changed since, or is not public any more, so this cannot be shown."))
    return ALLOWED


def may_take_down(actor: Actor, wording: WordingFacts) -> Permission:
    """Whether ``actor`` may take a wording down, so that readers see the original."""
    moderates = may_moderate(actor, wording.process_id)
    if not moderates:
        return moderates
    if wording.state is not WordingState.SHOWN:
        return refuse(_l("This wording is not shown any more."))
    return ALLOWED


def may_undo(actor: Actor, wording: WordingFacts, *, window: timedelta, now: datetime) -> Permission:
    """Whether ``actor`` may take back what was decided about a suggestion: whoever decided, soon, before all else."""
    moderates = may_moderate(actor, wording.process_id)
    if not moderates:
        return moderates
    if wording.decided_by is None or wording.decided_by != actor.account_id or wording.decided_at is None:
        return refuse(_l("Only whoever took a decision can take it back."))
    if now - wording.decided_at >= window:
        return refuse(_l("It is too late to take this back: whoever suggested it hears of it now."))
    if wording.state not in (WordingState.SHOWN, WordingState.REFUSED) or not wording.is_latest:
        return refuse(_l("Something has happened since, so this cannot be taken back. You can decide anew."))
    return ALLOWED


def _waits(wording: WordingFacts) -> Permission:
    if wording.state is WordingState.WAITING:
        return ALLOWED
    return refuse(_l("This suggestion is not waiting for a decision any more."))
