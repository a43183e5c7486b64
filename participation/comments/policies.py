"""Who may comment, for whom, and what they may do with comments; and why not."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from participation.accounts.actor import Actor, Role
from participation.comments.models import CommentState, Voice
from participation.ideas.models import IdeaState
from participation.ideas.policies import may_react
from participation.kit.permissions import ALLOWED, Permission, refuse
from participation.multilingual import lazily
from participation.multilingual import lazy as _l
from participation.processes.models import Capability, ProcessState
from participation.processes.outline import ProcessOutline
from participation.processes.policies import OPEN_FOR, may_contribute, may_take_part, may_write

SPEAKERS = {Voice.MODERATION: Role.MODERATOR, Voice.ADMINISTRATION: Role.STAFF}
"""Which role somebody needs to speak in an official voice."""


@dataclass(frozen=True, slots=True)
class CommentFacts:
    """What the rules about one comment rest on; ``is_own`` is seen from the person who asks.

    ``is_asked`` says that moderators asked the author for a change and wait for it.
    """

    state: CommentState
    is_own: bool
    submitted_at: datetime
    helpful: int
    has_answers: bool
    is_asked: bool = False


def may_comment(
    actor: Actor,
    process: ProcessOutline,
    idea_state: IdeaState,
    *,
    now: datetime,
    opened_at: datetime | None = None,
) -> Permission:
    """Whether ``actor`` may comment on an idea in this state now."""
    reaction = may_react(idea_state)
    if not reaction:
        return reaction
    return may_contribute(actor, process, Capability.COMMENT, now=now, opened_at=opened_at)


def may_speak_as(actor: Actor, process_id: int, voice: Voice) -> Permission:
    """Whether ``actor`` may write in this voice; everybody speaks for themselves."""
    role = SPEAKERS.get(voice)
    if role is None or actor.has(role, process_id):
        return ALLOWED
    if voice is Voice.MODERATION:
        return refuse(_l("Only moderators of this process may write as the moderation team."))
    return refuse(_l("Only staff of this process may write as the city administration."))


def voices_of(actor: Actor, process_id: int) -> tuple[Voice, ...]:
    """Return the voices in which ``actor`` may write in a process, the own one first."""
    return tuple(voice for voice in Voice if may_speak_as(actor, process_id, voice))


def may_mark_helpful(
    actor: Actor,
    process: ProcessOutline,
    idea_state: IdeaState,
    comment: CommentFacts,
    *,
    now: datetime,
    opened_at: datetime | None = None,
) -> Permission:
    """Whether ``actor`` may mark a comment as helpful, or take the mark back; as long as commenting is possible.

    Marking is not writing: somebody who is kept from writing may still do it.
    """
    reaction = may_react(idea_state)
    if not reaction:
        return reaction
    discussing = may_take_part(actor, process, Capability.COMMENT, now=now, opened_at=opened_at)
    if not discussing:
        return discussing
    if comment.state is not CommentState.PUBLISHED:
        return refuse(_l("This comment is not public."))
    if comment.is_own:
        return refuse(_l("Others decide whether your comment is helpful."))
    return ALLOWED


def may_edit_comment(
    actor: Actor,
    process: ProcessOutline,
    idea_state: IdeaState,
    comment: CommentFacts,
    *,
    window: timedelta,
    now: datetime,
    opened_at: datetime | None = None,
) -> Permission:
    """Whether ``actor`` may change the text of a comment: the author, soon, and before anybody has reacted to it.

    Who ``opened_at`` the form in time may take time over it. Whom moderators asked for a change may do so until they
    have looked again.
    """
    if not comment.is_own:
        return refuse(_l("Only its author may change a comment."))
    if comment.state not in (CommentState.PUBLISHED, CommentState.IN_REVIEW):
        return refuse(_l("This comment cannot be changed any more."))
    is_in_time = now - comment.submitted_at <= window or _opened_in_time(comment, opened_at, window=window, now=now)
    if not is_in_time and not comment.is_asked:
        minutes = window // timedelta(minutes=1)
        return refuse(lazily(_l("Comments can be changed for %(minutes)s minutes."), minutes=minutes))
    if comment.has_answers:
        return refuse(_l("Somebody has answered this comment already, so it stays as it is."))
    if comment.helpful:
        return refuse(_l("Somebody has marked this comment as helpful already, so it stays as it is."))
    if comment.is_asked and process.state is ProcessState.PUBLISHED:
        return may_write(actor, process.id, now=now)
    return may_comment(actor, process, idea_state, now=now, opened_at=comment.submitted_at)


def _opened_in_time(comment: CommentFacts, opened_at: datetime | None, *, window: timedelta, now: datetime) -> bool:
    if opened_at is None or now - opened_at > OPEN_FOR:
        return False
    return timedelta() <= opened_at - comment.submitted_at <= window


def may_delete_comment(actor: Actor, comment: CommentFacts) -> Permission:
    """Whether ``actor`` may delete a comment: its author, at any time."""
    if not comment.is_own or not actor.is_signed_in:
        return refuse(_l("Only its author may delete a comment."))
    if comment.state is CommentState.WITHDRAWN:
        return refuse(_l("This comment has been deleted already."))
    return ALLOWED
