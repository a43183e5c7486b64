"""What the pages show on which the city answers: the subject, who is asked, what was said, and what is waited for."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from flask import current_app, g, url_for
from sqlalchemy.orm import Session

from participation.accounts.actor import Actor
from participation.accounts.guard import current_actor
from participation.kit import clock
from participation.kit.permissions import Permission
from participation.multilingual import Phrase
from participation.multilingual import gettext as _
from participation.multilingual.moments import calendar_day, day
from participation.processes.outline import ProcessOutline
from participation.processes.workplace import Workplace, workplace
from participation.strategy.answering.answers import OUTCOMES, AnswerView, answers_to
from participation.strategy.answering.departments import departments_used
from participation.strategy.answering.following import MeasureView, ReferralView, measures_after, referrals_of
from participation.strategy.answering.items import MeasureItem, ReferralItem, measure_items, referral_item
from participation.strategy.answering.policies import may_begin_measure, may_refer
from participation.strategy.answering.service import may_answer_subject
from participation.strategy.answering.subjects import Subject, SubjectFacts, SubjectKind, SubjectLine, subject_lines

PLACES = {"ideas": SubjectKind.IDEA, "bundles": SubjectKind.BUNDLE, "statements": SubjectKind.STATEMENT}
"""What kinds of subjects are called in addresses."""
_NAMES = {kind: name for name, kind in PLACES.items()}


@dataclass(frozen=True, slots=True)
class SubjectItem:
    """An idea, bundle or statement by name; ``url`` is its public page, empty where it has none (any more)."""

    kind: str
    place: str
    id: int
    label: str
    words: Phrase
    others: int
    url: str


@dataclass(frozen=True, slots=True)
class SaidItem:
    """An answer given earlier."""

    id: int
    outcome: str
    department: str
    when: str
    text: Phrase
    due: str


@dataclass(frozen=True, slots=True)
class SubjectPage:
    """Everything about one subject: ``closed`` says why it cannot be answered, ``not_referable`` why not referred.

    ``measure_url`` is empty where nothing can follow from the latest answer.
    """

    workplace: Workplace
    subject: SubjectItem
    referral: ReferralItem | None
    answers: tuple[SaidItem, ...]
    measures: tuple[MeasureItem, ...]
    departments: tuple[str, ...]
    closed: str
    not_referable: str
    measure_url: str


def city_day() -> date:
    """Return the present day in the city."""
    return clock.today(current_app.config["TIMEZONE"])


def subject_label(line: SubjectLine) -> str:
    """Return what a subject is called: its kind and number."""
    if line.subject.kind is SubjectKind.IDEA:
        return _("Idea %(number)s", number=line.number)
    if line.subject.kind is SubjectKind.BUNDLE:
        return _("Bundle %(number)s", number=line.number)
    return _("Statement %(number)s", number=line.number)


def subject_item(line: SubjectLine, slug: str) -> SubjectItem:
    """Return a subject as the pages name it."""
    return SubjectItem(
        kind=line.subject.kind.value,
        place=_NAMES[line.subject.kind],
        id=line.subject.id,
        label=subject_label(line),
        words=line.words or Phrase(_("Not public at the moment"), g.language),
        others=line.others,
        url=public_url(line, slug),
    )


def public_url(line: SubjectLine, slug: str, anchor: str = "") -> str:
    """Return the page on which everybody reads of a subject: for a bundle, that of the first idea in it."""
    if line.words is None:
        return ""
    if line.subject.kind is SubjectKind.STATEMENT:
        return url_for("browse.statement", slug=slug, statement_id=line.subject.id, _anchor=anchor or None)
    return url_for("browse.idea", slug=slug, idea_id=line.idea_id, _anchor=anchor or None)


def subject_page(session: Session, process: ProcessOutline, subject: Subject, facts: SubjectFacts) -> SubjectPage:
    """Return everything about a subject of the process."""
    actor, today = current_actor(), city_day()
    views = answers_to(session, [subject], g.language).get(subject, ())
    measures = measures_after(session, [view.id for view in views], g.language)
    answer, ask = may_answer_subject(actor, subject, facts), may_refer(actor, process.id, is_public=facts.is_public)
    line = subject_lines(session, [subject], g.language)[subject]
    return SubjectPage(
        workplace=workplace(actor, process, g.language),
        subject=subject_item(line, process.slug),
        referral=_referral(referrals_of(session, [subject]).get(subject), today),
        answers=tuple(_said(view) for view in views),
        measures=measure_items(_in_order(views, measures), g.language, today=today),
        departments=departments_used(session, process.id),
        closed=_reason(answer),
        not_referable=_reason(ask),
        measure_url=_measure_url(actor, process, views),
    )


def _measure_url(actor: Actor, process: ProcessOutline, views: tuple[AnswerView, ...]) -> str:
    if not views or not may_begin_measure(actor, process.id, views[0].outcome, is_latest=True):
        return ""
    return url_for("answering.new_measure", slug=process.slug, answer_id=views[0].id)


def _in_order(views: Iterable[AnswerView], measures: dict[int, tuple[MeasureView, ...]]) -> Iterable[MeasureView]:
    return (measure for view in views for measure in measures.get(view.id, ()))


def _referral(view: ReferralView | None, today: date) -> ReferralItem | None:
    return referral_item(view, today=today) if view else None


def _said(view: AnswerView) -> SaidItem:
    return SaidItem(
        id=view.id,
        outcome=str(OUTCOMES[view.outcome]),
        department=view.department,
        when=day(view.answered_at),
        text=view.text,
        due=calendar_day(view.due_on) if view.due_on else "",
    )


def _reason(permission: Permission) -> str:
    return "" if permission else str(permission.reason)
