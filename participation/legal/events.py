"""What happened to legal texts, and who agreed to them."""

from dataclasses import dataclass

from participation.activity.events import Event


@dataclass(frozen=True, slots=True)
class LegalTextPublished(Event):
    """A version of a legal text came into force."""

    legal_text_id: int


@dataclass(frozen=True, slots=True)
class LegalDraftDiscarded(Event):
    """The draft of a legal text was thrown away; ``kind`` and ``process_id`` say of which."""

    kind: str
    process_id: int | None


@dataclass(frozen=True, slots=True)
class ConsentGiven(Event):
    """Somebody agreed to a version of a legal text."""

    legal_text_id: int
