"""How the moderators of the demo share their work: who took on what, and what they noted for each other."""

from collections.abc import Iterable, Mapping
from datetime import timedelta

from sqlalchemy.orm import Session

from participation.accounts.actor import Actor
from participation.demo.cast import Cast
from participation.demo.content import Entry
from participation.demo.reports import subject_by_key
from participation.demo.timeline import Timeline
from participation.moderation.queue.holds import assign
from participation.moderation.queue.listing import cases_about
from participation.moderation.queue.notes import write_note
from participation.processes.outline import ProcessOutline


def share_work(
    session: Session, process: ProcessOutline, cast: Cast, timeline: Timeline, admin: Actor, entries: Iterable[Entry]
) -> None:
    """Give cases to somebody, and leave notes on them."""
    team: Mapping[str, Actor] = {"moderator": cast.moderator, "admin": admin}
    for entry in entries:
        kind, subject_id = subject_by_key(session, f"demo-{entry['about']}")
        for case_id in cases_about(session, kind=kind, subject_id=subject_id, now=timeline.now)[:1]:
            for note in entry["notes"]:
                write_note(
                    session,
                    team[note["by"]],
                    process_id=process.id,
                    case_id=case_id,
                    text=note["text"].strip(),
                    now=timeline.now - timedelta(hours=note["hours_ago"]),
                )
            assign(
                session,
                team[entry["for"]],
                process_id=process.id,
                case_id=case_id,
                account_id=team[entry["for"]].account_id,
                now=timeline.now,
            )
