"""What the automatic tests of the product found: read from the file that the browser suite writes."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

RESULTS = Path(__file__).parent / "results.json"
"""Written by ``./dev accept``; it goes with the version of the product that was tested."""


@dataclass(frozen=True, slots=True)
class Score:
    """What Lighthouse says about one page on one kind of device, from 0 to 100."""

    page: str
    form: str
    performance: int
    accessibility: int
    best_practices: int


@dataclass(frozen=True, slots=True)
class Findings:
    """One run of the tests; ``looks`` counts examinations, ``violations`` the places by broken rule."""

    day: date
    version: str
    engine: str
    browser: str
    pages: int
    states: int
    looks: int
    interactions: int
    modes: tuple[str, ...]
    languages: tuple[str, ...]
    rules: int
    violations: Mapping[str, int]

    @property
    def broken(self) -> int:
        """In how many places any rule was broken."""
        return sum(self.violations.values())


def findings(path: Path = RESULTS) -> Findings | None:
    """Return what the tests found; ``None`` where the file is missing or is not what it should be."""
    try:
        return _findings(_content(path))
    except (ValueError, KeyError, TypeError, AttributeError):
        return None


def scores(path: Path = RESULTS) -> tuple[Score, ...]:
    """Return what Lighthouse says, page by page; nothing where it was not run."""
    try:
        return tuple(_score(one) for one in _content(path)["lighthouse"])
    except (ValueError, KeyError, TypeError, AttributeError):
        return ()


def _content(path: Path) -> Any:
    try:
        return _read(path, path.stat().st_mtime_ns)
    except OSError:
        return {}


@lru_cache(maxsize=4)
def _read(path: Path, _changed: int) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


def _findings(data: Mapping[str, Any]) -> Findings:
    return Findings(
        day=date.fromisoformat(data["day"]),
        version=str(data["version"]),
        engine=str(data["engine"]),
        browser=str(data["browser"]),
        pages=int(data["pages"]),
        states=int(data["states"]),
        looks=int(data["looks"]),
        interactions=int(data["interactions"]),
        modes=tuple(map(str, data["modes"])),
        languages=tuple(map(str, data["languages"])),
        rules=int(data["rules"]),
        violations={str(rule): int(places) for rule, places in data["violations"].items()},
    )


def _score(one: Mapping[str, Any]) -> Score:
    figures = (int(one[name]) for name in ("performance", "accessibility", "best_practices"))
    return Score(str(one["page"]), str(one["form"]), *figures)
