"""Cases with everything that somebody needs to know to decide about them."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from participation.accounts.actor import Actor
from participation.accounts.models import Account
from participation.cases.models import Case, CaseKind, SubjectKind
from participation.cases.queries import SubjectKey, is_about
from participation.moderation.models import Appeal, CaseNote, Decision, DecisionKind, Message
from participation.moderation.queue.contributions import Contribution, contributions
from participation.moderation.queue.waiting import waits
from participation.moderation.queue.wordings import WordingSeen, wordings_seen
from participation.notices.models import Notice, NoticeReason
from participation.signals.queries import SignalSeen, signals_of
from participation.wordings.queries import ShownWording


@dataclass(frozen=True, slots=True)
class NoticeSeen:
    """What somebody said who pointed at a contribution; never who."""

    id: int
    reason: NoticeReason
    text: str
    language: str
    submitted_at: datetime


@dataclass(frozen=True, slots=True)
class NoteSeen:
    """What a colleague noted about a contribution."""

    id: int
    text: str
    written_by: str
    written_at: datetime


@dataclass(frozen=True, slots=True)
class AppealSeen:
    """The objection that a case is about, and the decision it objects to."""

    id: int
    text: str
    language: str
    submitted_at: datetime
    decision_id: int
    decision_kind: DecisionKind
    decided_by_me: bool


@dataclass(frozen=True, slots=True)
class MessageSeen:
    """What an author last wrote to the team."""

    id: int
    text: str
    language: str
    written_at: datetime


@dataclass(frozen=True, slots=True)
class OtherCase:
    """Another open case about the same contribution."""

    case_id: int
    kind: CaseKind


@dataclass(frozen=True, slots=True)
class QueueItem:
    """One case with its contribution.

    ``answers`` is the comment that a comment replies to; ``read`` names the text that is shown (the revision of an
    idea, the digest of a comment), so that a decision is refused when the author has changed it since; ``state`` is the
    value of the contribution's state. ``held_by`` is the colleague who is working on it now, never oneself; ``also``
    are other open cases about the same contribution. ``shown`` and ``idea_shown`` are what readers are shown instead of
    it and of the idea that it stands below, for desks that put translations beside.
    """

    case_id: int
    kind: CaseKind
    subject_kind: SubjectKind
    subject_id: int
    idea_id: int
    about_id: int
    title: str
    text: str
    language: str
    idea_language: str
    pseudonym: str
    answers: str
    read: str
    state: str
    was_public: bool
    principle_ids: tuple[int, ...]
    field_id: int | None
    opened_at: datetime
    due_at: datetime
    is_overdue: bool
    is_escalated: bool
    is_urgent: bool
    is_open: bool
    resumes_at: datetime | None
    decision_id: int | None
    group_id: int
    assigned_to: str
    is_mine: bool
    held_by: str
    held_until: datetime | None
    is_held_by_me: bool
    signals: tuple[SignalSeen, ...]
    notices: tuple[NoticeSeen, ...]
    notes: tuple[NoteSeen, ...]
    also: tuple[OtherCase, ...]
    appeal: AppealSeen | None = None
    message: MessageSeen | None = None
    wording: WordingSeen | None = None
    shown: ShownWording | None = None
    idea_shown: ShownWording | None = None

    @property
    def token(self) -> str:
        """The case and the text that is shown, as a form about several cases sends them back."""
        return f"{self.case_id}-{self.read}"

    @property
    def is_public(self) -> bool:
        """Whether the contribution is public now."""
        return self.state == "published"


@dataclass(frozen=True, slots=True)
class _Surroundings:
    """What was found out about all cases of a page at once."""

    contributions: Mapping[SubjectKey, Contribution]
    signals: Mapping[SubjectKey, tuple[SignalSeen, ...]]
    notices: Mapping[SubjectKey, list[NoticeSeen]]
    notes: Mapping[SubjectKey, list[CaseNote]]
    open: Mapping[SubjectKey, list[OtherCase]]
    appeals: Mapping[int, AppealSeen]
    messages: Mapping[SubjectKey, MessageSeen]
    wordings: Mapping[int, WordingSeen]
    names: Mapping[int, str]


def case_items(session: Session, actor: Actor, *, case_ids: Sequence[int], now: datetime) -> tuple[QueueItem, ...]:
    """Return these cases, closed ones too, in this order; those whose contribution is gone are left out.

    The number of queries does not depend on how many there are.
    """
    if not case_ids:
        return ()
    rows = {case.id: case for case in session.scalars(select(Case).where(Case.id.in_(case_ids)))}
    cases = [rows[case_id] for case_id in case_ids if case_id in rows]
    return items_of(session, actor, cases, now=now)


def items_of(session: Session, actor: Actor, cases: Sequence[Case], *, now: datetime) -> tuple[QueueItem, ...]:
    """Return cases that are read already as items, as ``case_items`` does."""
    if not cases:
        return ()
    around = _surroundings(session, actor, cases, now)
    return tuple(_item(case, actor, around, now) for case in cases if _subject(case) in around.contributions)


def addresses(session: Session, account_ids: Iterable[int | None]) -> dict[int, str]:
    """Return the addresses of colleagues, by the ids of their accounts; nothing is asked where there are none."""
    wanted = {account_id for account_id in account_ids if account_id is not None}
    if not wanted:
        return {}
    rows = session.execute(select(Account.id, Account.email).where(Account.id.in_(wanted)))
    return dict(rows.all())


def _subject(row: Any) -> SubjectKey:
    return row.subject_kind, row.subject_id


def _surroundings(session: Session, actor: Actor, cases: Sequence[Case], now: datetime) -> _Surroundings:
    subjects = {_subject(case) for case in cases}
    notes: dict[SubjectKey, list[CaseNote]] = {}
    for note in session.scalars(select(CaseNote).where(is_about(CaseNote, subjects)).order_by(CaseNote.id)):
        notes.setdefault(_subject(note), []).append(note)
    writers = {note.written_by for below in notes.values() for note in below}
    return _Surroundings(
        contributions=contributions(session, subjects),
        signals=signals_of(session, subjects),
        notices=_notices(session, subjects),
        notes=notes,
        open=_open(session, subjects, now),
        appeals=_appeals(session, actor, [case.about_id for case in cases if case.kind is CaseKind.APPEAL]),
        messages=_messages(session, {_subject(case) for case in cases if case.kind is CaseKind.MESSAGE}),
        wordings=wordings_seen(session, [case.about_id for case in cases if case.kind is CaseKind.WORDING]),
        names=addresses(session, {*writers, *(id_ for case in cases for id_ in (case.assigned_to, case.held_by))}),
    )


def _notices(session: Session, subjects: Collection[SubjectKey]) -> dict[SubjectKey, list[NoticeSeen]]:
    rows = session.scalars(
        select(Notice).where(is_about(Notice, subjects), Notice.closed_at.is_(None)).order_by(Notice.id)
    )
    below: dict[SubjectKey, list[NoticeSeen]] = {}
    for row in rows:
        seen = NoticeSeen(row.id, row.reason, row.text, row.language, row.submitted_at)
        below.setdefault(_subject(row), []).append(seen)
    return below


def _open(session: Session, subjects: Collection[SubjectKey], now: datetime) -> dict[SubjectKey, list[OtherCase]]:
    rows = session.execute(
        select(Case.subject_kind, Case.subject_id, Case.id, Case.kind)
        .where(is_about(Case, subjects), waits(now))
        .order_by(Case.id)
    )
    about: dict[SubjectKey, list[OtherCase]] = {}
    for row in rows:
        about.setdefault(_subject(row), []).append(OtherCase(row.id, row.kind))
    return about


def _appeals(session: Session, actor: Actor, decision_ids: Collection[int]) -> dict[int, AppealSeen]:
    if not decision_ids:
        return {}
    rows = session.execute(
        select(Appeal, Decision)
        .join(Decision, Decision.id == Appeal.decision_id)
        .where(Appeal.decision_id.in_(decision_ids))
    )
    return {
        decision.id: AppealSeen(
            id=appeal.id,
            text=appeal.text,
            language=appeal.language,
            submitted_at=appeal.submitted_at,
            decision_id=decision.id,
            decision_kind=decision.kind,
            decided_by_me=decision.decided_by is not None and decision.decided_by == actor.account_id,
        )
        for appeal, decision in rows
    }


def _messages(session: Session, subjects: Collection[SubjectKey]) -> dict[SubjectKey, MessageSeen]:
    if not subjects:
        return {}
    rows = session.scalars(
        select(Message).where(is_about(Message, subjects), Message.from_team.is_(False)).order_by(Message.id)
    )
    # The last one of each contribution stays.
    return {_subject(row): MessageSeen(row.id, row.text, row.language, row.written_at) for row in rows}


def _item(case: Case, actor: Actor, around: _Surroundings, now: datetime) -> QueueItem:
    subject = _subject(case)
    thing = around.contributions[subject]
    is_held = case.held_by is not None and case.held_until is not None and case.held_until > now
    by_me = is_held and case.held_by == actor.account_id
    return QueueItem(
        case_id=case.id,
        kind=case.kind,
        subject_kind=case.subject_kind,
        subject_id=case.subject_id,
        idea_id=case.idea_id,
        about_id=case.about_id,
        title=thing.title,
        text=thing.text,
        language=thing.language,
        idea_language=thing.idea_language,
        pseudonym=thing.pseudonym,
        answers=thing.answers,
        read=thing.read,
        state=thing.state,
        was_public=thing.was_public,
        principle_ids=thing.principle_ids,
        field_id=thing.field_id,
        opened_at=case.opened_at,
        due_at=case.due_at,
        is_overdue=case.closed_at is None and case.due_at < now,
        is_escalated=case.escalated_at is not None,
        is_urgent=case.urgent,
        is_open=case.closed_at is None,
        resumes_at=case.resumes_at,
        decision_id=case.decision_id,
        group_id=case.group_id,
        assigned_to=around.names.get(case.assigned_to or 0, ""),
        is_mine=case.assigned_to is not None and case.assigned_to == actor.account_id,
        held_by=around.names.get(case.held_by or 0, "") if is_held and not by_me else "",
        held_until=case.held_until if is_held else None,
        is_held_by_me=by_me,
        signals=tuple(around.signals.get(subject, ())),
        notices=tuple(around.notices.get(subject, ())),
        notes=tuple(
            NoteSeen(note.id, note.text, around.names.get(note.written_by or 0, ""), note.written_at)
            for note in around.notes.get(subject, ())
        ),
        also=tuple(other for other in around.open.get(subject, ()) if other.case_id != case.id),
        appeal=around.appeals.get(case.about_id) if case.kind is CaseKind.APPEAL else None,
        message=around.messages.get(subject) if case.kind is CaseKind.MESSAGE else None,
        wording=around.wordings.get(case.about_id) if case.kind is CaseKind.WORDING else None,
    )
