"""What happens when contributions are brought in from elsewhere."""

from dataclasses import dataclass

from participation.activity.events import Event


@dataclass(frozen=True, slots=True)
class IdeasImported(Event):
    """Ideas began to be added to a process from a file."""

    process_id: int


@dataclass(frozen=True, slots=True)
class VotesImported(Event):
    """Votes began to be added to a process from a file."""

    process_id: int


@dataclass(frozen=True, slots=True)
class CommentsImported(Event):
    """Comments began to be added to the ideas of a process from a file."""

    process_id: int
