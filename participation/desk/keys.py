"""Places in a list of ideas, newest first, as they travel in addresses."""

import re
from datetime import UTC, datetime, timedelta

Place = tuple[datetime, int]
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_FORM = re.compile(r"(\d{1,17})-(\d{1,18})", re.ASCII)


def encode(place: Place | None) -> str | None:
    """Return ``place`` as text; ``None`` for the beginning of the list."""
    return f"{(place[0] - _EPOCH) // timedelta(microseconds=1)}-{place[1]}" if place else None


def decode(text: str | None) -> Place | None:
    """Return the place that ``text`` stands for; ``None`` when it stands for none."""
    match = _FORM.fullmatch(text or "")
    return (_EPOCH + timedelta(microseconds=int(match[1])), int(match[2])) if match else None
