"""Reading the discussion of an idea, a page of threads at a time."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from participation.accounts.actor import Actor, Role
from participation.comments.models import Comment, CommentState
from participation.processes.models import Participant

THREADS_PER_PAGE = 20
MOST_REPLIES = 400


@dataclass(slots=True)
class CommentView:
    """One comment; ``text`` is ``None`` where it is not public (any more) but others answered it."""

    id: int
    parent_id: int | None
    pseudonym: str
    text: str | None
    language: str
    state: CommentState
    submitted_at: datetime
    is_own: bool
    replies: list["CommentView"] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Discussion:
    """A page of threads; ``next_after`` is the key of the following page."""

    threads: tuple[CommentView, ...]
    next_after: int | None
    has_previous: bool


def discussion(session: Session, actor: Actor, *, process_id: int, idea_id: int, after: int = 0) -> Discussion:
    """Return the threads that begin after the comment ``after``, oldest first, each with its replies."""
    roots = list(
        session.scalars(
            select(Comment.id)
            .where(Comment.idea_id == idea_id, Comment.id > after, Comment.parent_id.is_(None))
            .order_by(Comment.id)
            .limit(THREADS_PER_PAGE + 1)
        )
    )
    page = roots[:THREADS_PER_PAGE]
    if not page:
        return Discussion((), None, after > 0)
    rows = session.execute(
        select(Comment, Participant.pseudonym, Participant.account_id)
        .join(Participant, Participant.id == Comment.participant_id)
        .where(Comment.idea_id == idea_id, Comment.thread_id.in_(page))
        .order_by(Comment.thread_id, Comment.id)
        .limit(THREADS_PER_PAGE + MOST_REPLIES)
    )
    sees_all = actor.has(Role.MODERATOR, process_id)
    views: dict[int, CommentView] = {}
    for comment, pseudonym, account_id in rows:
        own = account_id is not None and account_id == actor.account_id
        shows = comment.state is CommentState.PUBLISHED or own or sees_all
        views[comment.id] = CommentView(
            id=comment.id,
            parent_id=comment.parent_id,
            pseudonym=pseudonym if shows else "",
            text=comment.text if shows else None,
            language=comment.language,
            state=comment.state,
            submitted_at=comment.submitted_at,
            is_own=own,
        )
    threads = _nest(views)
    return Discussion(threads, page[-1] if len(roots) > THREADS_PER_PAGE else None, after > 0)


def comment_counts(session: Session, idea_ids: Iterable[int]) -> dict[int, int]:
    """Return how many published comments each idea has."""
    ids = list(idea_ids)
    counts = dict.fromkeys(ids, 0)
    rows = session.execute(
        select(Comment.idea_id, func.count())
        .where(Comment.idea_id.in_(ids), Comment.state == CommentState.PUBLISHED)
        .group_by(Comment.idea_id)
    )
    counts.update(dict(rows.all()))
    return counts


def _nest(views: dict[int, CommentView]) -> tuple[CommentView, ...]:
    roots: list[CommentView] = []
    for view in views.values():
        parent = views.get(view.parent_id) if view.parent_id else None
        (parent.replies if parent else roots).append(view)
    return tuple(view for view in roots if _keep(view))


def _keep(view: CommentView) -> bool:
    """Drop comments without public text that nobody publicly answered."""
    view.replies[:] = [reply for reply in view.replies if _keep(reply)]
    return view.text is not None or bool(view.replies)
