"""What somebody who works through the queue wants to see of it, and how that travels in addresses."""

import enum
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import TypeVar

from participation.cases.models import CaseKind, SubjectKind
from participation.kit.numbers import whole_number
from participation.signals.models import SignalKind
from participation.texts import without_controls
from participation.texts.language import KNOWN

WORDS_LONGEST = 200
Choice = TypeVar("Choice", bound=enum.Enum)


class UnknownFilter(ValueError):
    """An address asks for something that the queue cannot be filtered by."""


class Assigned(enum.Enum):
    """Whose cases: one's own, or those that nobody has taken on."""

    ME = "me"
    NOBODY = "nobody"


@dataclass(frozen=True, slots=True)
class QueueFilter:
    """Which cases are wanted; all of them as long as nothing is said. ``words`` have to stand in text or pseudonym."""

    kind: CaseKind | None = None
    subject: SubjectKind | None = None
    language: str = ""
    principle_id: int | None = None
    signal: SignalKind | None = None
    assigned: Assigned | None = None
    overdue: bool = False
    urgent: bool = False
    words: str = ""

    @property
    def is_set(self) -> bool:
        """Whether anything is filtered at all."""
        return self != QueueFilter()

    def query(self) -> dict[str, str]:
        """Return the filter as it stands in addresses; what is not set is left out."""
        values = {
            "kind": self.kind.value if self.kind else "",
            "subject": self.subject.value if self.subject else "",
            "language": self.language,
            "principle": str(self.principle_id or ""),
            "signal": self.signal.value if self.signal else "",
            "assigned": self.assigned.value if self.assigned else "",
            "overdue": "1" if self.overdue else "",
            "urgent": "1" if self.urgent else "",
            "q": self.words,
        }
        return {name: value for name, value in values.items() if value}


def queue_filter(values: Mapping[str, str], *, principle_ids: Collection[int]) -> QueueFilter:
    """Return the filter that an address asks for; raises ``UnknownFilter`` for values that are not on offer."""
    language = values.get("language", "")
    if language and language not in KNOWN:
        raise UnknownFilter("language")
    return QueueFilter(
        kind=_one_of(CaseKind, values.get("kind", "")),
        subject=_one_of(SubjectKind, values.get("subject", "")),
        language=language,
        principle_id=_principle(values.get("principle", ""), principle_ids),
        signal=_one_of(SignalKind, values.get("signal", "")),
        assigned=_one_of(Assigned, values.get("assigned", "")),
        overdue=_flag(values.get("overdue", "")),
        urgent=_flag(values.get("urgent", "")),
        words=" ".join(without_controls(values.get("q", "")).split())[:WORDS_LONGEST],
    )


def _one_of(kinds: type[Choice], value: str) -> Choice | None:
    if not value:
        return None
    try:
        return kinds(value)
    except ValueError:
        raise UnknownFilter(kinds.__name__) from None


def _principle(value: str, principle_ids: Collection[int]) -> int | None:
    if not value:
        return None
    number = whole_number(value)
    if number not in principle_ids:
        raise UnknownFilter("principle")
    return number


def _flag(value: str) -> bool:
    if value not in ("", "1"):
        raise UnknownFilter("flag")
    return bool(value)
