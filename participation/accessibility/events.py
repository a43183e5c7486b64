"""What happens to the accessibility statement, to reports of barriers, and to videos in sign language."""

from dataclasses import dataclass

from participation.activity.events import Event


@dataclass(frozen=True, slots=True)
class AccessibilityStatementPublished(Event):
    """The city says something new about the accessibility of the platform."""

    accessibility_statement_id: int


@dataclass(frozen=True, slots=True)
class BarrierReported(Event):
    """Somebody met a barrier."""

    report_id: int


@dataclass(frozen=True, slots=True)
class BarrierPutOff(Event):
    """The team needs longer for a report, and said so."""

    report_id: int


@dataclass(frozen=True, slots=True)
class BarrierAnswered(Event):
    """The report of a barrier has its answer."""

    report_id: int


@dataclass(frozen=True, slots=True)
class SignVideoUploaded(Event):
    """A place of the platform is explained in sign language."""

    video_id: int


@dataclass(frozen=True, slots=True)
class SignVideoRemoved(Event):
    """A video in sign language was taken away."""

    video_id: int
