"""What happens to exports."""

from dataclasses import dataclass

from participation.activity.events import Event


@dataclass(frozen=True, slots=True)
class ExportRequested(Event):
    """Somebody asked for a file of the strategy input."""

    export_id: int


@dataclass(frozen=True, slots=True)
class ExportCancelled(Event):
    """An export was called off before its file was ready."""

    export_id: int


@dataclass(frozen=True, slots=True)
class ExportFinished(Event):
    """The file of an export is ready to be fetched."""

    export_id: int


@dataclass(frozen=True, slots=True)
class ExportFailed(Event):
    """The file of an export could not be written, and it is not tried again."""

    export_id: int


@dataclass(frozen=True, slots=True)
class ExportDownloaded(Event):
    """Somebody fetched the file of an export."""

    export_id: int
