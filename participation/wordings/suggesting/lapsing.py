"""What follows for suggestions when a text changes or goes: they lapse, and whoever made them is told."""

from typing import Any

from sqlalchemy import ColumnElement, and_, exists, or_, select
from sqlalchemy.orm import Session

from participation.activity.service import record
from participation.cases.models import SubjectKind
from participation.comments.events import CommentEdited, CommentWithdrawn
from participation.comments.models import Comment, CommentState
from participation.ideas.events import IdeaEdited, IdeaRedacted, IdeaWithdrawn
from participation.ideas.models import Addendum, Idea, IdeaState
from participation.kit import clock
from participation.kit.db import transaction
from participation.wordings.events import WordingLapsed
from participation.wordings.models import Wording, WordingState
from participation.wordings.suggesting.service import close_case


def of_change(event: IdeaEdited) -> None:
    """Let suggestions lapse that belong to an earlier text of an idea."""
    with transaction() as session:
        lapse_below(session, event.idea_id)


def of_loss(event: IdeaRedacted | IdeaWithdrawn) -> None:
    """Let suggestions lapse that belong to what was taken out of an idea or taken back, and forget their words."""
    with transaction() as session:
        lapse_below(session, event.idea_id, forgets=True)


def of_comment(event: CommentEdited | CommentWithdrawn) -> None:
    """Let suggestions lapse that belong to a comment that is another now or gone."""
    with transaction() as session:
        comment = session.get(Comment, event.comment_id)
        if comment is not None:
            lapse_below(session, comment.idea_id, forgets=comment.state is CommentState.WITHDRAWN)


def lapse_below(session: Session, idea_id: int, *, forgets: bool = False) -> list[int]:
    """Let suggestions lapse whose text is another by now or was taken back, and return their ids.

    What moderators have hidden may come back, and its suggestions wait so long.
    """
    now = clock.now()
    waiting = select(Wording).where(Wording.idea_id == idea_id, Wording.state == WordingState.WAITING, ~_can_be_shown())
    lapsed = session.scalars(waiting.order_by(Wording.id)).all()
    for wording in lapsed:
        wording.state, wording.decided_at = WordingState.REPLACED, now
        if forgets:
            wording.title = wording.text = ""
        close_case(session, wording, now=now)
        record(session, WordingLapsed(wording.id), account_id=None, now=now)
    return [wording.id for wording in lapsed]


def _can_be_shown() -> ColumnElement[bool]:
    gone: dict[SubjectKind, tuple[Any, Any]] = {
        SubjectKind.IDEA: (Idea, IdeaState.WITHDRAWN),
        SubjectKind.COMMENT: (Comment, CommentState.WITHDRAWN),
        SubjectKind.ADDENDUM: (Addendum, IdeaState.WITHDRAWN),
    }
    idea_is_there = exists().where(Idea.id == Wording.idea_id, Idea.state != IdeaState.WITHDRAWN)
    same = (
        and_(
            Wording.subject_kind == kind,
            exists().where(
                table.id == Wording.subject_id, table.state != withdrawn, table.revision == Wording.revision
            ),
        )
        for kind, (table, withdrawn) in gone.items()
    )
    return and_(idea_is_there, or_(*same))
