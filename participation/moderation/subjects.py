"""What decisions are about: one idea, comment or addendum, looked up, locked, changed and put back."""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from participation.accounts.actor import Actor
from participation.cases.models import SubjectKind
from participation.comments.models import Comment, CommentState
from participation.comments.service import hide_comment, lock_comment, publish_comment, put_back_comment
from participation.ideas.addenda import hide_addendum, lock_addendum, publish_addendum, put_back_addendum
from participation.ideas.models import Addendum, Idea, IdeaState
from participation.ideas.revisions import TextChanged
from participation.ideas.service import hide_idea, lock_idea, publish_idea, put_back_idea
from participation.kit.dialect import locked
from participation.kit.permissions import found
from participation.moderation.models import Decision, DecisionKind
from participation.multilingual import lazy as _l
from participation.processes.models import Participant
from participation.receipts.signing import text_digest

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


def kind_of(thing: Contribution) -> SubjectKind:
    """Return what kind of contribution this is."""
    if isinstance(thing, Idea):
        return SubjectKind.IDEA
    return SubjectKind.COMMENT if isinstance(thing, Comment) else SubjectKind.ADDENDUM


def lock_subject(session: Session, kind: SubjectKind, number: int) -> Contribution:
    """Return a contribution as it is now, locked until the transaction ends; raises ``Missing``."""
    if kind is SubjectKind.IDEA:
        return lock_idea(session, number)
    return lock_comment(session, number) if kind is SubjectKind.COMMENT else lock_addendum(session, number)


def lock_author(session: Session, kind: SubjectKind, number: int) -> None:
    """Lock who wrote a contribution until the transaction ends; raises ``Missing``.

    Whoever changes something about a person does so before locking the contribution: people who write lock themselves
    first, and what they answer second.
    """
    if kind is SubjectKind.COMMENT:
        statement = select(Comment.participant_id).where(Comment.id == number)
    elif kind is SubjectKind.IDEA:
        statement = select(Idea.participant_id).where(Idea.id == number)
    else:
        statement = select(Idea.participant_id).join(Addendum, Addendum.idea_id == Idea.id).where(Addendum.id == number)
    author_id = found(session.scalar(statement))
    session.execute(locked(select(Participant.id).where(Participant.id == author_id), keeps_key=True))


def subject_of(decision: Decision) -> tuple[SubjectKind, int]:
    """Return kind and number of what a decision is about."""
    if decision.idea_id is not None:
        return SubjectKind.IDEA, decision.idea_id
    if decision.comment_id is not None:
        return SubjectKind.COMMENT, decision.comment_id
    assert decision.addendum_id is not None, "the table allows nothing else"
    return SubjectKind.ADDENDUM, decision.addendum_id


def check_text(thing: Contribution, subject: Subject) -> None:
    """Raise ``TextChanged`` when the author has changed an idea or comment since somebody read it."""
    if isinstance(thing, Idea) and subject.revision is not None and thing.revision != subject.revision:
        raise TextChanged(_l("The author has changed this idea since you read it. Please read it again."))
    if isinstance(thing, Comment) and subject.digest and text_digest(thing.text) != subject.digest:
        raise TextChanged(_l("The author has changed this comment since you read it. Please read it again."))


def turn(session: Session, actor: Actor, thing: Contribution, kind: DecisionKind, *, now: datetime) -> None:
    """Make a contribution public, or take it out of the public."""
    hides = kind is DecisionKind.HIDE
    if isinstance(thing, Idea):
        (hide_idea if hides else publish_idea)(session, actor, idea_id=thing.id, now=now)
    elif isinstance(thing, Comment):
        (hide_comment if hides else publish_comment)(session, actor, comment_id=thing.id, now=now)
    else:
        (hide_addendum if hides else publish_addendum)(session, actor, addendum_id=thing.id, now=now)


def put_back(session: Session, actor: Actor, thing: Contribution, decision: Decision, *, now: datetime) -> None:
    """Give a contribution back the state that it had before ``decision``."""
    state, published_at = decision.state_before, decision.published_before
    if isinstance(thing, Idea):
        put_back_idea(session, actor, idea_id=thing.id, state=IdeaState(state), published_at=published_at, now=now)
    elif isinstance(thing, Comment):
        put_back_comment(
            session, actor, comment_id=thing.id, state=CommentState(state), published_at=published_at, now=now
        )
    else:
        put_back_addendum(
            session, actor, addendum_id=thing.id, state=IdeaState(state), published_at=published_at, now=now
        )


def author_of(session: Session, thing: Contribution) -> Participant:
    """Return who wrote a contribution."""
    if isinstance(thing, Addendum):
        own = select(Participant).join(Idea, Idea.participant_id == Participant.id).where(Idea.id == thing.idea_id)
        return session.scalars(own).one()
    return session.get_one(Participant, thing.participant_id)


def digest_of(thing: Contribution) -> str:
    """Return the digest of a text, as receipts about it say it."""
    return text_digest(thing.text, title=thing.title if isinstance(thing, Idea) else "")


def salted(salt: bytes, digest: str) -> str:
    """Return the digest that is published with a decision: without the salt nobody can tell a guessed text by it."""
    return hashlib.sha256(salt + bytes.fromhex(digest)).hexdigest()
