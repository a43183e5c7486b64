"""Steps of telling people about something; each letter is a delivery of its own."""

from dataclasses import dataclass
from typing import ClassVar

from participation.activity.events import Event


@dataclass(frozen=True, slots=True)
class PeopleToTell(Event):
    """Those whose number as participants is above ``after`` are still to be told; ``kind`` is that of their entries."""

    logged: ClassVar[bool] = False

    kind: str
    subject_id: int
    after: int


@dataclass(frozen=True, slots=True)
class EntryAdded(Event):
    """Somebody who wants mail at once has something new in the inbox."""

    logged: ClassVar[bool] = False

    entry_id: int


@dataclass(frozen=True, slots=True)
class LettersToSend(Event):
    """Letters of a round of digests are due."""

    logged: ClassVar[bool] = False

    run_id: int


@dataclass(frozen=True, slots=True)
class MailRhythmChosen(Event):
    """Somebody chose how often to get mail."""

    account_id: int
