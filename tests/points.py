"""Builder: points that people give to ideas."""

from sqlalchemy.orm import Session

from participation.accounts.actor import Actor
from participation.kit import clock
from participation.voting.priorities import give_points
from tests import make
from tests.make import Place


def give(session: Session, place: Place, points: dict[int, int], *, account_id: int | None = None) -> int:
    """Give ideas so many points in the phase of now; return the account that did, a new one when left out."""
    giver = account_id or make.account(session)
    give_points(session, Actor(giver, is_verified=True), slug=place.slug, points=points, now=clock.now())
    return giver
