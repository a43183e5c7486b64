"""What the moderator of the demo decides about contributions."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from participation.cases.models import SubjectKind
from participation.comments.models import Comment
from participation.demo.cast import Cast
from participation.demo.content import Entry
from participation.demo.timeline import Timeline
from participation.ideas.models import Addendum, Idea
from participation.moderation.models import DecisionKind
from participation.moderation.queue.listing import cases_about
from participation.moderation.service import Subject, decide

REVIEWED = (40, 600)
REVIEWED_SOON = (5, 45)
"""After how many minutes a contribution is decided about, from fewest to most."""
READ_AFTER = timedelta(hours=3)
"""When somebody reads what was public first."""


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
    if state == "in_review":
        return moment
    if state != "hidden" and thing.state.value != "in_review":
        _read_afterwards(session, cast, thing, now=timeline.past(moment + READ_AFTER))
        return moment
    now = timeline.after(moment, minutes=minutes)
    decide(
        session,
        cast.moderator,
        subject=Subject(type(thing).__name__.lower(), thing.id),
        kind=DecisionKind.HIDE if state == "hidden" else DecisionKind.PUBLISH,
        reason=entry.get("reason", "").strip(),
        ground=entry.get("ground", ""),
        now=now,
    )
    return now


def _read_afterwards(session: Session, cast: Cast, thing: Idea | Comment | Addendum, *, now: datetime) -> None:
    """Let what was public first stay as it is, where somebody has to read it at all."""
    kind = type(thing).__name__.lower()
    if cases_about(session, kind=SubjectKind(kind), subject_id=thing.id, now=now):
        decide(session, cast.moderator, subject=Subject(kind, thing.id), kind=DecisionKind.KEEP, now=now)
