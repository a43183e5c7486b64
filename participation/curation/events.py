"""What happens on boards and to bundles."""

from dataclasses import dataclass

from participation.activity.events import Event


@dataclass(frozen=True, slots=True)
class BoardChanged(Event):
    """A step was taken on the board of a process; the board keeps its details below the ``number``."""

    process_id: int
    number: int


@dataclass(frozen=True, slots=True)
class IdeaBundled(Event):
    """An idea became part of a bundle."""

    member_id: int


@dataclass(frozen=True, slots=True)
class IdeaUnbundled(Event):
    """An idea left a bundle."""

    member_id: int


@dataclass(frozen=True, slots=True)
class PairRefused(Event):
    """Somebody of the team said that two ideas do not say the same."""

    first_id: int
    second_id: int


@dataclass(frozen=True, slots=True)
class PairOffered(Event):
    """It was taken back that two ideas do not say the same."""

    first_id: int
    second_id: int
