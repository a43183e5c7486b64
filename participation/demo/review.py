"""What the moderator of the demo decides about contributions."""

from datetime import datetime

from sqlalchemy.orm import Session

from participation.comments.models import Comment
from participation.demo.cast import Cast
from participation.demo.content import Entry
from participation.demo.timeline import Timeline
from participation.ideas.models import Addendum, Idea
from participation.moderation.models import DecisionKind
from participation.moderation.service import Subject, decide

REVIEWED = (40, 600)
REVIEWED_SOON = (5, 45)
"""After how many minutes a contribution is decided about, from fewest to most."""


def review(
    session: Session,
    cast: Cast,
    timeline: Timeline,
    thing: Idea | Comment | Addendum,
    entry: Entry,
    moment: datetime,
    *,
    minutes: tuple[int, int] = REVIEWED,
) -> datetime:
    """Decide about what waits for it, and hide what the content wants hidden; return since when it stands so."""
    state = entry.get("state")
    if state == "in_review" or (state != "hidden" and thing.state.value != "in_review"):
        return moment
    now = timeline.after(moment, minutes=minutes)
    decide(
        session,
        cast.moderator,
        subject=Subject(type(thing).__name__.lower(), thing.id),
        kind=DecisionKind.HIDE if state == "hidden" else DecisionKind.PUBLISH,
        reason=entry.get("reason", "").strip(),
        now=now,
    )
    return now
