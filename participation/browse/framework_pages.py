"""The pages of the framework's own entries: one for each principle, criterion and value."""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from flask import g, url_for
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from participation.browse.words import speak_of
from participation.ideas.models import Idea, IdeaPrinciple, IdeaState
from participation.kit.permissions import found
from participation.multilingual import gettext as _
from participation.multilingual import pick
from participation.multilingual.texts import read_texts
from participation.principles.queries import EntryView, FrameworkView, framework, terms_of
from participation.processes.outline import ProcessOutline
from participation.processes.queries import all_processes

LIVED = Path(__file__).parent / "lived.yaml"
PRINCIPLES, CRITERIA, VALUES = "principles", "criteria", "values"


@dataclass(frozen=True, slots=True)
class Place:
    """A place that leads on."""

    label: str
    url: str


@dataclass(frozen=True, slots=True)
class ProcessUse:
    """A process under the framework; ``ideas`` is how many name the principle, ``None`` where ideas cannot name it."""

    title: str
    question: str
    url: str
    ideas: int | None


@dataclass(frozen=True, slots=True)
class EntryPage:
    """One principle, criterion or value; ``lived`` says how the platform keeps to it, where somebody wrote so."""

    kind: str
    number: int
    kicker: str
    title: str
    explanation: str
    question: str
    pictogram: str
    lived: str
    framework_title: str
    framework_url: str
    source: str
    processes: tuple[ProcessUse, ...]
    previous: Place | None
    next: Place | None


def entry_page(session: Session, framework_id: int, kind: str, key: str) -> EntryPage:
    """Return the page of an entry of ``kind``; raises ``Missing`` for a key that the framework does not have."""
    view = framework(session, framework_id)
    entries = {PRINCIPLES: view.principles, CRITERIA: view.criteria, VALUES: view.values}[kind]
    place = found(next((place for place, entry in enumerate(entries) if entry.key == key), None))
    entry = entries[place]
    speak_of(terms_of(session, framework_id))
    return EntryPage(
        kind=kind,
        number=place + 1,
        kicker=_kicker(kind, place + 1, len(entries)),
        title=pick(entry.title, g.language),
        explanation=pick(entry.explanation, g.language),
        question=pick(entry.question or {}, g.language),
        pictogram=entry.pictogram,
        lived=lived(kind, key, g.language),
        framework_title=pick(view.title, g.language),
        framework_url=url_for("browse.principles"),
        source=_source(view),
        processes=_uses(session, framework_id, entry if kind == PRINCIPLES else None),
        previous=entry_place(kind, entries[place - 1]) if place else None,
        next=entry_place(kind, entries[place + 1]) if place + 1 < len(entries) else None,
    )


def lived(kind: str, key: str, language: str) -> str:
    """Return how the platform itself keeps to an entry, in one or two sentences; empty where nobody has written it."""
    return pick(_lived().get(kind, {}).get(key, {}), language)


def entry_place(kind: str, entry: EntryView) -> Place:
    """Return the page of an entry."""
    urls = {
        PRINCIPLES: lambda: url_for("leitbild.guiding_principle", principle_key=entry.key),
        CRITERIA: lambda: url_for("leitbild.criterion", criterion_key=entry.key),
        VALUES: lambda: url_for("leitbild.value", value_key=entry.key),
    }
    return Place(pick(entry.title, g.language), urls[kind]())


def framework_maps(session: Session, framework_id: int) -> tuple[Place, ...]:
    """Return the maps of the public processes that go by a framework, the newest first."""
    return tuple(
        Place(pick(process.title, g.language), url_for("leitbild.overview", slug=process.slug))
        for process in _processes_under(session, framework_id)
    )


@lru_cache(maxsize=1)
def _lived() -> dict[str, Any]:
    data: dict[str, Any] = read_texts(LIVED)
    return data


def _processes_under(session: Session, framework_id: int) -> list[ProcessOutline]:
    return [process for process in all_processes(session) if process.framework_id == framework_id]


def _kicker(kind: str, place: int, count: int) -> str:
    sentences = {
        PRINCIPLES: _("Guiding principle %(number)s of %(count)s", number=place, count=count),
        CRITERIA: _("Test criterion %(number)s of %(count)s", number=place, count=count),
        VALUES: _("Value %(number)s of %(count)s", number=place, count=count),
    }
    return sentences[kind]


def _source(view: FrameworkView) -> str:
    title, body = (pick(view.source.get(name, {}), g.language) for name in ("title", "body"))
    return ", ".join(part for part in (title, body, str(view.source.get("reference", ""))) if part)


def _uses(session: Session, framework_id: int, principle: EntryView | None) -> tuple[ProcessUse, ...]:
    processes = _processes_under(session, framework_id)
    counts = _ideas_by_process(session, principle.id) if principle else {}
    return tuple(
        ProcessUse(
            title=pick(process.title, g.language),
            question=pick(process.question, g.language),
            url=url_for("leitbild.principle", slug=process.slug, principle_key=principle.key)
            if principle
            else url_for("browse.process", slug=process.slug),
            ideas=counts.get(process.id, 0) if principle else None,
        )
        for process in processes
    )


def _ideas_by_process(session: Session, principle_id: int) -> dict[int, int]:
    rows = session.execute(
        select(Idea.process_id, func.count())
        .join(IdeaPrinciple, IdeaPrinciple.idea_id == Idea.id)
        .where(IdeaPrinciple.principle_id == principle_id, Idea.state == IdeaState.PUBLISHED)
        .group_by(Idea.process_id)
    )
    return {row[0]: row[1] for row in rows}
