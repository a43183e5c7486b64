"""Deciding about content: publish, hide with a reason, restore."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from participation.accounts.actor import Actor
from participation.activity.service import record
from participation.comments.models import Comment
from participation.comments.service import hide_comment, publish_comment
from participation.ideas.models import Idea
from participation.ideas.service import hide_idea, publish_idea
from participation.kit.permissions import Refused
from participation.moderation.events import Decided
from participation.moderation.models import Decision, DecisionKind
from participation.multilingual import lazy as _l


@dataclass(frozen=True, slots=True)
class Subject:
    """What a decision is about: one idea or one comment."""

    kind: str
    id: int


def decide(
    session: Session, actor: Actor, *, subject: Subject, kind: DecisionKind, reason: str, now: datetime
) -> Decision:
    """Carry out a decision and keep it with its reason; hiding needs one."""
    if kind is DecisionKind.HIDE and not reason.strip():
        raise Refused(_l("Please give the reason; the author will read it."))
    thing = _apply(session, actor, subject, kind, now)
    decision = Decision(
        process_id=thing.process_id,
        idea_id=thing.id if isinstance(thing, Idea) else None,
        comment_id=thing.id if isinstance(thing, Comment) else None,
        kind=kind,
        reason=reason.strip(),
        decided_by=actor.account_id,
        decided_at=now,
    )
    session.add(decision)
    session.flush()
    record(session, Decided(decision.id), account_id=actor.account_id, now=now)
    return decision


def _apply(session: Session, actor: Actor, subject: Subject, kind: DecisionKind, now: datetime) -> Idea | Comment:
    if subject.kind == "idea":
        if kind is DecisionKind.HIDE:
            return hide_idea(session, actor, idea_id=subject.id, now=now)
        return publish_idea(session, actor, idea_id=subject.id, now=now)
    if kind is DecisionKind.HIDE:
        return hide_comment(session, actor, comment_id=subject.id, now=now)
    return publish_comment(session, actor, comment_id=subject.id, now=now)
