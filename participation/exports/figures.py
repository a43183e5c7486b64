"""What is counted for an export, over published ideas only: totals, and the principles behind statements."""

from collections import defaultdict
from collections.abc import Iterable

from sqlalchemy import Select, func, select, union
from sqlalchemy.orm import Session

from participation.comments.models import Comment, CommentState
from participation.curation.models import Filing
from participation.curation.queries import coverage
from participation.exports.document import Figures
from participation.ideas.models import Idea, IdeaPrinciple, IdeaState
from participation.strategy.behind import rests_on
from participation.strategy.models import Statement, StatementSource, StatementState
from participation.voting.models import Tally, Vote


def totals(session: Session, process_id: int) -> Figures:
    """Return the totals of a process."""
    filing = coverage(session, process_id)
    published = _published(process_id)
    votes = select(func.sum(Tally.agree + Tally.disagree + Tally.unsure)).where(Tally.idea_id.in_(published))
    comments = (
        select(func.count())
        .select_from(Comment)
        .where(Comment.idea_id.in_(published), Comment.state == CommentState.PUBLISHED)
    )
    behind_statements = (
        select(Filing.idea_id)
        .join(StatementSource, StatementSource.cluster_id == Filing.cluster_id)
        .join(Statement, Statement.id == StatementSource.statement_id)
        .where(
            Statement.process_id == process_id,
            Statement.state == StatementState.PUBLISHED,
            Filing.ended_at.is_(None),
            Filing.idea_id.in_(published),
        )
    )
    covered = session.scalar(select(func.count()).select_from(behind_statements.distinct().subquery())) or 0
    return Figures(
        participants=_participants(session, process_id),
        ideas=filing.ideas,
        votes=session.scalar(votes) or 0,
        comments=session.scalar(comments) or 0,
        filed_ideas=filing.filed,
        coverage=covered / filing.ideas if filing.ideas else 0.0,
    )


def ideas_by_principle(session: Session, process_id: int) -> dict[int, int]:
    """Return how many ideas name each principle; principles without any are left out."""
    rows = session.execute(
        select(IdeaPrinciple.principle_id, func.count())
        .where(IdeaPrinciple.idea_id.in_(_published(process_id)))
        .group_by(IdeaPrinciple.principle_id)
    )
    return {row[0]: row[1] for row in rows}


def ideas_by_field(session: Session, process_id: int) -> dict[int, int]:
    """Return how many ideas belong to each field of action; fields without any are left out."""
    rows = session.execute(
        select(Idea.field_id, func.count())
        .where(Idea.process_id == process_id, Idea.state == IdeaState.PUBLISHED, Idea.field_id.is_not(None))
        .group_by(Idea.field_id)
    )
    return {field_id: count for field_id, count in rows if field_id is not None}


def principles_behind(session: Session, statement_ids: Iterable[int]) -> dict[int, list[int]]:
    """Return the principles that the ideas of each statement name, the most frequent first."""
    rests = rests_on(statement_ids).subquery()
    rows = session.execute(
        select(rests.c.statement_id, IdeaPrinciple.principle_id)
        .join(IdeaPrinciple, IdeaPrinciple.idea_id == rests.c.idea_id)
        .group_by(rests.c.statement_id, IdeaPrinciple.principle_id)
        .order_by(rests.c.statement_id, func.count().desc(), IdeaPrinciple.principle_id)
    )
    named: dict[int, list[int]] = defaultdict(list)
    for statement_id, principle_id in rows:
        named[statement_id].append(principle_id)
    return named


def _participants(session: Session, process_id: int) -> int:
    published = _published(process_id)
    everybody = union(
        select(Idea.participant_id).where(Idea.id.in_(published)),
        select(Comment.participant_id).where(Comment.idea_id.in_(published), Comment.state == CommentState.PUBLISHED),
        select(Vote.participant_id).where(Vote.idea_id.in_(published)),
    ).subquery()
    return session.scalar(select(func.count()).select_from(everybody)) or 0


def _published(process_id: int) -> Select[int]:
    return select(Idea.id).where(Idea.process_id == process_id, Idea.state == IdeaState.PUBLISHED)
