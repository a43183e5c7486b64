"""Marking comments as helpful; the count follows in the same transaction."""

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from participation.accounts.actor import Actor
from participation.comments.models import Comment, HelpfulMark
from participation.comments.policies import CommentFacts, may_mark_helpful
from participation.comments.service import lock_comment
from participation.ideas.queries import idea_in
from participation.kit.permissions import Missing, require
from participation.processes.queries import process_by_slug
from participation.processes.service import join, touch


def mark_helpful(
    session: Session,
    actor: Actor,
    *,
    slug: str,
    idea_id: int,
    comment_id: int,
    helpful: bool,
    opened_at: datetime | None,
    now: datetime,
) -> int:
    """Set the actor's mark on a comment or take it back, and return how many people marked it; repeating is harmless.

    Raises ``Missing`` for a comment of another idea, ``Refused`` for one's own and where commenting is not possible.
    Nothing is logged about who found what helpful.
    """
    process = process_by_slug(session, slug)
    idea = idea_in(session, process.id, idea_id)
    participant = join(session, actor, process_id=process.id, now=now)
    # One at a time per comment: whether the mark is there decides whether the count changes.
    comment = lock_comment(session, comment_id)
    if comment.idea_id != idea_id:
        raise Missing
    is_own = comment.participant_id == participant.id
    # Answers play no part in this rule.
    facts = CommentFacts(comment.state, is_own, comment.submitted_at, comment.helpful, has_answers=False)
    require(may_mark_helpful(actor, process, idea.state, facts, now=now, opened_at=opened_at))
    mark = session.get(HelpfulMark, (comment.id, participant.id))
    if helpful == (mark is not None):
        return comment.helpful
    if mark is None:
        session.add(HelpfulMark(comment_id=comment.id, participant_id=participant.id, marked_at=now))
    else:
        session.delete(mark)
    comment.helpful += 1 if helpful else -1
    touch(session, process.id)
    return comment.helpful


def helpful_breaks(session: Session, process_id: int) -> list[int]:
    """Return the comments of a process whose count differs from their marks, by id; there should be none."""
    marks = select(func.count()).where(HelpfulMark.comment_id == Comment.id).correlate(Comment).scalar_subquery()
    broken = Comment.helpful != Comment.helpful_elsewhere + marks
    # Comments that nobody marked are most of them, and need no look at the marks.
    marked = select(HelpfulMark.comment_id)
    suspects = (Comment.helpful != Comment.helpful_elsewhere) | Comment.id.in_(marked)
    statement = select(Comment.id).where(Comment.process_id == process_id, suspects, broken).order_by(Comment.id)
    return list(session.scalars(statement))
