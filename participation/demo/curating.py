"""What the moderators of the demo do besides publishing and hiding: bundles, moves, pointers, messages."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from participation.accounts.actor import Actor
from participation.cases.models import SubjectKind
from participation.curation.bundling.service import bundle_ideas
from participation.demo.cast import Cast
from participation.demo.content import Entry
from participation.demo.timeline import Timeline
from participation.ideas.models import Idea
from participation.moderation.messages.conversations import About, contribution
from participation.moderation.messages.service import answer_team, write_to_author
from participation.moderation.models import DecisionKind
from participation.moderation.service import Subject, decide
from participation.principles.queries import fields_of
from participation.processes.outline import ProcessOutline

NOON = timedelta(hours=12)


def curate(session: Session, process: ProcessOutline, cast: Cast, timeline: Timeline, content: Entry) -> None:
    """Do all that ``content`` says, each thing at its time."""
    fields = {entry.key: entry.id for entry in fields_of(session, process.framework_id)}
    for entry in content.get("moves", ()):
        _decide(session, process, cast, timeline, entry, DecisionKind.MOVE, {"field": fields[entry["field"]]})
    for entry in content.get("elsewhere", ()):
        place = _pointer(session, process, entry)
        _decide(session, process, cast, timeline, entry, DecisionKind.ELSEWHERE, place)
    for entry in content.get("bundles", ()):
        together = [_idea(session, process, key) for key in entry["ideas"]]
        bundle_ideas(session, cast.moderator, idea_ids=together, now=_noon(timeline, entry))
    for entry in content.get("messages", ()):
        about = contribution(session, process.id, SubjectKind.IDEA, _idea(session, process, entry["idea"]))
        _talk(session, process, cast, timeline, about, entry["lines"])


def _decide(
    session: Session,
    process: ProcessOutline,
    cast: Cast,
    timeline: Timeline,
    entry: Entry,
    kind: DecisionKind,
    details: dict[str, Any],
) -> None:
    subject = Subject("idea", _idea(session, process, entry["idea"]))
    now, reason = _noon(timeline, entry), entry["reason"]
    decide(session, cast.moderator, subject=subject, kind=kind, reason=reason, details=details, now=now)


def _pointer(session: Session, process: ProcessOutline, entry: Entry) -> dict[str, Any]:
    return {"url": entry["url"]} if "url" in entry else {"idea": _idea(session, process, entry["points_to"])}


def _talk(
    session: Session, process: ProcessOutline, cast: Cast, timeline: Timeline, about: About, lines: Iterable[Entry]
) -> None:
    for number, line in enumerate(lines):
        now = timeline.now - timedelta(hours=line["hours_ago"])
        said: dict[str, Any] = {"about": about, "text": line["text"].strip(), "language": about.language, "now": now}
        said["submission_key"] = f"demo-message-{about.id}-{number}"
        if line["from"] == "team":
            write_to_author(session, cast.moderator, **said)
        else:
            answer_team(session, Actor(about.account_id), due_at=process.review_due(now), **said)


def _idea(session: Session, process: ProcessOutline, key: str) -> int:
    wanted = (Idea.process_id == process.id, Idea.submission_key == f"demo-{key}")
    return session.scalars(select(Idea.id).where(*wanted)).one()


def _noon(timeline: Timeline, entry: Entry) -> datetime:
    return timeline.day(-entry["days_ago"]) + NOON
