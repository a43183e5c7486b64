"""What statements are held against: the test criteria of the framework, then its values."""

import enum
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from participation.multilingual import Phrase, phrase
from participation.multilingual import lazy as _l
from participation.principles.queries import EntryView, criteria_of, values_of
from participation.strategy.models import Assessment, Verdict

VERDICTS: Mapping[Verdict, Any] = {
    Verdict.FULFILLED: _l("Fulfilled"),
    Verdict.OPEN: _l("Still open"),
    Verdict.CONFLICT: _l("In conflict"),
}
"""What a verdict is called, in the order in which it is offered."""


class Yard(enum.Enum):
    """Which list of the framework a yardstick is from."""

    CRITERION = "criterion"
    VALUE = "value"


@dataclass(frozen=True, slots=True)
class Yardstick:
    """A criterion or a value, as far as an assessment needs it."""

    kind: Yard
    id: int
    key: str
    title: Phrase
    explanation: Phrase

    @property
    def name(self) -> str:
        """What it is called in forms and addresses: unique over both lists."""
        return name_of(self.kind, self.id)


def name_of(kind: Yard, id_: int) -> str:
    """Return the name of a criterion or a value, unique over both."""
    return f"{kind.value}-{id_}"


def name_in(row: Assessment) -> str:
    """Return the name of what an assessment is about."""
    if row.criterion_id is not None:
        return name_of(Yard.CRITERION, row.criterion_id)
    return name_of(Yard.VALUE, row.value_id or 0)


def yardsticks(session: Session, framework_id: int, language: str) -> tuple[Yardstick, ...]:
    """Return the criteria of a framework in order, then its values."""
    return (
        *(_yardstick(Yard.CRITERION, entry, language) for entry in criteria_of(session, framework_id)),
        *(_yardstick(Yard.VALUE, entry, language) for entry in values_of(session, framework_id)),
    )


def _yardstick(kind: Yard, entry: EntryView, language: str) -> Yardstick:
    return Yardstick(kind, entry.id, entry.key, phrase(entry.title, language), phrase(entry.explanation, language))
