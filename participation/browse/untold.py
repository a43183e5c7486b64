"""What of one's own was hidden so lately that moderators can still take that back: nobody tells its author yet."""

from collections.abc import Iterator

from sqlalchemy.orm import Session

from participation.cases.models import SubjectKind
from participation.cases.queries import SubjectKey
from participation.comments.models import CommentState
from participation.ideas.models import IdeaState
from participation.kit import clock
from participation.listings.own import OwnPage
from participation.moderation.queries import hidden_untold
from participation.moderation.terms import terms


def untold_on(session: Session, listed: OwnPage) -> set[SubjectKey]:
    """Return which contributions on a page of one's own look as if they still waited; asks only if any is hidden."""
    return hidden_untold(session, list(_hidden(listed)), settled_before=clock.now() - terms().undo)


def _hidden(listed: OwnPage) -> Iterator[SubjectKey]:
    for idea in listed.ideas:
        if idea.state is IdeaState.HIDDEN:
            yield SubjectKind.IDEA, idea.id
        yield from ((SubjectKind.ADDENDUM, one.id) for one in idea.addenda if one.state is IdeaState.HIDDEN)
    for reaction in listed.reactions:
        if reaction.state is CommentState.HIDDEN:
            yield SubjectKind.COMMENT, reaction.number
