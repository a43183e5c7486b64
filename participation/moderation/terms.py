"""How long things may take in moderation: undoing, objecting, changing a text when asked to, suspensions."""

from dataclasses import dataclass
from datetime import timedelta

from flask import current_app

ASKED_FOR = timedelta(days=14)
"""How long an author who was asked for a change has the next word."""
SUSPENSION_DAYS = (1, 3, 7, 14, 30, 90)
"""How long a suspension can last, as forms offer it."""
SUSPENDED_LONGEST = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class Terms:
    """How long a decision can be undone, and how long its author can object to it."""

    undo: timedelta
    objection: timedelta


def terms() -> Terms:
    """Return the terms of this installation."""
    config = current_app.config
    return Terms(undo=timedelta(seconds=config["UNDO_SECONDS"]), objection=timedelta(days=config["APPEAL_DAYS"]))
