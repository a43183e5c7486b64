"""What the moderators of the demo decide besides publishing and hiding, and the text blocks that they have saved."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from participation.accounts.actor import SYSTEM
from participation.demo.cast import Cast
from participation.demo.content import Entry
from participation.demo.reports import subject_by_key
from participation.demo.timeline import Timeline
from participation.moderation.models import DecisionKind
from participation.moderation.service import Subject, decide
from participation.moderation.text_blocks.service import TextBlockDraft, add_text_block


def save_text_blocks(session: Session, entries: Iterable[Entry], *, now: datetime) -> None:
    """Save the text blocks, for all processes."""
    for entry in entries:
        texts = {language: text.strip() for language, text in entry["texts"].items()}
        draft = TextBlockDraft(entry["title"], entry["ground"], texts)
        add_text_block(session, SYSTEM, process_id=None, draft=draft, now=now)


def decide_more(session: Session, cast: Cast, timeline: Timeline, entries: Iterable[Entry]) -> None:
    """Let the moderator warn and suspend authors, and ask them for changes."""
    for entry in entries:
        kind, subject_id = subject_by_key(session, f"demo-{entry['about']}")
        now = timeline.moment(entry["days_ago"])
        decide(
            session,
            cast.moderator,
            subject=Subject(kind.value, subject_id),
            kind=DecisionKind(entry["kind"]),
            reason=entry["reason"].strip(),
            ground=entry["ground"],
            lasts_until=now + timedelta(days=entry["days"]) if "days" in entry else None,
            now=now,
        )
