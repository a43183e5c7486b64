"""What happens when something waits longer than was promised: it is escalated, and may be published by itself."""

import logging
from collections.abc import Callable, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, and_, exists, or_, select
from sqlalchemy.orm import Session

from participation.accounts.actor import SYSTEM
from participation.activity.service import record
from participation.cases.models import Case, CaseKind, SubjectKind
from participation.comments.models import Comment
from participation.ideas.models import Idea
from participation.kit import clock
from participation.kit.db import db, transaction
from participation.kit.dialect import locked
from participation.kit.permissions import Missing, Refused
from participation.moderation.events import CaseEscalated
from participation.moderation.models import Automation, Decision, DecisionKind
from participation.moderation.service import decide
from participation.moderation.subjects import Contribution, Subject, author_of, lock_subject
from participation.notices.models import Notice
from participation.processes.models import Phase, Process, ProcessState
from participation.signals.jobs import get_ready
from participation.signals.service import look_at

AT_ONCE = 100
SPEAKS_AGAINST = frozenset(
    {
        DecisionKind.HIDE,
        DecisionKind.REDACT,
        DecisionKind.ASK_CHANGE,
        DecisionKind.WARN,
        DecisionKind.SUSPEND,
    }
)
"""After these decisions people have the last word about a contribution, however long it takes."""

Beat = Callable[[], None]
Span = tuple[datetime, datetime]

logger = logging.getLogger(__name__)


def keep_promises(beat: Beat) -> None:
    """Publish by itself what may be, then escalate whatever else has waited longer than promised."""
    publish_overdue(beat)
    escalate_overdue(beat)


def escalate_overdue(beat: Beat) -> None:
    """Mark what has waited longer than promised, and tell so; each case once."""
    while True:
        beat()
        with transaction() as session:
            escalated = _escalate(session, now=clock.now())
        if escalated < AT_ONCE:
            return


def publish_overdue(beat: Beat) -> None:
    """Publish what has waited longer than promised where the phase says so and nothing speaks against it."""
    spans = _spans(db.session())
    db.session.rollback()
    if spans:
        get_ready()
    for process_id, phases in spans.items():
        last = 0
        while ids := _next_overdue(process_id, phases, last):
            beat()
            for case_id in ids:
                _publish(case_id, phases)
            last = ids[-1]


def _escalate(session: Session, *, now: datetime) -> int:
    its_turn = or_(Case.resumes_at.is_(None), Case.resumes_at <= now)
    overdue = (
        select(Case)
        .where(Case.closed_at.is_(None), Case.escalated_at.is_(None), Case.due_at <= now, its_turn)
        .order_by(Case.due_at, Case.id)
        .limit(AT_ONCE)
    )
    cases = session.scalars(locked(overdue, skip_locked=True)).all()
    for case in cases:
        case.escalated_at = now
        record(session, CaseEscalated(case.id), account_id=None, now=now)
    return len(cases)


def _spans(session: Session) -> dict[int, list[Span]]:
    """Return for each process the times in which contributions came in that are published by themselves."""
    phases = session.execute(
        select(Phase.process_id, Phase.starts_at, Phase.ends_at)
        .join(Process, Process.id == Phase.process_id)
        .where(Phase.publishes_itself, Phase.review_first, Process.state == ProcessState.PUBLISHED)
        .order_by(Phase.process_id, Phase.starts_at)
    )
    spans: dict[int, list[Span]] = {}
    for process_id, starts_at, ends_at in phases:
        spans.setdefault(process_id, []).append((starts_at, ends_at))
    return spans


def _next_overdue(process_id: int, phases: Sequence[Span], last: int) -> list[int]:
    statement = (
        select(Case.id)
        .where(Case.process_id == process_id, Case.id > last, _is_clear(phases, clock.now()))
        .order_by(Case.id)
        .limit(AT_ONCE)
    )
    ids = list(db.session.scalars(statement))
    db.session.rollback()
    return ids


def _is_clear(phases: Sequence[Span], now: datetime) -> ColumnElement[bool]:
    """Return the condition that the time of a case is over and that nothing known so far speaks against its text."""
    in_time = or_(*(and_(Case.opened_at >= starts_at, Case.opened_at < ends_at) for starts_at, ends_at in phases))
    noticed = exists().where(
        Notice.subject_kind == Case.subject_kind, Notice.subject_id == Case.subject_id, Notice.closed_at.is_(None)
    )
    return and_(
        Case.kind == CaseKind.REVIEW,
        Case.closed_at.is_(None),
        Case.due_at <= now,
        in_time,
        Case.signals == 0,
        Case.resumes_at.is_(None),
        # With a decision an open case waits for its author.
        Case.decision_id.is_(None),
        or_(Case.held_until.is_(None), Case.held_until <= now),
        ~noticed,
        ~_was_objected_to(),
    )


def _was_objected_to() -> ColumnElement[bool]:
    subjects = {
        SubjectKind.IDEA: Decision.idea_id,
        SubjectKind.COMMENT: Decision.comment_id,
        SubjectKind.ADDENDUM: Decision.addendum_id,
    }
    about = or_(*(and_(Case.subject_kind == kind, column == Case.subject_id) for kind, column in subjects.items()))
    return exists().where(about, Decision.kind.in_(SPEAKS_AGAINST), Decision.undone_at.is_(None))


def _last_changed(thing: Contribution) -> datetime:
    if isinstance(thing, Idea):
        return thing.revised_at or thing.submitted_at
    return (thing.edited_at if isinstance(thing, Comment) else None) or thing.submitted_at


def _publish(case_id: int, phases: Sequence[Span]) -> None:
    try:
        with transaction() as session:
            _publish_if_clear(session, case_id, phases, now=clock.now())
    except (Refused, Missing):
        # Somebody was quicker: what became of it is theirs to say.
        logger.info("case %s was not published by itself", case_id)


def _publish_if_clear(session: Session, case_id: int, phases: Sequence[Span], *, now: datetime) -> None:
    key = session.execute(select(Case.subject_kind, Case.subject_id).where(Case.id == case_id)).one()
    # The contribution before its case, as whoever decides locks them.
    thing = lock_subject(session, key.subject_kind, key.subject_id)
    case = look_at(session, case_id, now=now)
    suspended_until = author_of(session, thing).suspended_until
    if case is None or thing.state.value != "in_review" or (suspended_until and suspended_until > now):
        return
    if session.scalar(select(Case.id).where(Case.id == case_id, _is_clear(phases, now))) is None:
        return
    if _last_changed(thing) > now - (case.due_at - case.opened_at):
        # Nobody had as long for this text as was promised; otherwise a late change would slip through unread.
        return
    # It has waited longer than promised, whatever comes of it.
    case.escalated_at = case.escalated_at or now
    decide(
        session,
        SYSTEM,
        subject=Subject(key.subject_kind.value, key.subject_id),
        kind=DecisionKind.PUBLISH,
        automation=Automation.CLOCK,
        case_id=case_id,
        now=now,
    )
