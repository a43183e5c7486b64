"""Which addresses stand for which page."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import create_engine, func, select
from sqlalchemy.orm import Session

from participation.comments.models import Comment
from participation.ideas.models import Idea, Standing
from participation.listings.ideas import PAGE, Cursor, Order, Round, Sort
from participation.listings.ideas.orders import microseconds
from participation.listings.ideas.walks import KEYS
from participation.principles.models import Principle
from participation.strategy.models import Statement
from tests.bench.fill import QUIET, RARE_WORD, SLUG, TALKED_ABOUT, Filled

PLACE = f"/de/processes/{SLUG}"
# Each in about a third of all ideas: as a word, in another form, inside a longer word.
COMMON_WORDS = ("Grundschule", "Sprechstunden", "bibliothek", "verein")

ROTATION = Sort.ROTATION
# One round of the draw that never was: places are as they were filled in.
ORDERS = (Order(ROTATION, Round(0, 0)), *(Order(sort) for sort in (Sort.NEWEST, *list(KEYS)[1:])))


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
        ideas = list(session.scalars(select(Idea.id).order_by(Idea.id.desc())))
        keys = list(session.scalars(select(Principle.key).order_by(Principle.id)))
        statement_id = session.scalar(select(func.min(Statement.id)))
        longest = session.scalar(
            select(Comment.thread_id)
            .where(Comment.idea_id == TALKED_ABOUT)
            .group_by(Comment.thread_id)
            .order_by(func.count().desc())
        )
        further = {order.sort: _further(session, order) for order in ORDERS}
    engine.dispose()
    return [
        Page("list, first page", (f"{PLACE}/ideas",), has_target=True),
        Page("list, any page", further[ROTATION], has_target=True),
        Page("idea, any", tuple(f"{PLACE}/ideas/{idea_id}" for idea_id in ideas), has_target=True),
        Page("idea with 20 comments", (f"{PLACE}/ideas/{QUIET}",)),
        Page("idea with 2,000 comments", (f"{PLACE}/ideas/{TALKED_ABOUT}",)),
        Page("its comments, most helpful", (f"{PLACE}/ideas/{TALKED_ABOUT}?sort=helpful",)),
        Page("longest thread on it", (f"{PLACE}/ideas/{TALKED_ABOUT}/comments/{longest}",)),
        Page("list by principle", tuple(f"{PLACE}/ideas?principle={key}" for key in keys)),
        Page("search, common", tuple(f"{PLACE}/ideas?q={word}" for word in COMMON_WORDS)),
        Page("search, rare", (f"{PLACE}/ideas?q={RARE_WORD}",)),
        *(
            Page(f"list, {sort.value}", paths, has_target=True)
            for sort, paths in further.items()
            if sort is not ROTATION
        ),
        Page("list, explained", tuple(f"{path}&explain=1" for path in further[ROTATION][::5])),
        Page("feed of ideas", (f"{PLACE}/ideas.atom",)),
        Page("map of principles", (f"{PLACE}/principles",)),
        Page("principle", tuple(f"{PLACE}/principles/{key}" for key in keys)),
        Page("results", (f"{PLACE}/results",)),
        Page("agreement per idea", (f"{PLACE}/results/ideas", f"{PLACE}/results/ideas?sort=contested")),
        Page("participation", (f"{PLACE}/results/participation",)),
        Page("front", ("/de/",)),
        Page("process", (PLACE,)),
        Page("statement", (f"{PLACE}/statements/{statement_id}",)),
        Page("principles", ("/de/principles",)),
    ]


def _further(session: Session, order: Order) -> tuple[str, ...]:
    """Return the pages that one comes to from the first by "Next", again and again."""
    if order.sort is Sort.NEWEST:
        moments = session.execute(select(Idea.published_at, Idea.id).order_by(Idea.published_at.desc(), Idea.id.desc()))
        spots: list[Any] = [(microseconds(moment), idea_id) for moment, idea_id in moments]
    else:
        key = KEYS[order.sort]
        ends = (key, Standing.idea_id) if order.sort is ROTATION else (key.desc(), Standing.idea_id.desc())
        spots = [
            (number, idea_id) for number, idea_id in session.execute(select(key, Standing.idea_id).order_by(*ends))
        ]
    cursors = (Cursor(order, *spot).encode() for spot in spots[PAGE - 1 : -1 : PAGE])
    return tuple(f"{PLACE}/ideas?sort={order.sort.value}&after={cursor}" for cursor in cursors)
