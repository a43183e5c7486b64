"""Where staff read and answer reports of barriers."""

from dataclasses import dataclass
from datetime import datetime

from flask import redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from participation.accessibility.barrier_views import blueprint, language_of
from participation.accessibility.forms import AnswerForm, PutOffForm
from participation.accessibility.models import BarrierReport, BarrierState
from participation.accessibility.pages import OfficeShown, last_moment, latest_day, ombuds_office
from participation.accessibility.policies import may_edit_statement
from participation.accessibility.queries import (
    BarrierCounts,
    answered_reports,
    barrier_counts,
    open_reports,
    report_by_id,
)
from participation.accessibility.service import answer_barrier, put_off_barrier
from participation.accounts.guard import current_actor, staff_only
from participation.kit import clock
from participation.kit.db import db, transaction
from participation.kit.destinations import own_path
from participation.kit.forms import UNPROCESSABLE
from participation.kit.messages import say
from participation.kit.numbers import asked_number
from participation.kit.permissions import Refused
from participation.multilingual import Phrase
from participation.multilingual import gettext as _
from participation.multilingual.moments import calendar_day, day
from participation.texts import excerpt

__all__ = ["blueprint"]

Page = str | tuple[str, int] | Response
EXCERPT = 200


@dataclass(frozen=True, slots=True)
class ReportLine:
    """One report in the queue."""

    id: int
    text: Phrase
    page: str
    given: str
    due: str
    is_late: bool
    is_put_off: bool
    answered: str
    is_removed: bool


@dataclass(frozen=True, slots=True)
class QueuePage:
    """Reports that wait, or (``shows_answered``) that are done; ``more_url`` leads to the next ones."""

    lines: tuple[ReportLine, ...]
    shows_answered: bool
    counts: BarrierCounts
    more_url: str
    may_edit: bool


@dataclass(frozen=True, slots=True)
class ReportPage:
    """One report; ``latest`` is the last day to which the answer can be put off, where it still can."""

    line: ReportLine
    text: Phrase
    page_url: str
    uses: str
    wants: str
    wants_mail: bool
    has_account: bool
    interim: Phrase
    interim_at: str
    answer: Phrase
    is_answered: bool
    latest: str
    office: OfficeShown


@blueprint.get("/desk/barriers")
@staff_only
def queue() -> str:
    """Show reports that wait, those that are due first at the top, or those that were answered."""
    session, now = db.session(), clock.now()
    shows_answered, start = request.args.get("show") == "answered", asked_number("start") or 0
    reports, has_more = (
        answered_reports(session, before=start) if shows_answered else open_reports(session, after=start)
    )
    show = "answered" if shows_answered else None
    page = QueuePage(
        lines=tuple(_line(report, now) for report in reports),
        shows_answered=shows_answered,
        counts=barrier_counts(session, now=now),
        more_url=url_for(".queue", show=show, start=reports[-1].id) if has_more else "",
        may_edit=bool(may_edit_statement(current_actor())),
    )
    return render_template("accessibility/barriers.html", page=page)


@blueprint.route("/desk/barriers/<int:report_id>", methods=["GET", "POST"])
@staff_only
def report(report_id: int) -> Page:
    """Show one report, and take the answer."""
    form = AnswerForm()
    if form.validate_on_submit():
        text, is_removed = form.text.data or "", bool(form.is_removed.data)
        try:
            with transaction() as session:
                answer_barrier(
                    session,
                    current_actor(),
                    report_id=report_id,
                    text=text,
                    language=language_of(text),
                    is_removed=is_removed,
                    now=clock.now(),
                )
        except Refused as problem:
            form.form_errors.append(str(problem.reason))
        else:
            say(_("The report is answered."))
            return redirect(url_for(".queue"), 303)
    return _page("accessibility/report.html", report_id, form)


@blueprint.route("/desk/barriers/<int:report_id>/later", methods=["GET", "POST"])
@staff_only
def later(report_id: int) -> Page:
    """Take the reason why an answer takes longer, and a later day."""
    form = PutOffForm()
    if form.validate_on_submit() and form.until.data:
        text, latest = form.text.data or "", latest_day(report_by_id(db.session(), report_id))
        try:
            with transaction() as session:
                put_off_barrier(
                    session,
                    current_actor(),
                    report_id=report_id,
                    text=text,
                    language=language_of(text),
                    until=last_moment(form.until.data),
                    latest=last_moment(latest),
                    now=clock.now(),
                )
        except Refused as problem:
            form.form_errors.append(str(problem.reason))
        else:
            say(_("The later day is noted, and whoever reported it is told."))
            return redirect(url_for(".report", report_id=report_id), 303)
    return _page("accessibility/later.html", report_id, form)


def _page(template: str, report_id: int, form: AnswerForm | PutOffForm) -> str | tuple[str, int]:
    session, now = db.session(), clock.now()
    found = report_by_id(session, report_id)
    page = render_template(template, page=_report_page(session, found, now), form=form)
    return (page, UNPROCESSABLE) if form.is_submitted() else page


def _report_page(session: Session, report: BarrierReport, now: datetime) -> ReportPage:
    is_answered, latest = report.state is BarrierState.ANSWERED, latest_day(report)
    can_wait = not is_answered and report.interim_at is None and report.due_at < last_moment(latest)
    return ReportPage(
        line=_line(report, now),
        text=Phrase(report.text, report.language),
        page_url=own_path(report.page) or "",
        uses=report.uses,
        wants=report.wants,
        wants_mail=report.contact is not None,
        has_account=report.account_id is not None,
        interim=Phrase(report.interim, report.interim_language),
        interim_at=day(report.interim_at) if report.interim_at else "",
        answer=Phrase(report.answer, report.answer_language),
        is_answered=is_answered,
        latest=calendar_day(latest) if can_wait else "",
        office=ombuds_office(session),
    )


def _line(report: BarrierReport, now: datetime) -> ReportLine:
    return ReportLine(
        id=report.id,
        text=Phrase(excerpt(report.text, EXCERPT), report.language),
        page=report.page,
        given=day(report.submitted_at),
        due=day(report.due_at),
        is_late=report.state is BarrierState.OPEN and report.due_at < now,
        is_put_off=report.interim_at is not None,
        answered=day(report.answered_at) if report.answered_at else "",
        is_removed=report.is_removed,
    )
