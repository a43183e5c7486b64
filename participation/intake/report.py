"""What an import did: figures, and the rows it could not take with the reason."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, fields
from typing import Any

from participation.intake.reasons import Reason
from participation.intake.rows import Row
from participation.intake.verdicts import Verdict

MOST_PROBLEMS_KEPT = 1000
MOST_PROBLEMS_STORED = 200
STORED = ("read", "added", "changed", "present", "refused", "other_texts", "written")

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
    """The figures of one file. ``read`` = ``added`` + ``changed`` + ``present`` + ``refused`` + all ``left_out``.

    Without ``written`` nothing was kept and ``added`` says what could be added. ``source`` says how the file was read.
    ``left_out`` counts rows that stay out on purpose, by reason; ``other_texts`` how many of those that are present
    have another text there.
    """

    source: str = ""
    read: int = 0
    added: int = 0
    changed: int = 0
    present: int = 0
    refused: int = 0
    other_texts: int = 0
    written: bool = True
    left_out: Counter[str] = field(default_factory=Counter)
    problems: list[RowProblem] = field(default_factory=list)
    """The first 1,000 rows that were refused."""
    verdicts: dict[str, Verdict] = field(default_factory=dict)
    """What a column of decisions says about each row that was taken, by external id."""

    def refuse(self, row: int, reason: str) -> None:
        """Count a row that was not taken, and keep why."""
        self.refused += 1
        if len(self.problems) < MOST_PROBLEMS_KEPT:
            self.problems.append(RowProblem(row, reason))

    def passes(self, row: Row) -> bool:
        """Count ``row`` as read, and return whether it stays out on purpose."""
        self.read += 1
        if row.left_out is None:
            return False
        self.left_out[row.left_out] += 1
        return True

    def becomes(self, other: "ImportReport") -> "ImportReport":
        """Take over everything that ``other`` says, and return this report."""
        for part in fields(self):
            setattr(self, part.name, getattr(other, part.name))
        return self

    def stored(self) -> dict[str, Any]:
        """Return the figures and the first refused rows as what a column of JSON can hold; no texts are in it."""
        problems = [
            {"row": problem.row, **(reason if isinstance(reason, Reason) else Reason(reason)).stored()}
            for problem in self.problems[:MOST_PROBLEMS_STORED]
            for reason in (problem.reason,)
        ]
        figures = {name: getattr(self, name) for name in STORED}
        source = self.source if isinstance(self.source, Reason) else Reason(self.source)
        return {**figures, "source": source.stored(), "left_out": dict(self.left_out), "problems": problems}

    def summary(self) -> str:
        """Return the figures on one line."""
        parts = [f"{self.read:,} read", f"{self.added:,} {'added' if self.written else 'could be added'}"]
        if self.changed:
            parts.append(f"{self.changed:,} changed by a later row")
        differing = f" ({self.other_texts:,} with another text)" if self.other_texts else ""
        parts += [f"{self.present:,} already there{differing}", f"{self.refused:,} refused"]
        if self.left_out:
            whys = ", ".join(f"{count:,} {why}" for why, count in sorted(self.left_out.items()))
            parts.append(f"{self.left_out.total():,} left out ({whys})")
        return " · ".join(parts)
