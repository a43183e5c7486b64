"""What moderation decided."""

from dataclasses import dataclass

from participation.activity.events import Event


@dataclass(frozen=True, slots=True)
class Decided(Event):
    """A decision about an idea or a comment was taken."""

    decision_id: int
