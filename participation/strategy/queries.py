"""Which ideas the city has answered."""

from sqlalchemy import ColumnElement, select, union

from participation.curation.models import Filing
from participation.ideas.models import Idea
from participation.strategy.models import Answer, Statement, StatementSource, StatementState


def answered() -> ColumnElement[bool]:
    """Return the condition on ``Idea``: the city has answered it, or a public statement that rests on it."""
    themselves = select(Answer.idea_id).where(Answer.idea_id.is_not(None))
    through_statements = (
        select(Filing.idea_id)
        .join(StatementSource, StatementSource.cluster_id == Filing.cluster_id)
        .join(Statement, Statement.id == StatementSource.statement_id)
        .join(Answer, Answer.statement_id == Statement.id)
        .where(Filing.ended_at.is_(None), Statement.state == StatementState.PUBLISHED)
    )
    return Idea.id.in_(union(themselves, through_statements))
