"""Where somebody may be sent after a form: only to pages of our own."""

import re
from urllib.parse import urlsplit

LONGEST = 2000
_UNSAFE = re.compile(r"[\x00-\x20\x7f\\]")


def own_path(target: str | None) -> str | None:
    """Return ``target`` if it is a path on this site, else ``None``: no other host, scheme, backslash or control."""
    if not target or len(target) > LONGEST or _UNSAFE.search(target):
        return None
    # Two slashes begin another host; asked first, since some hosts cannot even be parsed.
    if not target.startswith("/") or target.startswith("//"):
        return None
    parts = urlsplit(target)
    return None if parts.scheme or parts.netloc else target
