"""Having verdicts from elsewhere carried out by moderation, which stands beside this package."""

from collections.abc import Callable
from dataclasses import dataclass, field

from participation.cases.models import SubjectKind
from participation.intake.report import Progress
from participation.intake.verdicts import Verdicts


@dataclass(slots=True)
class VerdictReport:
    """How many contributions were published, hidden or left waiting, and what went wrong, by external id."""

    published: int = 0
    hidden: int = 0
    waiting: int = 0
    problems: list[tuple[str, str]] = field(default_factory=list)

    def summary(self) -> str:
        """Return the figures on one line."""
        parts = [f"{self.published:,} published", f"{self.hidden:,} hidden", f"{self.waiting:,} waiting"]
        return " · ".join([*parts, *([f"{len(self.problems):,} not decided"] if self.problems else [])])


@dataclass(frozen=True, slots=True)
class VerdictOrder:
    """Which verdicts are to be carried out, and with which ground and reason for what is hidden."""

    process_id: int
    kind: SubjectKind
    verdicts: Verdicts
    ground: str
    reason: str


CarryOut = Callable[[VerdictOrder, Progress], VerdictReport]
"""Takes the decisions; moderation stands beside this package, so the command line hands its function in."""
