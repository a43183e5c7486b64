"""Builders of decisions that their authors object to."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from participation.accounts.actor import SYSTEM, Actor
from participation.cases.models import SubjectKind
from participation.kit import clock
from participation.moderation.appeals.service import submit_appeal
from participation.moderation.models import DecisionKind
from participation.moderation.service import Subject, decide
from participation.processes.models import Participant

ANSWER_WITHIN = timedelta(days=14)


def objection(
    session: Session,
    number: int,
    subject: SubjectKind = SubjectKind.COMMENT,
    *,
    kind: DecisionKind = DecisionKind.WARN,
    by: Actor = SYSTEM,
    details: dict[str, Any] | None = None,
    text: str = "I object to this",
    at: datetime | None = None,
) -> tuple[int, int]:
    """Return the decision about a contribution and the objection of its author, who must have an account."""
    moment = at or clock.now()
    about = Subject(subject.value, number)
    decision = decide(
        session, by, subject=about, kind=kind, reason="Reason", ground="rule-respect", details=details, now=moment
    )
    author = Actor(session.get_one(Participant, decision.participant_id).account_id)
    appeal = submit_appeal(
        session, author, decision_id=decision.id, text=text, language="en", answer_within=ANSWER_WITHIN, now=moment
    )
    return decision.id, appeal.id
