"""Reading the revisions of an idea that the public may see, and what a form was opened on."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from participation.ideas.models import Idea, IdeaRevision, Replacement
from participation.kit.permissions import Refused

PAGE = 20


class TextChanged(Refused):
    """Somebody acts on a revision of an idea that is not the current one any more."""


@dataclass(frozen=True, slots=True)
class RevisionText:
    """What an idea says, or said, in one revision."""

    revision: int
    title: str
    text: str
    language: str


@dataclass(frozen=True, slots=True)
class RevisionView:
    """One revision in the history of an idea; ``text`` is ``None`` where it is closed, ``reason`` says why then."""

    revision: int
    written_at: datetime
    text: RevisionText | None
    is_current: bool
    reason: str


@dataclass(frozen=True, slots=True)
class History:
    """A page of the public revisions of an idea, the latest first; ``next_before`` is the key of the following page.

    ``earlier`` is the first revision of the page behind, needed to say what the last one on this page changed.
    """

    revisions: tuple[RevisionView, ...]
    earlier: RevisionView | None
    next_before: int | None


def history_of(session: Session, idea: Idea, *, before: int | None = None) -> History:
    """Return the revisions of an idea from below the number ``before``, or from the current one."""
    limit = PAGE + 1 if before is not None else PAGE
    statement = select(IdeaRevision).where(IdeaRevision.idea_id == idea.id).order_by(IdeaRevision.revision.desc())
    if before is not None:
        statement = statement.where(IdeaRevision.revision < before)
    views = [_earlier(row) for row in session.scalars(statement.limit(limit))]
    if before is None:
        views.insert(0, _current(idea))
    page, following = views[:PAGE], views[PAGE:]
    return History(tuple(page), following[0] if following else None, page[-1].revision if following else None)


def text_seen(session: Session, idea: Idea, revision: int) -> RevisionText | None:
    """Return what an idea said in ``revision``; ``None`` where that is not public (any more) or never was."""
    if revision == idea.revision:
        return _text_of(idea)
    row = session.scalar(select(IdeaRevision).where(IdeaRevision.idea_id == idea.id, IdeaRevision.revision == revision))
    return _text_of(row) if row and row.closed_at is None else None


def says_the_same(session: Session, idea: Idea, revision: int) -> bool:
    """Return whether somebody who read ``revision`` has read what the idea says now, but for what was taken out.

    Redactions never change what people vote on: a form that was opened before one is taken as if opened after it.
    """
    if revision == idea.revision:
        return True
    if not 0 < revision < idea.revision:
        return False
    replaced = session.scalars(
        select(IdeaRevision.replaced_by).where(IdeaRevision.idea_id == idea.id, IdeaRevision.revision >= revision)
    ).all()
    return len(replaced) == idea.revision - revision and set(replaced) == {Replacement.REDACTION}


def _current(idea: Idea) -> RevisionView:
    return RevisionView(idea.revision, idea.revised_at or idea.submitted_at, _text_of(idea), True, "")


def _earlier(row: IdeaRevision) -> RevisionView:
    closed = row.closed_at is not None
    return RevisionView(row.revision, row.written_at, None if closed else _text_of(row), False, row.reason)


def _text_of(row: Idea | IdeaRevision) -> RevisionText:
    return RevisionText(row.revision, row.title, row.text, row.language)
