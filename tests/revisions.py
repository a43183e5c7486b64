"""Builders of what authors and moderators did to a text later: addenda, and earlier revisions."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy.orm import Session

from participation.ideas.models import Addendum, Idea, IdeaRevision, IdeaState, Replacement
from participation.ideas.waiting import subject_of
from participation.kit import clock
from tests.make import Place, review


def addendum(
    session: Session,
    place: Place,
    idea_id: int,
    *,
    body: str = "",
    state: IdeaState = IdeaState.PUBLISHED,
    at: datetime | None = None,
) -> int:
    """Return the id of an addendum below an idea, whose text stays from then on."""
    moment = at or clock.now()
    idea_row = session.get_one(Idea, idea_id)
    idea_row.frozen_at = idea_row.frozen_at or moment
    row = Addendum(
        process_id=place.id,
        idea_id=idea_id,
        state=state,
        text=body or "Something that came up later.",
        language="de",
        submitted_at=moment,
        published_at=None if state is IdeaState.IN_REVIEW else moment,
    )
    session.add(row)
    session.flush()
    if state is IdeaState.IN_REVIEW:
        review(session, subject_of(row), at=moment)
    return row.id


def revised(session: Session, idea_id: int, *bodies: str, closed: Iterable[str] = ()) -> None:
    """Let an idea have said ``bodies`` before what it says now; those among ``closed`` are not public any more."""
    moment = clock.now()
    row = session.get_one(Idea, idea_id)
    for number, body in enumerate(bodies, start=1):
        session.add(
            IdeaRevision(
                idea_id=idea_id,
                revision=number,
                title=row.title,
                text=body,
                language=row.language,
                written_at=moment,
                replaced_at=moment,
                replaced_by=Replacement.REDACTION if body in closed else Replacement.EDIT,
                reason="A name" if body in closed else "",
                closed_at=moment if body in closed else None,
            )
        )
    row.revision, row.revised_at = len(bodies) + 1, moment
    session.flush()
