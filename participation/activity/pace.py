"""How long a claim lasts, and how long a failure waits before the next try."""

from datetime import timedelta

LEASE = timedelta(minutes=2)
MOST_ATTEMPTS = 8


def back_off(attempts: int) -> timedelta:
    """Return how long to wait after the given number of failed attempts: 10 s, 40 s, 160 s … at most 6 hours."""
    return min(timedelta(seconds=10 * 4 ** min(attempts - 1, 10)), timedelta(hours=6))
