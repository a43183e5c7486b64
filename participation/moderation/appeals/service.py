"""Objecting to decisions and answering objections: the author writes, somebody else decides, both texts stay."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from participation.accounts.actor import Actor
from participation.activity.service import record
from participation.cases.models import CaseKind
from participation.cases.service import CaseSubject, close_cases, open_case
from participation.kit.dialect import locked
from participation.kit.permissions import Missing, Refused, found, require
from participation.moderation.appeals.policies import (
    ObjectionFacts,
    may_appeal,
    may_decide_appeal,
    may_withdraw_appeal,
)
from participation.moderation.appeals.queries import (
    About,
    about_of,
    answer_facts,
    appeal_ids,
    has_decided_since,
)
from participation.moderation.events import AppealAnswered, AppealSubmitted, AppealWithdrawn
from participation.moderation.models import Appeal, AppealOutcome, Decision, DecisionKind
from participation.moderation.policies import may_decide
from participation.moderation.service import Subject, decide
from participation.moderation.subjects import subject_of
from participation.moderation.terms import terms
from participation.multilingual import lazy as _l
from participation.processes.models import Participant

_REMEDIES = {
    DecisionKind.HIDE: (DecisionKind.RESTORE,),
    # What waits is published; what is public stays so, and nobody waits for a change any more.
    DecisionKind.ASK_CHANGE: (DecisionKind.PUBLISH, DecisionKind.KEEP),
    DecisionKind.SUSPEND: (DecisionKind.LIFT,),
    DecisionKind.MOVE: (DecisionKind.MOVE,),
    DecisionKind.ELSEWHERE: (DecisionKind.ELSEWHERE,),
}


@dataclass(frozen=True, slots=True)
class Remedy:
    """The decision that takes an earlier one back."""

    kind: DecisionKind
    details: dict[str, Any] = field(default_factory=dict)


def submit_appeal(
    session: Session,
    actor: Actor,
    *,
    decision_id: int,
    text: str,
    language: str,
    answer_within: timedelta,
    now: datetime,
) -> Appeal:
    """Object to a decision about an own contribution and return the appeal; it waits in the queue from now on.

    Raises ``Missing`` for decisions about what others contributed, and for those of which nobody has been told yet.
    """
    # Locked: sent twice at once, the second finds the first.
    decision = found(session.scalar(locked(select(Decision).where(Decision.id == decision_id))))
    if decision.decided_at > now - terms().undo and decision.undone_at is None:
        # It may still be taken back, and nobody has been told.
        raise Missing
    participant = session.get(Participant, decision.participant_id) if decision.participant_id else None
    if participant is None or actor.account_id is None or participant.account_id != actor.account_id:
        raise Missing
    facts = ObjectionFacts(
        is_author=True,
        is_undone=decision.undone_at is not None,
        has_appeal=bool(appeal_ids(session, [decision.id])),
        until=decision.objection_until,
    )
    require(may_appeal(actor, facts, now=now))
    appeal = Appeal(
        process_id=decision.process_id,
        decision_id=decision.id,
        participant_id=participant.id,
        text=text,
        language=language,
        submitted_at=now,
        due_at=now + answer_within,
    )
    session.add(appeal)
    session.flush()
    subject = replace(_case_subject(decision, about_of(session, decision)), language=language)
    open_case(session, CaseKind.APPEAL, subject, due_at=appeal.due_at, about_id=decision.id, now=now)
    record(session, AppealSubmitted(appeal.id), account_id=actor.account_id, now=now)
    return appeal


def withdraw_appeal(session: Session, actor: Actor, *, decision_id: int, now: datetime) -> Appeal:
    """Take the own objection to a decision back that nobody has answered yet, and return it; its text stays.

    Raises ``Missing`` where somebody else objected, or nobody did.
    """
    appeal = found(session.scalar(locked(select(Appeal).where(Appeal.decision_id == decision_id))))
    author = session.get_one(Participant, appeal.participant_id).account_id
    if actor.account_id is None or author != actor.account_id:
        raise Missing
    require(may_withdraw_appeal(actor, is_author=True, outcome=appeal.outcome))
    appeal.outcome, appeal.answered_at = AppealOutcome.WITHDRAWN, now
    _close(session, session.get_one(Decision, decision_id), decision_id=None, now=now)
    record(session, AppealWithdrawn(appeal.id), account_id=actor.account_id, now=now)
    return appeal


def answer_appeal(
    session: Session, actor: Actor, *, appeal_id: int, outcome: AppealOutcome, answer: str, now: datetime
) -> Appeal:
    """Answer an objection as somebody who did not decide before, and return it.

    Where the decision is changed, a new one takes it back; both stay in the history. Raises ``Missing`` for an
    objection that does not exist.
    """
    appeal = found(session.scalar(locked(select(Appeal).where(Appeal.id == appeal_id))))
    decision = session.get_one(Decision, appeal.decision_id)
    require(may_decide_appeal(actor, answer_facts(session, appeal, decision)))
    if outcome is AppealOutcome.WITHDRAWN:
        raise ValueError("only its author takes an objection back")
    if not answer.strip():
        raise Refused(_l("Please give the reason; the author will read it."))
    changed = _take_back(session, actor, decision, now=now) if outcome is AppealOutcome.CHANGED else None
    appeal.outcome, appeal.answer = outcome, answer.strip()
    appeal.answered_by, appeal.answered_at = actor.account_id, now
    appeal.new_decision_id = changed.id if changed else None
    _close(session, decision, decision_id=appeal.new_decision_id or decision.id, now=now)
    record(session, AppealAnswered(appeal.id), account_id=actor.account_id, now=now)
    return appeal


def remedy_of(session: Session, actor: Actor, decision: Decision, about: About) -> Remedy | None:
    """Return the decision that would take an earlier one back; ``None`` where nothing of it is left to take back."""
    if has_decided_since(session, decision):
        return None
    for kind in _REMEDIES.get(decision.kind, ()):
        if may_decide(actor, decision.process_id, about.kind, about.state, kind):
            return Remedy(kind, dict(decision.details["before"]) if kind is DecisionKind.MOVE else {})
    return None


def _take_back(session: Session, actor: Actor, decision: Decision, *, now: datetime) -> Decision | None:
    about = about_of(session, decision)
    remedy = remedy_of(session, actor, decision, about)
    if remedy is None or (remedy.kind is DecisionKind.LIFT and not _is_suspended(session, decision, now)):
        return None
    subject = Subject(about.kind.value, about.id)
    return decide(session, actor, subject=subject, kind=remedy.kind, details=remedy.details, now=now)


def _is_suspended(session: Session, decision: Decision, now: datetime) -> bool:
    until = session.get_one(Participant, decision.participant_id).suspended_until
    return until is not None and until > now


def _close(session: Session, decision: Decision, *, decision_id: int | None, now: datetime) -> None:
    kind, number = subject_of(decision)
    close_cases(
        session, kind, [number], kinds=[CaseKind.APPEAL], about_id=decision.id, decision_id=decision_id, now=now
    )


def _case_subject(decision: Decision, about: About) -> CaseSubject:
    return CaseSubject(decision.process_id, about.kind, about.id, about.idea_id, about.language)
