"""What a table of open data is made of: its columns, what they hold, and where their values come from."""

import enum
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Generic, TypeAlias, TypeVar
from urllib.parse import urljoin
from zoneinfo import ZoneInfo

from participation.exports.document import (
    StrategyInput,
    Texts,
)

Row = TypeVar("Row")
Value: TypeAlias = str | int | float | bool | date | tuple[str, ...] | None


class Type(enum.Enum):
    """What a column holds, by its name in a Table Schema."""

    STRING = "string"
    INTEGER = "integer"
    NUMBER = "number"
    BOOLEAN = "boolean"
    DATE = "date"
    LIST = "list"


@dataclass(frozen=True, slots=True, kw_only=True)
class Column(Generic[Row]):
    """One column; ``about`` is its entry in the dictionary, shared by the ``language`` columns of one text."""

    name: str
    about: str
    type: Type
    value: Callable[[Row], Value]
    language: str = ""
    required: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Table(Generic[Row]):
    """One table: ``key`` names the columns that no two rows share, ``links`` columns with the table they refer to."""

    name: str
    rows: Callable[["Published"], Iterable[Row]]
    columns: tuple[Column[Row], ...]
    key: tuple[str, ...] = ()
    links: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class PeopleRow:
    """How many people gave an answer about themselves; where the number is withheld, between which it lies."""

    characteristic: str
    characteristic_in: Texts
    answer: str
    answer_in: Texts
    people: int | None
    least: int | None = None
    most: int | None = None


@dataclass(frozen=True, slots=True)
class Published:
    """What a release is made of: the document, and who took part as far as that has been published."""

    document: StrategyInput
    people: tuple[PeopleRow, ...] = ()


class Columns:
    """Makes columns whose name is also their entry in the dictionary."""

    def __init__(self, languages: tuple[str, ...], zone: ZoneInfo, base: str) -> None:
        self.languages = languages
        self.zone = zone
        self.base = base

    def id(self, name: str, value: Callable[[Row], str], *, required: bool = True) -> Column[Row]:
        """Return a column with the number of something; empty where there is none."""
        return Column(name=name, about=name, type=Type.STRING, value=_or_none(value), required=required)

    def text(self, name: str, value: Callable[[Row], str]) -> Column[Row]:
        """Return a column with a text or code; empty where there is none."""
        return Column(name=name, about=name, type=Type.STRING, value=_or_none(value))

    def address(self, name: str, value: Callable[[Row], str]) -> Column[Row]:
        """Return a column with the whole address of a page."""
        return self.text(name, lambda row: urljoin(self.base, value(row)) if value(row) else "")

    def number(self, name: str, value: Callable[[Row], int | None], *, required: bool = False) -> Column[Row]:
        """Return a column with a count."""
        return Column(name=name, about=name, type=Type.INTEGER, value=value, required=required)

    def flag(self, name: str, value: Callable[[Row], bool]) -> Column[Row]:
        """Return a column that says yes or no."""
        return Column(name=name, about=name, type=Type.BOOLEAN, value=value, required=True)

    def day(self, name: str, value: Callable[[Row], date | None], *, required: bool = False) -> Column[Row]:
        """Return a column with a day in the city; the time of day is left out."""
        return Column(name=name, about=name, type=Type.DATE, value=lambda row: self._day(value(row)), required=required)

    def ids(self, name: str, value: Callable[[Row], tuple[str, ...]]) -> Column[Row]:
        """Return a column with several numbers."""
        return Column(name=name, about=name, type=Type.LIST, value=value)

    def texts(self, name: str, value: Callable[[Row], Texts]) -> Iterator[Column[Row]]:
        """Yield a column for each language."""
        for language in self.languages:
            yield Column(
                name=f"{name}_{language}",
                about=name,
                type=Type.STRING,
                value=_in(language, value),
                language=language,
            )

    def _day(self, moment: date | None) -> date | None:
        return moment.astimezone(self.zone).date() if isinstance(moment, datetime) else moment


def _or_none(value: Callable[[Row], str]) -> Callable[[Row], str | None]:
    return lambda row: value(row) or None


def _in(language: str, value: Callable[[Row], Texts]) -> Callable[[Row], str | None]:
    return lambda row: value(row).get(language) or None
