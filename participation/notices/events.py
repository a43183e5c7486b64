"""What happens to notices."""

from dataclasses import dataclass

from participation.activity.events import Event


@dataclass(frozen=True, slots=True)
class NoticeReceived(Event):
    """Somebody pointed at a contribution."""

    notice_id: int


@dataclass(frozen=True, slots=True)
class NoticeClosed(Event):
    """What a notice was about has been decided."""

    notice_id: int
