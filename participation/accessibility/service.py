"""Reports of barriers and their answers, and what the city says about accessibility."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from participation.accessibility.codes import hash_code
from participation.accessibility.events import (
    AccessibilityStatementPublished,
    BarrierAnswered,
    BarrierPutOff,
    BarrierReported,
)
from participation.accessibility.facts import Facts, stored_facts
from participation.accessibility.models import AccessibilityStatement, BarrierReport, BarrierState
from participation.accessibility.policies import may_answer_barrier, may_edit_statement, may_put_off_barrier
from participation.accounts.actor import Actor
from participation.activity.service import record
from participation.kit.dialect import insert_new, locked
from participation.kit.permissions import found, require


@dataclass(frozen=True, slots=True)
class BarrierText:
    """What somebody says about a barrier; ``contact`` is where the answer shall be sent, if anywhere."""

    page: str
    text: str
    uses: str
    wants: str
    language: str
    contact: str | None = None


def report_barrier(
    session: Session,
    actor: Actor,
    *,
    said: BarrierText,
    code: str,
    submission_key: str,
    due_at: datetime,
    now: datetime,
) -> BarrierReport:
    """Return the new report, to be answered by ``due_at``; anybody may report.

    The same ``submission_key`` again returns the report that it made the first time.
    """
    row = {
        "page": said.page,
        "text": said.text,
        "uses": said.uses,
        "wants": said.wants,
        "language": said.language,
        "contact": said.contact or None,
        "account_id": actor.account_id,
        "code_hash": hash_code(code),
        "submission_key": submission_key,
        "submitted_at": now,
        "due_at": due_at,
    }
    # Sent twice at once, both the key and the code are there already: which of them is seen first is up to chance.
    is_new = insert_new(session.connection(), BarrierReport, row, key=())
    report = session.scalars(select(BarrierReport).where(BarrierReport.submission_key == submission_key)).one()
    if is_new:
        # Not even the log says who needs what in order to read.
        record(session, BarrierReported(report.id), account_id=None, now=now)
    return report


def put_off_barrier(
    session: Session,
    actor: Actor,
    *,
    report_id: int,
    text: str,
    language: str,
    until: datetime,
    latest: datetime,
    now: datetime,
) -> BarrierReport:
    """Name a later day for the answer and say why; raises ``Missing`` and ``Refused``."""
    report = _locked(session, report_id)
    require(may_put_off_barrier(actor, report, until=until, latest=latest))
    report.interim, report.interim_language, report.interim_at = text, language, now
    report.due_at, report.reminded_at = until, None
    record(session, BarrierPutOff(report.id), account_id=actor.account_id, now=now)
    return report


def answer_barrier(
    session: Session, actor: Actor, *, report_id: int, text: str, language: str, is_removed: bool, now: datetime
) -> BarrierReport:
    """Answer a report and say whether the barrier is gone; raises ``Missing`` and ``Refused``."""
    report = _locked(session, report_id)
    require(may_answer_barrier(actor, report))
    report.state, report.answer, report.answer_language = BarrierState.ANSWERED, text, language
    report.is_removed, report.answered_by, report.answered_at = is_removed, actor.account_id, now
    record(session, BarrierAnswered(report.id), account_id=actor.account_id, now=now)
    return report


def publish_facts(session: Session, actor: Actor, *, facts: Facts, now: datetime) -> AccessibilityStatement:
    """Return the new statement, which holds from now on; raises ``Refused``."""
    require(may_edit_statement(actor))
    statement = AccessibilityStatement(facts=stored_facts(facts), published_at=now, published_by=actor.account_id)
    session.add(statement)
    session.flush()
    record(session, AccessibilityStatementPublished(statement.id), account_id=actor.account_id, now=now)
    return statement


def _locked(session: Session, report_id: int) -> BarrierReport:
    return found(session.scalar(locked(select(BarrierReport).where(BarrierReport.id == report_id))))
