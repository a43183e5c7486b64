"""Looking whether cases fit what they are about: the counts they keep, and that nothing waits without one."""

from sqlalchemy import ColumnElement, and_, exists, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from participation.cases.models import Case, CaseKind, SubjectKind
from participation.comments.models import Comment, CommentState
from participation.ideas.models import Addendum, Idea, IdeaState
from participation.notices.models import Notice
from participation.signals.models import Signal
from participation.signals.service import LOOKED_AT


def case_breaks(session: Session, process_id: int) -> list[int]:
    """Return the open cases of a process that count signals or notices wrongly, by id; there should be none."""
    # A case that programs have still to look at does not count signals yet.
    signalled = and_(Case.kind.in_(LOOKED_AT), Case.looked_at.is_not(None), Case.signals != _open_signals())
    noticed = and_(Case.kind == CaseKind.NOTICE, Case.notices != _open_notices())
    is_open = and_(Case.process_id == process_id, Case.closed_at.is_(None))
    return list(session.scalars(select(Case.id).where(is_open, or_(signalled, noticed)).order_by(Case.id)))


def forgotten(session: Session, process_id: int) -> list[str]:
    """Name the texts that wait to be read, and the open notices, without an open case; there should be none."""
    ideas = _waits_unseen(SubjectKind.IDEA, Idea.id)
    comments = _waits_unseen(SubjectKind.COMMENT, Comment.id)
    addenda = _waits_unseen(SubjectKind.ADDENDUM, Addendum.id)
    unread = {
        "idea": select(Idea.id).where(Idea.process_id == process_id, Idea.state == IdeaState.IN_REVIEW, ideas),
        "comment": select(Comment.id).where(
            Comment.process_id == process_id, Comment.state == CommentState.IN_REVIEW, comments
        ),
        "addendum": select(Addendum.id).where(
            Addendum.process_id == process_id, Addendum.state == IdeaState.IN_REVIEW, addenda
        ),
        "notice": select(Notice.id).where(
            Notice.process_id == process_id,
            Notice.closed_at.is_(None),
            ~exists().where(_about(Notice), Case.kind == CaseKind.NOTICE, Case.closed_at.is_(None)),
        ),
    }
    return [f"{name} {number}" for name, ids in unread.items() for number in sorted(session.scalars(ids))]


def _waits_unseen(kind: SubjectKind, number: InstrumentedAttribute[int]) -> ColumnElement[bool]:
    about = and_(Case.subject_kind == kind, Case.subject_id == number)
    return ~exists().where(about, Case.kind == CaseKind.REVIEW, Case.closed_at.is_(None))


def _open_signals() -> ColumnElement[int]:
    count = select(func.count()).select_from(Signal).where(_about(Signal), Signal.settled_at.is_(None))
    return count.correlate(Case).scalar_subquery()


def _open_notices() -> ColumnElement[int]:
    count = select(func.count()).select_from(Notice).where(_about(Notice), Notice.closed_at.is_(None))
    return count.correlate(Case).scalar_subquery()


def _about(table: type[Signal] | type[Notice]) -> ColumnElement[bool]:
    return and_(table.subject_kind == Case.subject_kind, table.subject_id == Case.subject_id)
