"""Offering the questions about oneself, as a link and nothing more: after the first vote, and at the end of a row."""

from datetime import datetime, timedelta

from flask import url_for
from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from participation.demographics.queries import may_still_tell
from participation.processes.outline import ProcessOutline
from participation.voting.models import Vote

JUST_NOW = timedelta(minutes=10)


def about_me_url(
    session: Session,
    process: ProcessOutline,
    *,
    idea_id: int,
    participant_id: int,
    cast_at: datetime,
    now: datetime,
) -> str:
    """Return the address of the questions for whoever has just cast their first vote in the process, else nothing."""
    if now - cast_at > JUST_NOW:
        return ""
    another = exists().where(Vote.participant_id == participant_id, Vote.idea_id != idea_id)
    asked = may_still_tell(framework_id=process.framework_id, participant_id=participant_id)
    return url_for("demographics.about_me", slug=process.slug) if session.scalar(select(asked & ~another)) else ""


def about_me_url_at_the_end(session: Session, process: ProcessOutline, *, participant_id: int) -> str:
    """Return the address of the questions for whoever has voted on everything and said nothing yet, else nothing."""
    asked = may_still_tell(framework_id=process.framework_id, participant_id=participant_id)
    return url_for("demographics.about_me", slug=process.slug) if session.scalar(select(asked)) else ""
