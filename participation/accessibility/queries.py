"""Reading reports of barriers, the statement that holds, and videos in sign language."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from participation.accessibility.codes import hash_code
from participation.accessibility.models import AccessibilityStatement, BarrierReport, BarrierState, SignVideo
from participation.kit.permissions import found
from participation.kit.schema import Translated
from participation.processes.models import Process

PAGE = 30
YEAR = timedelta(days=365)
OPEN = BarrierReport.state == BarrierState.OPEN


@dataclass(frozen=True, slots=True)
class BarrierCounts:
    """How many reports wait, how many of them longer than promised, and what was answered within a year."""

    open: int
    overdue: int
    answered: int
    removed: int


@dataclass(frozen=True, slots=True)
class SignVideoRow:
    """A video that is shown: ``slug`` and ``title`` are those of a process, where it is about one."""

    id: int
    place: str
    slug: str
    title: Translated
    file_name: str
    media_type: str
    size: int
    transcript: Translated
    has_captions: bool
    uploaded_at: datetime


def report_by_code(session: Session, code: str) -> BarrierReport | None:
    """Return the report of a barrier that has this code."""
    return session.scalar(select(BarrierReport).where(BarrierReport.code_hash == hash_code(code)))


def report_by_id(session: Session, report_id: int) -> BarrierReport:
    """Return the report of a barrier with this number; raises ``Missing``."""
    return found(session.get(BarrierReport, report_id))


def open_reports(session: Session, *, after: int = 0) -> tuple[list[BarrierReport], bool]:
    """Return reports that wait, those that are due first at the top, from behind that number; and if more follow."""
    statement = select(BarrierReport).where(OPEN).order_by(BarrierReport.due_at, BarrierReport.id).limit(PAGE + 1)
    last = session.get(BarrierReport, after) if after else None
    if last is not None:
        later = BarrierReport.due_at > last.due_at
        same = (BarrierReport.due_at == last.due_at) & (BarrierReport.id > last.id)
        statement = statement.where(later | same)
    reports = list(session.scalars(statement))
    return reports[:PAGE], len(reports) > PAGE


def answered_reports(session: Session, *, before: int = 0) -> tuple[list[BarrierReport], bool]:
    """Return answered reports, the newest first, from before that number on; and whether more follow."""
    statement = select(BarrierReport).where(~OPEN).order_by(BarrierReport.id.desc()).limit(PAGE + 1)
    if before:
        statement = statement.where(BarrierReport.id < before)
    reports = list(session.scalars(statement))
    return reports[:PAGE], len(reports) > PAGE


def barrier_counts(session: Session, *, now: datetime) -> BarrierCounts:
    """Return the figures of reports that everybody may know."""
    answered = BarrierReport.answered_at > now - YEAR
    row = session.execute(
        select(
            func.count(case((OPEN, 1))),
            func.count(case((OPEN & (BarrierReport.due_at < now), 1))),
            func.count(case((answered, 1))),
            func.count(case((answered & BarrierReport.is_removed, 1))),
        )
    ).one()
    return BarrierCounts(*row)


def latest_statement(session: Session) -> AccessibilityStatement | None:
    """Return the statement that holds, if the city has made one yet."""
    return session.scalar(select(AccessibilityStatement).order_by(AccessibilityStatement.id.desc()).limit(1))


def shown_sign_videos(session: Session) -> list[SignVideoRow]:
    """Return the videos in sign language, by place."""
    has_captions = SignVideo.captions != ""
    columns = (SignVideo.id, SignVideo.place, Process.slug, Process.title, SignVideo.file_name, SignVideo.media_type)
    statement = (
        select(*columns, SignVideo.size, SignVideo.transcript, has_captions, SignVideo.uploaded_at)
        .outerjoin(Process, Process.id == SignVideo.process_id)
        .where(SignVideo.removed_at.is_(None))
        .order_by(SignVideo.place, SignVideo.id)
    )
    return [
        SignVideoRow(id_, place, slug or "", title or {}, *rest)
        for id_, place, slug, title, *rest in session.execute(statement)
    ]


def sign_video_named(session: Session, file_name: str) -> SignVideo | None:
    """Return the video with this file, unless it was removed."""
    named = (SignVideo.file_name == file_name) & SignVideo.removed_at.is_(None)
    return session.scalar(select(SignVideo).where(named))
