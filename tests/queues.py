"""Long queues: many contributions of all kinds that wait for moderators, written at once."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import insert, update
from sqlalchemy.orm import Session

from participation.cases.models import Case, CaseKind, SubjectKind
from participation.comments.models import Comment, CommentState, Voice
from participation.ideas.models import Addendum, Idea, IdeaSource, IdeaState
from participation.kit import clock
from participation.signals.models import Signal, SignalKind
from tests import make

APART = timedelta(seconds=7)
ALIKE_EVERY, ALIKE = 50, 3
"""Of so many comments the first few say nearly the same."""
BODY = "What is the problem, and what would help? Perhaps a bench, a lamp and a slower street. " * 4


def fill_queue(session: Session, place: make.Place, number: int, *, now: datetime | None = None) -> list[int]:
    """Return the ids of so many cases, in the order of the queue: 5 of 10 are comments, 4 ideas, 1 is an addendum."""
    begin = (now or clock.now()) - number * APART
    public = make.idea(session, place, body=BODY)
    author = make.participant(session, place)
    moments = [begin + place_ * APART for place_ in range(number)]
    kinds = [_kind(place_) for place_ in range(number)]
    ids = {
        SubjectKind.IDEA: iter(_ideas(session, place, author, _of(moments, kinds, SubjectKind.IDEA))),
        SubjectKind.COMMENT: iter(_comments(session, place, author, public, _of(moments, kinds, SubjectKind.COMMENT))),
        SubjectKind.ADDENDUM: iter(_addenda(session, place, public, _of(moments, kinds, SubjectKind.ADDENDUM))),
    }
    rows = [
        {
            "process_id": place.id,
            "kind": CaseKind.REVIEW,
            "subject_kind": kind,
            "subject_id": (subject_id := next(ids[kind])),
            "idea_id": subject_id if kind is SubjectKind.IDEA else public,
            "language": "de",
            "opened_at": moment,
            "due_at": moment + timedelta(hours=72),
            "place_at": moment + timedelta(hours=72),
        }
        for kind, moment in zip(kinds, moments, strict=True)
    ]
    cases = _inserted(session, Case, rows)
    session.execute(update(Case).where(Case.id.in_(cases), Case.group_id == 0).values(group_id=Case.id))
    for first in range(0, number - ALIKE * ALIKE_EVERY, ALIKE_EVERY):
        later = [cases[first + step * 2] for step in range(1, ALIKE)]
        together = {"group_id": cases[first], "place_at": rows[first]["place_at"]}
        session.execute(update(Case).where(Case.id.in_(later)).values(together))
    signals = [
        {
            "process_id": place.id,
            "subject_kind": row["subject_kind"],
            "subject_id": row["subject_id"],
            "kind": SignalKind.LINKS,
            "details": {"links": 3, "hidden": 0},
            "found_at": row["opened_at"],
        }
        for row in rows[::10]
    ]
    session.execute(insert(Signal), signals)
    return cases


def _kind(place: int) -> SubjectKind:
    if place % 10 == 9:
        return SubjectKind.ADDENDUM
    return SubjectKind.COMMENT if place % 2 == 0 else SubjectKind.IDEA


def _of(moments: list[datetime], kinds: list[SubjectKind], wanted: SubjectKind) -> list[datetime]:
    return [moment for moment, kind in zip(moments, kinds, strict=True) if kind is wanted]


def _ideas(session: Session, place: make.Place, author: int, moments: list[datetime]) -> list[int]:
    rows = [
        {
            "process_id": place.id,
            "participant_id": author,
            "state": IdeaState.IN_REVIEW,
            "source": IdeaSource.ONLINE,
            "title": f"Something that waits, number {number}",
            "text": BODY,
            "language": "de",
            "revision": 1,
            "submitted_at": moment,
        }
        for number, moment in enumerate(moments)
    ]
    return _inserted(session, Idea, rows)


def _comments(session: Session, place: make.Place, author: int, idea_id: int, moments: list[datetime]) -> list[int]:
    rows = [
        {
            "process_id": place.id,
            "idea_id": idea_id,
            "participant_id": author,
            "state": CommentState.IN_REVIEW,
            "voice": Voice.RESIDENT,
            "helpful": 0,
            "helpful_elsewhere": 0,
            "text": f"Number {number}. {BODY}",
            "language": "de",
            "submitted_at": moment,
        }
        for number, moment in enumerate(moments)
    ]
    ids = _inserted(session, Comment, rows)
    session.execute(update(Comment).where(Comment.thread_id.is_(None)).values(thread_id=Comment.id))
    return ids


def _addenda(session: Session, place: make.Place, idea_id: int, moments: list[datetime]) -> list[int]:
    rows = [
        {
            "process_id": place.id,
            "idea_id": idea_id,
            "state": IdeaState.IN_REVIEW,
            "text": BODY,
            "language": "de",
            "submitted_at": moment,
        }
        for moment in moments
    ]
    return _inserted(session, Addendum, rows)


def _inserted(session: Session, table: Any, rows: list[dict[str, Any]]) -> list[int]:
    if not rows:
        return []
    return sorted(session.scalars(insert(table).returning(table.id, sort_by_parameter_order=True), rows))
