"""Rows of strings as any kind of table gives them: numbered, headed, checked for shape."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice

from participation.intake.reasons import Problem, Reason
from participation.intake.reasons import marked as _l
from participation.texts import excerpt, without_controls

HEADER_WITHIN = 20
MOST_COLUMNS = 1000
SHOWN_COLUMNS, SHOWN_CHARACTERS = 15, 60


class ImportProblem(Problem):
    """Nothing can be read; the message is one line for the person who started the import."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row under its number in a spreadsheet; with a ``problem`` the cells are not to be used.

    ``left_out`` says why a row is passed over on purpose.
    """

    number: int
    cells: tuple[str, ...]
    problem: str | None = None
    left_out: str | None = None

    @property
    def is_blank(self) -> bool:
        return self.problem is None and not any(cell.strip() for cell in self.cells)


def split_header(rows: Iterator[Row], wanted: Sequence[str]) -> tuple[tuple[str, ...], Iterator[Row]]:
    """Return the column names and the rows below them.

    The header is the first row among the first 20 that has all ``wanted`` columns, else the first row with any text;
    its names come back without white space around them. Raises ``ImportProblem`` when there is no row with text.
    """
    first = list(islice(rows, HEADER_WITHIN))
    filled = [place for place, row in enumerate(first) if not row.is_blank and row.problem is None]
    if not filled:
        raise ImportProblem(Reason(_l("there is no row with column names")))
    place = next((place for place in filled if has_columns(_names(first[place]), wanted)), filled[0])
    columns = _names(first[place])
    if len(columns) > MOST_COLUMNS:
        raise ImportProblem(
            Reason(
                _l("there are %(count)s columns, at most %(most)s can be read"),
                count=f"{len(columns):,}",
                most=f"{MOST_COLUMNS:,}",
            )
        )
    return columns, chain(first[place + 1 :], rows)


def body(rows: Iterable[Row], width: int, *, pads: bool) -> Iterator[Row]:
    """Yield the rows that have any text, ``width`` cells each; rows of another shape come with a problem.

    With ``pads`` short rows are filled up, as in spreadsheets that store no empty cells at the end.
    """
    for row in rows:
        if row.problem is not None:
            yield row
        elif not row.is_blank:
            yield _shaped(row, width, pads=pads)


def has_columns(columns: Sequence[str], wanted: Sequence[str]) -> bool:
    """Return whether each of ``wanted`` is exactly one of ``columns``."""
    return all(len(_places(columns, name)) == 1 for name in wanted)


def column_place(columns: Sequence[str], name: str) -> int:
    """Return where the column called ``name`` stands, counted from 0; case matters only where it has to.

    Raises ``ImportProblem`` when there is none, or more than one.
    """
    places = _places(columns, name)
    if len(places) > 1:
        raise ImportProblem(
            Reason(
                _l("there are %(count)s columns called “%(name)s”; rename all but one"), count=len(places), name=name
            )
        )
    if not places:
        known = ", ".join(f"“{_shown(column)}”" for column in columns[:SHOWN_COLUMNS] if column)
        rest = " …" if len(columns) > SHOWN_COLUMNS else ""
        raise ImportProblem(
            Reason(_l("there is no column “%(name)s”; the columns are %(known)s"), name=name, known=known + rest)
        )
    return places[0]


def _places(columns: Sequence[str], name: str) -> list[int]:
    name = " ".join(name.split())
    exact = [place for place, column in enumerate(columns) if column == name]
    return exact or [place for place, column in enumerate(columns) if column.casefold() == name.casefold()]


def _shown(column: str) -> str:
    return excerpt(without_controls(column), SHOWN_CHARACTERS)


def _names(row: Row) -> tuple[str, ...]:
    names = [" ".join(cell.split()) for cell in row.cells]
    while names and not names[-1]:
        names.pop()
    return tuple(names)


def _shaped(row: Row, width: int, *, pads: bool) -> Row:
    cells = row.cells
    if len(cells) > width and not any(cell.strip() for cell in cells[width:]):
        cells = cells[:width]
    if pads and len(cells) < width:
        cells += ("",) * (width - len(cells))
    if len(cells) != width:
        return Row(
            row.number,
            (),
            Reason(_l("has %(count)s cells where the header has %(width)s"), count=len(cells), width=width),
        )
    if any("\0" in cell for cell in cells):
        return Row(row.number, (), Reason(_l("contains NUL characters")))
    return Row(row.number, cells)
