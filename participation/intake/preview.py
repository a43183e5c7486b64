"""The beginning of a file: its columns, what stands in them, and what kind of file it looks like."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice

from participation.intake.layouts import EVERY_LANGUAGE, Layout, is_language, recognise
from participation.intake.reasons import Reason
from participation.intake.tables import TableFile
from participation.texts import excerpt, without_controls

ROWS_SHOWN = 5
ROWS_LOOKED_AT = 50
# Somebody waits for it, so a file of empty rows is not read to its end.
ROWS_SCANNED = 1000
NAME_LONGEST = 200
CELL_SHOWN = 80


@dataclass(frozen=True, slots=True)
class Preview:
    """The first rows of a file as people may see them: short, on one line each, without controls.

    ``samples`` say for each column the first value that stands in it; ``description`` how the file is read.
    """

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    samples: dict[str, str]
    description: Reason
    layout: Layout | None

    @property
    def headings(self) -> tuple[str, ...]:
        """Return the names of the columns as people may see them."""
        return tuple(_shown(column) for column in self.columns)

    @property
    def names(self) -> list[str]:
        """Return the columns that can be told by their names: others cannot be chosen."""
        counts = Counter(self.columns)
        return [column for column, count in counts.items() if count == 1 and is_name(column)]

    @property
    def families(self) -> list[str]:
        """Return the names that stand for one column per language, such as ``title/*``."""
        known = (column.rpartition("/") for column in self.columns if is_name(column))
        stems = [stem for stem, _slash, end in known if is_language(end)]
        return [f"{stem}{EVERY_LANGUAGE}" for stem in dict.fromkeys(stems) if stem]


def preview(file: TableFile, wanted: Sequence[str] = ()) -> Preview:
    """Return the beginning of ``file``; ``wanted`` columns help to find the row with the names.

    Raises ``ImportProblem`` when it cannot be read.
    """
    with file.open(wanted, most=ROWS_SCANNED) as table:
        rows = [row.cells for row in islice(table.rows, ROWS_LOOKED_AT) if row.problem is None]
        layout = recognise(table.columns)
        samples = {
            column: next((shown for row in rows if (shown := _shown(row[place]))), "")
            for place, column in enumerate(table.columns)
        }
        first = tuple(tuple(_shown(cell) for cell in row) for row in rows[:ROWS_SHOWN])
        return Preview(table.columns, first, samples, table.description, layout)


def is_name(column: str) -> bool:
    """Return whether a column can be called by its name: it can be shown and kept as it is."""
    return 0 < len(column) <= NAME_LONGEST and without_controls(column) == column


def _shown(cell: str) -> str:
    return excerpt(without_controls(cell), CELL_SHOWN)
