"""What a table is made of, whatever file it ends up in: cells, columns with their meaning, sheets."""

import enum
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Generic, TypeAlias, TypeVar

from participation.exports.document import Rows, StrategyInput

Row = TypeVar("Row")

NARROW, MIDDLE, WIDE, TEXT = 10, 18, 36, 70


class Hidden(enum.Enum):
    """A figure that exists and is not shown; workbooks say so in a word, files for machines leave it empty."""

    HIDDEN = "hidden"


HIDDEN = Hidden.HIDDEN

_LINE_END = re.compile(r"\r\n|[\r\n]")

Cell: TypeAlias = str | bool | int | float | date | Hidden | None
"""``date`` covers aware datetimes; None is an empty cell."""


class Kind(enum.Enum):
    """What the cells of a column hold: ``NUMBER`` a whole one, ``LIST`` one value per line, ``MOMENT`` a datetime."""

    ID = "id"
    TEXT = "text"
    LIST = "list"
    IDS = "ids"
    NUMBER = "number"
    DECIMAL = "decimal"
    DATE = "date"
    MOMENT = "moment"
    FLAG = "flag"
    LANGUAGE = "language"
    URL = "url"


@dataclass(frozen=True, slots=True, kw_only=True)
class Column(Generic[Row]):
    """One column: ``key`` is its name for machines, ``heading`` and ``note`` are in the language of the document.

    ``value`` returns None for a cell that is empty, ``width`` is in characters.
    """

    key: str
    heading: str
    note: str
    kind: Kind
    value: Callable[[Row], Cell]
    width: int = MIDDLE


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet(Generic[Row]):
    """One table: ``kind`` is its name for machines and in file names, ``title`` and ``note`` are for people.

    ``is_short`` says that it does not grow with the number of contributions, so that each row may be measured.
    """

    kind: str
    title: str
    note: str
    columns: Sequence[Column[Row]]
    rows: Rows[Row]
    is_short: bool = False


class Headings(Generic[Row]):
    """Makes the columns of one kind of sheet with the headings and notes that the legend has for them."""

    def __init__(self, document: StrategyInput, kind: str) -> None:
        self._words = document.labels.legend.columns[kind]
        self._kind = kind
        self._languages = {key: name for key, name in document.languages.items() if key != document.language}
        self._spoken = document.spoken

    def column(
        self, key: str, kind: Kind, value: Callable[[Row], Cell], width: int = MIDDLE, *, prefix: str = ""
    ) -> Column[Row]:
        """Return one column; ``key`` is its entry in the legend and, behind ``prefix``, its name for machines."""
        term = self._words[key]
        return Column(key=f"{prefix}{key}", heading=term.heading, note=term.note, kind=kind, value=value, width=width)

    def translations(
        self, key: str, text_in: Callable[[Row], Mapping[str, str]], width: int = TEXT
    ) -> Iterator[Column[Row]]:
        """Yield a column for each language that the texts stand in besides the document's, headed by its name.

        Where nobody has looked which they are, there is one for each language they may stand in.
        """
        term = self._words[key]
        spoken = self._spoken.get(f"{self._kind}.{key}", tuple(self._languages))
        for language, name in self._languages.items():
            if language not in spoken:
                continue
            yield Column(
                key=f"{key}_{language}",
                heading=f"{term.heading} ({name})",
                note=term.note,
                kind=Kind.TEXT,
                value=_in(language, text_in),
                width=width,
            )


def lines(values: Iterable[str]) -> str:
    """Return several values in one cell, one per line, so that a line break always separates two of them."""
    return "\n".join(" ".join(_LINE_END.split(value)) for value in values)


def _in(language: str, text_in: Callable[[Row], Mapping[str, str]]) -> Callable[[Row], Cell]:
    return lambda row: text_in(row).get(language)
