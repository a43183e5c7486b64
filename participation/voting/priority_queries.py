"""Reading points: one person's own, what an idea got and how it is spread, and whether the tally is right."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from participation.accounts.actor import ANONYMOUS
from participation.ideas.models import Idea
from participation.ideas.queries import visible_to
from participation.ideas.search import matching, relevance
from participation.kit.db import in_batches
from participation.processes.models import Phase
from participation.voting.models import Priority, PriorityTally, Stance, Vote
from participation.voting.queries import FEWEST_VOTES

METHOD = "points-1"
NUMBERS = MappingProxyType({"fewest": FEWEST_VOTES})


@dataclass(frozen=True, slots=True)
class PointFigures:
    """What an idea got in a phase: ``spread[n]`` is how many people gave it ``n + 1`` points."""

    spread: tuple[int, ...] = ()

    @property
    def points(self) -> int:
        """All points together."""
        return sum(points * people for points, people in enumerate(self.spread, start=1))

    @property
    def people(self) -> int:
        """How many people gave any."""
        return sum(self.spread)


@dataclass(frozen=True, slots=True)
class RankedIdea:
    """A public idea with what it got."""

    id: int
    title: str
    language: str
    figures: PointFigures


@dataclass(frozen=True, slots=True)
class Choice:
    """A public idea that points can go to."""

    id: int
    title: str
    text: str
    language: str


def own_points(session: Session, *, phase_id: int, participant_id: int | None) -> dict[int, int]:
    """Return the points that a participant gives in a phase, by idea, those of ideas that are not public included."""
    if participant_id is None:
        return {}
    rows = session.execute(
        select(Priority.idea_id, Priority.points)
        .where(Priority.phase_id == phase_id, Priority.participant_id == participant_id)
        .order_by(Priority.points.desc(), Priority.idea_id)
    )
    return {row.idea_id: row.points for row in rows}


def point_figures(session: Session, phase_id: int, idea_ids: Iterable[int]) -> dict[int, PointFigures]:
    """Return what each of the ideas got in a phase; nothing is an empty spread."""
    counted: dict[int, dict[int, int]] = {}
    for ids in in_batches(idea_ids):
        counted |= {idea_id: {} for idea_id in ids}
        given = (PriorityTally.phase_id == phase_id) & PriorityTally.idea_id.in_(ids) & (PriorityTally.people > 0)
        statement = select(PriorityTally.idea_id, PriorityTally.points, PriorityTally.people).where(given)
        for idea_id, points, people in session.execute(statement):
            counted[idea_id][points] = people
    return {idea_id: PointFigures(_spread(people)) for idea_id, people in counted.items()}


def ranked_ideas(
    session: Session, process_id: int, phase_id: int, *, fewest: int, after: tuple[int, int] | None, most: int
) -> list[RankedIdea]:
    """Return public ideas that at least ``fewest`` people gave points to, those with most points first.

    ``after`` is the place behind which to go on: points and id of the last idea seen.
    """
    points = func.sum(PriorityTally.points * PriorityTally.people)
    statement = (
        select(Idea.id, Idea.title, Idea.language)
        .join(PriorityTally, PriorityTally.idea_id == Idea.id)
        .where(PriorityTally.phase_id == phase_id, visible_to(ANONYMOUS, process_id))
        .group_by(Idea.id, Idea.title, Idea.language)
        .having(func.sum(PriorityTally.people) >= fewest)
        .order_by(points.desc(), Idea.id)
        .limit(most)
    )
    if after is not None:
        given, idea_id = after
        statement = statement.having(or_(points < given, (points == given) & (Idea.id > idea_id)))
    rows = session.execute(statement).all()
    figures = point_figures(session, phase_id, [row.id for row in rows])
    return [RankedIdea(row.id, row.title, row.language, figures[row.id]) for row in rows]


def ideas_with_few(session: Session, process_id: int, phase_id: int, *, fewest: int) -> int:
    """Return how many public ideas got points from somebody, but from fewer than ``fewest`` people."""
    people = func.sum(PriorityTally.people)
    few = (
        select(PriorityTally.idea_id)
        .join(Idea, Idea.id == PriorityTally.idea_id)
        .where(PriorityTally.phase_id == phase_id, visible_to(ANONYMOUS, process_id))
        .group_by(PriorityTally.idea_id)
        .having((people > 0) & (people < fewest))
        .subquery()
    )
    return session.scalar(select(func.count()).select_from(few)) or 0


def people_with_points(session: Session, phase_id: int) -> int:
    """Return how many people give points in a phase: participation, and no result."""
    people = func.count(Priority.participant_id.distinct())
    return session.scalar(select(people).where(Priority.phase_id == phase_id)) or 0


def choices(session: Session, process_id: int, idea_ids: Iterable[int]) -> dict[int, Choice]:
    """Return those of the ideas that are public."""
    ids = list(idea_ids)
    rows = session.execute(_CHOICE.where(visible_to(ANONYMOUS, process_id), Idea.id.in_(ids)))
    return {row.id: Choice(*row) for row in rows}


def supported(
    session: Session, process_id: int, participant_id: int | None, *, left_out: Sequence[int], most: int
) -> list[Choice]:
    """Return the public ideas that a participant agreed with, the latest agreement first."""
    if participant_id is None:
        return []
    rows = session.execute(
        _CHOICE.join(Vote, Vote.idea_id == Idea.id)
        .where(Vote.participant_id == participant_id, Vote.stance == Stance.AGREE)
        .where(visible_to(ANONYMOUS, process_id), Idea.id.not_in(left_out))
        .order_by(Vote.cast_at.desc(), Idea.id)
        .limit(most)
    )
    return [Choice(*row) for row in rows]


def search_choices(
    session: Session, process_id: int, query: str, *, left_out: Sequence[int], most: int, language: str = ""
) -> list[Choice]:
    """Return the public ideas that match a query, or do so as readers of ``language`` see them, best matches first."""
    rows = session.execute(
        _CHOICE.where(visible_to(ANONYMOUS, process_id), matching(query, language), Idea.id.not_in(left_out))
        .order_by(relevance(query, language).desc(), Idea.id)
        .limit(most)
    )
    return [Choice(*row) for row in rows]


def priority_breaks(session: Session, process_id: int) -> list[tuple[int, int]]:
    """Return phase and idea wherever the stored tally of points differs from what people give; empty when all is well.

    So does whatever goes beyond the limits of its phase, with 0 for the idea where one person gives too many in all.
    """
    here = select(Phase.id).where(Phase.process_id == process_id)
    given = session.execute(
        select(Priority.phase_id, Priority.idea_id, Priority.points, func.count())
        .where(Priority.phase_id.in_(here))
        .group_by(Priority.phase_id, Priority.idea_id, Priority.points)
    )
    stored = session.execute(
        select(PriorityTally.phase_id, PriorityTally.idea_id, PriorityTally.points, PriorityTally.people).where(
            PriorityTally.phase_id.in_(here), PriorityTally.people != 0
        )
    )
    wrong = {tuple(row) for row in given} ^ {tuple(row) for row in stored}
    return sorted({(phase_id, idea_id) for phase_id, idea_id, _points, _people in wrong} | _beyond(session, process_id))


def _beyond(session: Session, process_id: int) -> set[tuple[int, int]]:
    in_phase = Priority.__table__.join(Phase.__table__, Phase.id == Priority.phase_id)
    on_one = (
        select(Priority.phase_id, Priority.idea_id)
        .select_from(in_phase)
        .where(Phase.process_id == process_id, Priority.points > Phase.points_most)
    )
    in_all = (
        select(Priority.phase_id)
        .select_from(in_phase)
        .where(Phase.process_id == process_id)
        .group_by(Priority.phase_id, Priority.participant_id, Phase.points)
        .having(func.sum(Priority.points) > Phase.points)
    )
    found = {(phase_id, idea_id) for phase_id, idea_id in session.execute(on_one)}
    return found | {(phase_id, 0) for phase_id in session.scalars(in_all)}


def _spread(counted: dict[int, int]) -> tuple[int, ...]:
    return tuple(counted.get(points, 0) for points in range(1, max(counted, default=0) + 1))


_CHOICE = select(Idea.id, Idea.title, Idea.text, Idea.language)
