"""Taking a decision back, by whoever took it, before anybody hears of it."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, exists, func, select
from sqlalchemy.orm import Session, aliased

from participation.accounts.actor import Actor
from participation.activity.service import record
from participation.cases.models import SubjectKind
from participation.comments.models import Comment
from participation.ideas.models import Addendum, Idea
from participation.kit.dialect import locked
from participation.kit.permissions import found, require
from participation.moderation.appeals.queries import answering, answers_appeal
from participation.moderation.curating.service import move_back
from participation.moderation.events import DecisionUndone
from participation.moderation.models import Decision, DecisionKind
from participation.moderation.policies import ABOUT_AUTHORS, TURNS, UndoFacts, may_undo
from participation.moderation.service import SUSPENDED_BEFORE
from participation.moderation.settling import unsettle
from participation.moderation.subjects import (
    Contribution,
    digest_of,
    lock_author,
    lock_subject,
    put_back,
    salted,
    subject_of,
)
from participation.moderation.terms import terms
from participation.processes.models import Participant
from participation.processes.service import touch


@dataclass(frozen=True, slots=True)
class LatestDecision:
    """The decision that somebody can still take back; ``number`` of them were taken in the same moment."""

    id: int
    kind: DecisionKind
    subject_kind: SubjectKind
    subject_id: int
    idea_id: int
    title: str
    language: str
    seconds_left: int
    number: int


def undo_decision(session: Session, actor: Actor, *, decision_id: int, now: datetime) -> Decision:
    """Take a decision back and return it: everything stands as before, and the decision stays in the history.

    Raises ``Missing``, and ``Refused`` when it is somebody else's, too late, or when something has happened since.
    """
    taken = found(session.get(Decision, decision_id))
    kind, number = subject_of(taken)
    # In the order of deciding: first what it is about, then the decision.
    if taken.kind in ABOUT_AUTHORS:
        lock_author(session, kind, number)
    thing = lock_subject(session, kind, number)
    statement = locked(select(Decision).where(Decision.id == decision_id))
    decision = session.scalars(statement.execution_options(populate_existing=True)).one()
    facts = UndoFacts(
        decided_by=decision.decided_by,
        decided_at=decision.decided_at,
        kind=decision.kind,
        is_undone=decision.undone_at is not None,
        is_latest=_is_latest(session, decision, thing),
        answers_appeal=answers_appeal(session, decision.id),
    )
    require(may_undo(actor, decision.process_id, facts, window=terms().undo, now=now))
    decision.undone_by, decision.undone_at = actor.account_id, now
    _take_back(session, actor, decision, thing, now=now)
    unsettle(session, decision, kind, number, now=now)
    record(session, DecisionUndone(decision.id), account_id=actor.account_id, now=now)
    return decision


def undoable(session: Session, actor: Actor, process_id: int, now: datetime) -> LatestDecision | None:
    """Return the latest decision of ``actor`` in a process as long as it can be taken back."""
    window = terms().undo
    own = (Decision.process_id == process_id) & (Decision.decided_by == actor.account_id)
    fresh = Decision.undone_at.is_(None) & (Decision.decided_at > now - window) & (Decision.kind != DecisionKind.REDACT)
    row = session.execute(
        select(Decision, Idea.id, Idea.title, Idea.language)
        .outerjoin(Comment, Comment.id == Decision.comment_id)
        .outerjoin(Addendum, Addendum.id == Decision.addendum_id)
        .join(Idea, Idea.id == func.coalesce(Decision.idea_id, Comment.idea_id, Addendum.idea_id))
        .where(own, fresh, ~answering())
        .order_by(Decision.decided_at.desc(), Decision.id.desc())
        .limit(1)
    ).first()
    if row is None:
        return None
    decision, idea_id, title, language = row
    at_once = select(func.count()).where(own, fresh, Decision.decided_at == decision.decided_at)
    kind, number = subject_of(decision)
    return LatestDecision(
        id=decision.id,
        kind=decision.kind,
        subject_kind=kind,
        subject_id=number,
        idea_id=idea_id,
        title=title,
        language=language,
        seconds_left=int((decision.decided_at + window - now).total_seconds()),
        number=session.scalars(at_once).one(),
    )


def same_subject(decision: type[Decision], kind: SubjectKind, number: int) -> ColumnElement[bool]:
    """Return the condition that a decision is about this contribution."""
    columns = {
        SubjectKind.IDEA: decision.idea_id,
        SubjectKind.COMMENT: decision.comment_id,
        SubjectKind.ADDENDUM: decision.addendum_id,
    }
    return columns[kind].expression == number


def _is_latest(session: Session, decision: Decision, thing: Contribution) -> bool:
    if salted(decision.salt, digest_of(thing)) != decision.content_digest:
        return False
    if thing.state.value != _state_after(decision):
        return False
    kind, number = subject_of(decision)
    later = aliased(Decision)
    followed = exists().where(same_subject(later, kind, number), later.id > decision.id, later.undone_at.is_(None))
    return not session.scalar(select(followed))


def _state_after(decision: Decision) -> str:
    if decision.kind in TURNS:
        return "hidden" if decision.kind is DecisionKind.HIDE else "published"
    return decision.state_before


def _take_back(session: Session, actor: Actor, decision: Decision, thing: Contribution, *, now: datetime) -> None:
    if decision.kind in TURNS:
        put_back(session, actor, thing, decision, now=now)
    elif decision.kind is DecisionKind.MOVE:
        move_back(session, actor, idea_id=thing.id, details=decision.details, now=now)
    elif decision.kind is DecisionKind.ELSEWHERE:
        touch(session, decision.process_id)
    elif SUSPENDED_BEFORE in decision.details:
        before = decision.details[SUSPENDED_BEFORE]
        author = session.get_one(Participant, decision.participant_id, populate_existing=True)
        author.suspended_until = datetime.fromisoformat(before) if before else None
