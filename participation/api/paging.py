"""Pages of a list: the mark where the next one begins, as an opaque text, and the address that leads there."""

import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error
from urllib.parse import quote, urlencode

from flask import current_app, g, request

from participation.kit.numbers import whole_number

MARK = re.compile(r"[A-Za-z0-9_-]{1,160}")


class NoMark(ValueError):
    """A text is no mark of this list."""


def mark(kind: str, *numbers: int) -> str:
    """Return the place after an item of a list of one ``kind``; only this program makes sense of it."""
    return packed(".".join((kind, *map(str, numbers))))


def place(text: str, kind: str, count: int) -> tuple[int, ...]:
    """Return the ``count`` numbers of a mark; raises ``NoMark`` for any that is none of this kind of list."""
    name, *parts = unpacked(text).split(".")
    numbers = [whole_number(part) for part in parts]
    if name != kind or len(numbers) != count or None in numbers:
        raise NoMark
    return tuple(number for number in numbers if number is not None)


def packed(text: str) -> str:
    """Return a plain text as it stands in an address."""
    return urlsafe_b64encode(text.encode("ascii")).decode("ascii").rstrip("=")


def unpacked(text: str) -> str:
    """Return the text behind ``packed``; raises ``NoMark`` for anything else."""
    if not MARK.fullmatch(text):
        raise NoMark
    try:
        return urlsafe_b64decode(text + "=" * (-len(text) % 4)).decode("ascii")
    except (Error, UnicodeDecodeError):
        raise NoMark from None


def next_address(after: object) -> str | None:
    """Return the absolute address of the page that follows this one, if any: the same request from ``after`` on.

    It goes into the answer's ``Link`` as well.
    """
    if after is None:
        return None
    query = urlencode({**request.args.to_dict(), "after": after})
    g.api_next = f"{current_app.config['BASE_URL'].rstrip('/')}{quote(request.path)}?{query}"
    address: str = g.api_next
    return address
