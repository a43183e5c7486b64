"""What happens when contributions are brought in from elsewhere."""

from dataclasses import dataclass
from typing import ClassVar

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


@dataclass(frozen=True, slots=True)
class ImportEnded(Event):
    """What a file had, of ideas or comments, is in a process now, as far as it got."""

    logged: ClassVar[bool] = False

    process_id: int


@dataclass(frozen=True, slots=True)
class IntakeUploaded(Event):
    """Somebody uploaded a file to bring it in."""

    run_id: int


@dataclass(frozen=True, slots=True)
class IntakeStarted(Event):
    """Somebody had an uploaded file imported, or tried out."""

    run_id: int
    is_trial: bool


@dataclass(frozen=True, slots=True)
class IntakeCancelled(Event):
    """An import was called off, or its file thrown away before it was imported."""

    run_id: int


@dataclass(frozen=True, slots=True)
class IntakeFinished(Event):
    """An uploaded file was read to its end."""

    run_id: int
    is_trial: bool


@dataclass(frozen=True, slots=True)
class IntakeFailed(Event):
    """An uploaded file could not be imported, and it is not tried again."""

    run_id: int


@dataclass(frozen=True, slots=True)
class MappingSaved(Event):
    """A column mapping was saved, or saved anew under the same name."""

    mapping_id: int


@dataclass(frozen=True, slots=True)
class MappingRenamed(Event):
    """A column mapping got another name."""

    mapping_id: int


@dataclass(frozen=True, slots=True)
class MappingDeleted(Event):
    """A column mapping was deleted."""

    mapping_id: int
