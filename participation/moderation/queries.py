"""Reading what waits for a decision, and what was decided."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, Subquery, and_, exists, func, literal, or_, select, union_all
from sqlalchemy.orm import Session, aliased

from participation.accounts.models import Account
from participation.comments.models import Comment, CommentState
from participation.ideas.models import Idea, IdeaState
from participation.ideas.queries import principle_ids_of
from participation.moderation.models import Decision, DecisionKind
from participation.processes.models import Participant

PAGE = 20
DECISIONS_PAGE = 30


@dataclass(frozen=True, slots=True)
class WaitingKey:
    """The place of a contribution in the queue: oldest first, comments before ideas of the same moment."""

    submitted_at: datetime
    kind: str
    id: int


@dataclass(frozen=True, slots=True)
class WaitingItem:
    """One contribution in the queue; ``answers`` is the comment that a comment replies to."""

    key: WaitingKey
    idea_id: int
    title: str
    text: str
    language: str
    pseudonym: str
    idea_language: str
    principle_ids: tuple[int, ...] = ()
    answers: str = ""


@dataclass(frozen=True, slots=True)
class WaitingPage:
    """A page of the queue, the key of the page behind it, and how many wait altogether."""

    items: tuple[WaitingItem, ...]
    next_after: WaitingKey | None
    ideas: int
    comments: int


@dataclass(frozen=True, slots=True)
class Backlog:
    """How much waits in a process, and since when."""

    ideas: int = 0
    comments: int = 0
    oldest: datetime | None = None


@dataclass(frozen=True, slots=True)
class DecisionView:
    """One decision with what it is about; ``holds`` says that nothing was decided about it since."""

    id: int
    kind: DecisionKind
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


def waiting(session: Session, process_id: int, *, after: WaitingKey | None = None) -> WaitingPage:
    """Return a page of the queue of a process, oldest first, from behind ``after``."""
    keys = _waiting_keys(session, process_id, after, PAGE + 1)
    backlog = backlogs(session, [process_id])[process_id]
    page = keys[:PAGE]
    return WaitingPage(
        items=_items(session, page),
        next_after=page[-1] if len(keys) > PAGE else None,
        ideas=backlog.ideas,
        comments=backlog.comments,
    )


def next_waiting(session: Session, process_id: int, *, after: WaitingKey) -> WaitingKey | None:
    """Return what stands behind ``after`` in the queue."""
    keys = _waiting_keys(session, process_id, after, 1)
    return keys[0] if keys else None


def backlogs(session: Session, process_ids: Iterable[int]) -> dict[int, Backlog]:
    """Return how much waits in each process."""
    ids = list(process_ids)
    halves = [
        select(literal(kind), table.process_id, func.count(), func.min(table.submitted_at))
        .where(table.process_id.in_(ids), table.state == state)
        .group_by(table.process_id)
        for kind, table, state in (("idea", Idea, IdeaState.IN_REVIEW), ("comment", Comment, CommentState.IN_REVIEW))
    ]
    found: dict[int, dict[str, tuple[int, datetime]]] = {process_id: {} for process_id in ids}
    for half in halves:
        for kind, process_id, number, oldest in session.execute(half):
            found[process_id][kind] = (number, oldest)
    return {process_id: _backlog(parts) for process_id, parts in found.items()}


def latest_decision(session: Session, *, idea_id: int | None = None, comment_id: int | None = None) -> Decision | None:
    """Return the decision that holds for an idea or a comment now."""
    about = Decision.idea_id == idea_id if idea_id is not None else Decision.comment_id == comment_id
    return session.scalar(select(Decision).where(about).order_by(Decision.id.desc()).limit(1))


def recent_decisions(session: Session, process_id: int, *, before: int | None = None) -> list[DecisionView]:
    """Return up to 31 decisions of a process, the latest first, taken before the decision ``before``."""
    statement = _decisions().where(Decision.process_id == process_id).order_by(Decision.id.desc())
    if before is not None:
        statement = statement.where(Decision.id < before)
    return _decision_views(session, statement.limit(DECISIONS_PAGE + 1))


def decisions_about_idea(session: Session, idea_id: int) -> list[DecisionView]:
    """Return the history of an idea, the latest decision first; at most 31 of them."""
    statement = _decisions().where(Decision.idea_id == idea_id).order_by(Decision.id.desc())
    return _decision_views(session, statement.limit(DECISIONS_PAGE + 1))


def reasons_for_hiding(session: Session, comment_ids: Iterable[int]) -> dict[int, str]:
    """Return the latest reason for hiding each comment that was hidden."""
    rows = session.execute(
        select(Decision.comment_id, Decision.reason)
        .where(Decision.comment_id.in_(list(comment_ids)), Decision.kind == DecisionKind.HIDE)
        .order_by(Decision.id)
    )
    return {comment_id: reason for comment_id, reason in rows if comment_id is not None}


def _backlog(parts: dict[str, tuple[int, datetime]]) -> Backlog:
    return Backlog(
        ideas=parts["idea"][0] if "idea" in parts else 0,
        comments=parts["comment"][0] if "comment" in parts else 0,
        oldest=min((oldest for _number, oldest in parts.values()), default=None),
    )


def _waiting_keys(session: Session, process_id: int, after: WaitingKey | None, limit: int) -> list[WaitingKey]:
    # Each half is ordered and cut by its own index, so a long queue costs no more than a short one.
    halves = [
        _half(table, kind, after)
        .where(table.process_id == process_id, table.state == state)
        .order_by(table.submitted_at, table.id)
        .limit(limit)
        .subquery()
        for kind, table, state in (("idea", Idea, IdeaState.IN_REVIEW), ("comment", Comment, CommentState.IN_REVIEW))
    ]
    both: Subquery = union_all(*(select(half) for half in halves)).subquery()
    rows = session.execute(
        select(both.c.submitted_at, both.c.kind, both.c.id)
        .order_by(both.c.submitted_at, both.c.kind, both.c.id)
        .limit(limit)
    )
    return [WaitingKey(submitted_at, kind, id_) for submitted_at, kind, id_ in rows]


def _half(table: type[Idea] | type[Comment], kind: str, after: WaitingKey | None) -> Select[str, int, datetime]:
    statement = select(literal(kind).label("kind"), table.id.label("id"), table.submitted_at.label("submitted_at"))
    return statement if after is None else statement.where(_behind(table, kind, after))


def _behind(table: type[Idea] | type[Comment], kind: str, after: WaitingKey) -> ColumnElement[bool]:
    same_moment = table.submitted_at == after.submitted_at
    if kind == after.kind:
        return or_(table.submitted_at > after.submitted_at, and_(same_moment, table.id > after.id))
    if kind > after.kind:
        return table.submitted_at >= after.submitted_at
    return table.submitted_at > after.submitted_at


def _items(session: Session, keys: list[WaitingKey]) -> tuple[WaitingItem, ...]:
    found: dict[WaitingKey, WaitingItem] = {}
    idea_ids = [key.id for key in keys if key.kind == "idea"]
    tagged = principle_ids_of(session, idea_ids)
    ideas = (
        select(Idea, Participant.pseudonym)
        .join(Participant, Participant.id == Idea.participant_id)
        .where(Idea.id.in_(idea_ids))
    )
    for idea, pseudonym in session.execute(ideas):
        key = WaitingKey(idea.submitted_at, "idea", idea.id)
        found[key] = WaitingItem(
            key, idea.id, idea.title, idea.text, idea.language, pseudonym, idea.language, tuple(tagged[idea.id])
        )
    parent = aliased(Comment)
    comments = (
        select(Comment, Idea.title, Idea.language, Participant.pseudonym, parent.text)
        .join(Idea, Idea.id == Comment.idea_id)
        .join(Participant, Participant.id == Comment.participant_id)
        .outerjoin(parent, parent.id == Comment.parent_id)
        .where(Comment.id.in_([key.id for key in keys if key.kind == "comment"]))
    )
    for comment, title, idea_language, pseudonym, answers in session.execute(comments):
        key = WaitingKey(comment.submitted_at, "comment", comment.id)
        found[key] = WaitingItem(
            key,
            comment.idea_id,
            title,
            comment.text,
            comment.language,
            pseudonym,
            idea_language,
            answers=answers or "",
        )
    return tuple(found[key] for key in keys if key in found)


def _decisions() -> Select[Decision, Idea, Comment, str, bool]:
    later = aliased(Decision)
    same_subject = or_(
        and_(Decision.idea_id.is_not(None), later.idea_id == Decision.idea_id),
        and_(Decision.comment_id.is_not(None), later.comment_id == Decision.comment_id),
    )
    decided_since = exists().where(later.id > Decision.id, same_subject).correlate(Decision)
    return (
        select(Decision, Idea, Comment, Account.email, decided_since)
        .outerjoin(Comment, Comment.id == Decision.comment_id)
        .join(Idea, Idea.id == func.coalesce(Decision.idea_id, Comment.idea_id))
        .outerjoin(Account, Account.id == Decision.decided_by)
    )


def _decision_views(session: Session, statement: Select[Decision, Idea, Comment, str, bool]) -> list[DecisionView]:
    views = []
    for decision, idea, joined, email, decided_since in session.execute(statement):
        comment: Comment | None = joined
        subject = idea if comment is None else comment
        views.append(
            DecisionView(
                id=decision.id,
                kind=decision.kind,
                reason=decision.reason,
                decided_at=decision.decided_at,
                decided_by=email or "",
                subject_kind="idea" if comment is None else "comment",
                subject_id=subject.id,
                idea_id=idea.id,
                title=idea.title,
                text="" if comment is None else comment.text,
                language=subject.language,
                is_hidden=subject.state.value == "hidden",
                holds=not decided_since,
            )
        )
    return views
