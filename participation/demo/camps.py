"""Who is at odds with whom in the demo, and a list of votes that was passed on, so that there is something to find."""

from datetime import datetime, timedelta

from participation.demo.content import Entry
from participation.demo.timeline import Timeline
from participation.processes.models import Capability
from participation.processes.outline import ProcessOutline
from participation.voting.models import Stance

CAMPS = (0, 1, 0, 2, 0, 1, 0, 1, 2)
"""Which camp of the content a resident is in, by the number; again and again."""
LISTED = 16
"""So many residents, the last ones, vote by the list: all the same, on the same evening, for the third camp."""
EVENING = timedelta(days=-2, hours=20)


def appeal_to(number: int, entry: Entry) -> float:
    """Return how likely this resident is to agree with an idea, 0 to 1."""
    camps: list[float] | None = entry.get("camps")
    return camps[CAMPS[number % len(CAMPS)]] if camps else float(entry["appeal"])


def is_listed(number: int, residents: int) -> bool:
    """Return whether this one of so many residents votes by the list, and on nothing else."""
    return number >= residents - LISTED


def by_the_list(
    process: ProcessOutline, timeline: Timeline, entry: Entry, number: int, since: datetime
) -> tuple[Stance, datetime] | None:
    """Return how and when somebody votes by the list on an idea that is public ``since``; ``None`` if not at all."""
    moment = timeline.day(0) + EVENING + timedelta(minutes=3 * (number % LISTED))
    if "camps" not in entry or moment < since or not process.is_open(Capability.VOTE, moment):
        return None
    return (Stance.AGREE if entry["camps"][-1] > 0.5 else Stance.DISAGREE), moment
