"""Builders of what people report, and of what moderators hold as evidence."""

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from participation.accessibility.codes import barrier_code
from participation.accessibility.models import BarrierReport
from participation.accessibility.service import BarrierText, report_barrier
from participation.accounts.actor import ANONYMOUS, SYSTEM, Actor
from participation.cases.models import SubjectKind
from participation.kit import clock
from participation.notices.codes import notice_code
from participation.notices.evidence import hold_evidence, open_evidence
from participation.notices.models import Notice, NoticeReason
from participation.notices.service import NoticeText, give_notice
from participation.processes.queries import process_by_id
from tests.make.places import Place, next_number

SECRET = "only-for-tests"


def notice_codes(session: Session, place_id: int) -> list[str]:
    """Return the codes of the notices of a process that ``notice`` made."""
    keys = session.scalars(select(Notice.submission_key).where(Notice.process_id == place_id).order_by(Notice.id))
    return [notice_code(SECRET, key) for key in keys if key]


def notice(
    session: Session,
    place: Place,
    subject_id: int,
    kind: SubjectKind = SubjectKind.IDEA,
    *,
    reason: NoticeReason = NoticeReason.INSULT,
    text: str = "This hurts somebody.",
    contact: str | None = None,
    by: Actor = ANONYMOUS,
) -> str:
    """Return the code of a new notice about a public contribution."""
    key = f"made-{next_number()}"
    code = notice_code(SECRET, key)
    give_notice(
        session,
        by,
        process=process_by_id(session, place.id),
        kind=kind,
        subject_id=subject_id,
        said=NoticeText(reason, text, "de", contact),
        code=code,
        submission_key=key,
        answered_within=timedelta(days=7),
        now=clock.now(),
    )
    return code


def evidence(
    session: Session,
    place: Place,
    subject_id: int,
    kind: SubjectKind = SubjectKind.IDEA,
    *,
    opened_by: Actor | None = None,
) -> int:
    """Return the number of a contribution that is held now; somebody may have looked at it already."""
    held = hold_evidence(
        session,
        SYSTEM,
        process_id=place.id,
        kind=kind,
        subject_id=subject_id,
        reason="Somebody is threatened.",
        held_for=timedelta(days=180),
        now=clock.now(),
    )
    if opened_by:
        open_evidence(session, opened_by, process_id=place.id, evidence_id=held.id, now=clock.now())
    return held.id


def barrier_codes(session: Session) -> list[str]:
    """Return the codes of the reports of barriers that ``barrier`` made."""
    keys = session.scalars(select(BarrierReport.submission_key).order_by(BarrierReport.id))
    return [barrier_code(SECRET, key) for key in keys if key]


def barrier(
    session: Session,
    *,
    text: str = "The button says nothing.",
    page: str = "/de/processes",
    contact: str | None = None,
    by: Actor = ANONYMOUS,
    days: int = 14,
) -> int:
    """Return the number of a new report of a barrier, to be answered within ``days``."""
    key, now = f"barrier-{next_number()}", clock.now()
    said = BarrierText(page, text, "A screen reader", "As plain text", "en", contact)
    options = {"code": barrier_code(SECRET, key), "submission_key": key}
    return report_barrier(session, by, said=said, **options, due_at=now + timedelta(days=days), now=now).id
