"""Deleting drafts that nobody has touched for long: what the worker does every night."""

from collections.abc import Callable

from participation.kit import clock
from participation.kit.db import transaction
from participation.proposing.service import expire_drafts


def expire_old_drafts(beat: Callable[[], None]) -> None:
    """Delete them in batches, each in a short transaction of its own."""
    now = clock.now()
    while True:
        with transaction() as session:
            if not expire_drafts(session, now=now):
                return
        beat()
