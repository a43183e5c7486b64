"""What a decision settles: cases, notices and signals about its subject; and how taking it back opens them again."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import exists, func, select, update
from sqlalchemy.orm import Session, aliased

from participation.accounts.actor import Actor
from participation.activity.service import record
from participation.cases.models import Case, CaseKind, SubjectKind
from participation.cases.service import CaseSubject, close_cases, open_case
from participation.comments import service as comments
from participation.comments.models import Comment
from participation.ideas import waiting as ideas
from participation.kit.dialect import locked
from participation.moderation.models import Decision, DecisionKind
from participation.moderation.policies import ABOUT_AUTHORS
from participation.moderation.queue.holds import Settled, Taken, is_held_by_other, let_go
from participation.moderation.subjects import Contribution, kind_of
from participation.moderation.terms import ASKED_FOR
from participation.multilingual import lazy as _l
from participation.notices.events import NoticeClosed
from participation.notices.models import Notice
from participation.signals.models import Signal
from participation.signals.service import settle_signals

SETTLED = frozenset({CaseKind.REVIEW, CaseKind.HINT, CaseKind.NOTICE})
"""Cases that a decision about a contribution closes; appeals and messages end on their own pages."""
WAITED = "waited"
"""Under this name a request for a change keeps until when the text was promised to be read, and its place."""
_POINTED_AT = SETTLED - {CaseKind.REVIEW}
_BESIDE = ABOUT_AUTHORS | {DecisionKind.MOVE, DecisionKind.ELSEWHERE, DecisionKind.REDACT}
"""Decisions that leave open whether a text that waits becomes public."""


@dataclass(frozen=True, slots=True)
class OpenCases:
    """The open cases that a decision may settle; ``since`` is when the first of them began to wait."""

    cases: tuple[Case, ...]
    named: Case | None

    @property
    def review(self) -> Case | None:
        """The case of a text that is to be read."""
        return next((case for case in self.cases if case.kind is CaseKind.REVIEW), None)

    @property
    def since(self) -> datetime | None:
        return min((case.opened_at for case in self.cases), default=None)

    @property
    def are_signalled(self) -> bool:
        """Whether a program points at the contribution."""
        return any(case.signals for case in self.cases)


def open_cases(session: Session, actor: Actor, thing: Contribution, *, case_id: int | None, now: datetime) -> OpenCases:
    """Return the open cases about a contribution, locked; ``case_id`` is the one that is being worked on.

    Raises ``Settled`` when that one is closed, and ``Taken`` when a colleague is working on any of them.
    """
    about = (Case.subject_kind == kind_of(thing)) & (Case.subject_id == thing.id)
    statement = locked(select(Case).where(about, Case.closed_at.is_(None)).order_by(Case.id))
    cases = session.scalars(statement.execution_options(populate_existing=True)).all()
    named = next((case for case in cases if case.id == case_id), None)
    if case_id is not None and named is None:
        raise Settled(_l("A colleague has decided about this already."))
    concerned = tuple(case for case in cases if case.kind in SETTLED or case is named)
    if any(is_held_by_other(case, actor, now) for case in concerned):
        raise Taken(_l("A colleague is working on this at the moment."))
    return OpenCases(tuple(case for case in concerned if case.kind in SETTLED), named)


def settle(
    session: Session, decision: Decision, thing: Contribution, found: OpenCases, *, delay: timedelta, now: datetime
) -> None:
    """Close what ``decision`` settles; those who pointed at the contribution hear of it after ``delay``."""
    kind, still_waits = decision.kind, thing.state.value == "in_review"
    if kind is DecisionKind.ASK_CHANGE:
        _wait_for_author(session, decision, thing, found.review, now=now)
        _close(session, decision, thing, _POINTED_AT, delay=delay, now=now)
    elif kind not in _BESIDE or (not still_waits and (found.named is not None or kind not in ABOUT_AUTHORS)):
        _close(session, decision, thing, SETTLED, delay=delay, now=now)


def unsettle(
    session: Session, decision: Decision, subject_kind: SubjectKind, subject_id: int, *, now: datetime
) -> None:
    """Open again what ``decision`` had settled: notices, signals, and cases that nothing has followed since."""
    about = (Case.subject_kind == subject_kind) & (Case.subject_id == subject_id)
    if decision.kind is DecisionKind.ASK_CHANGE:
        waits = Case.closed_at.is_(None) & (Case.decision_id == decision.id)
        for case in session.scalars(locked(select(Case).where(about, waits))):
            _wait_again(case, decision, now)
    later = aliased(Case)
    followed = exists().where(
        later.kind == Case.kind,
        later.subject_kind == Case.subject_kind,
        later.subject_id == Case.subject_id,
        later.about_id == Case.about_id,
        later.closed_at.is_(None),
    )
    reopened = update(Case).where(about, Case.decision_id == decision.id, Case.closed_at.is_not(None), ~followed)
    session.execute(reopened.values(closed_at=None, decision_id=None).execution_options(synchronize_session="fetch"))
    session.execute(
        update(Notice)
        .where(Notice.decision_id == decision.id)
        .values(closed_at=None, decision_id=None)
        .execution_options(synchronize_session="fetch")
    )
    seen = (Signal.subject_kind == subject_kind) & (Signal.subject_id == subject_id)
    session.execute(
        update(Signal)
        .where(seen, Signal.settled_at == decision.decided_at)
        .values(settled_at=None)
        .execution_options(synchronize_session="fetch")
    )
    noticed = (Notice.subject_kind == subject_kind) & (Notice.subject_id == subject_id) & Notice.closed_at.is_(None)
    counts = {
        "signals": select(func.count()).where(seen, Signal.settled_at.is_(None)).scalar_subquery(),
        "notices": select(func.count()).where(noticed).scalar_subquery(),
    }
    recounted = update(Case).where(about, Case.closed_at.is_(None), Case.kind.in_(SETTLED)).values(counts)
    session.execute(recounted.execution_options(synchronize_session="fetch"))


def _close(
    session: Session,
    decision: Decision,
    thing: Contribution,
    kinds: frozenset[CaseKind],
    *,
    delay: timedelta,
    now: datetime,
) -> None:
    kind = kind_of(thing)
    close_cases(session, kind, [thing.id], kinds=kinds, decision_id=decision.id, now=now)
    for notice_id in _close_notices(session, decision, kind, thing.id, now=now):
        record(session, NoticeClosed(notice_id, decision.id), account_id=decision.decided_by, now=now, delay=delay)
    settle_signals(session, kind, [thing.id], now=now)


def _close_notices(
    session: Session, decision: Decision, kind: SubjectKind, number: int, *, now: datetime
) -> Sequence[int]:
    about = (Notice.subject_kind == kind) & (Notice.subject_id == number) & Notice.closed_at.is_(None)
    closed = session.scalars(
        update(Notice)
        .where(about)
        .values(closed_at=now, decision_id=decision.id)
        .returning(Notice.id)
        .execution_options(synchronize_session="fetch")
    )
    return sorted(closed)


def _wait_for_author(
    session: Session, decision: Decision, thing: Contribution, review: Case | None, *, now: datetime
) -> None:
    """Give the author the next word; without one, moderators look again when the time for it is over."""
    until = now + ASKED_FOR
    case = review or open_case(session, CaseKind.REVIEW, _case_subject(thing), due_at=until, now=now)
    if review is not None:
        stood = [moment.isoformat() for moment in (review.due_at, review.place_at)]
        decision.details = {**decision.details, WAITED: stood}
    case.resumes_at = case.due_at = case.place_at = until
    case.decision_id, case.escalated_at = decision.id, None
    let_go(case)


def _wait_again(case: Case, decision: Decision, now: datetime) -> None:
    case.resumes_at = case.decision_id = None
    if WAITED in decision.details:
        case.due_at, case.place_at = (datetime.fromisoformat(moment) for moment in decision.details[WAITED])
    else:
        # It was opened only so that the author's answer is read.
        case.closed_at = now


def _case_subject(thing: Contribution) -> CaseSubject:
    return comments.subject_of(thing) if isinstance(thing, Comment) else ideas.subject_of(thing)
