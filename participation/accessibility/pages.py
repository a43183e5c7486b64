"""What the pages about barriers and the accessibility statement show."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from flask import current_app, g, url_for
from sqlalchemy.orm import Session

from participation.accessibility.facts import OFFICES, Conformity, Facts, Gap, GapKind, read_facts
from participation.accessibility.models import BarrierReport, BarrierState
from participation.accessibility.product import first_facts, statement_words
from participation.accessibility.queries import BarrierCounts, barrier_counts, latest_statement
from participation.accessibility.results import Findings, Score, findings, scores
from participation.accessibility.words import DEVICES, MODES, TESTED
from participation.kit import clock
from participation.kit.destinations import own_path
from participation.multilingual import Phrase, language_name, phrase
from participation.multilingual.moments import calendar_day, day


@dataclass(frozen=True, slots=True)
class GapShown:
    """Something that is not accessible, in the reader's language; ``until`` is a day in words, or nothing."""

    id: int
    kind: GapKind
    text: Phrase
    alternative: Phrase
    until: str


@dataclass(frozen=True, slots=True)
class OfficeShown:
    """An office that helps or supervises; ``contact`` are lines of text, ``says`` what it is for."""

    name: Phrase
    says: Phrase
    contact: str
    url: str


@dataclass(frozen=True, slots=True)
class ScoreShown:
    """What Lighthouse says about a page, out of 100; ``name`` is that of the page and of the device."""

    name: str
    performance: int
    accessibility: int
    best_practices: int


@dataclass(frozen=True, slots=True)
class StatementPage:
    """The accessibility statement; ``words`` are its fixed sentences by name, filled in."""

    words: Mapping[str, Phrase]
    status: Conformity
    is_confirmed: bool
    is_lowered: bool
    gaps: Mapping[GapKind, tuple[GapShown, ...]]
    offices: tuple[OfficeShown, ...]
    method: str
    assessor: Phrase
    report_url: str
    prepared_on: str
    reviewed_on: str
    published: str
    findings: Findings | None
    tested_on: str
    modes: tuple[str, ...]
    languages: tuple[str, ...]
    scores: tuple[ScoreShown, ...]
    counts: BarrierCounts
    contact: str
    phone: str
    postal_address: str


@dataclass(frozen=True, slots=True)
class BarrierStatus:
    """The report of a barrier for whoever has its code; ``is_late``: the promised day is over."""

    code: str
    given: str
    page: str
    page_url: str
    answer_by: str
    is_late: bool
    is_answered: bool
    answered: str
    answer: Phrase
    is_removed: bool
    interim: Phrase
    tells_by_mail: bool
    tells_in_inbox: bool
    office: OfficeShown
    contact: str


def facts_now(session: Session) -> tuple[Facts, datetime | None]:
    """Return what the city says, with when it said so; what comes with the product where it has said nothing yet."""
    statement = latest_statement(session)
    return (read_facts(statement.facts), statement.published_at) if statement else (first_facts(), None)


def statement_page(session: Session, *, now: datetime) -> StatementPage:
    """Return the accessibility statement, in the reader's language."""
    config = current_app.config
    facts, published_at = facts_now(session)
    found = findings()
    is_lowered = facts.status is Conformity.FULL and found is not None and found.broken > 0
    return StatementPage(
        words=statement_said(),
        status=Conformity.PARTIAL if is_lowered else facts.status,
        is_confirmed=published_at is not None,
        is_lowered=is_lowered,
        gaps={
            kind: gaps for kind in GapKind if (gaps := tuple(gap_shown(gap) for gap in facts.gaps if gap.kind is kind))
        },
        offices=tuple(_office(facts, name, g.language) for name in OFFICES),
        method=facts.method.value,
        assessor=phrase(facts.assessor, g.language),
        report_url=facts.report_url,
        prepared_on=calendar_day(facts.prepared_on) if facts.prepared_on else "",
        reviewed_on=calendar_day(facts.reviewed_on) if facts.reviewed_on else "",
        published=day(published_at) if published_at else "",
        findings=found,
        tested_on=calendar_day(found.day) if found else "",
        modes=tuple(str(MODES.get(mode, mode)) for mode in found.modes) if found else (),
        languages=tuple(language_name(code, shown_in=g.language) for code in found.languages) if found else (),
        scores=tuple(_score(score) for score in scores()),
        counts=barrier_counts(session, now=now),
        contact=config["CONTACT_EMAIL"],
        phone=config["CONTACT_PHONE"],
        postal_address=config["POSTAL_ADDRESS"],
    )


def barrier_status(session: Session, report: BarrierReport, code: str, *, now: datetime) -> BarrierStatus:
    """Return what somebody sees who looks up the report of a barrier."""
    is_answered = report.state is BarrierState.ANSWERED
    return BarrierStatus(
        code=code,
        given=day(report.submitted_at),
        page=report.page,
        page_url=own_path(report.page) or "",
        answer_by=day(report.due_at),
        is_late=not is_answered and report.due_at < now,
        is_answered=is_answered,
        answered=day(report.answered_at) if report.answered_at else "",
        answer=Phrase(report.answer, report.answer_language),
        is_removed=report.is_removed,
        interim=Phrase(report.interim, report.interim_language),
        tells_by_mail=report.contact is not None,
        tells_in_inbox=report.account_id is not None,
        office=ombuds_office(session),
        contact=current_app.config["CONTACT_EMAIL"],
    )


def gap_shown(gap: Gap) -> GapShown:
    """Return a gap in the reader's language."""
    until = calendar_day(gap.until) if gap.until else ""
    return GapShown(gap.id, gap.kind, phrase(gap.text, g.language), phrase(gap.alternative, g.language), until)


def answer_within() -> timedelta:
    """Return how soon reports are answered."""
    return timedelta(days=current_app.config["BARRIER_ANSWER_DAYS"])


def promised_by(now: datetime) -> datetime:
    """Return until when a report that comes in ``now`` is answered: until the end of that day, as readers are told."""
    return last_moment(_day_in_the_city(now) + answer_within())


def latest_day(report: BarrierReport) -> date:
    """Return the last day to which the answer to a report can be put off."""
    config = current_app.config
    days = max(config["BARRIER_LONGEST_DAYS"], config["BARRIER_ANSWER_DAYS"])
    return _day_in_the_city(report.submitted_at) + timedelta(days=days)


def last_moment(day: date) -> datetime:
    """Return the moment at which a day of the city ends, while it is still that day."""
    return datetime.combine(day, time(23, 59), clock.zone(current_app.config["TIMEZONE"]))


def ombuds_office(session: Session, language: str = "") -> OfficeShown:
    """Return who mediates where an answer does not help, in ``language`` or the reader's; every answer names it."""
    return _office(facts_now(session)[0], OFFICES[0], language or g.language)


def statement_said() -> dict[str, Phrase]:
    """Return the fixed sentences of the statement in the reader's language, by name."""
    config = current_app.config
    values = {
        "city": config["CITY_NAME"],
        "operator": config["OPERATOR_NAME"],
        "address": url_for("browse.front", _external=True),
        "standard_days": config["BARRIER_ANSWER_DAYS"],
        "longest_days": max(config["BARRIER_LONGEST_DAYS"], config["BARRIER_ANSWER_DAYS"]),
    }
    said = {name: phrase(text, g.language) for name, text in statement_words().items()}
    return {name: replace(one, text=one.text.format_map(values)) for name, one in said.items()}


def _day_in_the_city(moment: datetime) -> date:
    return moment.astimezone(clock.zone(current_app.config["TIMEZONE"])).date()


def _score(score: Score) -> ScoreShown:
    name = f"{TESTED.get(score.page, score.page)} · {DEVICES.get(score.form, score.form)}"
    return ScoreShown(name, score.performance, score.accessibility, score.best_practices)


def _office(facts: Facts, name: str, language: str) -> OfficeShown:
    office, says = facts.offices[name], statement_words()[name]
    return OfficeShown(phrase(office.name, language), phrase(says, language), office.contact, office.url)
