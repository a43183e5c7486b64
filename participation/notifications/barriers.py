"""Who is told of barriers: staff of a new report and of days that come near, whoever reported one of the answer."""

from flask import current_app
from sqlalchemy import ColumnElement, exists, select
from sqlalchemy.orm import Session

from participation.accessibility.codes import barrier_code
from participation.accessibility.events import BarrierAnswered, BarrierPutOff, BarrierReported
from participation.accessibility.models import BarrierReport, BarrierState
from participation.accessibility.pages import ombuds_office
from participation.accounts.actor import Role
from participation.activity.routines import Beat
from participation.kit import clock
from participation.kit.db import db, transaction
from participation.kit.links import page_url
from participation.kit.mail import send
from participation.multilingual import in_language, negotiate
from participation.multilingual.moments import day
from participation.notifications.barrier_matters import AHEAD
from participation.notifications.models import EntryKind, InboxEntry
from participation.notifications.recipients import written
from participation.notifications.service import take_out, tell
from participation.processes.models import RoleGrant


def of_report(event: BarrierReported) -> None:
    """Tell staff that somebody met a barrier, and send the code where an address was left."""
    with transaction() as session:
        report = session.get(BarrierReport, event.report_id)
        if report is None or report.state is BarrierState.ANSWERED:
            return
        staff = [one for one in _staff(session) if one != report.account_id]
        tell(session, staff, EntryKind.BARRIER, report.id, process_id=None, now=clock.now())
    _write(event.report_id, "barrier_received")


def of_delay(event: BarrierPutOff) -> None:
    """Tell whoever reported a barrier that the answer takes longer, unless it came meanwhile."""
    if _told(event.report_id, BarrierState.OPEN):
        _write(event.report_id, "barrier_delayed")


def of_answer(event: BarrierAnswered) -> None:
    """Tell whoever reported a barrier that there is an answer."""
    if _told(event.report_id, BarrierState.ANSWERED):
        _write(event.report_id, "barrier_answered")


def remind_of_barriers(_beat: Beat) -> None:
    """Tell staff that reports have to be answered soon; one entry stands for all of them until it is read."""
    now = clock.now()
    near = BarrierReport.reminded_at.is_(None) & (BarrierReport.due_at <= now + AHEAD)
    with transaction() as session:
        reports = session.scalars(select(BarrierReport).where(BarrierReport.state == BarrierState.OPEN, near)).all()
        if not reports:
            return
        for report in reports:
            report.reminded_at = now
        knows = exists().where(
            InboxEntry.account_id == RoleGrant.account_id,
            InboxEntry.kind == EntryKind.BARRIER_DUE,
            InboxEntry.read_at.is_(None),
        )
        # The day itself: a report that was put off is reminded of once more.
        today = clock.today(current_app.config["TIMEZONE"]).toordinal()
        tell(session, _staff(session, ~knows), EntryKind.BARRIER_DUE, today, process_id=None, now=now)


def _staff(session: Session, *conditions: ColumnElement[bool]) -> list[int]:
    """Return who answers reports: staff of the whole platform and admins."""
    everywhere = RoleGrant.process_id.is_(None) & RoleGrant.ended_at.is_(None)
    answering = RoleGrant.role.in_((Role.STAFF, Role.ADMIN))
    return list(session.scalars(select(RoleGrant.account_id).where(answering, everywhere, *conditions).distinct()))


def _told(report_id: int, state: BarrierState) -> bool:
    """Tell the account that reported a barrier what is new about it; return whether that still stands like this."""
    with transaction() as session:
        report = session.get(BarrierReport, report_id)
        if report is None or report.state is not state:
            return False
        if report.account_id is not None:
            since = (report.answered_at if state is BarrierState.ANSWERED else report.interim_at) or clock.now()
            take_out(session, report.account_id, EntryKind.BARRIER, report.id, before=since)
            tell(session, [report.account_id], EntryKind.BARRIER, report.id, process_id=None, now=clock.now())
        return True


def _write(report_id: int, template: str) -> None:
    """Send a letter to the address that was left with a report; nothing where there is none."""
    config, session = current_app.config, db.session()
    report = session.get(BarrierReport, report_id)
    if report is None or not report.contact:
        return
    language = negotiate([report.language], config["LANGUAGES"], config["BABEL_DEFAULT_LOCALE"])
    # Worked out only now, so that no queue or log ever holds a code.
    code = barrier_code(config["SECRET_KEY"], report.submission_key or "")
    with in_language(language):
        words = {"given": day(report.submitted_at), "answer_by": day(report.due_at)}
    office = ombuds_office(session, language)
    letter = written(
        report.contact,
        language,
        template,
        # A repetition is the same message for the program that shows it.
        message_id=f"{template}-{report.id}",
        **words,
        office_says=office.says.text,
        office_name=office.name.text,
        office_contact=office.contact,
        office_url=office.url,
        text=report.interim if template == "barrier_delayed" else report.answer,
        is_removed=report.is_removed,
        code=code,
        url=page_url("barriers.status", language=language, barrier_code=code),
    )
    send(letter, config)
