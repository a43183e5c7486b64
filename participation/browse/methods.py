"""The methods behind figures and orders: one text per method in the folder ``methods``, versions from the code.

A new method is one file and one line in ``METHODS``.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from participation.curation.bundling import candidates as bundles
from participation.demographics import figures as people_figures
from participation.demographics.models import PeopleFigures
from participation.ideas import rotation, search
from participation.ideas.models import Draw
from participation.insights import figures as insight_figures
from participation.insights.models import Snapshot
from participation.kit.permissions import found
from participation.moderation.openness import figures as public_figures
from participation.multilingual import pick
from participation.multilingual.texts import read_texts
from participation.opinions import grouping, robustness
from participation.opinions.models import GroupRun
from participation.provenance import verify
from participation.signals import findings as signal_rules
from participation.similarity import facts as similarity
from participation.similarity import meant
from participation.similarity import suggestions as principle_suggestions
from participation.suggestions import method as suggestions
from participation.suggestions import nearest
from participation.suggestions.queries import last_finished
from participation.tallies import figures, log
from participation.tallies.models import Release
from participation.texts import language as languages
from participation.texts import readability
from participation.voting import next_idea, priority_queries

FOLDER = Path(__file__).parent / "methods"
LastRun = Callable[[Session], datetime | None]


@dataclass(frozen=True, slots=True)
class Facts:
    """What only the code knows of a method: its version, and the numbers that stand as ``{name}`` in its text."""

    version: str
    numbers: Mapping[str, object] = field(default_factory=lambda: MappingProxyType({}))


METHODS: dict[str, Facts] = {
    "figures": Facts(insight_figures.METHOD, insight_figures.NUMBERS),
    "opinion-groups": Facts(grouping.METHOD, grouping.NUMBERS),
    "robustness": Facts(robustness.VERSION, robustness.NUMBERS),
    "priorities": Facts(priority_queries.METHOD, priority_queries.NUMBERS),
    "representativeness": Facts(people_figures.METHOD, people_figures.NUMBERS),
    "tally": Facts(figures.VERSION, figures.NUMBERS),
    "vote-log": Facts(log.VERSION, log.NUMBERS),
    "provenance": Facts(verify.METHOD, verify.NUMBERS),
    "moderation": Facts(public_figures.METHOD, public_figures.NUMBERS),
    "signals": Facts(signal_rules.method_version(), signal_rules.NUMBERS),
    "cluster-suggestions": Facts(suggestions.METHOD, suggestions.NUMBERS),
    "similar-ideas": Facts(
        f"{similarity.METHOD}, {nearest.METHOD}", MappingProxyType({**similarity.NUMBERS, **nearest.NUMBERS})
    ),
    "bundles": Facts(bundles.METHOD, bundles.NUMBERS),
    "next-idea": Facts(next_idea.VERSION, next_idea.NUMBERS),
    "orders": Facts(rotation.METHOD),
    "search": Facts(f"{search.METHOD}, {meant.METHOD}", MappingProxyType({**search.NUMBERS, **meant.NUMBERS})),
    "principle-suggestions": Facts(principle_suggestions.METHOD, principle_suggestions.NUMBERS),
    "language": Facts(languages.METHOD, languages.NUMBERS),
    "writing-hints": Facts(readability.METHOD, readability.NUMBERS),
}


def _newest(moment: InstrumentedAttribute[datetime] | InstrumentedAttribute[datetime | None]) -> LastRun:
    return lambda session: session.scalar(select(func.max(moment)))


LAST_RUNS: dict[str, LastRun] = {
    "figures": _newest(Snapshot.taken_at),
    "opinion-groups": _newest(GroupRun.finished_at),
    "robustness": _newest(GroupRun.finished_at),
    "representativeness": _newest(PeopleFigures.made_at),
    "vote-log": _newest(Release.made_at),
    "orders": _newest(Draw.done_at),
    "cluster-suggestions": last_finished,
    "similar-ideas": similarity.last_made,
    "bundles": similarity.last_made,
}
"""Of methods whose runs are stored: when the last one was, in any process."""


@dataclass(frozen=True, slots=True)
class MethodLine:
    """A method in the list of all of them."""

    name: str
    title: str
    purpose: str


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula as text, with what it says in words."""

    text: str
    says: str


@dataclass(frozen=True, slots=True)
class MethodPage:
    """Everything about one method, in the reader's language; sources stand in their own."""

    name: str
    title: str
    purpose: str
    how: tuple[str, ...]
    formulas: tuple[Formula, ...]
    sources: tuple[str, ...]
    inputs: tuple[str, ...]
    limits: tuple[str, ...]
    misuse: tuple[str, ...]
    without: str
    version: str


def method_lines(language: str) -> tuple[MethodLine, ...]:
    """Return all methods in the order of their titles."""
    pages = (method_page(name, language) for name in METHODS)
    return tuple(
        sorted((MethodLine(page.name, page.title, page.purpose) for page in pages), key=lambda line: line.title)
    )


def method_page(name: str, language: str) -> MethodPage:
    """Return the page of the method with this name; raises ``Missing``."""
    facts = found(METHODS.get(name))
    data = _load(name)

    def words(text: Mapping[str, str]) -> str:
        return pick(text, language).format_map(facts.numbers)

    def several(key: str) -> tuple[str, ...]:
        return tuple(words(text) for text in data[key])

    return MethodPage(
        name=name,
        title=words(data["title"]),
        purpose=words(data["purpose"]),
        how=several("how"),
        formulas=tuple(Formula(one["text"].format_map(facts.numbers), words(one["says"])) for one in data["formulas"]),
        sources=tuple(data["sources"]),
        inputs=several("inputs"),
        limits=several("limits"),
        misuse=several("misuse"),
        without=words(data["without"]),
        version=facts.version,
    )


def last_run(session: Session, name: str) -> datetime | None:
    """Return when a method was last run; ``None`` for one whose runs are not stored, or that never ran."""
    return LAST_RUNS[name](session) if name in LAST_RUNS else None


@lru_cache(maxsize=64)
def _load(name: str) -> dict[str, Any]:
    data: dict[str, Any] = read_texts(FOLDER / f"{name}.yaml")
    return data
