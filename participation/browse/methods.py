"""The methods behind figures and orders: one text per method in the folder ``methods``, versions from the code.

A new method is one file and one line in ``METHODS``.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

import yaml

from participation.demographics import figures as people_figures
from participation.insights import figures as insight_figures
from participation.kit.permissions import found
from participation.moderation.openness import figures as public_figures
from participation.multilingual import pick
from participation.opinions import grouping, robustness
from participation.signals import findings as signal_rules
from participation.tallies import figures, log
from participation.voting import next_idea, priority_queries

FOLDER = Path(__file__).parent / "methods"


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
    "moderation": Facts(public_figures.METHOD, public_figures.NUMBERS),
    "signals": Facts(signal_rules.method_version(), signal_rules.NUMBERS),
    "next-idea": Facts(next_idea.VERSION, next_idea.NUMBERS),
}


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
        without=words(data["without"]),
        version=facts.version,
    )


@lru_cache(maxsize=64)
def _load(name: str) -> dict[str, Any]:
    data: dict[str, Any] = yaml.safe_load((FOLDER / f"{name}.yaml").read_text(encoding="utf-8"))
    return data
