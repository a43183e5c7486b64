"""The page on which the desk sees how texts get into other languages, as its template shows it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from flask import current_app, g, url_for
from sqlalchemy import select

from participation.accounts.actor import Actor
from participation.cases.models import SubjectKind
from participation.kit import clock
from participation.kit.db import db
from participation.kit.permissions import require
from participation.multilingual import gettext as _
from participation.multilingual import language_name
from participation.multilingual.moments import moment, number
from participation.processes.models import Process
from participation.processes.outline import ProcessOutline
from participation.processes.workplace import Workplace, workplace
from participation.wordings.policies import may_choose_provider, may_see_errands
from participation.wordings.problems import words_for
from participation.wordings.progress import FailedErrand, Failures, Health, failures_of, health_seen, progress_of
from participation.wordings.providers.provider import Provider
from participation.wordings.providers.registry import configured, title_of

KINDS = {SubjectKind.IDEA: "idea", SubjectKind.COMMENT: "comment", SubjectKind.ADDENDUM: "addendum"}


@dataclass(frozen=True, slots=True)
class FailureLine:
    """Something that failed: a link to where it stands, and what was wrong."""

    label: str
    url: str
    language_name: str
    problem: str
    when: str


@dataclass(frozen=True, slots=True)
class ProvidersPage:
    """Which provider a process has, how that goes, and how far its texts can be read in which language."""

    workplace: Workplace
    chosen: str
    title: str
    is_set_up: bool
    has_offer: bool
    is_resting: bool
    may_choose: bool
    operator: str
    facts: tuple[tuple[str, str], ...]
    rows: tuple[tuple[str, ...], ...]
    problems: tuple[tuple[str, str], ...]
    latest: tuple[FailureLine, ...]
    failed: int
    waiting: int


def offered() -> list[tuple[str, str]]:
    """Return name and label of each provider that is set up here; the label says who runs it and where."""
    return [(name, _label(provider)) for name, provider in _providers().items()]


def chosen_by(process_id: int) -> str:
    """Return the name of the provider of a process, empty for none."""
    return db.session.scalar(select(Process.translator).where(Process.id == process_id)) or ""


def providers_page(actor: Actor, process: ProcessOutline) -> ProvidersPage:
    """Return the page about ``process``; raises ``Refused`` for whoever does not work at its desk."""
    require(may_see_errands(actor, process.id))
    session, now = db.session(), clock.now()
    providers, chosen = _providers(), chosen_by(process.id)
    provider = providers.get(chosen)
    languages = progress_of(session, process.id, current_app.config["LANGUAGES"])
    failures = failures_of(session, process.id)
    zone = clock.zone(current_app.config["TIMEZONE"])
    health = health_seen(session, chosen, month=f"{now.astimezone(zone):%Y-%m}") if chosen else None
    return ProvidersPage(
        workplace=workplace(actor, process, g.language),
        chosen=chosen,
        title=title_of(chosen),
        is_set_up=provider is not None,
        has_offer=bool(providers),
        is_resting=bool(health and health.resumes_at and health.resumes_at > now),
        may_choose=bool(may_choose_provider(actor, process.id)),
        operator=_runs(provider) if provider else "",
        facts=_facts(health, provider, now) if health and provider else (),
        rows=tuple(
            (
                language_name(one.language, shown_in=g.language),
                *map(number, (one.texts, one.by_machine, one.by_people, one.waiting, one.failed)),
            )
            for one in languages
        ),
        problems=_problems(failures),
        latest=tuple(_failure(one, process.slug) for one in failures.latest),
        failed=failures.count,
        waiting=sum(one.waiting for one in languages),
    )


def _facts(health: Health, provider: Provider, now: datetime) -> tuple[tuple[str, str], ...]:
    most = provider.settings.monthly_characters
    characters = number(health.characters)
    used = _("%(number)s of %(most)s", number=characters, most=number(most)) if most else characters
    found = [(_("State"), _state(health, now)), (_("Characters sent this month"), used)]
    if health.answered_at:
        found.append((_("Last good answer"), moment(health.answered_at)))
    if health.failed_at and health.problem:
        found.append((_("Last failure"), f"{moment(health.failed_at)}: {words_for(health.problem)}"))
    return tuple(found)


def _state(health: Health, now: datetime) -> str:
    if health.resumes_at and health.resumes_at > now:
        return _("Taking a break until %(moment)s", moment=moment(health.resumes_at))
    if health.failures:
        return _("Did not answer properly the last time")
    return _("Works") if health.answered_at else _("Not asked yet")


def _problems(failures: Failures) -> tuple[tuple[str, str], ...]:
    return tuple((str(words_for(problem)), number(count)) for problem, count in failures.by_problem)


def _failure(one: FailedErrand, slug: str) -> FailureLine:
    if one.subject_kind is SubjectKind.COMMENT:
        url = url_for("discussion.comment", slug=slug, idea_id=one.idea_id, comment_id=one.subject_id)
    else:
        url = url_for("browse.idea", slug=slug, idea_id=one.idea_id)
    labels: dict[SubjectKind, Any] = {
        SubjectKind.IDEA: _("Idea %(number)s", number=one.idea_id),
        SubjectKind.COMMENT: _("Comment %(number)s on idea %(idea)s", number=one.subject_id, idea=one.idea_id),
        SubjectKind.ADDENDUM: _("Addendum %(number)s to idea %(idea)s", number=one.subject_id, idea=one.idea_id),
    }
    return FailureLine(
        label=labels[one.subject_kind],
        url=url,
        language_name=language_name(one.language, shown_in=g.language),
        problem=str(words_for(one.problem)),
        when=moment(one.ended_at) if one.ended_at else "",
    )


def _label(provider: Provider) -> str:
    return _("%(service)s, run by %(operator)s", service=title_of(provider.settings.name), operator=_runs(provider))


def _runs(provider: Provider) -> str:
    """Return who runs a provider and where, or only where if nobody is named."""
    host = urlsplit(provider.settings.url).hostname or ""
    named = provider.settings.operator
    return f"{named} ({host})" if named else host


def _providers() -> dict[str, Provider]:
    return configured(current_app.config["TRANSLATORS"])
