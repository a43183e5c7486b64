"""What was decided elsewhere about contributions that are brought in, as a column of the table says it."""

import enum
from collections.abc import Mapping

from participation.intake.fields import SHOWN, FieldProblem
from participation.intake.reasons import Reason
from participation.intake.reasons import marked as _l
from participation.intake.rows import ImportProblem
from participation.texts import excerpt


class Verdict(enum.Enum):
    """What becomes of a contribution; one that waits is left to moderators."""

    PUBLISH = "publish"
    HIDE = "hide"
    WAIT = "wait"


Verdicts = Mapping[str, Verdict]
"""The verdict by the external id of a contribution, or by what stands in a cell."""


def meanings(text: str) -> dict[str, Verdict]:
    """Return what the cells of a column of decisions mean, ``1=publish,-1=hide``; raises ``ImportProblem``."""
    found: dict[str, Verdict] = {}
    for part in text.split(",") if text.strip() else ():
        cell, sign, name = (piece.strip() for piece in part.partition("="))
        if not sign or name not in {verdict.value for verdict in Verdict}:
            choices = ", ".join(verdict.value for verdict in Verdict)
            raise ImportProblem(f"“{excerpt(part.strip(), 40)}” is not CELL=DECISION; decisions are {choices}")
        if found.setdefault(cell.casefold(), Verdict(name)) is not Verdict(name):
            raise ImportProblem(f"“{excerpt(cell, 40)}” stands for two decisions")
    return found


def verdict(cell: str, meant: Verdicts) -> Verdict:
    """Return what a cell says; an empty one without a meaning of its own waits. Raises ``FieldProblem``."""
    known = meant.get(cell.strip().casefold())
    if known is None and cell.strip():
        raise FieldProblem(
            Reason(
                _l("unknown decision “%(cell)s”; known are %(names)s"),
                cell=excerpt(cell, SHOWN),
                names=", ".join(sorted(meant)),
            )
        )
    return known or Verdict.WAIT


def check_decisions(columns: Mapping[str, object], *, meant: Verdicts, waits: bool) -> None:
    """Raise ``ImportProblem`` where the column, what its cells mean, and other options contradict each other."""
    if ("decision" in columns) != bool(meant):
        raise ImportProblem("a column of decisions and what its cells mean belong together")
    if ("decision" in columns or waits) and "state" in columns:
        raise ImportProblem(Reason(_l("where decisions are taken, there is no column of states")))
    if "decision" in columns and waits:
        raise ImportProblem("either decisions are taken over, or everything waits for moderators")
