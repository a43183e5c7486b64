"""What happens to notices."""

from dataclasses import dataclass

from participation.activity.events import Event


@dataclass(frozen=True, slots=True)
class NoticeReceived(Event):
    """Somebody pointed at a contribution."""

    notice_id: int


@dataclass(frozen=True, slots=True)
class EvidenceHeld(Event):
    """A contribution is held as evidence for some time."""

    evidence_id: int


@dataclass(frozen=True, slots=True)
class EvidenceOpened(Event):
    """Somebody looked at what is held as evidence."""

    evidence_id: int


@dataclass(frozen=True, slots=True)
class EvidenceEmptied(Event):
    """The time for which evidence was held is over, and its content is gone."""

    evidence_id: int


@dataclass(frozen=True, slots=True)
class NoticeClosed(Event):
    """What a notice was about has been decided; another decision closes it anew once this one is taken back."""

    notice_id: int
    decision_id: int
