"""Asking a department for an answer by a day, in public; asking another one or for another day leaves a trace."""

from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from participation.accounts.actor import Actor
from participation.activity.service import record
from participation.kit.dialect import locked
from participation.kit.permissions import Refused, found, require
from participation.multilingual import lazy as _l
from participation.processes.service import touch
from participation.strategy.answering.events import ReferralTakenBack, SubjectReferred
from participation.strategy.answering.policies import may_refer
from participation.strategy.answering.subjects import Subject, about, lock_subject, subject_of
from participation.strategy.models import Answer, Referral, ReferralEnd


def refer(
    session: Session, actor: Actor, *, subject: Subject, department: str, due_on: date, now: datetime
) -> Referral:
    """Return the referral that now waits for an answer; twice is the same as once.

    One that waits already ends as moved, and the day that was named first stays with the new one.
    """
    facts = lock_subject(session, subject)
    require(may_refer(actor, facts.process_id, is_public=facts.is_public))
    name = department.strip()
    if not name:
        raise Refused(_l("Please say which department is asked."))
    waiting = open_referral(session, subject)
    if waiting is not None and (waiting.department, waiting.due_on) == (name, due_on):
        return waiting
    if waiting is not None:
        _end(session, waiting, ReferralEnd.MOVED, now=now)
    referral = Referral(
        process_id=facts.process_id,
        department=name,
        due_on=due_on,
        first_due_on=waiting.first_due_on if waiting is not None else due_on,
        referred_by=actor.account_id,
        referred_at=now,
        **{subject.column: subject.id},
    )
    session.add(referral)
    session.flush()
    touch(session, facts.process_id)
    record(session, SubjectReferred(referral.id), account_id=actor.account_id, now=now)
    return referral


def take_back_referral(session: Session, actor: Actor, *, process_id: int, referral_id: int, now: datetime) -> Referral:
    """Return a referral that was a mistake, ended; raises ``Missing`` where none waits."""
    seen = found(session.get(Referral, referral_id))
    facts = lock_subject(session, subject_of(seen))
    row = session.scalar(locked(select(Referral).where(Referral.id == referral_id, Referral.process_id == process_id)))
    referral: Referral = found(row)
    require(may_refer(actor, process_id, is_public=True))
    found(None if referral.closed_at else referral)
    _end(session, referral, ReferralEnd.TAKEN_BACK, now=now)
    touch(session, facts.process_id)
    record(session, ReferralTakenBack(referral.id), account_id=actor.account_id, now=now)
    return referral


def close_with(session: Session, subject: Subject, answer: Answer, *, now: datetime) -> None:
    """End the referral that waits for an answer to ``subject``, if one does; the caller has locked the subject."""
    waiting = open_referral(session, subject)
    if waiting is not None:
        waiting.answer_id = answer.id
        _end(session, waiting, ReferralEnd.ANSWERED, now=now)


def open_referral(session: Session, subject: Subject) -> Referral | None:
    """Return the referral that waits for an answer to ``subject``."""
    statement = select(Referral).where(about(Referral, [subject]), Referral.closed_at.is_(None))
    waiting: Referral | None = session.scalar(statement)
    return waiting


def _end(session: Session, referral: Referral, ended_as: ReferralEnd, *, now: datetime) -> None:
    referral.ended_as, referral.closed_at = ended_as, now
    # Before another one is added: only one of them may be open.
    session.flush()
