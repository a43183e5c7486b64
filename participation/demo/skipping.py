"""The ideas that somebody passed over while voting in a row."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from participation.demo.cast import Cast
from participation.ideas.models import Idea
from participation.kit.dialect import insert_missing
from participation.processes.models import Capability
from participation.processes.outline import ProcessOutline
from participation.voting.models import Skip, Vote

SKIPPED = 3


def skip_some(session: Session, process: ProcessOutline, cast: Cast, idea_ids: list[int], *, now: datetime) -> None:
    """Let the resident whom visitors sign in as pass over a few of these ideas, none of them known to the resident."""
    if cast.resident is None or not process.is_open(Capability.VOTE, now):
        return
    person = cast.participants[cast.resident]
    voted = select(Vote.idea_id).where(Vote.participant_id == person)
    unknown = select(Idea.id).where(Idea.id.in_(idea_ids), Idea.id.not_in(voted), Idea.participant_id != person)
    chosen = session.scalars(unknown.order_by(Idea.id).limit(SKIPPED)).all()
    rows = [{"participant_id": person, "idea_id": idea_id, "skipped_at": now} for idea_id in chosen]
    insert_missing(session, Skip, rows, key=["participant_id", "idea_id"])
