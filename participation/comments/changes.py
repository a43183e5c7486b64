"""What authors do with a comment afterwards: change it for a short time, delete it at any time."""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, delete, exists, func, select
from sqlalchemy.orm import Session

from participation.accounts.actor import Actor
from participation.activity.service import record
from participation.cases.models import SubjectKind
from participation.cases.queries import waits_for_author
from participation.cases.service import READING, close_cases
from participation.comments.events import CommentEdited, CommentWithdrawn
from participation.comments.models import Comment, CommentRevision, CommentStance, CommentState, HelpfulMark, Voice
from participation.comments.policies import CommentFacts, may_delete_comment, may_edit_comment, may_speak_as
from participation.comments.service import ask_for_reading, lock_comment
from participation.ideas.queries import idea_in
from participation.ideas.standing import note_comments
from participation.kit.permissions import Missing, Permission, Refused, found, require
from participation.multilingual import lazy as _l
from participation.processes.queries import participant_of, process_by_slug
from participation.processes.service import take_back
from participation.receipts.models import ReceiptKind
from participation.receipts.queries import receipts_about
from participation.receipts.service import receipt_for_text

MOST_WORDINGS = 20
"""How many earlier wordings a comment can have; all of them stand on one page, each with what changed."""


def edit_comment(
    session: Session,
    actor: Actor,
    *,
    slug: str,
    comment_id: int,
    text: str,
    language: str,
    stance: CommentStance | None,
    window: timedelta,
    opened_at: datetime | None = None,
    now: datetime,
) -> Comment:
    """Change an own comment and keep the earlier wording; where contributions are read first, it is read again.

    What was changed before it had been public is not kept: no moderator has read it. Raises ``Missing`` for a comment
    of another process or person, ``Refused`` with the reason when it is too late, when it was changed too often, and
    for an official voice that is not the actor's any more.
    """
    process = process_by_slug(session, slug)
    comment = lock_comment(session, comment_id)
    facts = _own_facts(session, actor, comment, process.id)
    idea = idea_in(session, process.id, comment.idea_id)
    require(may_edit_comment(actor, process, idea.state, facts, window=window, now=now, opened_at=opened_at))
    require(may_speak_as(actor, process.id, comment.voice))
    if (comment.text, comment.stance) == (text, stance):
        return comment
    if comment.text != text:
        if comment.published_at is not None:
            if comment.state is CommentState.PUBLISHED:
                _keep_wording(session, comment, now)
            comment.edited_at = now
            comment.revision += 1
        comment.text, comment.language = text, language
        _issue_receipt(session, comment, now)
        ask_for_reading(session, comment, process=process, now=now)
    comment.stance = stance
    if comment.state is CommentState.PUBLISHED:
        take_back(session, process.id)
        if comment.voice is Voice.RESIDENT and process.reviews_first(now):
            comment.state = CommentState.IN_REVIEW
            note_comments(session, comment.idea_id, more=-1)
    record(session, CommentEdited(comment.id), account_id=actor.account_id, now=now)
    return comment


def withdraw_comment(session: Session, actor: Actor, *, slug: str, comment_id: int, now: datetime) -> Comment:
    """Delete an own comment for good: its words and earlier wordings are gone, answers to it keep their place.

    Raises ``Missing`` for a comment of another process or person, ``Refused`` when it is deleted already.
    """
    process = process_by_slug(session, slug)
    comment = lock_comment(session, comment_id)
    require(may_delete_comment(actor, _own_facts(session, actor, comment, process.id)))
    if comment.state is CommentState.PUBLISHED:
        note_comments(session, comment.idea_id, more=-1)
    session.execute(delete(CommentRevision).where(CommentRevision.comment_id == comment.id))
    session.execute(delete(HelpfulMark).where(HelpfulMark.comment_id == comment.id))
    comment.state = CommentState.WITHDRAWN
    comment.text, comment.stance, comment.edited_at = "", None, None
    comment.helpful = comment.helpful_elsewhere = 0
    close_cases(session, SubjectKind.COMMENT, [comment.id], kinds=READING, now=now)
    take_back(session, process.id)
    record(session, CommentWithdrawn(comment.id), account_id=actor.account_id, now=now)
    return comment


def own_comment(session: Session, actor: Actor, *, slug: str, idea_id: int, comment_id: int) -> Comment:
    """Return a comment of the actor; raises ``Missing`` for one of somebody else, another idea or process."""
    process = process_by_slug(session, slug)
    comment = found(session.get(Comment, comment_id))
    _own_facts(session, actor, comment, process.id)
    return found(comment if comment.idea_id == idea_id else None)


def may_change(
    session: Session, actor: Actor, *, slug: str, comment: Comment, window: timedelta, now: datetime
) -> Permission:
    """Whether the actor may change ``comment`` now; raises ``Missing`` for one of somebody else."""
    process = process_by_slug(session, slug)
    idea = idea_in(session, process.id, comment.idea_id)
    facts = _own_facts(session, actor, comment, process.id)
    return may_edit_comment(actor, process, idea.state, facts, window=window, now=now)


def has_answers(session: Session, comment: Comment) -> bool:
    """Return whether anybody answered ``comment``, publicly or not yet; deleted answers do not count."""
    return bool(session.scalar(select(_is_answered(comment))))


def _is_answered(comment: Comment) -> ColumnElement[bool]:
    return exists().where(
        Comment.idea_id == comment.idea_id,
        Comment.parent_id == comment.id,
        Comment.state != CommentState.WITHDRAWN,
    )


def _own_facts(session: Session, actor: Actor, comment: Comment, process_id: int) -> CommentFacts:
    participant = participant_of(session, process_id=process_id, account_id=actor.account_id)
    if participant is None or comment.process_id != process_id or comment.participant_id != participant.id:
        raise Missing
    answered, asked = session.execute(
        select(_is_answered(comment), waits_for_author(SubjectKind.COMMENT, comment.id))
    ).one()
    return CommentFacts(comment.state, True, comment.submitted_at, comment.helpful, answered, asked)


def _keep_wording(session: Session, comment: Comment, now: datetime) -> None:
    written_at = comment.edited_at or comment.submitted_at
    kept = session.scalar(select(func.count()).where(CommentRevision.comment_id == comment.id)) or 0
    if kept >= MOST_WORDINGS:
        raise Refused(_l("This comment cannot be changed any more."))
    session.add(CommentRevision(comment_id=comment.id, text=comment.text, written_at=written_at, replaced_at=now))
    session.flush()


def _issue_receipt(session: Session, comment: Comment, now: datetime) -> None:
    session.flush()
    earlier = receipts_about(session, ReceiptKind.COMMENT, [comment.id]).get(comment.id, [])
    revision = 1 + (earlier[0].revision if earlier else 1)
    receipt_for_text(
        session, kind=ReceiptKind.COMMENT, subject_id=comment.id, text=comment.text, revision=revision, now=now
    )
