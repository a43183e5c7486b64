"""What happens to wordings, and to the provider of a process."""

from dataclasses import dataclass

from participation.activity.events import Event


@dataclass(frozen=True, slots=True)
class TranslatorChosen(Event):
    """An admin switched a provider on for a process, changed it, or switched it off."""

    process_id: int
    provider: str


@dataclass(frozen=True, slots=True)
class ErrandsTriedAgain(Event):
    """Staff had the provider asked again for what had failed in a process."""

    process_id: int
    count: int


@dataclass(frozen=True, slots=True)
class WordingSuggested(Event):
    """Somebody suggested a wording; it waits for moderators."""

    wording_id: int


@dataclass(frozen=True, slots=True)
class WordingAccepted(Event):
    """A suggested wording is shown from now on."""

    wording_id: int


@dataclass(frozen=True, slots=True)
class WordingRefused(Event):
    """A suggested wording was refused, with a reason."""

    wording_id: int


@dataclass(frozen=True, slots=True)
class WordingWithdrawn(Event):
    """Who had suggested a wording took it back before it was decided on."""

    wording_id: int


@dataclass(frozen=True, slots=True)
class WordingCorrected(Event):
    """Moderators put another wording in the place of the one that was shown."""

    wording_id: int


@dataclass(frozen=True, slots=True)
class WordingTakenDown(Event):
    """Moderators took a wording down; readers see the original again."""

    wording_id: int


@dataclass(frozen=True, slots=True)
class WordingUndone(Event):
    """Whoever decided about a suggested wording took that back: it waits again."""

    wording_id: int


@dataclass(frozen=True, slots=True)
class WordingLapsed(Event):
    """A suggested wording will never be shown, because its text has changed or is gone."""

    wording_id: int
