"""What exports of other platforms look like: a catalogue of their columns, and finding out which one a file is."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from babel import Locale

from participation.ideas.models import IdeaState
from participation.intake.models import IntakeKind
from participation.kit.schema import Translated
from participation.multilingual.texts import read_texts

CATALOGUE = Path(__file__).parent / "catalogues" / "platforms.yaml"
EVERY_LANGUAGE = "/*"


@dataclass(frozen=True, slots=True)
class Condition:
    """For which rows something holds, by what stands in one column; case does not matter."""

    column: str
    equals: tuple[str, ...] = ()
    differs: tuple[str, ...] = ()
    ends: str = ""
    lacks: str = ""
    filled: bool = False

    def holds(self, cell: str) -> bool:
        """Return whether a cell of the column meets the condition."""
        value = cell.strip().casefold()
        if self.differs:
            return value not in self.differs
        if self.ends:
            return value.endswith(self.ends)
        if self.lacks:
            return self.lacks not in value
        return bool(value) if self.filled else value in self.equals


@dataclass(frozen=True, slots=True)
class Spot:
    """Where the value of a field stands: a column, and what to make of its cell.

    A column like ``title/*`` stands for one column per language.
    """

    column: str
    pattern: re.Pattern[str] | None = None
    prefix: str = ""
    where: Condition | None = None
    is_epoch: bool = False

    @property
    def is_every_language(self) -> bool:
        return self.column.endswith(EVERY_LANGUAGE)


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Which rows stay out unless somebody asks for them, and as what they come in then; ``None``: never."""

    why: str
    where: Condition
    comes_as: IdeaState | None


@dataclass(frozen=True, slots=True)
class Layout:
    """One kind of file of one platform.

    ``names`` are the columns it is recognised by, each with the names it may have. ``fields`` say where values stand,
    the first filled spot counts. ``coordinates`` are the columns of latitude and longitude. With ``one_source`` a
    process takes no second file whose ids mean something else. ``votes_across`` matches columns that are ideas.
    """

    key: str
    platform: str
    kind: IntakeKind
    title: Translated
    source: str
    names: tuple[tuple[str, ...], ...]
    fields: Mapping[str, tuple[Spot, ...]]
    coordinates: tuple[str, str] | None = None
    left_out: tuple[LeftOut, ...] = ()
    one_source: bool = False
    votes_across: re.Pattern[str] | None = None

    def fits(self, columns: Sequence[str]) -> bool:
        """Return whether ``columns`` are those of such a file."""
        return all(any(matching(columns, name) for name in names) for names in self.names)


@lru_cache(maxsize=1)
def _catalogue() -> dict[str, Any]:
    data: dict[str, Any] = read_texts(CATALOGUE)
    return data


@lru_cache(maxsize=1)
def layouts() -> tuple[Layout, ...]:
    """Return all layouts in the order of the catalogue."""
    return tuple(
        _layout(platform["key"], entry) for platform in _catalogue()["platforms"] for entry in platform["layouts"]
    )


@lru_cache(maxsize=1)
def platforms() -> Mapping[str, str]:
    """Return the names of the platforms by key."""
    return {platform["key"]: platform["name"] for platform in _catalogue()["platforms"]}


@lru_cache(maxsize=1)
def usual_names() -> Mapping[IntakeKind, Mapping[str, Sequence[str]]]:
    """Return how the columns of each field are often called in files of one's own."""
    return {IntakeKind(kind): names for kind, names in _catalogue()["usual_names"].items()}


def layout_by_key(key: str) -> Layout | None:
    """Return the layout called ``key``; ``None`` for the key of none, such as the one of files of one's own."""
    return next((layout for layout in layouts() if layout.key == key), None)


def recognise(columns: Sequence[str], *, platform: str = "", kind: IntakeKind | None = None) -> Layout | None:
    """Return the layout whose columns these are, of those by most columns; ``None`` when they fit none."""
    fitting = [
        layout
        for layout in layouts()
        if platform in ("", layout.platform) and kind in (None, layout.kind) and layout.fits(columns)
    ]
    return max(fitting, key=lambda layout: len(layout.names), default=None)


def matching(columns: Sequence[str], name: str) -> list[str]:
    """Return which of ``columns`` are meant by ``name``: the one called so, or all languages of ``title/*``."""
    if name.endswith(EVERY_LANGUAGE):
        stem = name.removesuffix("*").casefold()
        return [column for column in columns if column.casefold().startswith(stem) and is_language(column[len(stem) :])]
    exact = [column for column in columns if column == name]
    return exact or [column for column in columns if column.casefold() == name.casefold()]


def is_language(code: str) -> bool:
    """Return whether ``code`` is the code of a language, such as de or pt-BR."""
    return code.replace("_", "-").split("-")[0].lower() in _language_codes()


@lru_cache(maxsize=1)
def _language_codes() -> frozenset[str]:
    return frozenset(Locale("en").languages)


def _layout(platform: str, entry: Mapping[str, Any]) -> Layout:
    coordinates = entry.get("coordinates")
    across = entry.get("votes_across")
    return Layout(
        key=entry["key"],
        platform=platform,
        kind=IntakeKind(entry["kind"]),
        title=entry["title"],
        source=" ".join(entry["source"].split()),
        names=tuple(tuple(_listed(names)) for names in entry["recognised_by"]),
        fields={name: tuple(_spot(place) for place in places) for name, places in entry["fields"].items()},
        coordinates=(coordinates[0], coordinates[1]) if coordinates else None,
        left_out=tuple(_left_out(rule) for rule in entry.get("left_out", ())),
        one_source=bool(entry.get("one_source")),
        votes_across=re.compile(across) if across else None,
    )


def _spot(place: str | Mapping[str, Any]) -> Spot:
    if isinstance(place, str):
        return Spot(place)
    return Spot(
        column=place["column"],
        pattern=re.compile(place["pattern"]) if "pattern" in place else None,
        prefix=place.get("prefix", ""),
        where=_condition(place["where"]) if "where" in place else None,
        is_epoch=bool(place.get("epoch")),
    )


def _left_out(rule: Mapping[str, Any]) -> LeftOut:
    comes_as = rule.get("comes_as")
    return LeftOut(rule["why"], _condition(rule), IdeaState(comes_as) if comes_as else None)


def _condition(rule: Mapping[str, Any]) -> Condition:
    return Condition(
        column=rule["column"],
        equals=tuple(value.casefold() for value in rule.get("equals", ())),
        differs=tuple(value.casefold() for value in rule.get("differs", ())),
        ends=rule.get("ends", "").casefold(),
        lacks=rule.get("lacks", "").casefold(),
        filled=bool(rule.get("filled")),
    )


def _listed(value: str | list[str]) -> list[str]:
    return [value] if isinstance(value, str) else value
