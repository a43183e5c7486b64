"""What happens to statements."""

from dataclasses import dataclass

from participation.activity.events import Event


@dataclass(frozen=True, slots=True)
class StatementWritten(Event):
    """A statement was written or rewritten."""

    statement_id: int


@dataclass(frozen=True, slots=True)
class StatementPublished(Event):
    """A statement became public."""

    statement_id: int


@dataclass(frozen=True, slots=True)
class IdeaAnswered(Event):
    """The city answered an idea."""

    answer_id: int


@dataclass(frozen=True, slots=True)
class StatementAnswered(Event):
    """The city answered a statement."""

    answer_id: int
