"""Steps of telling many people about one thing; each letter is a delivery of its own."""

from dataclasses import dataclass
from typing import ClassVar

from participation.activity.events import Event


@dataclass(frozen=True, slots=True)
class AuthorsToTell(Event):
    """The authors after ``after`` are still to be told of an answer to a statement."""

    logged: ClassVar[bool] = False

    answer_id: int
    after: int


@dataclass(frozen=True, slots=True)
class AuthorToTell(Event):
    """One author is to be told of an answer to a statement."""

    logged: ClassVar[bool] = False

    answer_id: int
    participant_id: int
