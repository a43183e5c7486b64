"""Answering for the city."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from participation.accounts.actor import Actor
from participation.activity.events import Event
from participation.activity.service import record
from participation.ideas.models import IdeaState
from participation.kit.permissions import Permission, Refused, require
from participation.kit.schema import Translated
from participation.multilingual import lazy as _l
from participation.multilingual import reworded
from participation.processes.service import touch
from participation.strategy.answering.events import BundleAnswered, IdeaAnswered, StatementAnswered
from participation.strategy.answering.policies import may_answer_bundle, may_answer_idea, may_answer_statement
from participation.strategy.answering.referrals import close_with
from participation.strategy.answering.subjects import Subject, SubjectFacts, SubjectKind, about, lock_subject
from participation.strategy.models import Answer, AnswerOutcome, StatementState


@dataclass(frozen=True, slots=True)
class AnswerDraft:
    """What staff enter: what the city will do, which department says so, and why, in at least one language.

    ``due_on`` is the day until which the city wants to do it.
    """

    outcome: AnswerOutcome
    department: str
    text: Translated
    due_on: date | None = None


def answer_idea(session: Session, actor: Actor, *, idea_id: int, draft: AnswerDraft, now: datetime) -> Answer:
    """Return the city's answer to an idea; earlier ones stay, and the same one again is not added twice."""
    return answer_subject(session, actor, subject=Subject(SubjectKind.IDEA, idea_id), draft=draft, now=now)


def answer_bundle(session: Session, actor: Actor, *, bundle_id: int, draft: AnswerDraft, now: datetime) -> Answer:
    """Return the city's answer to ideas that say the same; earlier ones stay."""
    return answer_subject(session, actor, subject=Subject(SubjectKind.BUNDLE, bundle_id), draft=draft, now=now)


def answer_statement(session: Session, actor: Actor, *, statement_id: int, draft: AnswerDraft, now: datetime) -> Answer:
    """Return the city's answer to a statement; earlier ones stay, and the same one again is not added twice."""
    return answer_subject(session, actor, subject=Subject(SubjectKind.STATEMENT, statement_id), draft=draft, now=now)


def answer_subject(session: Session, actor: Actor, *, subject: Subject, draft: AnswerDraft, now: datetime) -> Answer:
    """Return the city's answer; earlier ones stay, and the same one again is not added twice.

    It closes the referral that waits for it.
    """
    facts = lock_subject(session, subject)
    require(may_answer_subject(actor, subject, facts))
    latest = latest_answer(session, subject)
    answer = _drafted(Answer(process_id=facts.process_id, **{subject.column: subject.id}), draft)
    if latest is not None and _says(latest) == _says(answer):
        return latest
    answer.answered_by, answer.answered_at = actor.account_id, now
    session.add(answer)
    session.flush()
    close_with(session, subject, answer, now=now)
    touch(session, answer.process_id)
    record(session, _answered(subject.kind, answer.id), account_id=actor.account_id, now=now)
    return answer


def may_answer_subject(actor: Actor, subject: Subject, facts: SubjectFacts) -> Permission:
    """Whether ``actor`` may answer a subject about which this is so."""
    if subject.kind is SubjectKind.BUNDLE:
        return may_answer_bundle(actor, facts.process_id, is_public=facts.is_public)
    if subject.kind is SubjectKind.IDEA:
        state = IdeaState.PUBLISHED if facts.is_public else IdeaState.HIDDEN
        return may_answer_idea(actor, facts.process_id, state)
    return may_answer_statement(
        actor, facts.process_id, StatementState.PUBLISHED if facts.is_public else StatementState.DRAFT
    )


def latest_answer(session: Session, subject: Subject) -> Answer | None:
    """Return the answer that holds; ``None`` where there is none yet."""
    statement = select(Answer).where(about(Answer, [subject])).order_by(Answer.answered_at.desc(), Answer.id.desc())
    latest: Answer | None = session.scalar(statement.limit(1))
    return latest


def _drafted(answer: Answer, draft: AnswerDraft) -> Answer:
    answer.text, answer.department = reworded({}, draft.text), draft.department.strip()
    answer.outcome, answer.due_on = draft.outcome, draft.due_on
    if not answer.text or not answer.department:
        raise Refused(_l("An answer needs a department and a text in at least one language."))
    if draft.outcome is AnswerOutcome.NO and draft.due_on is not None:
        raise Refused(_l("What the city does not do has no day until which it is done."))
    return answer


def _says(answer: Answer) -> tuple[object, ...]:
    return (answer.outcome, answer.department, answer.text, answer.due_on)


def _answered(kind: SubjectKind, answer_id: int) -> Event:
    if kind is SubjectKind.IDEA:
        return IdeaAnswered(answer_id)
    return BundleAnswered(answer_id) if kind is SubjectKind.BUNDLE else StatementAnswered(answer_id)
