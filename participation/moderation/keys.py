"""Places in the queue as they travel in addresses."""

import re
from datetime import UTC, datetime, timedelta

from participation.moderation.queries import WaitingKey

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_FORM = re.compile(r"(\d{1,17})-(addendum|comment|idea)-(\d{1,18})", re.ASCII)


def encode(key: WaitingKey | None) -> str | None:
    """Return ``key`` as text; ``None`` for the beginning of the queue."""
    if key is None:
        return None
    return f"{(key.submitted_at - _EPOCH) // timedelta(microseconds=1)}-{key.kind}-{key.id}"


def decode(text: str | None) -> WaitingKey | None:
    """Return the place that ``text`` stands for; ``None`` when it stands for none."""
    match = _FORM.fullmatch(text or "")
    if match is None:
        return None
    microseconds, kind, id_ = match.groups()
    return WaitingKey(_EPOCH + timedelta(microseconds=int(microseconds)), kind, int(id_))
