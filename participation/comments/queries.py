"""Reading the discussion of an idea: pages of threads, one thread, the comments of one stance, single comments."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Row, func, select
from sqlalchemy.orm import Session

from participation.accounts.actor import Actor, Role
from participation.comments import statements as sql
from participation.comments.models import Comment, CommentRevision, CommentStance, CommentState, Voice
from participation.comments.statements import CommentOrder, Cursor
from participation.kit.db import read_rows
from participation.kit.permissions import Missing, found

THREADS_PER_PAGE = 20
ANSWERS_PER_PAGE = 50
ARGUMENTS_PER_PAGE = 10
DESK_PAGE = 100
# Answers below this level stand beside each other and name the comment they answer.
DEEPEST = 3


@dataclass(frozen=True, slots=True)
class Answered:
    """Whom a comment answers; no name where that comment is not public (any more)."""

    id: int
    pseudonym: str
    voice: Voice
    is_public: bool


@dataclass(slots=True)
class CommentView:
    """One comment; ``text`` is ``None`` where it is not public (any more) but others answered it.

    ``answered`` is there where the comment does not stand right below the one it answers. ``answer_count`` is how many
    answers its thread has that the reader may see, in the thread's first comment only.
    """

    id: int
    parent_id: int | None
    thread_id: int
    pseudonym: str
    text: str | None
    language: str
    revision: int
    state: CommentState
    stance: CommentStance | None
    voice: Voice
    helpful: int
    is_marked: bool
    is_own: bool
    has_answers: bool
    submitted_at: datetime
    edited_at: datetime | None
    answered: Answered | None = None
    answer_count: int = 0
    replies: list["CommentView"] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class CommentPage:
    """Some comments in order, as trees or beside each other, and the places of the pages around them."""

    comments: tuple[CommentView, ...]
    previous: Cursor | None
    next: Cursor | None


@dataclass(frozen=True, slots=True)
class Wording:
    """What a comment said from ``written_at`` on."""

    text: str
    written_at: datetime


def discussion(
    session: Session,
    actor: Actor,
    *,
    process_id: int,
    idea_id: int,
    order: CommentOrder = CommentOrder.OLDEST,
    cursor: Cursor | None = None,
) -> CommentPage:
    """Return a page of threads, each with its first answers and the number of all of them."""
    sees_all = actor.has(Role.MODERATOR, process_id)
    values = _values(actor, process_id, idea_id)
    rows = _rows(session, sql.ROOTS[sees_all], values, order, cursor, THREADS_PER_PAGE)
    roots, previous, following = _cut(rows, cursor, THREADS_PER_PAGE)
    if not roots:
        return CommentPage((), previous, following)
    below: dict[int, list[Row[Any]]] = {}
    for row in read_rows(session, sql.FIRST[sees_all], {**values, "threads": [root.id for root in roots]}):
        below.setdefault(row.thread_id, []).append(row)
    views = []
    for root in roots:
        view, answers = _view(root, actor, sees_all), below.get(root.id, [])
        view.answer_count = answers[0].total if answers else 0
        _hang(view, [_view(row, actor, sees_all) for row in answers])
        views.append(view)
    return CommentPage(tuple(views), previous, following)


def thread(
    session: Session, actor: Actor, *, process_id: int, idea_id: int, root: CommentView, cursor: Cursor | None = None
) -> CommentPage:
    """Return the thread that the comment ``root`` began, with a page of its answers.

    Raises ``Missing`` where nothing of it is readable.
    """
    sees_all = actor.has(Role.MODERATOR, process_id)
    values = {**_values(actor, process_id, idea_id), "thread_id": root.id}
    rows = _rows(session, sql.ANSWERS[sees_all], values, CommentOrder.OLDEST, cursor, ANSWERS_PER_PAGE)
    answers, previous, following = _cut(rows, cursor, ANSWERS_PER_PAGE)
    root.answer_count = session.scalar(sql.ANSWER_COUNT[sees_all], values) or 0
    if root.text is None and not root.answer_count and not sees_all:
        raise Missing
    _hang(root, [_view(row, actor, sees_all) for row in answers])
    return CommentPage((root,), previous, following)


def comments_of_stance(
    session: Session,
    actor: Actor,
    *,
    process_id: int,
    idea_id: int,
    stance: CommentStance,
    order: CommentOrder = CommentOrder.HELPFUL,
    cursor: Cursor | None = None,
    size: int = ARGUMENTS_PER_PAGE,
) -> CommentPage:
    """Return a page of the public comments of one stance, first ones and answers beside each other."""
    values = {**_values(actor, process_id, idea_id), "stance": stance}
    rows, previous, following = _cut(_rows(session, sql.OF_STANCE, values, order, cursor, size), cursor, size)
    sees_all = actor.has(Role.MODERATOR, process_id)
    return CommentPage(tuple(_view(row, actor, sees_all) for row in rows), previous, following)


def stance_counts(session: Session, idea_id: int) -> dict[CommentStance, int]:
    """Return how many public comments of each stance an idea has."""
    rows = read_rows(session, sql.STANCES, {"idea_id": idea_id})
    return dict.fromkeys(CommentStance, 0) | {stance: count for stance, count in rows if stance is not None}


def one_comment(session: Session, actor: Actor, *, process_id: int, idea_id: int, comment_id: int) -> CommentView:
    """Return a comment as ``actor`` may see it, without its answers; raises ``Missing`` for one of another idea."""
    values = {**_values(actor, process_id, idea_id), "comment_id": comment_id}
    row = found(session.execute(sql.ONE, values).one_or_none())
    return _view(row, actor, actor.has(Role.MODERATOR, process_id))


def wordings(session: Session, comment: CommentView) -> tuple[Wording, ...]:
    """Return everything a comment has said, the first wording first; nothing where it is not readable."""
    if comment.text is None:
        return ()
    earlier = select(CommentRevision).where(CommentRevision.comment_id == comment.id).order_by(CommentRevision.id)
    said = [Wording(revision.text, revision.written_at) for revision in session.scalars(earlier)]
    return (*said, Wording(comment.text, comment.edited_at or comment.submitted_at))


def page_in_thread(
    session: Session, actor: Actor, *, process_id: int, comment: CommentView, idea_id: int
) -> Cursor | None:
    """Return behind which answer the page of its thread begins on which an answer stands; ``None`` for the first."""
    sees_all = actor.has(Role.MODERATOR, process_id)
    values = {**_values(actor, process_id, idea_id), "thread_id": comment.thread_id, "comment_id": comment.id}
    before = session.scalar(sql.ANSWERS_BEFORE[sees_all], values) or 0
    if before < ANSWERS_PER_PAGE:
        return None
    last = before - before % ANSWERS_PER_PAGE - 1
    answer_id = session.scalars(sql.ANSWER_IDS[sees_all].offset(last).limit(1), values).one()
    return Cursor(answer_id)


def stands_in_front(session: Session, actor: Actor, *, process_id: int, comment: Comment) -> bool:
    """Return whether a comment is there on the first page of the discussion, oldest threads first."""
    sees_all = actor.has(Role.MODERATOR, process_id)
    values = {**_values(actor, process_id, comment.idea_id), "thread_id": comment.thread_id, "comment_id": comment.id}
    if (session.scalar(sql.ROOTS_BEFORE[sees_all], values) or 0) >= THREADS_PER_PAGE:
        return False
    return comment.parent_id is None or (session.scalar(sql.ANSWERS_BEFORE[sees_all], values) or 0) < sql.FIRST_ANSWERS


def whole_discussion(
    session: Session, actor: Actor, *, process_id: int, idea_id: int, after: int = 0
) -> tuple[list[tuple[int, CommentView]], int | None]:
    """Return a page of all comments for moderators with how deep each stands, and behind which one the next begins."""
    values = {**_values(actor, process_id, idea_id), "after": after}
    rows = list(session.execute(sql.EVERYTHING.limit(DESK_PAGE + 1), values))
    page = rows[:DESK_PAGE]
    views = [_view(row, actor, True, names_everybody=True) for row in page]
    known = {view.id: view for view in views}
    tops: list[tuple[int, CommentView]] = []
    for view in views:
        holder = known.get(view.parent_id or 0)
        if holder:
            holder.replies.append(view)
        else:
            tops.append((0 if view.parent_id is None else 1, view))
    return _flat(tops), page[-1].id if len(rows) > DESK_PAGE else None


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


def _values(actor: Actor, process_id: int, idea_id: int) -> dict[str, Any]:
    # No account has the number 0; it stands for readers who are not signed in.
    return {"idea_id": idea_id, "process_id": process_id, "account_id": actor.account_id or 0}


def _rows(
    session: Session, statement: Any, values: dict[str, Any], order: CommentOrder, cursor: Cursor | None, size: int
) -> list[Row[Any]]:
    """Return up to one row more than fit on a page, in the order in which they are shown."""
    place = {"cursor_id": cursor.id, "cursor_helpful": cursor.helpful} if cursor else {}
    backwards = cursor.backwards if cursor else None
    rows = list(read_rows(session, sql.ordered(statement, order, backwards, size + 1), {**values, **place}))
    return rows[::-1] if backwards else rows


def _cut(rows: list[Row[Any]], cursor: Cursor | None, size: int) -> tuple[list[Row[Any]], Cursor | None, Cursor | None]:
    """Return the rows of the page, and the places of the pages in front of it and behind it."""
    backwards, has_more = cursor is not None and cursor.backwards, len(rows) > size
    page = (rows[-size:] if backwards else rows[:size]) if has_more else rows
    if not page:
        return [], None, None
    first, last = page[0], page[-1]
    previous = Cursor(first.id, first.helpful, backwards=True) if (has_more if backwards else cursor) else None
    following = Cursor(last.id, last.helpful) if backwards or has_more else None
    return page, previous, following


def _flat(tops: list[tuple[int, CommentView]]) -> list[tuple[int, CommentView]]:
    """Return trees in reading order with how deep each comment stands."""
    order: list[tuple[int, CommentView]] = []
    waiting = tops[::-1]
    while waiting:
        depth, view = waiting.pop()
        order.append((depth, view))
        waiting.extend((depth + 1, reply) for reply in reversed(view.replies))
    return order


def _hang(root: CommentView, answers: Sequence[CommentView]) -> None:
    """Put the answers of a thread below it, at most ``DEEPEST`` levels deep."""
    holders: dict[int, tuple[CommentView, int]] = {root.id: (root, 1)}
    for view in answers:
        holder, depth = holders.get(view.parent_id or 0, (root, 1))
        if holder.id == view.parent_id:
            view.answered = None
        holder.replies.append(view)
        # Whoever answers one at the deepest level stands beside it and says whom it answers.
        holders[view.id] = (view, depth + 1) if depth + 1 < DEEPEST else (holder, depth)


def _view(row: Row[Any], actor: Actor, sees_all: bool, *, names_everybody: bool = False) -> CommentView:
    is_own = row.account_id is not None and row.account_id == actor.account_id
    is_gone = row.state is CommentState.WITHDRAWN
    shows = row.state is CommentState.PUBLISHED or (not is_gone and (is_own or sees_all))
    is_named = shows and (row.voice is Voice.RESIDENT or names_everybody)
    return CommentView(
        id=row.id,
        parent_id=row.parent_id,
        thread_id=row.thread_id,
        pseudonym=row.pseudonym if is_named else "",
        text=row.text if shows else None,
        language=row.language,
        revision=row.revision,
        state=row.state,
        stance=row.stance if shows else None,
        voice=row.voice if shows else Voice.RESIDENT,
        helpful=row.helpful if shows else 0,
        is_marked=bool(row.is_marked),
        is_own=is_own,
        has_answers=bool(row.has_answers),
        submitted_at=row.submitted_at,
        edited_at=row.edited_at if shows else None,
        answered=_answered(row),
    )


def _answered(row: Row[Any]) -> Answered | None:
    if row.parent_id is None:
        return None
    is_public = row.parent_state is CommentState.PUBLISHED
    is_named = is_public and row.parent_voice is Voice.RESIDENT
    return Answered(row.parent_id, row.parent_pseudonym if is_named else "", row.parent_voice, is_public)
