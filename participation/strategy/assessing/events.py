"""What happens to assessments."""

from dataclasses import dataclass

from participation.activity.events import Event


@dataclass(frozen=True, slots=True)
class StatementAssessed(Event):
    """A statement was held against criteria or values of the framework."""

    statement_id: int
