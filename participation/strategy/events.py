"""What happens to statements."""

from dataclasses import dataclass

from participation.activity.events import Event


@dataclass(frozen=True, slots=True)
class StatementWritten(Event):
    """A statement was written or rewritten."""

    statement_id: int


@dataclass(frozen=True, slots=True)
class StatementSubmitted(Event):
    """Somebody asked for a revision of a statement to be signed off."""

    statement_id: int
    revision: int


@dataclass(frozen=True, slots=True)
class StatementSentBack(Event):
    """A submitted revision of a statement went back to its writers."""

    statement_id: int
    revision: int


@dataclass(frozen=True, slots=True)
class StatementSigned(Event):
    """A second person signed off a revision of a statement: it is public."""

    statement_id: int
    revision: int


@dataclass(frozen=True, slots=True)
class StatementReopened(Event):
    """A statement lost a source since it was signed off, so that it has to be signed off anew."""

    statement_id: int


@dataclass(frozen=True, slots=True)
class StatementWithdrawn(Event):
    """A statement was withdrawn."""

    statement_id: int
