"""The Leitbild as the map of a process: how many ideas each principle has, where, and what became of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, func, or_, select, union
from sqlalchemy.orm import Session, aliased

from participation.comments.models import Comment, CommentState
from participation.curation.models import Cluster, Filing
from participation.ideas.models import Idea, IdeaPrinciple, IdeaState, Standing
from participation.kit.schema import Translated
from participation.listings.statements import StatementLine
from participation.multilingual import phrase
from participation.strategy.models import Answer, AnswerOutcome, Statement, StatementSource, StatementState
from participation.strategy.queries import answered
from participation.voting.models import Tally, Vote

Cell = tuple[int | None, int | None]
"""A principle and a field of action; ``None`` stands for "not sure" and for "no field named"."""


@dataclass(frozen=True, slots=True)
class Grid:
    """Published ideas by principle and field; one that names three principles is in three cells, but once in sums.

    ``fields`` counts ideas by field, ``total`` all of them, each once.
    """

    cells: Mapping[Cell, int]
    fields: Mapping[int | None, int]
    total: int

    def row(self, principle_id: int | None) -> int:
        """Return how many ideas name a principle, each of which has at most one field."""
        return sum(count for (principle, _field), count in self.cells.items() if principle == principle_id)

    def expected(self, principle_id: int, field_id: int) -> float:
        """Return how many ideas a cell would have if principle and field had nothing to do with each other."""
        return self.row(principle_id) * self.fields.get(field_id, 0) / self.total if self.total else 0.0

    def biggest_gaps(
        self, principle_ids: Sequence[int], field_ids: Sequence[int], *, most: int
    ) -> list[tuple[int, int]]:
        """Return the empty cells in which most ideas could be expected, the most surprising one first."""
        gaps = [
            (self.expected(principle, field), principle, field)
            for principle in principle_ids
            for field in field_ids
            if not self.cells.get((principle, field))
        ]
        # Sorted by one thing only: among equals the order of the framework stays.
        gaps.sort(key=lambda gap: -gap[0])
        return [(principle, field) for expected, principle, field in gaps[:most] if expected > 0]


@dataclass(frozen=True, slots=True)
class Participation:
    """What happened around the ideas of a principle; ``votes`` is ``None`` where results are hidden."""

    comments: int
    people: int
    votes: int | None


@dataclass(frozen=True, slots=True)
class ThemeCount:
    """A theme with the number of a principle's ideas that are filed under it."""

    id: int
    title: Translated
    ideas: int


@dataclass(frozen=True, slots=True)
class Became:
    """What became of the ideas of a principle: themes, public statements, and the city's latest answers."""

    themes: tuple[ThemeCount, ...]
    statements: tuple[StatementLine, ...]
    answered: int
    outcomes: Mapping[AnswerOutcome, int]


def grid_of(session: Session, process_id: int) -> Grid:
    """Return the map of a process, in two queries however many ideas there are."""
    public = (Idea.process_id == process_id, Idea.state == IdeaState.PUBLISHED)
    cells = session.execute(
        select(IdeaPrinciple.principle_id, Idea.field_id, func.count())
        .select_from(Idea)
        .outerjoin(IdeaPrinciple, IdeaPrinciple.idea_id == Idea.id)
        .where(*public)
        .group_by(IdeaPrinciple.principle_id, Idea.field_id)
    )
    fields = session.execute(select(Idea.field_id, func.count()).where(*public).group_by(Idea.field_id)).all()
    by_field: dict[int | None, int] = {row[0]: row[1] for row in fields}
    return Grid({(principle, field): count for principle, field, count in cells}, by_field, sum(by_field.values()))


def districts_under(session: Session, process_id: int, principle_id: int) -> dict[int | None, int]:
    """Return how many ideas of a principle each district has; ``None`` counts those that name none."""
    rows = session.execute(
        _ideas_of(process_id, principle_id).add_columns(Idea.district_id, func.count()).group_by(Idea.district_id)
    )
    return {row[0]: row[1] for row in rows}


def participation_under(session: Session, process_id: int, principle_id: int, *, shows_results: bool) -> Participation:
    """Return comments, votes, and the different people who proposed, commented or voted; votes only where shown."""
    ideas = _ideas_of(process_id, principle_id).add_columns(Idea.id, Idea.participant_id).cte("ideas")
    people = [
        select(ideas.c.participant_id),
        select(Comment.participant_id)
        .join(ideas, ideas.c.id == Comment.idea_id)
        .where(Comment.state == CommentState.PUBLISHED),
    ]
    if shows_results:
        people.append(select(Vote.participant_id).join(ideas, ideas.c.id == Vote.idea_id))
    comments, votes = session.execute(
        select(
            func.coalesce(func.sum(Standing.comments), 0),
            func.coalesce(func.sum(Tally.agree + Tally.disagree + Tally.unsure), 0),
        )
        .select_from(ideas)
        .outerjoin(Standing, Standing.idea_id == ideas.c.id)
        .outerjoin(Tally, Tally.idea_id == ideas.c.id)
    ).one()
    different = session.scalar(select(func.count()).select_from(union(*people).subquery())) or 0
    return Participation(int(comments), different, int(votes) if shows_results else None)


def became_of(session: Session, process_id: int, principle_id: int, language: str, *, statements_url: str) -> Became:
    """Return what became of the ideas of a principle."""
    ideas = _ideas_of(process_id, principle_id).add_columns(Idea.id)
    themes = session.execute(
        select(Cluster.id, Cluster.title, func.count())
        .join(Filing, Filing.cluster_id == Cluster.id)
        .where(Filing.idea_id.in_(ideas), Filing.ended_at.is_(None), Cluster.removed_at.is_(None))
        .group_by(Cluster.id)
        .order_by(Cluster.position, Cluster.id)
    ).all()
    resting = select(StatementSource.statement_id).where(StatementSource.cluster_id.in_([row.id for row in themes]))
    statements = session.scalars(
        select(Statement)
        .where(Statement.id.in_(resting), Statement.state == StatementState.PUBLISHED)
        .order_by(Statement.position, Statement.id)
    ).all()
    number = session.scalar(select(func.count()).select_from(ideas.where(answered()).subquery()))
    return Became(
        themes=tuple(ThemeCount(*row) for row in themes),
        statements=tuple(
            StatementLine(row.id, row.position, phrase(row.text, language), f"{statements_url}/{row.id}")
            for row in statements
        ),
        answered=number or 0,
        outcomes=_outcomes(session, ideas, [row.id for row in statements]),
    )


def _ideas_of(process_id: int, principle_id: int) -> Select[Any]:
    return (
        select()
        .select_from(Idea)
        .join(IdeaPrinciple, IdeaPrinciple.idea_id == Idea.id)
        .where(
            IdeaPrinciple.principle_id == principle_id,
            Idea.process_id == process_id,
            Idea.state == IdeaState.PUBLISHED,
        )
    )


def _outcomes(session: Session, ideas: Select[Any], statement_ids: list[int]) -> dict[AnswerOutcome, int]:
    later = aliased(Answer)
    same = or_(later.idea_id == Answer.idea_id, later.statement_id == Answer.statement_id)
    rows = session.execute(
        select(Answer.outcome, func.count())
        .where(
            or_(Answer.idea_id.in_(ideas), Answer.statement_id.in_(statement_ids)),
            ~select(later.id).where(same, later.id > Answer.id).exists(),
        )
        .group_by(Answer.outcome)
    )
    return {row[0]: row[1] for row in rows}
