"""Where somebody may be sent after a form: only to pages of our own."""

import re
from urllib.parse import urlsplit

LONGEST = 2000
_UNSAFE = re.compile(r"[\x00-\x20\x7f\\]")


def own_path(target: str | None) -> str | None:
    """Return ``target`` if it is a path on this site, else ``None``: no other host, scheme, backslash or control."""
    if not target or len(target) > LONGEST or _UNSAFE.search(target):
        return None
    parts = urlsplit(target)
    if parts.scheme or parts.netloc or not target.startswith("/") or target.startswith("//"):
        return None
    return target
