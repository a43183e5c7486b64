"""The beginning of a file: its columns, what stands in them, and what kind of file it looks like."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice

from participation.intake.layouts import EVERY_LANGUAGE, Layout, is_language, recognise
from participation.intake.reasons import Reason
from participation.intake.tables import TableFile
from participation.texts import excerpt, without_controls

ROWS_SHOWN = 5
ROWS_LOOKED_AT = 50
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
    def families(self) -> list[str]:
        """Return the names that stand for one column per language, such as ``title/*``."""
        stems = [column.rpartition("/")[0] for column in self.columns if is_language(column.rpartition("/")[2])]
        return [f"{stem}{EVERY_LANGUAGE}" for stem in dict.fromkeys(stems) if stem]


def preview(file: TableFile, wanted: Sequence[str] = ()) -> Preview:
    """Return the beginning of ``file``; ``wanted`` columns help to find the row with the names.

    Raises ``ImportProblem`` when it cannot be read.
    """
    with file.open(wanted) as table:
        rows = [row.cells for row in islice(table.rows, ROWS_LOOKED_AT) if row.problem is None]
        layout = recognise(table.columns)
        samples = {
            column: next((shown for row in rows if (shown := _shown(row[place]))), "")
            for place, column in enumerate(table.columns)
        }
        first = tuple(tuple(_shown(cell) for cell in row) for row in rows[:ROWS_SHOWN])
        return Preview(table.columns, first, samples, table.description, layout)


def _shown(cell: str) -> str:
    return excerpt(without_controls(cell), CELL_SHOWN)
