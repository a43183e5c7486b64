"""What happens to archives."""

from dataclasses import dataclass

from participation.activity.events import Event


@dataclass(frozen=True, slots=True)
class ArchiveWritten(Event):
    """A whole process left the house as a file; its note says whether with addresses, and why."""

    process_id: int
    note_id: int


@dataclass(frozen=True, slots=True)
class ArchiveRead(Event):
    """A whole process came in as a file."""

    process_id: int
    note_id: int
