"""Deciding about content: publish, hide with a reason, restore, take passages out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from participation.accounts.actor import Actor
from participation.activity.service import record
from participation.comments.models import Comment
from participation.comments.service import hide_comment, lock_comment, publish_comment
from participation.ideas.addenda import hide_addendum, publish_addendum
from participation.ideas.models import Addendum, Idea
from participation.ideas.redaction import redact_idea
from participation.ideas.revisions import TextChanged
from participation.ideas.service import hide_idea, lock_idea, publish_idea
from participation.kit.permissions import Refused
from participation.moderation.events import Decided
from participation.moderation.models import Decision, DecisionKind
from participation.multilingual import lazy as _l
from participation.receipts.signing import text_digest
from participation.texts.redaction import SHORTEST, holds

MOST_PASSAGES = 20
Contribution = Idea | Comment | Addendum


@dataclass(frozen=True, slots=True)
class Subject:
    """What a decision is about: one idea, comment or addendum.

    ``revision`` is the text of an idea that was read, ``digest`` that of a comment; addenda never change.
    """

    kind: str
    id: int
    revision: int | None = None
    digest: str = ""


def decide(
    session: Session, actor: Actor, *, subject: Subject, kind: DecisionKind, reason: str, now: datetime
) -> Decision:
    """Carry out a decision and keep it with its reason; hiding needs one.

    Raises ``TextChanged`` when the author has changed an idea or comment since somebody read it to publish it.
    """
    if kind is DecisionKind.REDACT:
        raise ValueError("passages are taken out by redact()")
    if kind is DecisionKind.HIDE and not reason.strip():
        raise Refused(_l("Please give the reason; the author will read it."))
    thing = _apply(session, actor, subject, kind, now)
    decision = _keep(session, actor, thing, kind, reason, now=now)
    record(session, Decided(decision.id), account_id=actor.account_id, now=now)
    return decision


def redact(
    session: Session, actor: Actor, *, idea_id: int, passages: Sequence[str], reason: str, now: datetime
) -> list[Decision]:
    """Take passages out of an idea, its addenda and its history; return the decision about each thing that changed.

    The reason is public, so it must not say what was taken out. Raises ``NotFound`` for passages that stand nowhere.
    """
    if not reason.strip():
        raise Refused(_l("Please give the reason; everybody will read it."))
    if not passages or len(passages) > MOST_PASSAGES or any(len(passage.strip()) < SHORTEST for passage in passages):
        raise Refused(_l("Please give the passages that are to be taken out."))
    if any(holds(reason, passage) for passage in passages):
        raise Refused(_l("Everybody will read the reason, so it must not contain what is taken out."))
    redacted = redact_idea(session, actor, idea_id=idea_id, passages=passages, reason=reason.strip(), now=now)
    things: list[Contribution] = [session.get_one(Addendum, addendum_id) for addendum_id in redacted.addendum_ids]
    if redacted.text_changed or redacted.revisions_closed:
        things.insert(0, redacted.idea)
    decisions = [_keep(session, actor, thing, DecisionKind.REDACT, reason, now=now) for thing in things]
    # One letter to the author is enough, however many parts were concerned.
    record(session, Decided(decisions[0].id), account_id=actor.account_id, now=now)
    return decisions


def _keep(
    session: Session, actor: Actor, thing: Contribution, kind: DecisionKind, reason: str, *, now: datetime
) -> Decision:
    decision = Decision(
        process_id=thing.process_id,
        idea_id=thing.id if isinstance(thing, Idea) else None,
        comment_id=thing.id if isinstance(thing, Comment) else None,
        addendum_id=thing.id if isinstance(thing, Addendum) else None,
        kind=kind,
        reason=reason.strip(),
        decided_by=actor.account_id,
        decided_at=now,
    )
    session.add(decision)
    session.flush()
    return decision


def _apply(session: Session, actor: Actor, subject: Subject, kind: DecisionKind, now: datetime) -> Contribution:
    hides = kind is DecisionKind.HIDE
    if subject.kind == "idea":
        if hides:
            return hide_idea(session, actor, idea_id=subject.id, now=now)
        if subject.revision is not None and lock_idea(session, subject.id).revision != subject.revision:
            raise TextChanged(_l("The author has changed this idea since you read it. Please read it again."))
        return publish_idea(session, actor, idea_id=subject.id, now=now)
    if subject.kind == "addendum":
        change = hide_addendum if hides else publish_addendum
        return change(session, actor, addendum_id=subject.id, now=now)
    if hides:
        return hide_comment(session, actor, comment_id=subject.id, now=now)
    if subject.digest and text_digest(lock_comment(session, subject.id).text) != subject.digest:
        raise TextChanged(_l("The author has changed this comment since you read it. Please read it again."))
    return publish_comment(session, actor, comment_id=subject.id, now=now)
