"""Reading what was decided."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from participation.accounts.models import Account
from participation.cases.models import Case, SubjectKind
from participation.cases.queries import SubjectKey
from participation.comments.models import Comment
from participation.ideas.models import Addendum, Idea
from participation.moderation.models import Decision, DecisionKind
from participation.moderation.policies import TURNS
from participation.moderation.reasons import facts_of
from participation.moderation.subjects import kind_of

DECISIONS_PAGE = 30
_HIDES = (Decision.kind == DecisionKind.HIDE) & Decision.undone_at.is_(None)


@dataclass(frozen=True, slots=True)
class DecisionView:
    """One decision with what it is about; ``holds`` says that it still makes its subject public, or keeps it hidden.

    ``reason`` is in the language asked for where it rests on text blocks.
    """

    id: int
    kind: DecisionKind
    ground: str
    reason: str
    decided_at: datetime
    decided_by: str
    subject_kind: str
    subject_id: int
    idea_id: int
    title: str
    text: str
    language: str
    is_hidden: bool
    holds: bool
    is_undone: bool
    lasts_until: datetime | None


@dataclass(frozen=True, slots=True)
class Redaction:
    """Something was taken out: of an addendum, or (``None``) of the idea itself or what it said earlier."""

    addendum_id: int | None
    decided_at: datetime
    reason: str


def latest_decision(session: Session, *, idea_id: int | None = None, comment_id: int | None = None) -> Decision | None:
    """Return the decision about being public that holds for an idea or a comment now."""
    about = Decision.idea_id == idea_id if idea_id is not None else Decision.comment_id == comment_id
    statement = select(Decision).where(about, Decision.kind.in_(TURNS), Decision.undone_at.is_(None))
    return session.scalar(statement.order_by(Decision.id.desc()).limit(1))


def is_told(decision: Decision, settled_before: datetime) -> bool:
    """Return whether the author may know of a decision; of people's, as soon as they cannot take it back any more."""
    return decision.decided_by is None or decision.decided_at <= settled_before


def asked_for_change(session: Session, kind: SubjectKind, number: int, *, settled_before: datetime) -> bool:
    """Return whether the author of a contribution was asked for a change, has been told, and has the next word."""
    waiting = (Case.subject_kind == kind) & (Case.subject_id == number) & Case.closed_at.is_(None)
    asked = select(Decision).join(Case, Case.decision_id == Decision.id).where(waiting)
    return any(is_told(decision, settled_before) for decision in session.scalars(asked))


def hidden_untold(session: Session, subjects: Collection[SubjectKey], *, settled_before: datetime) -> set[SubjectKey]:
    """Return those of some contributions that people hid so lately that their authors may not know of it yet."""
    columns = {
        SubjectKind.IDEA: Decision.idea_id,
        SubjectKind.COMMENT: Decision.comment_id,
        SubjectKind.ADDENDUM: Decision.addendum_id,
    }
    if not subjects:
        return set()
    about = or_(*(columns[kind] == number for kind, number in subjects))
    fresh = _HIDES & Decision.decided_by.is_not(None) & (Decision.decided_at > settled_before)
    rows = session.execute(select(*columns.values()).where(about, fresh))
    return {(kind, number) for row in rows for kind, number in zip(columns, row, strict=True) if number is not None}


def redactions_of(session: Session, idea_id: int) -> tuple[Redaction, ...]:
    """Return when and why moderators took something out of an idea or its addenda, in order."""
    rows = session.execute(
        select(Decision.addendum_id, Decision.decided_at, Decision.reason)
        .where(Decision.kind == DecisionKind.REDACT, _about(idea_id))
        .order_by(Decision.id)
    )
    return tuple(Redaction(*row) for row in rows)


def recent_decisions(
    session: Session, process_id: int, *, language: str, before: int | None = None
) -> list[DecisionView]:
    """Return up to 31 decisions of a process, the latest first, taken before the decision ``before``."""
    statement = _decisions().where(Decision.process_id == process_id).order_by(Decision.id.desc())
    if before is not None:
        statement = statement.where(Decision.id < before)
    return _decision_views(session, statement.limit(DECISIONS_PAGE + 1), language)


def decisions_about(session: Session, *, kind: SubjectKind, subject_id: int, language: str) -> list[DecisionView]:
    """Return the history of one contribution by itself, the latest decision first; at most 31 of them."""
    columns = {
        SubjectKind.IDEA: Decision.idea_id,
        SubjectKind.COMMENT: Decision.comment_id,
        SubjectKind.ADDENDUM: Decision.addendum_id,
    }
    statement = _decisions().where(columns[kind] == subject_id).order_by(Decision.id.desc())
    return _decision_views(session, statement.limit(DECISIONS_PAGE + 1), language)


def decisions_about_idea(session: Session, idea_id: int, *, language: str) -> list[DecisionView]:
    """Return the history of an idea and its addenda, the latest decision first; at most 31 of them."""
    statement = _decisions().where(_about(idea_id)).order_by(Decision.id.desc())
    return _decision_views(session, statement.limit(DECISIONS_PAGE + 1), language)


def reasons_for_hiding_addenda(
    session: Session, addendum_ids: Iterable[int], *, language: str, settled_before: datetime
) -> dict[int, str]:
    """Return the latest reason for hiding each addendum that was hidden; none where the author may not know it yet."""
    about = Decision.addendum_id.in_(list(addendum_ids))
    latest = {
        one.addendum_id: one for one in session.scalars(select(Decision).where(about, _HIDES).order_by(Decision.id))
    }
    return {
        id_: facts_of(decision.block_texts, decision.reason, language)
        for id_, decision in latest.items()
        if id_ is not None and is_told(decision, settled_before)
    }


def _about(idea_id: int) -> ColumnElement[bool]:
    below = select(Addendum.id).where(Addendum.idea_id == idea_id)
    return or_(Decision.idea_id == idea_id, Decision.addendum_id.in_(below))


def reasons_for_hiding(session: Session, comment_ids: Iterable[int], *, language: str) -> dict[int, str]:
    """Return the latest reason for hiding each comment that was hidden."""
    rows = session.execute(
        select(Decision.comment_id, Decision.block_texts, Decision.reason)
        .where(Decision.comment_id.in_(list(comment_ids)), _HIDES)
        .order_by(Decision.id)
    )
    return {id_: facts_of(block_texts, reason, language) for id_, block_texts, reason in rows if id_ is not None}


def _decisions() -> Select[Decision, Idea, Comment, Addendum, str, bool]:
    later = aliased(Decision)
    same_subject = or_(
        and_(Decision.idea_id.is_not(None), later.idea_id == Decision.idea_id),
        and_(Decision.comment_id.is_not(None), later.comment_id == Decision.comment_id),
        and_(Decision.addendum_id.is_not(None), later.addendum_id == Decision.addendum_id),
    )
    # Only these change whether a contribution is public.
    turned = later.kind.in_(TURNS) & later.undone_at.is_(None)
    decided_since = exists().where(later.id > Decision.id, turned, same_subject)
    return (
        select(Decision, Idea, Comment, Addendum, Account.email, decided_since.correlate(Decision))
        .outerjoin(Comment, Comment.id == Decision.comment_id)
        .outerjoin(Addendum, Addendum.id == Decision.addendum_id)
        .join(Idea, Idea.id == func.coalesce(Decision.idea_id, Comment.idea_id, Addendum.idea_id))
        .outerjoin(Account, Account.id == Decision.decided_by)
    )


def _decision_views(
    session: Session, statement: Select[Decision, Idea, Comment, Addendum, str, bool], language: str
) -> list[DecisionView]:
    views = []
    for decision, idea, comment, addendum, email, decided_since in session.execute(statement):
        part: Comment | Addendum | None = _only(comment, addendum)
        subject = idea if part is None else part
        views.append(
            DecisionView(
                id=decision.id,
                kind=decision.kind,
                ground=decision.ground,
                reason=facts_of(decision.block_texts, decision.reason, language),
                decided_at=decision.decided_at,
                decided_by=email or "",
                subject_kind=kind_of(subject).value,
                subject_id=subject.id,
                idea_id=idea.id,
                title=idea.title,
                text="" if part is None else part.text,
                language=subject.language,
                is_hidden=subject.state.value == "hidden",
                holds=not decided_since and decision.kind in TURNS and decision.undone_at is None,
                is_undone=decision.undone_at is not None,
                lasts_until=decision.lasts_until,
            )
        )
    return views


def _only(comment: Comment | None, addendum: Addendum | None) -> Comment | Addendum | None:
    return addendum if comment is None else comment
