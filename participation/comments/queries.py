"""Reading the discussion of an idea, a page of threads at a time."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session

from participation.accounts.actor import Actor, Role
from participation.comments.models import Comment, CommentState
from participation.processes.models import Participant

THREADS_PER_PAGE = 20
MOST_REPLIES = 400
# Answers below this level stand beside each other: rendering goes as deep as the nesting.
DEEPEST = 8


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


# Statements stand ready with places for their values: putting one together takes longer than running it.
ROOTS = (
    select(Comment.id)
    .where(Comment.idea_id == bindparam("idea_id"), Comment.id > bindparam("after"), Comment.parent_id.is_(None))
    .order_by(Comment.id)
    .limit(THREADS_PER_PAGE + 1)
)
THREADS = (
    select(
        Comment.id,
        Comment.parent_id,
        Comment.state,
        Comment.text,
        Comment.language,
        Comment.submitted_at,
        Participant.pseudonym,
        Participant.account_id,
    )
    .join(Participant, Participant.id == Comment.participant_id)
    .where(Comment.idea_id == bindparam("idea_id"), Comment.thread_id.in_(bindparam("threads", expanding=True)))
    # The beginnings first: however many answers one thread has, none of the others gets lost.
    .order_by(Comment.parent_id.is_not(None), Comment.thread_id, Comment.id)
    .limit(THREADS_PER_PAGE + MOST_REPLIES)
)


def discussion(session: Session, actor: Actor, *, process_id: int, idea_id: int, after: int = 0) -> Discussion:
    """Return the threads that begin after the comment ``after``, oldest first, each with its replies."""
    roots = list(session.scalars(ROOTS, {"idea_id": idea_id, "after": after}))
    page = roots[:THREADS_PER_PAGE]
    if not page:
        return Discussion((), None, after > 0)
    rows = session.execute(THREADS, {"idea_id": idea_id, "threads": page})
    sees_all = actor.has(Role.MODERATOR, process_id)
    views: dict[int, CommentView] = {}
    for comment in rows:
        own = comment.account_id is not None and comment.account_id == actor.account_id
        shows = comment.state is CommentState.PUBLISHED or own or sees_all
        views[comment.id] = CommentView(
            id=comment.id,
            parent_id=comment.parent_id,
            pseudonym=comment.pseudonym if shows else "",
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
    # Under which comment the answers to a comment stand, and how deep that comment itself stands.
    holders: dict[int, tuple[CommentView, int]] = {}
    for view in views.values():
        holder, depth = holders.get(view.parent_id or 0, (None, -1))
        (holder.replies if holder else roots).append(view)
        holders[view.id] = (view, depth + 1) if holder is None or depth + 1 < DEEPEST else (holder, depth)
    return tuple(view for view in roots if _keep(view))


def _keep(view: CommentView) -> bool:
    """Drop comments without public text that nobody publicly answered."""
    view.replies[:] = [reply for reply in view.replies if _keep(reply)]
    return view.text is not None or bool(view.replies)
