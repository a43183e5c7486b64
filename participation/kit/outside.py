"""Addresses of pages that are not ours: taken only where they are plain, secure and meant for everybody."""

import re
from collections.abc import Iterable
from urllib.parse import urlsplit

LONGEST = 500
_UNSAFE = re.compile(r"[\x00-\x20\x7f\\\"'<>`\u200b-\u200f\u2028-\u202e\u2066-\u2069]")
_HOST = re.compile(r"(?=.{4,253}\Z)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9]", re.ASCII)


def https_address(text: str) -> str | None:
    """Return ``text`` as an address of a page on the web; ``None`` for whatever is not https on a named host.

    No user, no port, no bare number in place of a name, nothing invisible. The host comes back in lower-case ASCII.
    """
    typed = text.strip()
    if not typed or len(typed) > LONGEST or _UNSAFE.search(typed):
        return None
    try:
        parts = urlsplit(typed)
        host = (parts.hostname or "").encode("idna").decode("ascii")
        port = parts.port
    except ValueError:
        return None
    if parts.scheme != "https" or port is not None or "@" in parts.netloc or not _HOST.fullmatch(host):
        return None
    return parts._replace(netloc=host).geturl()


def host_of(address: str) -> str:
    """Return the host of an address that ``https_address`` took."""
    return urlsplit(address).hostname or ""


def is_on(address: str, domains: Iterable[str]) -> bool:
    """Return whether an address is on one of ``domains`` or below it."""
    host = host_of(address)
    return any(host == domain or host.endswith(f".{domain}") for domain in domains)
