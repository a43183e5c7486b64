"""Pages on which the city answers, asks departments for answers, and says how its measures go."""

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, current_app, flash, g, redirect, render_template, url_for
from sqlalchemy.orm import Session
from werkzeug.exceptions import BadRequest
from werkzeug.wrappers import Response

from participation.accounts.guard import current_actor, desk_only, staff_only
from participation.kit import clock
from participation.kit.db import db, transaction
from participation.kit.forms import UNPROCESSABLE
from participation.kit.permissions import Refused, found
from participation.multilingual import gettext as _
from participation.processes.outline import ProcessOutline
from participation.processes.queries import process_by_slug
from participation.processes.workplace import Workplace, workplace
from participation.strategy.answering.departments import departments_used
from participation.strategy.answering.desk_pages import (
    PLACES,
    SubjectItem,
    SubjectPage,
    city_day,
    public_url,
    subject_item,
    subject_page,
)
from participation.strategy.answering.following import measure_views
from participation.strategy.answering.forms import AnswerForm, ConfirmForm, MeasureForm, ReferralForm, StepForm
from participation.strategy.answering.items import MeasureItem, measure_item
from participation.strategy.answering.measures import MeasureDraft, StepDraft, begin_measure, report_step
from participation.strategy.answering.overview import FollowUpPage, follow_up_page
from participation.strategy.answering.policies import FOLLOWS
from participation.strategy.answering.referrals import refer, take_back_referral
from participation.strategy.answering.service import AnswerDraft, answer_subject
from participation.strategy.answering.subjects import Subject, SubjectKind, facts_of, subject_lines, subject_of
from participation.strategy.models import Answer, Measure

blueprint = Blueprint("answering", __name__)
Page = str | tuple[str, int] | Response
CONFLICT = 409


@dataclass(frozen=True, slots=True)
class MeasurePage:
    """A measure of a subject with its steps; without ``measure`` it is about to begin."""

    workplace: Workplace
    subject: SubjectItem
    departments: tuple[str, ...]
    cancel_url: str
    measure: MeasureItem | None = None


@dataclass(frozen=True, slots=True)
class OverviewPage:
    """What is waited for in a process, for those who work on it."""

    workplace: Workplace
    follow_up: FollowUpPage


@blueprint.get("/desk/processes/<slug>/answers")
@desk_only
def overview(slug: str) -> str:
    """Show what is waited for, with the way to each of it."""
    process = process_by_slug(db.session(), slug)
    follow_up = follow_up_page(db.session(), process, "answering.overview")
    page = OverviewPage(workplace(current_actor(), process, g.language), follow_up)
    return render_template("strategy/answers.html", page=page)


@blueprint.route("/desk/processes/<slug>/ideas/<int:idea_id>/answer", methods=["GET", "POST"])
@staff_only
def answer_to_idea(slug: str, idea_id: int) -> Page:
    """Answer an idea for the city."""
    return _answer(slug, Subject(SubjectKind.IDEA, idea_id))


@blueprint.route("/desk/processes/<slug>/bundles/<int:bundle_id>/answer", methods=["GET", "POST"])
@staff_only
def answer_to_bundle(slug: str, bundle_id: int) -> Page:
    """Answer ideas that say the same, together."""
    return _answer(slug, Subject(SubjectKind.BUNDLE, bundle_id))


@blueprint.route("/desk/processes/<slug>/statements/<int:statement_id>/answer", methods=["GET", "POST"])
@staff_only
def answer_to_statement(slug: str, statement_id: int) -> Page:
    """Answer a statement for the city."""
    return _answer(slug, Subject(SubjectKind.STATEMENT, statement_id))


@blueprint.route(
    "/desk/processes/<slug>/referrals/<any(ideas, bundles, statements):about>/<int:number>", methods=["GET", "POST"]
)
@desk_only
def referral(slug: str, about: str, number: int) -> Page:
    """Ask a department for an answer, another one, or for another day."""
    process, reading = process_by_slug(db.session(), slug), db.session()
    subject = Subject(PLACES[about], number)
    page = subject_page(reading, process, subject, facts_of(reading, process.id, subject))
    form = ReferralForm()
    if not form.is_submitted() and page.referral:
        form.department.data = page.referral.department
    if page.not_referable or not form.validate_on_submit():
        return _shown("strategy/referral.html", page, form, page.not_referable)
    with transaction() as session:
        refer(
            session,
            current_actor(),
            subject=subject,
            department=form.department.data or "",
            due_on=form.due_on.data,
            now=clock.now(),
        )
    flash(_("Everybody can see now who is asked for an answer, and until when."), "success")
    return redirect(url_for(".referral", slug=slug, about=about, number=number), 303)


@blueprint.post("/desk/processes/<slug>/referrals/<int:referral_id>/take-back")
@desk_only
def take_back(slug: str, referral_id: int) -> Page:
    """End a referral that was a mistake."""
    process = process_by_slug(db.session(), slug)
    if not ConfirmForm().validate():
        raise BadRequest
    with transaction() as session:
        row = take_back_referral(
            session, current_actor(), process_id=process.id, referral_id=referral_id, now=clock.now()
        )
        subject = subject_of(row)
    flash(_("Nobody is asked for an answer any more."), "success")
    place = next(name for name, kind in PLACES.items() if kind is subject.kind)
    return redirect(url_for(".referral", slug=slug, about=place, number=subject.id), 303)


@blueprint.route("/desk/processes/<slug>/answers/<int:answer_id>/measures/new", methods=["GET", "POST"])
@staff_only
def new_measure(slug: str, answer_id: int) -> Page:
    """Say what the city does after an answer."""
    process, reading = process_by_slug(db.session(), slug), db.session()
    answer = reading.get(Answer, answer_id)
    answer = found(answer if answer and answer.process_id == process.id else None)
    page = _measure_page(reading, process, answer)
    form: MeasureForm = MeasureForm.speaking(current_app.config["LANGUAGES"])()
    if not form.is_submitted():
        form.department.data, form.due_on.data = answer.department, answer.due_on
    if not form.validate_on_submit():
        return _measure_answer("strategy/measure_new.html", page, form)
    draft = MeasureDraft(
        form.translated("title"), form.department.data or "", form.due_on.data, form.translated("text")
    )
    try:
        with transaction() as session:
            measure = begin_measure(
                session, current_actor(), process_id=process.id, answer_id=answer_id, draft=draft, now=clock.now()
            )
            measure_id = measure.id
    except Refused as problem:
        form.form_errors.append(str(problem.reason))
        return render_template("strategy/measure_new.html", page=page, form=form), CONFLICT
    flash(_("Everybody can see now what the city does."), "success")
    return redirect(url_for(".measure", slug=slug, measure_id=measure_id), 303)


@blueprint.route("/desk/processes/<slug>/measures/<int:measure_id>", methods=["GET", "POST"])
@staff_only
def measure(slug: str, measure_id: int) -> Page:
    """Show a measure and report how it goes."""
    process, reading = process_by_slug(db.session(), slug), db.session()
    row = reading.get(Measure, measure_id)
    row = found(row if row and row.process_id == process.id else None)
    page = _measure_page(reading, process, reading.get_one(Answer, row.answer_id), row)
    form: StepForm = StepForm.speaking(current_app.config["LANGUAGES"])()
    form.offer(FOLLOWS[row.state])
    if not form.validate_on_submit():
        return _measure_answer("strategy/measure.html", page, form)
    draft = StepDraft(form.chosen, form.translated("text"), form.due_on.data)
    try:
        with transaction() as session:
            report_step(
                session, current_actor(), process_id=process.id, measure_id=measure_id, draft=draft, now=clock.now()
            )
    except Refused as problem:
        form.form_errors.append(str(problem.reason))
        return render_template("strategy/measure.html", page=page, form=form), CONFLICT
    flash(_("The step is public."), "success")
    return redirect(url_for(".measure", slug=slug, measure_id=measure_id), 303)


def _answer(slug: str, subject: Subject) -> Page:
    process, reading = process_by_slug(db.session(), slug), db.session()
    page = subject_page(reading, process, subject, facts_of(reading, process.id, subject))
    form: AnswerForm = AnswerForm.speaking(current_app.config["LANGUAGES"])()
    if not form.is_submitted() and page.referral:
        form.department.data = page.referral.department
    if page.closed or not form.validate_on_submit():
        return _shown("strategy/answer.html", page, form, page.closed)
    draft = AnswerDraft(form.chosen, form.department.data or "", form.translated("text"), form.due_on.data)
    with transaction() as session:
        answer_subject(session, current_actor(), subject=subject, draft=draft, now=clock.now())
    flash(_("The answer is public."), "success")
    anchor = "answers" if subject.kind is SubjectKind.STATEMENT else "outcome"
    line = subject_lines(db.session(), [subject], g.language)[subject]
    return redirect(public_url(line, slug, anchor), 303)


def _shown(template: str, page: SubjectPage, form: AnswerForm | ReferralForm, closed: str) -> Page:
    if closed and form.is_submitted():
        form.form_errors.append(closed)
        return render_template(template, page=page, form=form), CONFLICT
    answer = render_template(template, page=page, form=form)
    return (answer, UNPROCESSABLE) if form.errors else answer


def _measure_page(
    session: Session, process: ProcessOutline, answer: Answer, measure: Measure | None = None
) -> MeasurePage:
    subject = subject_of(answer)
    item = subject_item(subject_lines(session, [subject], g.language)[subject], process.slug)
    numbers: dict[str, Any] = {subject.column: subject.id}
    view = measure_views(session, [measure], g.language)[0] if measure else None
    return MeasurePage(
        workplace=workplace(current_actor(), process, g.language),
        subject=item,
        departments=departments_used(session, process.id),
        cancel_url=url_for(f".answer_to_{subject.kind.value}", slug=process.slug, **numbers),
        measure=measure_item(view, g.language, today=city_day()) if view else None,
    )


def _measure_answer(template: str, page: MeasurePage, form: MeasureForm | StepForm) -> Page:
    answer = render_template(template, page=page, form=form)
    return (answer, UNPROCESSABLE) if form.errors else answer
