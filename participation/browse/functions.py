"""How each function works and how it could be misused: one text per function in the folder ``functions``.

A new function is one file and one line in ``FUNCTIONS``.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from participation.browse.methods import method_page
from participation.kit.permissions import found
from participation.multilingual import pick
from participation.multilingual.texts import read_texts

FOLDER = Path(__file__).parent / "functions"
FUNCTIONS: dict[str, tuple[str, ...]] = {
    "account": (),
    "propose": ("writing-hints", "principle-suggestions", "similar-ideas"),
    "search": ("search", "orders"),
    "vote": ("tally",),
    "vote-in-a-row": ("next-idea",),
    "points": ("priorities",),
    "discuss": ("orders",),
    "report": ("moderation",),
    "moderate": ("moderation", "signals"),
    "bundle": ("bundles", "similar-ideas"),
    "board": ("cluster-suggestions",),
    "statements": ("provenance",),
    "groups": ("opinion-groups", "robustness"),
    "results": ("figures", "tally", "representativeness"),
    "receipts": ("vote-log",),
    "provenance": ("provenance",),
    "answers": (),
    "translations": ("language",),
    "languages": (),
    "notifications": (),
    "import": (),
    "exports": (),
    "open-data": (),
    "api": (),
    "embeds": (),
}
"""The functions in the order in which people meet them, each with the methods that work something out for it."""


@dataclass(frozen=True, slots=True)
class FunctionLine:
    """A function in the list of all of them."""

    name: str
    title: str
    what: str


@dataclass(frozen=True, slots=True)
class Misuse:
    """A way to misuse a function, and what stands against it."""

    how: str
    against: str


@dataclass(frozen=True, slots=True)
class MethodLink:
    """A method that works something out for a function."""

    name: str
    title: str


@dataclass(frozen=True, slots=True)
class FunctionPage:
    """Everything about one function, in the reader's language; ``left`` is what nothing stands against."""

    name: str
    title: str
    what: str
    steps: tuple[str, ...]
    data: tuple[str, ...]
    misuse: tuple[Misuse, ...]
    left: tuple[str, ...]
    methods: tuple[MethodLink, ...]


def function_lines(language: str) -> tuple[FunctionLine, ...]:
    """Return all functions in the order in which people meet them."""
    loaded = ((name, _load(name)) for name in FUNCTIONS)
    return tuple(
        FunctionLine(name, pick(data["title"], language), pick(data["what"], language)) for name, data in loaded
    )


def function_page(name: str, language: str) -> FunctionPage:
    """Return the page of the function with this name; raises ``Missing``."""
    methods = found(FUNCTIONS.get(name))
    data = _load(name)

    def several(texts: list[Mapping[str, str]]) -> tuple[str, ...]:
        return tuple(pick(text, language) for text in texts)

    return FunctionPage(
        name=name,
        title=pick(data["title"], language),
        what=pick(data["what"], language),
        steps=several(data["steps"]),
        data=several(data["data"]),
        misuse=tuple(Misuse(pick(one["how"], language), pick(one["against"], language)) for one in data["misuse"]),
        left=several(data["left"]),
        methods=tuple(MethodLink(method, method_page(method, language).title) for method in methods),
    )


@lru_cache(maxsize=64)
def _load(name: str) -> dict[str, Any]:
    data: dict[str, Any] = read_texts(FOLDER / f"{name}.yaml")
    return data
