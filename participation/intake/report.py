"""What an import did: figures, and the rows it could not take with the reason."""

from collections.abc import Callable
from dataclasses import dataclass, field

from participation.intake.verdicts import Verdict

MOST_PROBLEMS_KEPT = 1000

Progress = Callable[[float, int], None]
"""Told how far an import has come (0–1) and how many rows it has read."""


def silent(_share: float, _rows: int) -> None:
    """Report progress to nobody."""


@dataclass(frozen=True, slots=True)
class RowProblem:
    """Why one row was not taken; ``row`` is its number in a spreadsheet, the header being 1."""

    row: int
    reason: str

    def __str__(self) -> str:
        return f"row {self.row}: {self.reason}"


@dataclass(slots=True)
class ImportReport:
    """The figures of one file. ``read`` = ``added`` + ``changed`` + ``present`` + ``refused``.

    Without ``written`` nothing was kept and ``added`` says what could be added. ``source`` says how the file was read.
    """

    source: str = ""
    read: int = 0
    added: int = 0
    changed: int = 0
    present: int = 0
    refused: int = 0
    written: bool = True
    problems: list[RowProblem] = field(default_factory=list)
    """The first 1,000 rows that were refused."""
    verdicts: dict[str, Verdict] = field(default_factory=dict)
    """What a column of decisions says about each row that was taken, by external id."""

    def refuse(self, row: int, reason: str) -> None:
        """Count a row that was not taken, and keep why."""
        self.refused += 1
        if len(self.problems) < MOST_PROBLEMS_KEPT:
            self.problems.append(RowProblem(row, reason))

    def summary(self) -> str:
        """Return the figures on one line."""
        parts = [f"{self.read:,} read", f"{self.added:,} {'added' if self.written else 'could be added'}"]
        if self.changed:
            parts.append(f"{self.changed:,} changed by a later row")
        parts += [f"{self.present:,} already there", f"{self.refused:,} refused"]
        return " · ".join(parts)
