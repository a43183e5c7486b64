"""What happens to opinion groups."""

from dataclasses import dataclass

from participation.activity.events import Event


@dataclass(frozen=True, slots=True)
class GroupRunRequested(Event):
    """Staff asked for the opinion groups to be computed now."""

    process_id: int
