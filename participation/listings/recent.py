"""What came last: ideas, statements, comments on an idea, processes; as far as everybody may see them."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from participation.accounts.actor import ANONYMOUS
from participation.comments.models import Comment, CommentState, Voice
from participation.ideas.models import IdeaState
from participation.kit.permissions import Missing
from participation.kit.schema import Translated
from participation.listings.ideas import NEWEST_FIRST, IdeaFilter, IdeaRow, idea_row
from participation.listings.ideas.walks import Walk, walk
from participation.processes.models import Participant, Process, ProcessState
from participation.strategy.models import Statement, StatementState


@dataclass(frozen=True, slots=True)
class RecentStatement:
    """A public statement, since when it is public."""

    id: int
    number: int
    text: Translated
    reasoning: Translated
    published_at: datetime


@dataclass(frozen=True, slots=True)
class RecentComment:
    """A public comment with its author's pseudonym, which is empty for those who speak for the city."""

    id: int
    text: str
    language: str
    voice: Voice
    pseudonym: str
    published_at: datetime
    edited_at: datetime | None


@dataclass(frozen=True, slots=True)
class RecentProcess:
    """A public process, since when it is there."""

    slug: str
    title: Translated
    question: Translated
    summary: Translated
    created_at: datetime


def recent_ideas(session: Session, process_id: int, wanted: IdeaFilter, *, most: int) -> list[IdeaRow]:
    """Return the published ideas that are wanted, the newest first."""
    path = Walk(ANONYMOUS, process_id, wanted, NEWEST_FIRST, most)
    return [step.row for step in walk(session, path, None)]


def recent_statements(session: Session, process_id: int, *, most: int) -> list[RecentStatement]:
    """Return the public statements of a process, the newest first."""
    rows = session.scalars(
        select(Statement)
        .where(Statement.process_id == process_id, Statement.state == StatementState.PUBLISHED)
        .order_by(Statement.published_at.desc(), Statement.id.desc())
        .limit(most)
    )
    return [
        RecentStatement(row.id, row.position, row.text, row.reasoning, row.published_at or row.written_at)
        for row in rows
    ]


_COMMENTS = (
    select(
        Comment.id,
        Comment.text,
        Comment.language,
        Comment.voice,
        Participant.pseudonym,
        Comment.published_at,
        Comment.edited_at,
        Comment.submitted_at,
    )
    .join(Participant, Participant.id == Comment.participant_id)
    .where(Comment.idea_id == bindparam("idea_id"), Comment.state == CommentState.PUBLISHED)
    .order_by(Comment.id.desc())
    .limit(bindparam("most"))
)


def recent_comments(
    session: Session, process_id: int, idea_id: int, *, most: int
) -> tuple[IdeaRow, list[RecentComment]]:
    """Return a public idea and the public comments on it, the newest first; raises ``Missing`` for any other idea."""
    idea = idea_row(session, process_id, idea_id)
    if idea.state is not IdeaState.PUBLISHED:
        raise Missing
    rows = session.execute(_COMMENTS, {"idea_id": idea_id, "most": most})
    return idea, [
        RecentComment(
            id_,
            text,
            language,
            voice,
            pseudonym if voice is Voice.RESIDENT else "",
            published_at or submitted_at,
            edited_at,
        )
        for id_, text, language, voice, pseudonym, published_at, edited_at, submitted_at in rows
    ]


def recent_processes(session: Session, *, most: int) -> list[RecentProcess]:
    """Return the public processes, the newest first."""
    rows = session.scalars(
        select(Process)
        .where(Process.state != ProcessState.DRAFT)
        .order_by(Process.created_at.desc(), Process.id.desc())
        .limit(most)
    )
    return [RecentProcess(row.slug, row.title, row.question, row.summary, row.created_at) for row in rows]
