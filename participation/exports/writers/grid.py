"""What workbooks have in common, whichever program they are for: sizes, names of sheets, heights of rows."""

from collections.abc import Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from participation.exports.labels import Labels
from participation.exports.writers.cells import TEXT, WIDE, Cell, Hidden
from participation.exports.writers.text import for_xml

ROW_LIMIT = 1_048_576
LINE_HEIGHT, TITLE_HEIGHT = 15, 24
ROW_LINES, LINES_LIMIT = 3, 12
# Columns of more characters than that are printed on several pages beside each other, in a size that can be read.
PAGE_WIDTH, PRINT_SCALE = 250, 60
HEAD_FILL = "#E4E9F1"
NOTE_WIDTHS = (WIDE, TEXT + 20, WIDE)

_NAME_LIMIT = 31
# Excel's list; a name may not begin or end with an apostrophe either, and in a formula language quotes are trouble.
_FORBIDDEN_IN_NAMES = str.maketrans(dict.fromkeys("[]:*?/\\'\"", " "))


class SheetNames:
    """Gives every sheet a name that Excel and LibreOffice take, and no two of them the same."""

    def __init__(self) -> None:
        self._taken: set[str] = set()

    def new(self, wanted: str) -> str:
        """Return ``wanted`` in at most 31 characters without brackets and the like, numbered when it is taken."""
        stem = " ".join(for_xml(wanted).translate(_FORBIDDEN_IN_NAMES).split())[:_NAME_LIMIT].strip() or "Sheet"
        unique, number = stem, 1
        while unique.casefold() in self._taken:
            number += 1
            unique = f"{stem[: _NAME_LIMIT - 1 - len(str(number))]} {number}"
        self._taken.add(unique.casefold())
        return unique


def row_height(cells: Sequence[Cell], widths: Sequence[int]) -> float:
    """Return a row height in points that shows the texts, at most ``LINES_LIMIT`` lines of them.

    Written out because office programs do not agree on measuring wrapped rows when they open a file.
    """
    lines = 1
    for cell, width in zip(cells, widths, strict=False):
        if isinstance(cell, str) and (len(cell) > width or "\n" in cell):
            lines = max(lines, sum(max(1, -(-len(line) // width)) for line in cell[: width * LINES_LIMIT].split("\n")))
    return LINE_HEIGHT * min(lines, LINES_LIMIT)


def as_read(value: Cell, zone: ZoneInfo, labels: Labels) -> str | int | float | date | None:
    """Return the cell as a spreadsheet holds it: moments as the clock in ``zone`` shows them, flags and gaps in words.

    A spreadsheet knows no time zones, and its XML not all characters. Empty texts, and what does not hold, are empty
    cells.
    """
    if isinstance(value, datetime):
        return value.astimezone(zone).replace(tzinfo=None, microsecond=0)
    if isinstance(value, Hidden):
        return labels.hidden
    if isinstance(value, bool):
        return labels.yes if value else None
    if isinstance(value, str):
        return for_xml(value) or None
    return value
