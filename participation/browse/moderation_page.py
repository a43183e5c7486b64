"""The public page about the moderation of a process: its rules, how its promise is kept, figures, and the log."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any

from flask import current_app, g, url_for
from sqlalchemy.orm import Session

from participation.browse.pages import Stat
from participation.browse.results_parts import Bar, BarRow
from participation.cases.models import CaseKind
from participation.insights.plots import percent
from participation.kit import clock
from participation.legal.models import LegalKind
from participation.legal.pages import page_url
from participation.moderation.appeals.decision_page import BADGES, Rule, rule_of
from participation.moderation.models import AppealOutcome, Automation, DecisionKind
from participation.moderation.openness.figures import (
    MonthFigures,
    Promise,
    first_moment,
    months_until,
    promises,
)
from participation.moderation.openness.log import PAGE, LogLine, log_lines
from participation.moderation.openness.month_counts import figures_by_month
from participation.moderation.openness.rewordings import Rewording
from participation.moderation.terms import terms
from participation.moderation.words import automation_label, ground_label, kind_label, outcome_label, subject_label
from participation.multilingual import Phrase, language_name, ngettext, phrase, pick
from participation.multilingual import gettext as _
from participation.multilingual.moments import day, number, short_month
from participation.multilingual.moments import percent as in_percent
from participation.processes.models import Capability
from participation.processes.outline import PhaseOutline, ProcessOutline
from participation.processes.reading import reading_of, what_comes_first, when_time_is_over

WRITING = frozenset({Capability.PROPOSE, Capability.COMMENT})
FINGERPRINT = 16
"""So many characters of a fingerprint fit into the table; the files have all of them."""
RESTRICTIONS = (
    DecisionKind.HIDE,
    DecisionKind.REDACT,
    DecisionKind.ASK_CHANGE,
    DecisionKind.WARN,
    DecisionKind.SUSPEND,
)
"""What takes something away from an author, in the order of the table."""
REWORDED = {
    Rewording.ACCEPTED: "success",
    Rewording.REFUSED: "neutral",
    Rewording.CORRECTED: "neutral",
    Rewording.TAKEN_DOWN: "danger",
}
"""The badges of decisions about translations."""


@dataclass(frozen=True, slots=True)
class PhaseRules:
    """How contributions are moderated in one phase, as it was published."""

    title: Phrase
    dates: str
    is_current: bool
    sentence: str
    facts: tuple[tuple[str, str], ...]
    rules: Phrase


@dataclass(frozen=True, slots=True)
class Table:
    """A table as its component takes it."""

    caption: str
    headings: tuple[Any, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class ModerationFigures:
    """What a process shows of its moderation besides the log."""

    now: tuple[Stat, ...]
    promises: Table
    decisions: Table
    rewordings: Table | None
    requests: Table
    grounds: tuple[BarRow, ...]


@dataclass(frozen=True, slots=True)
class LogEntry:
    """One decision of the log in words; ``digest`` is the beginning of its fingerprint."""

    label: str
    kind: str
    about: str
    ground: Rule | None
    notes: tuple[str, ...]
    digest: str


@dataclass(frozen=True, slots=True)
class LogDay:
    """The decisions of one day."""

    day: str
    entries: tuple[LogEntry, ...]


@dataclass(frozen=True, slots=True)
class ModerationPage:
    """The rules, the figures (on the first page only) and a page of the log."""

    process_title: str
    process_url: str
    rules_url: str
    method_url: str
    phases: tuple[PhaseRules, ...]
    figures: ModerationFigures | None
    log: tuple[LogDay, ...]
    csv_url: str
    json_url: str
    first_url: str
    next_url: str


def moderation_page(session: Session, process: ProcessOutline, *, before: str | None, now: datetime) -> ModerationPage:
    """Return what everybody may know of the moderation of a process; the log goes on behind the line ``before``.

    Raises ``Missing`` when that is no decision of the process.
    """
    settled_before = now - terms().undo
    lines = log_lines(session, process.id, settled_before=settled_before, before=before, most=PAGE + 1)
    here, page = "transparency.process", lines[:PAGE]
    return ModerationPage(
        process_title=pick(process.title, g.language),
        process_url=url_for("browse.process", slug=process.slug),
        rules_url=page_url(LegalKind.RULES, process.slug),
        method_url=url_for("methods.method", method="moderation"),
        phases=_phases(process, now) if before is None else (),
        figures=_figures(session, process, settled_before, now) if before is None else None,
        log=_log(page, process.slug),
        csv_url=url_for("transparency.files", slug=process.slug, file_format="csv"),
        json_url=url_for("transparency.files", slug=process.slug, file_format="json"),
        first_url=url_for(here, slug=process.slug) if before is not None else "",
        next_url=url_for(here, slug=process.slug, before=page[-1].key, _anchor="log") if len(lines) > PAGE else "",
    )


def duration(seconds: int) -> str:
    """Return how long something took, in whole hours, or days from two of them on."""
    took = timedelta(seconds=seconds)
    if took < timedelta(hours=1):
        return _("less than an hour")
    if took < timedelta(days=2):
        return ngettext("%(num)s hour", "%(num)s hours", round(took / timedelta(hours=1)))
    return ngettext("%(num)s day", "%(num)s days", round(took / timedelta(days=1)))


def _phases(process: ProcessOutline, now: datetime) -> tuple[PhaseRules, ...]:
    return tuple(_phase(process, phase, now) for phase in process.phases if phase.allows & WRITING)


def _phase(process: ProcessOutline, phase: PhaseOutline, now: datetime) -> PhaseRules:
    reading = reading_of(process, g.language, phase.starts_at)
    last_day = day(phase.ends_at - timedelta(seconds=1))
    return PhaseRules(
        title=phrase(phase.title, g.language),
        dates=_("%(start)s to %(end)s", start=day(phase.starts_at), end=last_day),
        is_current=phase.covers(now),
        sentence=what_comes_first(reading),
        facts=(
            (_("Longest waiting time"), reading.within),
            (_("If it takes longer"), when_time_is_over(reading)),
        ),
        rules=reading.rules,
    )


def _figures(
    session: Session, process: ProcessOutline, settled_before: datetime, now: datetime
) -> ModerationFigures | None:
    first = first_moment(session, process.id)
    if first is None:
        return None
    begins = months_until(now, clock.zone(current_app.config["TIMEZONE"]), first=first)
    months = figures_by_month(session, process.id, begins, settled_before=settled_before, now=now)
    kept = promises(session, process.id, months, now=now)
    return ModerationFigures(
        now=_now(months, kept),
        promises=_promises(kept),
        decisions=_decisions(months),
        rewordings=_rewordings(months),
        requests=_requests(months),
        grounds=_grounds(months),
    )


def _now(months: Sequence[MonthFigures], kept: Sequence[Promise]) -> tuple[Stat, ...]:
    waiting, overdue = sum(one.waiting for one in kept), sum(one.overdue for one in kept)
    due = sum(one.in_time + one.late for one in kept)
    in_time = sum(one.in_time for one in kept)
    return (
        Stat(_("Waiting right now"), number(waiting)),
        Stat(_("of these longer than promised"), number(overdue)),
        Stat(_("Answered in time"), in_percent(in_time / due) if due else "–", _since(months)),
        Stat(_("Published by themselves"), number(sum(one.by_clock for one in months)), _since(months)),
    )


def _since(months: Sequence[MonthFigures]) -> str:
    return _("since %(month)s", month=_month(months[0]))


def _promises(kept: Sequence[Promise]) -> Table:
    labels = {
        CaseKind.REVIEW: _("New and changed contributions"),
        CaseKind.NOTICE: _("Reports"),
        CaseKind.APPEAL: _("Objections"),
        CaseKind.WORDING: _("Suggested translations"),
    }
    return Table(
        _("Waiting and answered"),
        (_("What"), *_numeric(_("Waiting"), _("Longer than promised"), _("Answered in time"), _("Too late"))),
        tuple(
            (
                labels[one.kind],
                number(one.waiting),
                number(one.overdue),
                number(one.in_time) if one.share is None else f"{number(one.in_time)} ({in_percent(one.share)})",
                number(one.late),
            )
            for one in kept
        ),
    )


def _decisions(months: Sequence[MonthFigures]) -> Table:
    kinds = (DecisionKind.PUBLISH, DecisionKind.KEEP, *RESTRICTIONS, DecisionKind.RESTORE)
    # A column of zeros says less than the table gains by being narrow.
    named = [kind for kind in kinds if any(one.of_kind(kind) for one in months)]
    others = [one.whole - sum(one.of_kind(kind) for kind in named) for one in months]
    other = [_("Other")] if any(others) else []
    return Table(
        _("Decisions per month"),
        (_("Month"), *_numeric(_("All"), *(str(kind_label(kind)) for kind in named), *other)),
        tuple(
            (
                _month(one),
                number(one.whole),
                *(number(one.of_kind(kind)) for kind in named),
                *(number(rest) for _heading in other),
            )
            for one, rest in reversed(list(zip(months, others, strict=True)))
        ),
    )


def _rewordings(months: Sequence[MonthFigures]) -> Table | None:
    """Return what was decided about translations; nothing where nothing was."""
    if not any(one.rewordings for one in months):
        return None
    return Table(
        _("Translations"),
        (_("Month"), *_numeric(*(str(kind_label(decision)) for decision in Rewording))),
        tuple((_month(one), *(number(one.rewordings[decision]) for decision in Rewording)) for one in reversed(months)),
    )


def _requests(months: Sequence[MonthFigures]) -> Table:
    stays, changed = AppealOutcome.UPHELD, AppealOutcome.CHANGED
    heads = (
        _("Typical wait (median)"),
        _("Published by themselves"),
        _("Reports"),
        _("Objections"),
        str(outcome_label(stays)),
        str(outcome_label(changed)),
    )
    return Table(
        _("Waits, reports, objections"),
        (_("Month"), *_numeric(*heads)),
        tuple(
            (
                _month(one),
                "–" if one.median_seconds is None else duration(one.median_seconds),
                number(one.by_clock),
                number(one.notices),
                number(one.appeals.total()),
                number(one.appeals[stays]),
                number(one.appeals[changed]),
            )
            for one in reversed(months)
        ),
    )


def _grounds(months: Sequence[MonthFigures]) -> tuple[BarRow, ...]:
    """Return how often something was restricted on each ground, the most frequent first."""
    counts: Counter[str] = Counter()
    for month in months:
        for (kind, ground), decisions in month.decisions.items():
            if kind in RESTRICTIONS:
                counts[ground] += decisions
    top = max(counts.values(), default=0)
    return tuple(
        BarRow(
            label=ground_label(ground, g.language) or _("No ground was given"),
            url="",
            pictogram="",
            bars=(Bar(number(decisions), percent(decisions, top)),),
        )
        for ground, decisions in sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    )


def _log(lines: Sequence[LogLine], slug: str) -> tuple[LogDay, ...]:
    by_day = groupby(lines, key=lambda line: day(line.decided_at))
    return tuple(LogDay(one, tuple(_entry(line, slug) for line in entries)) for one, entries in by_day)


def _entry(line: LogLine, slug: str) -> LogEntry:
    notes = []
    if line.waited_seconds is not None:
        notes.append(_("had waited %(time)s", time=duration(line.waited_seconds)))
    if line.automation is not Automation.NONE:
        notes.append(str(automation_label(line.automation)))
    if line.has_appeal:
        notes.append(str(outcome_label(line.outcome)) if line.outcome else _("objection not answered yet"))
    return LogEntry(
        label=str(kind_label(line.kind)),
        kind=BADGES.get(line.kind, "neutral") if isinstance(line.kind, DecisionKind) else REWORDED[line.kind],
        about=about_label(line),
        ground=rule_of(line.ground, slug),
        notes=tuple(notes),
        digest=line.digest[:FINGERPRINT],
    )


def about_label(line: LogLine) -> str:
    """Return what kind of contribution a decision was about, and of its translation into which language."""
    about = str(subject_label(line.subject))
    return f"{about} · {language_name(line.language, shown_in=g.language)}" if line.language else about


def _month(figures: MonthFigures) -> str:
    # Kept on one line: it heads a row.
    return short_month(figures.month).replace(" ", "\u00a0")


def _numeric(*labels: str) -> tuple[dict[str, Any], ...]:
    return tuple({"label": label, "numeric": True} for label in labels)
