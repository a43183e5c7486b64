"""What happens to the document as a whole."""

from dataclasses import dataclass

from participation.activity.events import Event


@dataclass(frozen=True, slots=True)
class StatementsReordered(Event):
    """The statements of a process stand in another order."""

    process_id: int
