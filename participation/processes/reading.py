"""What a process promises about the reading of contributions by moderators, in the reader's language."""

from dataclasses import dataclass
from datetime import datetime

from participation.multilingual import Phrase, ngettext, phrase
from participation.multilingual import gettext as _
from participation.multilingual.moments import deadline
from participation.processes.models import REVIEW_HOURS
from participation.processes.outline import ProcessOutline

RULES = "moderation"
"""Where the page of a process says how contributions are read."""


@dataclass(frozen=True, slots=True)
class Reading:
    """When moderators read what comes in now, and by which rules.

    ``within`` is the longest waiting time in words, ``by`` when it is over for what is sent now. ``rules`` are those
    of the phase; the rules that hold everywhere stand in the catalogue of grounds.
    """

    first: bool
    within: str
    by: str
    publishes_itself: bool
    rules: Phrase


def reading_of(process: ProcessOutline, language: str, now: datetime) -> Reading:
    """Return what is promised about contributions that come in at ``now``."""
    phase = process.phase_at(now)
    first = process.reviews_first(now)
    return Reading(
        first=first,
        within=hours_in_words(phase.review_hours if phase else REVIEW_HOURS),
        by=deadline(process.review_due(now)),
        publishes_itself=first and phase is not None and phase.publishes_itself,
        rules=phrase(phase.review_rules if phase else {}, language),
    )


def hours_in_words(hours: int) -> str:
    """Return a span of time in whole days, or in hours where it is shorter or does not come out even."""
    if hours >= 48 and hours % 24 == 0:
        return ngettext("%(num)s day", "%(num)s days", hours // 24)
    return ngettext("%(num)s hour", "%(num)s hours", hours)


def what_comes_first(reading: Reading) -> str:
    """Return a sentence that says whether contributions are read before they are public."""
    if reading.first:
        return _("Moderators read every contribution before it is published.")
    return _("Contributions are published at once; moderators read them afterwards.")


def when_time_is_over(reading: Reading) -> str:
    """Return a sentence that says what happens when it takes longer than promised."""
    if reading.publishes_itself:
        return _(
            "It is published by itself, unless a notice or a program points at it; people then decide about it first."
        )
    return _("The team is reminded, and everybody can see how much is late.")


def what_happens_to_it(reading: Reading) -> str:
    """Return a sentence for whoever is about to send something: when it is published."""
    if not reading.first:
        return _("It is published at once; moderators read it afterwards.")
    if reading.publishes_itself:
        return _(
            "Moderators read it before it is published. After %(moment)s it is published by itself, unless a notice or"
            " a program points at it.",
            moment=reading.by,
        )
    return _("Moderators read it before it is published, at the latest by %(moment)s.", moment=reading.by)
