"""Files of any layout read as one table with our own columns, so that every import sees the same."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Protocol

from participation.ideas.models import IdeaState
from participation.intake.fields import FieldProblem, milliseconds
from participation.intake.layouts import EVERY_LANGUAGE, Layout, LeftOut, Spot, matching
from participation.intake.markup import plain_text
from participation.intake.models import IntakeKind
from participation.intake.reasons import Reason
from participation.intake.reasons import marked as _l
from participation.intake.rows import ImportProblem, Row, column_place
from participation.intake.tables import Table, TableFile
from participation.kit import clock

FIELDS: Mapping[IntakeKind, tuple[str, ...]] = {
    IntakeKind.IDEAS: (
        *("title", "text", "place", "id", "author", "created", "language"),
        *("principles", "field", "district", "state", "link"),
    ),
    IntakeKind.COMMENTS: (
        *("text", "idea", "id", "parent", "author", "created", "language", "stance", "helpful", "state"),
    ),
    IntakeKind.VOTES: ("idea", "voter", "vote", "created"),
}
IN_SEVERAL_LANGUAGES = ("title", "text")
HOME_LANGUAGE = "de"
Columns = Mapping[str, Sequence[str]]
"""The columns of each field; an empty list where the spots of the layout count."""


class Source(Protocol):
    """A file as imports see it: a name for messages, and a table with the wanted columns."""

    @property
    def name(self) -> str: ...

    @contextmanager
    def open(self, wanted: Sequence[str] = ()) -> Iterator[Table]: ...


@dataclass(frozen=True, slots=True)
class Shape:
    """How the columns of a file become ours.

    ``columns`` say where fields stand, or that the ``layout`` knows. ``takes_left_out`` lets rows in that were
    rejected, withdrawn or hidden elsewhere; hidden ones arrive hidden, unless ``waits`` leaves all of that to
    moderators.
    """

    kind: IntakeKind
    columns: Columns
    layout: Layout | None = None
    takes_left_out: bool = False
    waits: bool = False

    def spots(self) -> dict[str, tuple[Spot, ...]]:
        """Return where each field stands, in the order of our own columns."""
        known = self.layout.fields if self.layout else {}
        found: dict[str, tuple[Spot, ...]] = {}
        for name in FIELDS[self.kind]:
            if name not in self.columns:
                continue
            usual = {spot.column: spot for spot in reversed(known.get(name, ()))}
            chosen = self.columns[name]
            found[name] = tuple(usual.get(column, Spot(column)) for column in chosen) or tuple(known.get(name, ()))
        return found


@dataclass(frozen=True, slots=True)
class ShapedFile:
    """A file read through a shape; ``most_rows`` bounds how much of it."""

    file: TableFile
    shape: Shape
    most_rows: int | None = None

    @property
    def name(self) -> str:
        """Under which name people know the file."""
        return self.file.name

    @contextmanager
    def open(self, wanted: Sequence[str] = ()) -> Iterator[Table]:
        """Yield the file as a table with our columns; raises ``ImportProblem`` when it cannot be read."""
        with self.file.open(self._columns_by_name()) as table:
            reader = _Reader.of(self.shape, table.columns)
            rows = self._bounded(table.rows)
            shaped = replace(table, columns=reader.columns, rows=reader.read(rows))
            for name in wanted:
                shaped.place(name)
            yield shaped

    def columns(self) -> dict[str, list[str]]:
        """Return which of our columns the file fills, as imports want it; raises ``ImportProblem``."""
        with self.open() as table:
            return {name: [name] for name in table.columns}

    def _columns_by_name(self) -> list[str]:
        """Return the columns that somebody chose one by one: those must be there, a layout's may be missing."""
        chosen = (column for columns in self.shape.columns.values() for column in columns)
        return [column for column in chosen if not column.endswith(EVERY_LANGUAGE)]

    def _bounded(self, rows: Iterable[Row]) -> Iterator[Row]:
        for count, row in enumerate(rows, start=1):
            if self.most_rows is not None and count > self.most_rows:
                raise ImportProblem(
                    Reason(
                        _l("%(name)s has more than %(most)s rows; split it, or have it imported on the command line"),
                        name=self.name,
                        most=f"{self.most_rows:,}",
                    )
                )
            yield row


def whole_layout(layout: Layout) -> Columns:
    """Return the columns of a file that is just as its layout says."""
    fields = dict.fromkeys(layout.fields, ())
    return fields | ({"place": ()} if layout.coordinates else {})


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a spot stands in the rows of one file, by language where it has several."""

    spot: Spot
    places: Mapping[str, int]
    condition: int | None

    def cell(self, row: Row, language: str) -> str:
        """Return what stands there, in ``language`` if it is there."""
        if self.condition is not None and not (self.spot.where and self.spot.where.holds(row.cells[self.condition])):
            return ""
        place = self.places.get(language)
        value = row.cells[place].strip() if place is not None else ""
        if not value:
            value = next((cell for at in self.places.values() if (cell := row.cells[at].strip())), "")
        return self._meant(value)

    def _meant(self, value: str) -> str:
        if value and self.spot.pattern:
            found = self.spot.pattern.search(value)
            value = found[1] if found else ""
        if value and self.spot.is_epoch:
            value = milliseconds(value, clock.now()).isoformat()
        return f"{self.spot.prefix}{value}" if value else ""


@dataclass(slots=True)
class _Reader:
    """Turns the rows of one file into rows with our columns."""

    shape: Shape
    places: Mapping[str, tuple[_Place, ...]]
    rules: tuple[tuple[LeftOut, int], ...]
    coordinates: tuple[int, int] | None
    across: Mapping[str, int]
    languages: tuple[str, ...]
    columns: tuple[str, ...] = field(default=())

    @classmethod
    def of(cls, shape: Shape, columns: Sequence[str]) -> "_Reader":
        """Return the reader for a file with these ``columns``; raises ``ImportProblem`` where a field has none."""
        layout = shape.layout
        places = {name: tuple(_found(spots, columns)) for name, spots in shape.spots().items()}
        places = {name: found for name, found in places.items() if found}
        rules = [
            (rule, column_place(columns, rule.where.column))
            for rule in (layout.left_out if layout else ())
            if matching(columns, rule.where.column)
        ]
        coordinates = None
        if layout and layout.coordinates and all(matching(columns, name) for name in layout.coordinates):
            latitude, longitude = (column_place(columns, name) for name in layout.coordinates)
            coordinates = (latitude, longitude) if "place" in shape.columns else None
        across: dict[str, int] = {}
        if layout and layout.votes_across:
            across = {name: at for at, name in enumerate(columns) if layout.votes_across.fullmatch(name)}
        languages = dict.fromkeys(
            language for name in IN_SEVERAL_LANGUAGES for place in places.get(name, ()) for language in place.places
        )
        ordered = sorted((language for language in languages if language), key=lambda code: code != HOME_LANGUAGE)
        reader = cls(shape, places, tuple(rules), coordinates, across, tuple(ordered))
        reader.columns = tuple(reader._columns())
        return reader

    def _columns(self) -> Iterator[str]:
        """Yield which of our columns the file fills."""
        adds = {
            "text": bool(self.coordinates or self.places.get("place")),
            "language": bool(self.languages),
            "state": self.shape.takes_left_out and bool(self.rules) and not self.shape.waits,
            "idea": bool(self.across),
            "vote": bool(self.across),
        }
        for name in FIELDS[self.shape.kind]:
            if name != "place" and (name in self.places or adds.get(name)):
                yield name

    def read(self, rows: Iterable[Row]) -> Iterator[Row]:
        """Yield the rows with our columns; several for one row of votes across."""
        for row in rows:
            if row.problem is not None:
                yield row
                continue
            try:
                yield from self._votes(row) if self.across else [self._row(row)]
            except FieldProblem as problem:
                yield Row(row.number, (), problem.reason)

    def _row(self, row: Row) -> Row:
        rule = next((rule for rule, place in self.rules if rule.where.holds(row.cells[place])), None)
        if rule and (rule.comes_as is None or not self.shape.takes_left_out):
            return Row(row.number, (), left_out=rule.why)
        language = self._language(row)
        cells = {name: self._cell(name, row, language) for name in self.columns}
        if language and not cells.get("language") and "language" in cells:
            cells["language"] = language
        if rule and rule.comes_as is IdeaState.HIDDEN and "state" in cells:
            cells["state"] = rule.comes_as.value
        return Row(row.number, tuple(cells[name] for name in self.columns))

    def _cell(self, name: str, row: Row, language: str) -> str:
        found = (cell for place in self.places.get(name, ()) if (cell := place.cell(row, language)))
        if name != "text":
            return next(found, "")
        parts = list(found) if self.shape.columns.get(name) else [next(found, "")]
        texts = dict.fromkeys(plain_text(part) for part in parts if part)
        return "\n\n".join([*texts, *self._where(row, language)])

    def _where(self, row: Row, language: str) -> list[str]:
        """Return the place that a text is about, as words or else as latitude and longitude."""
        named = next((cell for place in self.places.get("place", ()) if (cell := place.cell(row, language))), "")
        if not named and self.coordinates:
            latitude, longitude = (row.cells[at].strip() for at in self.coordinates)
            named = f"{latitude}, {longitude}" if latitude and longitude else ""
        return [named] if named else []

    def _language(self, row: Row) -> str:
        """Return the language in which most of the fields are filled, our own before others."""

        def filled(language: str) -> int:
            spots = (place for name in IN_SEVERAL_LANGUAGES for place in self.places.get(name, ()))
            return sum(bool(row.cells[spot.places[language]].strip()) for spot in spots if language in spot.places)

        return max(self.languages, key=filled, default="") if any(map(filled, self.languages)) else ""

    def _votes(self, row: Row) -> Iterator[Row]:
        voter = self._cell("voter", row, "")
        for idea, at in self.across.items():
            if vote := row.cells[at].strip():
                cells = {"idea": idea, "voter": voter, "vote": vote}
                yield Row(row.number, tuple(cells.get(name, "") for name in self.columns))


def _found(spots: Iterable[Spot], columns: Sequence[str]) -> Iterator[_Place]:
    """Yield the spots that a file with these ``columns`` has."""
    for spot in spots:
        names = matching(columns, spot.column)
        condition = matching(columns, spot.where.column) if spot.where else []
        if not names or (spot.where and not condition):
            continue
        stem = len(spot.column.removesuffix("*"))
        places = {name[stem:].lower() if spot.is_every_language else "": column_place(columns, name) for name in names}
        yield _Place(spot, places, column_place(columns, condition[0]) if condition else None)
