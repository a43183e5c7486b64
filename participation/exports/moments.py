"""Moments as files tell them: to the second, so that every format holds the same."""

from datetime import datetime


def to_the_second(moment: datetime) -> datetime:
    """Return a moment without its fractions: people need none, and not every format has room for them."""
    return moment.replace(microsecond=0)
