"""Reading what waits for a decision, and what was decided."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, Subquery, and_, exists, func, literal, or_, select, union_all
from sqlalchemy.orm import Session, aliased

from participation.accounts.models import Account
from participation.comments.models import Comment, CommentState
from participation.ideas.models import Addendum, Idea, IdeaState
from participation.ideas.queries import principle_ids_of
from participation.kit.schema import UtcDateTime
from participation.moderation.models import Decision, DecisionKind
from participation.processes.models import Participant

PAGE = 20
DECISIONS_PAGE = 30
Contribution = type[Idea] | type[Comment] | type[Addendum]
KINDS: tuple[tuple[str, Contribution, IdeaState | CommentState], ...] = (
    ("addendum", Addendum, IdeaState.IN_REVIEW),
    ("comment", Comment, CommentState.IN_REVIEW),
    ("idea", Idea, IdeaState.IN_REVIEW),
)
"""What can wait for a decision, in the order in which things of the same moment stand in the queue."""


@dataclass(frozen=True, slots=True)
class WaitingKey:
    """The place of a contribution in the queue: oldest first, those of the same moment in the order of ``KINDS``."""

    submitted_at: datetime
    kind: str
    id: int


@dataclass(frozen=True, slots=True)
class WaitingItem:
    """One contribution in the queue; ``answers`` is the comment that a comment replies to.

    ``since`` is when it came or, for an idea, was last changed; ``revision`` which text of an idea is shown.
    """

    key: WaitingKey
    idea_id: int
    title: str
    text: str
    language: str
    pseudonym: str
    idea_language: str
    since: datetime
    principle_ids: tuple[int, ...] = ()
    answers: str = ""
    revision: int = 1
    was_public: bool = False


@dataclass(frozen=True, slots=True)
class WaitingPage:
    """A page of the queue, the key of the page behind it, and how many wait altogether."""

    items: tuple[WaitingItem, ...]
    next_after: WaitingKey | None
    ideas: int
    comments: int
    addenda: int


@dataclass(frozen=True, slots=True)
class Backlog:
    """How much waits in a process, and since when."""

    ideas: int = 0
    comments: int = 0
    addenda: int = 0
    oldest: datetime | None = None

    @property
    def whole(self) -> int:
        """How much waits altogether."""
        return self.ideas + self.comments + self.addenda


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


@dataclass(frozen=True, slots=True)
class Redaction:
    """Something was taken out: of an addendum, or (``None``) of the idea itself or what it said earlier."""

    addendum_id: int | None
    decided_at: datetime
    reason: str


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
        addenda=backlog.addenda,
    )


def next_waiting(session: Session, process_id: int, *, after: WaitingKey) -> WaitingKey | None:
    """Return what stands behind ``after`` in the queue."""
    keys = _waiting_keys(session, process_id, after, 1)
    return keys[0] if keys else None


def backlogs(session: Session, process_ids: Iterable[int]) -> dict[int, Backlog]:
    """Return how much waits in each process."""
    ids = list(process_ids)
    parts = [
        select(literal(kind), table.process_id, func.count(), func.min(_since(table)))
        .where(table.process_id.in_(ids), table.state == state)
        .group_by(table.process_id)
        for kind, table, state in KINDS
    ]
    found: dict[int, dict[str, tuple[int, datetime]]] = {process_id: {} for process_id in ids}
    for part in parts:
        for kind, process_id, number, oldest in session.execute(part):
            found[process_id][kind] = (number, oldest)
    return {process_id: _backlog(parts) for process_id, parts in found.items()}


def latest_decision(session: Session, *, idea_id: int | None = None, comment_id: int | None = None) -> Decision | None:
    """Return the decision about being public that holds for an idea or a comment now."""
    about = Decision.idea_id == idea_id if idea_id is not None else Decision.comment_id == comment_id
    statement = select(Decision).where(about, Decision.kind != DecisionKind.REDACT)
    return session.scalar(statement.order_by(Decision.id.desc()).limit(1))


def redactions_of(session: Session, idea_id: int) -> tuple[Redaction, ...]:
    """Return when and why moderators took something out of an idea or its addenda, in order."""
    rows = session.execute(
        select(Decision.addendum_id, Decision.decided_at, Decision.reason)
        .where(Decision.kind == DecisionKind.REDACT, _about(idea_id))
        .order_by(Decision.id)
    )
    return tuple(Redaction(*row) for row in rows)


def recent_decisions(session: Session, process_id: int, *, before: int | None = None) -> list[DecisionView]:
    """Return up to 31 decisions of a process, the latest first, taken before the decision ``before``."""
    statement = _decisions().where(Decision.process_id == process_id).order_by(Decision.id.desc())
    if before is not None:
        statement = statement.where(Decision.id < before)
    return _decision_views(session, statement.limit(DECISIONS_PAGE + 1))


def decisions_about_idea(session: Session, idea_id: int) -> list[DecisionView]:
    """Return the history of an idea and its addenda, the latest decision first; at most 31 of them."""
    statement = _decisions().where(_about(idea_id)).order_by(Decision.id.desc())
    return _decision_views(session, statement.limit(DECISIONS_PAGE + 1))


def reasons_for_hiding_addenda(session: Session, addendum_ids: Iterable[int]) -> dict[int, str]:
    """Return the latest reason for hiding each addendum that was hidden."""
    rows = session.execute(
        select(Decision.addendum_id, Decision.reason)
        .where(Decision.addendum_id.in_(list(addendum_ids)), Decision.kind == DecisionKind.HIDE)
        .order_by(Decision.id)
    )
    return {addendum_id: reason for addendum_id, reason in rows if addendum_id is not None}


def _about(idea_id: int) -> ColumnElement[bool]:
    below = select(Addendum.id).where(Addendum.idea_id == idea_id)
    return or_(Decision.idea_id == idea_id, Decision.addendum_id.in_(below))


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
        addenda=parts["addendum"][0] if "addendum" in parts else 0,
        oldest=min((oldest for _number, oldest in parts.values()), default=None),
    )


def _since(table: Contribution) -> ColumnElement[datetime]:
    # An idea that its author changed has waited since then.
    changed = func.coalesce(Idea.revised_at, Idea.submitted_at, type_=UtcDateTime())
    return changed if table is Idea else table.submitted_at.expression


def _waiting_keys(session: Session, process_id: int, after: WaitingKey | None, limit: int) -> list[WaitingKey]:
    # Each part is ordered and cut by its own index, so a long queue costs no more than a short one.
    parts = [
        _part(table, kind, after)
        .where(table.process_id == process_id, table.state == state)
        .order_by(table.submitted_at, table.id)
        .limit(limit)
        .subquery()
        for kind, table, state in KINDS
    ]
    whole: Subquery = union_all(*(select(part) for part in parts)).subquery()
    rows = session.execute(
        select(whole.c.submitted_at, whole.c.kind, whole.c.id)
        .order_by(whole.c.submitted_at, whole.c.kind, whole.c.id)
        .limit(limit)
    )
    return [WaitingKey(submitted_at, kind, id_) for submitted_at, kind, id_ in rows]


def _part(table: Contribution, kind: str, after: WaitingKey | None) -> Select[str, int, datetime]:
    statement = select(literal(kind).label("kind"), table.id.label("id"), table.submitted_at.label("submitted_at"))
    return statement if after is None else statement.where(_behind(table, kind, after))


def _behind(table: Contribution, kind: str, after: WaitingKey) -> ColumnElement[bool]:
    same_moment = table.submitted_at == after.submitted_at
    if kind == after.kind:
        return or_(table.submitted_at > after.submitted_at, and_(same_moment, table.id > after.id))
    if kind > after.kind:
        return table.submitted_at >= after.submitted_at
    return table.submitted_at > after.submitted_at


def _items(session: Session, keys: list[WaitingKey]) -> tuple[WaitingItem, ...]:
    items = [*_ideas(session, _ids(keys, "idea")), *_comments(session, _ids(keys, "comment"))]
    items += _addenda(session, _ids(keys, "addendum"))
    found = {item.key: item for item in items}
    return tuple(found[key] for key in keys if key in found)


def _ids(keys: list[WaitingKey], kind: str) -> list[int]:
    return [key.id for key in keys if key.kind == kind]


def _ideas(session: Session, idea_ids: list[int]) -> Iterator[WaitingItem]:
    if not idea_ids:
        return
    tagged = principle_ids_of(session, idea_ids)
    ideas = (
        select(Idea, Participant.pseudonym)
        .join(Participant, Participant.id == Idea.participant_id)
        .where(Idea.id.in_(idea_ids))
    )
    for idea, pseudonym in session.execute(ideas):
        yield WaitingItem(
            key=WaitingKey(idea.submitted_at, "idea", idea.id),
            idea_id=idea.id,
            title=idea.title,
            text=idea.text,
            language=idea.language,
            pseudonym=pseudonym,
            idea_language=idea.language,
            since=idea.revised_at or idea.submitted_at,
            principle_ids=tuple(tagged[idea.id]),
            revision=idea.revision,
            was_public=idea.published_at is not None,
        )


def _comments(session: Session, comment_ids: list[int]) -> Iterator[WaitingItem]:
    if not comment_ids:
        return
    parent = aliased(Comment)
    comments = (
        select(Comment, Idea.title, Idea.language, Participant.pseudonym, parent.text)
        .join(Idea, Idea.id == Comment.idea_id)
        .join(Participant, Participant.id == Comment.participant_id)
        .outerjoin(parent, parent.id == Comment.parent_id)
        .where(Comment.id.in_(comment_ids))
    )
    for comment, title, idea_language, pseudonym, answers in session.execute(comments):
        yield WaitingItem(
            key=WaitingKey(comment.submitted_at, "comment", comment.id),
            idea_id=comment.idea_id,
            title=title,
            text=comment.text,
            language=comment.language,
            pseudonym=pseudonym,
            idea_language=idea_language,
            since=comment.submitted_at,
            answers=answers or "",
        )


def _addenda(session: Session, addendum_ids: list[int]) -> Iterator[WaitingItem]:
    if not addendum_ids:
        return
    addenda = (
        select(Addendum, Idea.title, Idea.language, Participant.pseudonym)
        .join(Idea, Idea.id == Addendum.idea_id)
        .join(Participant, Participant.id == Idea.participant_id)
        .where(Addendum.id.in_(addendum_ids))
    )
    for addendum, title, idea_language, pseudonym in session.execute(addenda):
        yield WaitingItem(
            key=WaitingKey(addendum.submitted_at, "addendum", addendum.id),
            idea_id=addendum.idea_id,
            title=title,
            text=addendum.text,
            language=addendum.language,
            pseudonym=pseudonym,
            idea_language=idea_language,
            since=addendum.submitted_at,
        )


def _decisions() -> Select[Decision, Idea, Comment, Addendum, str, bool]:
    later = aliased(Decision)
    same_subject = or_(
        and_(Decision.idea_id.is_not(None), later.idea_id == Decision.idea_id),
        and_(Decision.comment_id.is_not(None), later.comment_id == Decision.comment_id),
        and_(Decision.addendum_id.is_not(None), later.addendum_id == Decision.addendum_id),
    )
    # Taking something out does not change whether a contribution is public.
    decided_since = exists().where(later.id > Decision.id, later.kind != DecisionKind.REDACT, same_subject)
    return (
        select(Decision, Idea, Comment, Addendum, Account.email, decided_since.correlate(Decision))
        .outerjoin(Comment, Comment.id == Decision.comment_id)
        .outerjoin(Addendum, Addendum.id == Decision.addendum_id)
        .join(Idea, Idea.id == func.coalesce(Decision.idea_id, Comment.idea_id, Addendum.idea_id))
        .outerjoin(Account, Account.id == Decision.decided_by)
    )


def _decision_views(
    session: Session, statement: Select[Decision, Idea, Comment, Addendum, str, bool]
) -> list[DecisionView]:
    views = []
    for decision, idea, comment, addendum, email, decided_since in session.execute(statement):
        part: Comment | Addendum | None = _only(comment, addendum)
        subject = idea if part is None else part
        views.append(
            DecisionView(
                id=decision.id,
                kind=decision.kind,
                reason=decision.reason,
                decided_at=decision.decided_at,
                decided_by=email or "",
                subject_kind=_kind_of(subject),
                subject_id=subject.id,
                idea_id=idea.id,
                title=idea.title,
                text="" if part is None else part.text,
                language=subject.language,
                is_hidden=subject.state.value == "hidden",
                holds=not decided_since and decision.kind is not DecisionKind.REDACT,
            )
        )
    return views


def _only(comment: Comment | None, addendum: Addendum | None) -> Comment | Addendum | None:
    return addendum if comment is None else comment


def _kind_of(subject: Idea | Comment | Addendum) -> str:
    return next(kind for kind, table, _state in KINDS if isinstance(subject, table))
