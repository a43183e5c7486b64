"""The numbers that lists are ordered by, held against the votes and comments they come from, and put right."""

import logging
from collections.abc import Callable

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from participation.comments.models import Comment, CommentState
from participation.ideas.models import Idea, Standing
from participation.ideas.standing import agreement, contested, note_votes, open_standings
from participation.kit.db import db, transaction
from participation.kit.dialect import locked
from participation.voting.models import Tally

BATCH = 500

logger = logging.getLogger(__name__)


def standing_breaks(session: Session, *, process_id: int | None = None) -> list[int]:
    """Return the ids of ideas whose standing differs from their votes and comments, or is missing."""
    broken: list[int] = []
    after = 0
    while batch := _ids(session, after, process_id):
        broken += _broken(session, batch)
        after = batch[-1]
    return broken


def reconcile_standings(beat: Callable[[], None]) -> None:
    """Put right what has drifted, in short transactions, and say so in the log; to be called outside any."""
    after = 0
    while True:
        reading = db.session()
        batch = _ids(reading, after, None)
        suspects = _broken(reading, batch)
        reading.rollback()
        if not batch:
            return
        after = batch[-1]
        if suspects:
            with transaction() as session:
                put_right(session, suspects)
            logger.warning("standings of %s ideas had drifted and were put right: %s", len(suspects), suspects[:20])
        beat()


def put_right(session: Session, idea_ids: list[int]) -> None:
    """Set the standings of these ideas to what their votes and comments say."""
    processes = select(Idea.process_id, Idea.id).where(Idea.id.in_(idea_ids)).order_by(Idea.id)
    for process_id, idea_id in session.execute(processes).all():
        open_standings(session, process_id=process_id, idea_ids=[idea_id])
    # Whoever comments moves the number in the same row: first they wait, then we count what they wrote.
    session.execute(locked(select(Standing.idea_id).where(Standing.idea_id.in_(idea_ids)))).all()
    sides = select(Tally.idea_id, Tally.agree, Tally.disagree).where(Tally.idea_id.in_(idea_ids))
    voted = {idea_id: (agree, disagree) for idea_id, agree, disagree in session.execute(sides)}
    note_votes(session, {idea_id: voted.get(idea_id, (0, 0)) for idea_id in idea_ids})
    for idea_id, count in _comments(session, idea_ids).items():
        session.execute(
            update(Standing).where(Standing.idea_id == idea_id).values(comments=count),
            execution_options={"synchronize_session": False},
        )


def _ids(session: Session, after: int, process_id: int | None) -> list[int]:
    statement = select(Idea.id).where(Idea.id > after).order_by(Idea.id).limit(BATCH)
    if process_id is not None:
        statement = statement.where(Idea.process_id == process_id)
    return list(session.scalars(statement))


def _broken(session: Session, idea_ids: list[int]) -> list[int]:
    if not idea_ids:
        return []
    rows = session.execute(
        select(
            Idea.id,
            Standing.agreement,
            Standing.contested,
            Standing.comments,
            func.coalesce(Tally.agree, 0),
            func.coalesce(Tally.disagree, 0),
        )
        .outerjoin(Standing, Standing.idea_id == Idea.id)
        .outerjoin(Tally, Tally.idea_id == Idea.id)
        .where(Idea.id.in_(idea_ids))
        .order_by(Idea.id)
    ).all()
    counts = _comments(session, idea_ids)
    return [
        idea_id
        for idea_id, *stored, agree, disagree in rows
        if stored != [agreement(agree, disagree), contested(agree, disagree), counts[idea_id]]
    ]


def _comments(session: Session, idea_ids: list[int]) -> dict[int, int]:
    counts = dict.fromkeys(idea_ids, 0)
    rows = session.execute(
        select(Comment.idea_id, func.count())
        .where(Comment.idea_id.in_(idea_ids), Comment.state == CommentState.PUBLISHED)
        .group_by(Comment.idea_id)
    )
    counts.update(rows.all())
    return counts
