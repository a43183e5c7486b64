"""Who may write to whom about a contribution, and why not."""

from dataclasses import dataclass

from participation.accounts.actor import Actor
from participation.ideas.policies import may_moderate
from participation.kit.permissions import ALLOWED, Permission, refuse
from participation.multilingual import lazy as _l

MOST_IN_A_ROW = 5
"""So many messages an author may send before the team has answered."""


@dataclass(frozen=True, slots=True)
class ThreadFacts:
    """What the rules about a conversation rest on; ``author_account`` is ``None`` for what came by a file."""

    process_id: int
    author_account: int | None
    begun_by_team: bool = False
    answers_in_a_row: int = 0


def may_write_to_author(actor: Actor, thread: ThreadFacts) -> Permission:
    """Whether ``actor`` may write to an author for the team, which never shows an address."""
    moderates = may_moderate(actor, thread.process_id)
    if not moderates:
        return moderates
    if thread.author_account is None:
        return refuse(_l("This contribution came in another way than through an account, so nobody could read it."))
    return ALLOWED


def may_answer_team(actor: Actor, thread: ThreadFacts) -> Permission:
    """Whether ``actor`` may answer: the author, once the team has written; also while writing is suspended."""
    if not actor.is_signed_in or actor.account_id != thread.author_account:
        return refuse(_l("Only the author of a contribution may answer here."))
    if not thread.begun_by_team:
        return refuse(_l("The moderation team has not written to you about this."))
    if thread.answers_in_a_row >= MOST_IN_A_ROW:
        return refuse(_l("You have written several messages already. Please wait until the team answers."))
    return ALLOWED
