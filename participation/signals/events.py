"""What happens to the words that moderators watch."""

from dataclasses import dataclass

from participation.activity.events import Event


@dataclass(frozen=True, slots=True)
class WatchedWordsChanged(Event):
    """A word was put on the list of a process, or (without one) on that of all processes, or taken off it."""

    process_id: int | None
