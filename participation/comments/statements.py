"""The SQL behind the discussion, put together once: building a statement takes longer than running it."""

import enum
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Integer, and_, bindparam, exists, func, or_, select, true
from sqlalchemy.orm import aliased

from participation.comments.models import Comment, CommentState, HelpfulMark
from participation.processes.models import Participant

FIRST_ANSWERS = 6
"""How many answers of a thread stand below it where several threads are shown."""


class CommentOrder(enum.Enum):
    """In which order comments stand; answers in a thread always go by time.

    The most helpful one is the one that most people marked; of equally many the older one comes first.
    """

    OLDEST = "oldest"
    NEWEST = "newest"
    HELPFUL = "helpful"


@dataclass(frozen=True, slots=True)
class Cursor:
    """A place in an order of comments: behind this one, or ``backwards`` in front of it; ``helpful`` by that order."""

    id: int
    helpful: int = 0
    backwards: bool = False


def _value(name: str) -> Any:
    return bindparam(name, type_=BigInteger())


_parent, _parents_author, _answer = aliased(Comment), aliased(Participant), aliased(Comment)
IDEA, THREAD, COMMENT = _value("idea_id"), _value("thread_id"), _value("comment_id")
# Who reads travels as a value, so that one statement serves all readers.
_READER = (
    select(Participant.id)
    .where(Participant.process_id == _value("process_id"), Participant.account_id == _value("account_id"))
    .scalar_subquery()
)
_IS_MARKED = exists().where(HelpfulMark.comment_id == Comment.id, HelpfulMark.participant_id == _READER)
_HAS_ANSWERS = exists().where(
    _answer.idea_id == Comment.idea_id, _answer.parent_id == Comment.id, _answer.state != CommentState.WITHDRAWN
)
_HAS_PUBLIC_ANSWERS = exists().where(
    _answer.idea_id == Comment.idea_id,
    _answer.thread_id == Comment.id,
    _answer.parent_id.is_not(None),
    _answer.state == CommentState.PUBLISHED,
)
_IS_PUBLIC = Comment.state == CommentState.PUBLISHED
# What somebody wrote and deleted again is gone for them as well.
_READABLE = or_(_IS_PUBLIC, and_(Comment.participant_id == _READER, Comment.state != CommentState.WITHDRAWN))
_IS_ROOT = and_(Comment.idea_id == IDEA, Comment.parent_id.is_(None))
_IS_ANSWER = and_(Comment.idea_id == IDEA, Comment.parent_id.is_not(None))
_IN_THREAD = and_(_IS_ANSWER, Comment.thread_id == THREAD)

COLUMNS: Any = (
    select(
        Comment.id,
        Comment.parent_id,
        Comment.thread_id,
        Comment.state,
        Comment.stance,
        Comment.voice,
        Comment.helpful,
        Comment.text,
        Comment.language,
        Comment.revision,
        Comment.submitted_at,
        Comment.edited_at,
        Participant.pseudonym,
        Participant.account_id,
        _IS_MARKED.label("is_marked"),
        _HAS_ANSWERS.label("has_answers"),
        _parent.voice.label("parent_voice"),
        _parent.state.label("parent_state"),
        _parents_author.pseudonym.label("parent_pseudonym"),
    )
    .join(Participant, Participant.id == Comment.participant_id)
    .outerjoin(_parent, _parent.id == Comment.parent_id)
    .outerjoin(_parents_author, _parents_author.id == _parent.participant_id)
)


def _first_answers(readable: ColumnElement[bool]) -> Any:
    """Return the statement for the first answers of several threads, each with the number of all in its thread."""
    numbered = (
        select(
            Comment.id.label("id"),
            func.row_number().over(partition_by=Comment.thread_id, order_by=Comment.id).label("place"),
            func.count().over(partition_by=Comment.thread_id).label("total"),
        )
        .where(_IS_ANSWER, Comment.thread_id.in_(bindparam("threads", expanding=True)), readable)
        .subquery()
    )
    return (
        COLUMNS.add_columns(numbered.c.total)
        .join(numbered, numbered.c.id == Comment.id)
        .where(numbered.c.place <= FIRST_ANSWERS)
        .order_by(Comment.thread_id, Comment.id)
    )


def _counted(*conditions: Any) -> Any:
    return select(func.count()).select_from(Comment).where(*conditions)


def _for_both(make: Any) -> dict[bool, Any]:
    """Return a statement for moderators, who see all comments (``True``), and one for everybody else."""
    return {True: make(true()), False: make(_READABLE)}


ROOTS = {True: COLUMNS.where(_IS_ROOT), False: COLUMNS.where(_IS_ROOT, or_(_READABLE, _HAS_PUBLIC_ANSWERS))}
ROOTS_BEFORE = {
    True: _counted(_IS_ROOT, Comment.id < THREAD),
    False: _counted(_IS_ROOT, Comment.id < THREAD, or_(_READABLE, _HAS_PUBLIC_ANSWERS)),
}
ONE = COLUMNS.where(Comment.idea_id == IDEA, Comment.id == COMMENT)
FIRST = _for_both(_first_answers)
ANSWERS = _for_both(lambda readable: COLUMNS.where(_IN_THREAD, readable))
ANSWER_IDS = _for_both(lambda readable: select(Comment.id).where(_IN_THREAD, readable).order_by(Comment.id))
ANSWER_COUNT = _for_both(lambda readable: _counted(_IN_THREAD, readable))
ANSWERS_BEFORE = _for_both(lambda readable: _counted(_IN_THREAD, readable, Comment.id < COMMENT))
OF_STANCE = COLUMNS.where(Comment.idea_id == IDEA, Comment.stance == bindparam("stance"), _IS_PUBLIC)
STANCES = (
    select(Comment.stance, func.count())
    .where(Comment.idea_id == IDEA, Comment.stance.is_not(None), _IS_PUBLIC)
    .group_by(Comment.stance)
)
# Thread after thread; a comment that is not there any more begins the discussion anew.
_AFTER = _value("after")
_AFTER_THREAD = func.coalesce(select(_answer.thread_id).where(_answer.id == _AFTER).scalar_subquery(), 0)
EVERYTHING = COLUMNS.where(
    Comment.idea_id == IDEA,
    or_(Comment.thread_id > _AFTER_THREAD, and_(Comment.thread_id == _AFTER_THREAD, Comment.id > _AFTER)),
).order_by(Comment.thread_id, Comment.id)


@lru_cache(maxsize=128)
def ordered(statement: Any, order: CommentOrder, backwards: bool | None, limit: int) -> Any:
    """Return ``statement`` in this order from the cursor on (``backwards``: away from its page, nearest first)."""
    descending = (order is CommentOrder.NEWEST) != bool(backwards)
    by_id = Comment.id.desc() if descending else Comment.id.asc()
    number, marks = _value("cursor_id"), bindparam("cursor_helpful", type_=Integer())
    behind: ColumnElement[bool] = Comment.id < number if descending else Comment.id > number
    if order is not CommentOrder.HELPFUL:
        chosen = statement if backwards is None else statement.where(behind)
        return chosen.order_by(by_id).limit(limit)
    further = Comment.helpful > marks if backwards else Comment.helpful < marks
    chosen = statement if backwards is None else statement.where(or_(further, and_(Comment.helpful == marks, behind)))
    by_marks = Comment.helpful.asc() if backwards else Comment.helpful.desc()
    return chosen.order_by(by_marks, by_id).limit(limit)
