"""Whole numbers that come as text: ids and page marks in addresses, forms and files."""

from flask import request
from werkzeug.exceptions import BadRequest

DIGITS = 18
"""Numbers of so many digits fit into the 64 bits that databases keep for an id."""


def whole_number(text: str | None, *, digits: int = DIGITS) -> int | None:
    """Return a number of at most so many plain digits; ``None`` for anything else, also signs and other scripts."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) <= digits else None


def asked_number(name: str, *, digits: int = DIGITS) -> int | None:
    """Return the number that the address asks for, ``None`` without one; raises ``BadRequest`` for anything else."""
    value = request.args.get(name)
    if value is None:
        return None
    number = whole_number(value, digits=digits)
    if number is None:
        raise BadRequest
    return number
