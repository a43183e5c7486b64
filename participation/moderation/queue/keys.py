"""Places in the queue as they travel in addresses."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_PLACE = re.compile(r"([01])-(\d{1,17})-(\d{1,18})-(\d{1,17})-(\d{1,18})", re.ASCII)


@dataclass(frozen=True, slots=True)
class QueuePlace:
    """The place of a case: similar ones stand together, where the first of them does."""

    urgent: bool
    place_at: datetime
    group_id: int
    due_at: datetime
    case_id: int


def encode_place(place: QueuePlace | None) -> str | None:
    """Return ``place`` as text; ``None`` for the beginning of the queue."""
    if place is None:
        return None
    place_at, due_at = (((moment - _EPOCH) // timedelta(microseconds=1)) for moment in (place.place_at, place.due_at))
    return f"{int(place.urgent)}-{place_at}-{place.group_id}-{due_at}-{place.case_id}"


def decode_place(text: str | None) -> QueuePlace | None:
    """Return the place that ``text`` stands for; ``None`` when it stands for none."""
    match = _PLACE.fullmatch(text or "")
    if match is None:
        return None
    urgent, place_at, group_id, due_at, case_id = (int(part) for part in match.groups())
    place, due = (_EPOCH + timedelta(microseconds=moment) for moment in (place_at, due_at))
    return QueuePlace(bool(urgent), place, group_id, due, case_id)
