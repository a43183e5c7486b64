"""Figures of votes and points as answers have them: withheld by the same rules as on pages and in files."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy.orm import Session

from participation.api.outcome_shapes import Together
from participation.api.shapes import Points, Votes, Withheld
from participation.processes.models import Capability
from participation.processes.outline import ProcessOutline
from participation.voting.priority_queries import PointFigures, point_figures
from participation.voting.queries import FEWEST_VOTES, VoteFigures


def votes_shown(figures: VoteFigures, *, shown: bool) -> Votes:
    """Return the votes on an idea, as far as they may be said."""
    if withheld := _withheld(figures.people, shown=shown):
        return Votes(None, None, None, None, withheld)
    return Votes(figures.agree, figures.unsure, figures.disagree, figures.people, None)


def people_shown(figures: Together | None) -> Together:
    """Return how many people stand behind several ideas, as far as it may be said; ``None`` for hidden results."""
    people = figures.people or 0 if figures else 0
    if figures is None or (withheld := _withheld(people, shown=True)):
        return Together(None, None, None, "results_hidden" if figures is None else withheld)
    return figures


def points_given(
    session: Session, process: ProcessOutline, idea_ids: Collection[int], *, shown: bool, now: datetime
) -> dict[int, Points]:
    """Return what each idea got in the latest phase in which points are given; nothing where none has begun."""
    begun = [one for one in process.phases if Capability.PRIORITISE in one.allows and one.starts_at <= now]
    if not begun:
        return {}
    figures = point_figures(session, begun[-1].id, idea_ids) if shown else dict.fromkeys(idea_ids, PointFigures())
    return {idea_id: _points(one, shown=shown) for idea_id, one in figures.items()}


def _points(figures: PointFigures, *, shown: bool) -> Points:
    if withheld := _withheld(figures.people, shown=shown):
        return Points(None, None, withheld)
    return Points(figures.points, figures.people, None)


def _withheld(people: int, *, shown: bool) -> Withheld | None:
    if not shown:
        return "results_hidden"
    return "too_few" if people < FEWEST_VOTES else None
