"""The votes on each idea in sum, as far as they may be told; nobody's own vote."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from sqlalchemy import select, tuple_
from sqlalchemy.orm import Session

from participation.exports.document import Points, VoteRow, Votes
from participation.ideas.models import Idea, IdeaState
from participation.kit.db import read_rows
from participation.voting.priority_queries import PointFigures, point_figures
from participation.voting.queries import FEWEST_VOTES, VoteFigures, tallies

BATCH = 2000


def vote_rows(session: Session, process_id: int, *, shows_results: bool, points_phase: int | None) -> Iterator[VoteRow]:
    """Yield a row for each published idea in the order in which they came; two queries for each batch, or three."""
    after: tuple[datetime, int] | None = None
    while batch := _ideas(session, process_id, after):
        ids = [idea_id for _moment, idea_id in batch]
        figures = tallies(session, ids) if shows_results else {}
        given = point_figures(session, points_phase, ids) if points_phase else {}
        for idea_id in ids:
            votes, points = told_votes(figures.get(idea_id)), told_points(given.get(idea_id))
            yield VoteRow(
                idea_id=str(idea_id),
                agree=votes.agree if votes else None,
                unsure=votes.unsure if votes else None,
                disagree=votes.disagree if votes else None,
                people=votes.agree + votes.unsure + votes.disagree if votes else None,
                points=points.points if points else None,
                points_people=points.people if points else None,
                withheld="hidden" if not shows_results else "" if votes else "few",
            )
        after = batch[-1]


def told_votes(figures: VoteFigures | None) -> Votes | None:
    """Return figures as files tell them; ``None`` where they are hidden or those of a few people."""
    if figures is None or figures.people < FEWEST_VOTES:
        return None
    return Votes(agree=figures.agree, unsure=figures.unsure, disagree=figures.disagree)


def told_points(figures: PointFigures | None) -> Points | None:
    """Return points as files tell them; ``None`` where they are hidden or those of a few people."""
    if figures is None or figures.people < FEWEST_VOTES:
        return None
    return Points(points=figures.points, people=figures.people)


def _ideas(session: Session, process_id: int, after: tuple[datetime, int] | None) -> Sequence[tuple[datetime, int]]:
    statement = (
        select(Idea.submitted_at, Idea.id)
        .where(Idea.process_id == process_id, Idea.state == IdeaState.PUBLISHED)
        .order_by(Idea.submitted_at, Idea.id)
        .limit(BATCH)
    )
    if after is not None:
        key = tuple_(Idea.submitted_at, Idea.id)
        statement = statement.where(key > tuple_(*after, types=[Idea.submitted_at.type, Idea.id.type]))
    return [(row[0], row[1]) for row in read_rows(session, statement)]
