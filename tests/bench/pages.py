"""Which addresses stand for which page."""

from dataclasses import dataclass

from sqlalchemy import create_engine, func, select
from sqlalchemy.orm import Session

from participation.ideas.models import Idea
from participation.listings.ideas import PAGE, Cursor
from participation.principles.models import Principle
from participation.strategy.models import Statement
from tests.bench.fill import SLUG, Filled

PLACE = f"/de/processes/{SLUG}"


@dataclass(frozen=True)
class Page:
    """A page with the addresses it is asked for under; one that ``has_target`` must keep up with the floor."""

    name: str
    paths: tuple[str, ...]
    has_target: bool = False


def pages_of(filled: Filled) -> list[Page]:
    """Return the pages to measure on a database; the same names in the same order for each."""
    engine = create_engine(filled.url)
    with Session(engine) as session:
        newest = session.execute(select(Idea.published_at, Idea.id).order_by(Idea.published_at.desc(), Idea.id.desc()))
        ideas = [(moment, idea_id) for moment, idea_id in newest if moment]
        keys = list(session.scalars(select(Principle.key).order_by(Principle.id)))
        statement_id = session.scalar(select(func.min(Statement.id)))
    engine.dispose()
    # The pages that one comes to from the first by "Next", again and again.
    cursors = [Cursor(*last).encode() for last in ideas[PAGE - 1 : -1 : PAGE]]
    return [
        Page("list, first page", (f"{PLACE}/ideas",), has_target=True),
        Page("list, any page", tuple(f"{PLACE}/ideas?after={cursor}" for cursor in cursors), has_target=True),
        Page("idea, any", tuple(f"{PLACE}/ideas/{idea_id}" for _moment, idea_id in ideas), has_target=True),
        Page("list by principle", tuple(f"{PLACE}/ideas?principle={key}" for key in keys)),
        Page("front", ("/de/",)),
        Page("process", (PLACE,)),
        Page("statement", (f"{PLACE}/statements/{statement_id}",)),
        Page("principles", ("/de/principles",)),
    ]
