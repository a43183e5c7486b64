"""Which addresses stand for which page."""

from dataclasses import dataclass
from random import Random

from sqlalchemy import create_engine, func, select
from sqlalchemy.orm import Session

from participation.ideas.models import Idea
from participation.listings.ideas import Cursor
from participation.principles.models import Principle
from participation.strategy.models import Statement
from tests.bench.fill import SLUG, Filled

PLACE = f"/de/processes/{SLUG}"
CURSORS = 2000


@dataclass(frozen=True)
class Page:
    """A page with the addresses it is asked for under; ``has_target`` pages must keep up with the floor."""

    name: str
    paths: tuple[str, ...]
    has_target: bool = False


def pages_of(filled: Filled) -> list[Page]:
    """Return the pages to measure on a database; the same names in the same order for each."""
    engine = create_engine(filled.url)
    chance = Random(7)
    with Session(engine) as session:
        ids = list(session.scalars(select(Idea.id)))
        chosen = chance.sample(ids, min(CURSORS, len(ids) // 2))
        moments = session.execute(select(Idea.published_at, Idea.id).where(Idea.id.in_(chosen)))
        cursors = [Cursor(moment, idea_id).encode() for moment, idea_id in moments if moment]
        keys = list(session.scalars(select(Principle.key).order_by(Principle.id)))
        statement_id = session.scalar(select(func.min(Statement.id)))
    engine.dispose()
    return [
        Page("list, first page", (f"{PLACE}/ideas",), has_target=True),
        Page("list, any page", tuple(f"{PLACE}/ideas?after={cursor}" for cursor in cursors), has_target=True),
        Page("idea, any", tuple(f"{PLACE}/ideas/{idea_id}" for idea_id in ids), has_target=True),
        Page("list by principle", tuple(f"{PLACE}/ideas?principle={key}" for key in keys)),
        Page("front", ("/de/",)),
        Page("process", (PLACE,)),
        Page("statement", (f"{PLACE}/statements/{statement_id}",)),
        Page("principles", ("/de/principles",)),
    ]
