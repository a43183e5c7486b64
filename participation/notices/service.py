"""Taking notices; decisions close them, along with everything else that waits about the same contribution."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, func, select, update
from sqlalchemy.orm import Session

from participation.accounts.actor import Actor
from participation.activity.service import record
from participation.cases.models import Case, CaseKind, SubjectKind
from participation.cases.service import CaseSubject, open_case
from participation.kit.permissions import Refused, require
from participation.multilingual import lazy as _l
from participation.notices.codes import hash_code
from participation.notices.events import NoticeReceived
from participation.notices.models import Notice, NoticeReason
from participation.notices.policies import may_give_notice
from participation.notices.subjects import noticed_text
from participation.processes.outline import ProcessOutline

COUNTING = frozenset({CaseKind.REVIEW, CaseKind.HINT, CaseKind.NOTICE})
"""Cases that say how many notices there are: those that a decision about the contribution closes."""


@dataclass(frozen=True, slots=True)
class NoticeText:
    """What somebody says about a contribution; ``contact`` is where the outcome shall be sent, if anywhere."""

    reason: NoticeReason
    text: str
    language: str
    contact: str | None = None


def give_notice(
    session: Session,
    actor: Actor,
    *,
    process: ProcessOutline,
    kind: SubjectKind,
    subject_id: int,
    said: NoticeText,
    code: str,
    submission_key: str | None,
    answered_within: timedelta,
    now: datetime,
) -> Notice:
    """Return the new notice; its case waits until ``answered_within`` from now, a threat to life not at all.

    The same ``submission_key`` again returns the notice that it made the first time. Raises ``Missing`` for what is
    not there, and ``Refused`` for what is not public or was pointed at by the same account for the same reason.
    """
    if submission_key and (earlier := _made_with(session, submission_key)):
        return earlier
    noticed = noticed_text(session, process.id, kind, subject_id)
    require(may_give_notice(process, is_public=noticed.is_public))
    urgent = said.reason is NoticeReason.THREAT_TO_LIFE
    due_at = now if urgent else now + answered_within
    # Locked from here on: notices that come in at the same moment are counted one after the other.
    case = open_case(session, CaseKind.NOTICE, noticed.subject, due_at=due_at, now=now, urgent=urgent)
    case.due_at, case.place_at = min(case.due_at, due_at), min(case.place_at, due_at)
    if submission_key and (earlier := _made_with(session, submission_key)):
        return earlier
    _refuse_twice(session, actor, noticed.subject, said.reason)
    notice = Notice(
        process_id=process.id,
        subject_kind=kind,
        subject_id=subject_id,
        reason=said.reason,
        text=said.text,
        language=said.language,
        account_id=actor.account_id,
        contact=said.contact or None,
        code_hash=hash_code(code),
        text_digest=noticed.digest,
        submission_key=submission_key,
        submitted_at=now,
    )
    session.add(notice)
    session.flush()
    _count(session, noticed.subject)
    # Not even the log says who pointed at something.
    record(session, NoticeReceived(notice.id), account_id=None, now=now)
    return notice


def _made_with(session: Session, submission_key: str) -> Notice | None:
    return session.scalar(select(Notice).where(Notice.submission_key == submission_key))


def _refuse_twice(session: Session, actor: Actor, subject: CaseSubject, reason: NoticeReason) -> None:
    if actor.account_id is None:
        return
    own = (Notice.account_id == actor.account_id) & (Notice.reason == reason)
    if session.scalar(select(Notice.id).where(_open_about(subject), own).limit(1)):
        raise Refused(_l("You have told us this already. We are looking at it."))


def _count(session: Session, subject: CaseSubject) -> None:
    """Write down with the open cases about a contribution how many notices about it are open."""
    number = select(func.count()).where(_open_about(subject)).scalar_subquery()
    about = (Case.subject_kind == subject.kind) & (Case.subject_id == subject.id) & Case.closed_at.is_(None)
    session.execute(
        update(Case)
        .where(about, Case.kind.in_(COUNTING))
        .values(notices=number)
        .execution_options(synchronize_session="fetch")
    )


def _open_about(subject: CaseSubject) -> ColumnElement[bool]:
    return (Notice.subject_kind == subject.kind) & (Notice.subject_id == subject.id) & Notice.closed_at.is_(None)
