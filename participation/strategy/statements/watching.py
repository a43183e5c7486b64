"""Looking again at the sources of statements: when something happens to one, and by the clock."""

from collections.abc import Callable

from sqlalchemy import select

from participation.comments.events import (
    CommentEdited,
    CommentHidden,
    CommentPublished,
    CommentPutBack,
    CommentWithdrawn,
)
from participation.ideas.events import IdeaEdited, IdeaHidden, IdeaPublished, IdeaPutBack, IdeaRedacted, IdeaWithdrawn
from participation.kit import clock
from participation.kit.db import db, transaction
from participation.strategy.models import SourceKind, Statement, StatementState
from participation.strategy.statements.losses import has_news, review_sources

EVERY_MINUTES = 10


def look_at_idea(
    event: IdeaEdited | IdeaHidden | IdeaPublished | IdeaPutBack | IdeaRedacted | IdeaWithdrawn,
) -> None:
    """Write down what statements lost or got back with an idea."""
    _look(SourceKind.IDEA, event.idea_id)


def look_at_comment(
    event: CommentEdited | CommentHidden | CommentPublished | CommentPutBack | CommentWithdrawn,
) -> None:
    """Write down what statements lost or got back with a comment."""
    _look(SourceKind.COMMENT, event.comment_id)


def look_at_all(beat: Callable[[], None]) -> None:
    """Look at the sources of all public statements, whatever happened to them; to be called outside a transaction."""
    public = select(Statement.process_id).where(Statement.state == StatementState.PUBLISHED).distinct()
    for process_id in db.session.scalars(public.order_by(Statement.process_id)).all():
        beat()
        has_something = has_news(db.session(), process_id=process_id)
        db.session.rollback()
        if has_something:
            with transaction() as session:
                review_sources(session, process_id=process_id, now=clock.now())


def _look(kind: SourceKind, source_id: int) -> None:
    has_something = has_news(db.session(), kind=kind, source_id=source_id)
    db.session.rollback()
    if has_something:
        with transaction() as session:
            review_sources(session, kind=kind, source_id=source_id, now=clock.now())
