"""Adding many comments at once, as an import does; what is there already is left alone."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, exists, select, update
from sqlalchemy.orm import Session

from participation.accounts.actor import Actor
from participation.cases.models import CaseKind, SubjectKind
from participation.cases.service import CaseSubject, open_cases
from participation.comments.models import Comment, CommentStance, CommentState, Voice
from participation.ideas.bulk import NOBODY, NOBODY_PSEUDONYM
from participation.ideas.models import Idea
from participation.ideas.policies import may_import
from participation.ideas.standing import note_comments
from participation.kit.dialect import insert_missing
from participation.kit.permissions import require
from participation.processes.bulk import first_moments, join_as, join_by_key
from participation.processes.queries import process_by_id
from participation.processes.service import touch


@dataclass(frozen=True, slots=True)
class ImportedComment:
    """A comment from elsewhere, checked; ``parent`` is the external id of the one it answers.

    ``helpful`` is how many found it helpful there.
    """

    external_id: str
    parent: str | None
    idea: str
    author_key: str | None
    state: CommentState
    stance: CommentStance | None
    text: str
    language: str
    submitted_at: datetime
    helpful: int = 0


@dataclass(frozen=True, slots=True)
class KnownComment:
    """A comment that a process has already, by its external id."""

    id: int
    thread_id: int
    idea_id: int


def add_comments(
    session: Session, actor: Actor, *, process_id: int, comments: Sequence[ImportedComment], now: datetime
) -> set[str]:
    """Add the comments whose external id the process does not have yet, and return the external ids added.

    Each stands behind the one it answers, here or in the process, and all their ideas are there: ``KeyError``
    otherwise. Raises ``Refused`` for anybody but admins and staff. A few hundred at a time keep the transaction short.
    """
    require(may_import(actor, process_id))
    parents = {comment.parent for comment in comments if comment.parent is not None}
    known = known_comments(session, process_id, parents | {comment.external_id for comment in comments})
    fresh = {comment.external_id: comment for comment in comments if comment.external_id not in known}
    if not fresh:
        return set()
    ideas = idea_ids(session, process_id, {comment.idea for comment in fresh.values()})
    authors = _authors(session, process_id, fresh.values(), now)
    rows = [_row(one, process_id, ideas[one.idea], authors[one.author_key]) for one in fresh.values()]
    insert_missing(session, Comment, rows, key=["process_id", "external_id"])
    _tie(session, process_id, fresh, known)
    _count(session, fresh.values(), ideas, now)
    _ask_for_reading(session, process_id, fresh, now=now)
    touch(session, process_id)
    return set(fresh)


def _ask_for_reading(session: Session, process_id: int, fresh: dict[str, ImportedComment], *, now: datetime) -> None:
    waiting = [key for key, comment in fresh.items() if comment.state is CommentState.IN_REVIEW]
    if not waiting:
        return
    rows = session.execute(
        select(Comment.id, Comment.idea_id, Comment.language)
        .where(Comment.process_id == process_id, Comment.external_id.in_(waiting))
        .order_by(Comment.submitted_at, Comment.id)
    )
    subjects = [CaseSubject(process_id, SubjectKind.COMMENT, id_, idea_id, code) for id_, idea_id, code in rows]
    due_at = process_by_id(session, process_id).review_due(now)
    open_cases(session, CaseKind.REVIEW, subjects, due_at=due_at, now=now)


def known_comments(session: Session, process_id: int, external_ids: Collection[str]) -> dict[str, KnownComment]:
    """Return those of the comments that the process has already."""
    rows = session.execute(
        select(Comment.external_id, Comment.id, Comment.thread_id, Comment.idea_id).where(
            Comment.process_id == process_id, Comment.external_id.in_(external_ids)
        )
    )
    return {key: KnownComment(id_, thread_id or id_, idea_id) for key, id_, thread_id, idea_id in rows if key}


def idea_ids(session: Session, process_id: int, external_ids: Collection[str]) -> dict[str, int]:
    """Return the ideas of a process by their external ids."""
    rows = session.execute(
        select(Idea.external_id, Idea.id).where(Idea.process_id == process_id, Idea.external_id.in_(external_ids))
    )
    return {external_id: idea_id for external_id, idea_id in rows if external_id is not None}


def ideas_of_comments(session: Session, process_id: int, external_ids: Collection[str]) -> dict[str, str]:
    """Return under which external ids the ideas came that comments of a process are about, by those of the comments."""
    rows = session.execute(
        select(Comment.external_id, Idea.external_id)
        .join(Idea, Idea.id == Comment.idea_id)
        .where(Comment.process_id == process_id, Comment.external_id.in_(external_ids))
    )
    return {key: idea for key, idea in rows if key is not None and idea is not None}


def _authors(
    session: Session, process_id: int, comments: Collection[ImportedComment], now: datetime
) -> dict[str | None, int]:
    named = first_moments((comment.author_key, comment.submitted_at) for comment in comments)
    authors: dict[str | None, int] = dict(join_by_key(session, process_id=process_id, keys=named).items())
    if any(comment.author_key is None for comment in comments):
        authors[None] = join_as(session, process_id=process_id, key=NOBODY, pseudonym=NOBODY_PSEUDONYM, now=now)
    return authors


def _row(comment: ImportedComment, process_id: int, idea_id: int, participant_id: int) -> dict[str, object]:
    return {
        "process_id": process_id,
        "idea_id": idea_id,
        "participant_id": participant_id,
        "state": comment.state,
        "stance": comment.stance,
        "voice": Voice.RESIDENT,
        "helpful": comment.helpful,
        "helpful_elsewhere": comment.helpful,
        "text": comment.text,
        "language": comment.language,
        "external_id": comment.external_id,
        "submitted_at": comment.submitted_at,
        "published_at": None if comment.state is CommentState.IN_REVIEW else comment.submitted_at,
    }


def _tie(session: Session, process_id: int, fresh: dict[str, ImportedComment], known: dict[str, KnownComment]) -> None:
    """Say of the new comments which ones they answer and which thread they belong to."""
    placed = known | known_comments(session, process_id, fresh.keys())
    threads = {external_id: comment.thread_id for external_id, comment in placed.items()}
    values = []
    for external_id, comment in fresh.items():
        if comment.parent is not None:
            threads[external_id] = threads[comment.parent]
        parent_id = placed[comment.parent].id if comment.parent is not None else None
        values.append({"row": placed[external_id].id, "parent": parent_id, "thread": threads[external_id]})
    # On the connection: a bulk update by the ORM wants primary keys under their own name.
    session.connection().execute(_PLACES, values)


def _count(session: Session, comments: Collection[ImportedComment], ideas: dict[str, int], now: datetime) -> None:
    published = Counter(ideas[one.idea] for one in comments if one.state is CommentState.PUBLISHED)
    for idea_id, number in sorted(published.items()):
        note_comments(session, idea_id, more=number)
    by_others = exists().where(Comment.idea_id == Idea.id, Comment.participant_id != Idea.participant_id)
    session.execute(
        update(Idea)
        .where(Idea.id.in_({ideas[one.idea] for one in comments}), Idea.frozen_at.is_(None), by_others)
        .values(frozen_at=now),
        execution_options={"synchronize_session": False},
    )


_PLACES = (
    update(Comment.__table__)  # type: ignore[arg-type]  # a mapped class has a table, not just any FROM clause
    .where(Comment.id == bindparam("row"))
    .values(parent_id=bindparam("parent"), thread_id=bindparam("thread"))
)
