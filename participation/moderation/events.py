"""What moderation decided, and what authors and moderators said about it."""

from dataclasses import dataclass

from participation.activity.events import Event


@dataclass(frozen=True, slots=True)
class Decided(Event):
    """A decision about a contribution was taken."""

    decision_id: int


@dataclass(frozen=True, slots=True)
class DecisionUndone(Event):
    """Whoever took a decision took it back within the time for that."""

    decision_id: int


@dataclass(frozen=True, slots=True)
class AppealSubmitted(Event):
    """An author objected to a decision."""

    appeal_id: int


@dataclass(frozen=True, slots=True)
class AppealAnswered(Event):
    """Somebody else decided about an appeal."""

    appeal_id: int


@dataclass(frozen=True, slots=True)
class AppealWithdrawn(Event):
    """An author took an objection back that nobody had answered."""

    appeal_id: int


@dataclass(frozen=True, slots=True)
class MessageSent(Event):
    """The team wrote to an author, or an author to the team."""

    message_id: int


@dataclass(frozen=True, slots=True)
class CaseEscalated(Event):
    """Something waited longer than promised."""

    case_id: int
