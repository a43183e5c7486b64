"""What stands behind statements: their ideas, and the people who voted on these, each counted once."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from participation.curation.models import Filing
from participation.ideas.models import Idea, IdeaState
from participation.strategy.models import StatementSource
from participation.voting.models import Stance, Vote


@dataclass(frozen=True, slots=True)
class PeopleBehind:
    """How many different people take each stance on at least one of the ideas, and how many voted on any.

    Somebody who agrees with one idea and disagrees with another is in both figures, but once in ``people``.
    """

    agree: int = 0
    disagree: int = 0
    unsure: int = 0
    people: int = 0


def rests_on(statement_ids: Iterable[int]) -> Select[int, int]:
    """Return statement and idea for every public idea a statement rests on, once even through two clusters."""
    return (
        select(StatementSource.statement_id, Filing.idea_id)
        .join(Filing, Filing.cluster_id == StatementSource.cluster_id)
        .join(Idea, Idea.id == Filing.idea_id)
        .where(
            StatementSource.statement_id.in_(list(statement_ids)),
            Filing.ended_at.is_(None),
            Idea.state == IdeaState.PUBLISHED,
        )
        .distinct()
    )


def ideas_behind(session: Session, statement_ids: Iterable[int]) -> dict[int, int]:
    """Return how many different ideas each statement rests on; statements without any are left out."""
    rests = rests_on(statement_ids).subquery()
    rows = session.execute(select(rests.c.statement_id, func.count()).group_by(rests.c.statement_id))
    return {row[0]: row[1] for row in rows}


def people_behind(session: Session, statement_ids: Iterable[int]) -> dict[int, PeopleBehind]:
    """Return who voted on the ideas of each statement, in two queries however many ideas there are."""
    wanted = list(statement_ids)
    rests = rests_on(wanted).subquery()
    people = func.count(Vote.participant_id.distinct())
    by_stance: dict[tuple[int, Stance], int] = {
        (row[0], row[1]): row[2]
        for row in session.execute(
            select(rests.c.statement_id, Vote.stance, people)
            .join(Vote, Vote.idea_id == rests.c.idea_id)
            .group_by(rests.c.statement_id, Vote.stance)
        )
    }
    in_all: dict[int, int] = {
        row[0]: row[1]
        for row in session.execute(
            select(rests.c.statement_id, people)
            .join(Vote, Vote.idea_id == rests.c.idea_id)
            .group_by(rests.c.statement_id)
        )
    }
    return {
        statement_id: PeopleBehind(
            agree=by_stance.get((statement_id, Stance.AGREE), 0),
            disagree=by_stance.get((statement_id, Stance.DISAGREE), 0),
            unsure=by_stance.get((statement_id, Stance.UNSURE), 0),
            people=in_all.get(statement_id, 0),
        )
        for statement_id in wanted
    }


def ideas_under(cluster_ids: Iterable[int]) -> Select[int]:
    """Return every public idea in any of the clusters, once even if it is in two of them."""
    return (
        select(Filing.idea_id)
        .join(Idea, Idea.id == Filing.idea_id)
        .where(Filing.cluster_id.in_(list(cluster_ids)), Filing.ended_at.is_(None), Idea.state == IdeaState.PUBLISHED)
        .distinct()
    )


def people_under(session: Session, cluster_ids: Iterable[int]) -> PeopleBehind:
    """Return who voted on the ideas of some clusters together, in two queries."""
    ideas = ideas_under(cluster_ids).subquery()
    people = func.count(Vote.participant_id.distinct())
    votes = select(Vote.stance, people).join(ideas, ideas.c.idea_id == Vote.idea_id).group_by(Vote.stance)
    by_stance: dict[Stance, int] = {row[0]: row[1] for row in session.execute(votes)}
    in_all = session.scalar(select(people).select_from(ideas).join(Vote, Vote.idea_id == ideas.c.idea_id))
    return PeopleBehind(
        agree=by_stance.get(Stance.AGREE, 0),
        disagree=by_stance.get(Stance.DISAGREE, 0),
        unsure=by_stance.get(Stance.UNSURE, 0),
        people=in_all or 0,
    )
