"""Who may say which words are watched, and which ones can be."""

from participation.accounts.actor import Actor, Role
from participation.ideas.policies import may_moderate
from participation.kit.permissions import ALLOWED, Permission, refuse
from participation.multilingual import lazy as _l

SHORTEST = 2
"""Shorter words stand in every second text."""


def may_watch_words(actor: Actor, process_id: int | None) -> Permission:
    """Whether ``actor`` may change the list of a process, or (with ``None``) that of all processes."""
    if actor.has(Role.MODERATOR, process_id):
        return ALLOWED
    if process_id is None:
        return refuse(_l("Only moderators of all processes may change what is there for all."))
    return may_moderate(actor, process_id)


def may_be_watched(folded: str) -> Permission:
    """Whether a word, folded and without its stars, says enough to be watched."""
    if len(folded.replace(" ", "")) >= SHORTEST:
        return ALLOWED
    return refuse(_l("Please enter a word of at least two letters or digits."))
