"""A page of a list of ideas, with the places where the neighbouring pages begin."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.orm import Session

from participation.accounts.actor import Actor
from participation.cases.models import SubjectKind
from participation.listings.ideas.cards import IdeaCard, Wording, card_of
from participation.listings.ideas.orders import BY_VOTES, Cursor, Order, Sort
from participation.listings.ideas.rows import IdeaRow
from participation.listings.ideas.walks import Step, Walk, count_before, walk
from participation.listings.ideas.wanted import COUNT_STOPS_AT, IdeaFilter, count_ideas
from participation.listings.names import Names
from participation.listings.translated import ShownWordings, written_idea
from participation.processes.outline import ProcessOutline
from participation.processes.policies import may_see_results
from participation.wordings.queries import ShownWording

PAGE = 20
NEWEST_FIRST = Order(Sort.NEWEST)

Why = Callable[[IdeaRow, int, int, ShownWording | None], str]
"""Takes an idea, its place in the list, its key in the order and the wording shown, and says why it stands there.

The first place is 1; 0 is one far down.
"""


class HiddenResults(Exception):
    """An order was asked for that would reveal results; ``reason`` is a lazily translated sentence."""

    def __init__(self, reason: object) -> None:
        super().__init__("order by hidden results")
        self.reason = reason


@dataclass(frozen=True, slots=True)
class IdeaList:
    """A page of a list with the cursors of its neighbours; ``count`` stops at ``COUNT_STOPS_AT`` + 1."""

    cards: tuple[IdeaCard, ...]
    count: int
    previous: Cursor | None
    next: Cursor | None


def idea_list(
    session: Session,
    actor: Actor,
    process: ProcessOutline,
    *,
    wanted: IdeaFilter,
    cursor: Cursor | None,
    names: Names,
    wording: Wording,
    list_url: str,
    now: datetime,
    order: Order = NEWEST_FIRST,
    size: int = PAGE,
    with_count: bool = True,
    why: Why | None = None,
) -> IdeaList:
    """Return a page of the published ideas that ``actor`` may see.

    A page further on has the order of its cursor. Raises ``HiddenResults`` for an order by votes that are hidden.
    """
    order = cursor.order if cursor else order
    results = may_see_results(process, now=now)
    if order.sort in BY_VOTES and not results:
        raise HiddenResults(results.reason)
    path = Walk(actor, process.id, wanted, order, size + 1)
    steps, previous, following = _page(session, path, cursor)
    count = count_ideas(session, actor, process.id, wanted) if with_count else len(steps)
    shown = wording.shown(session, (written_idea(one.row.id, one.row.language, one.row.revision) for one in steps))
    reasons = _reasons(session, path, steps, why, shown) if why else [""] * len(steps)
    cards = tuple(
        card_of(step.row, hidden=not results, names=names, wording=wording, list_url=list_url, why=reason, shown=shown)
        for step, reason in zip(steps, reasons, strict=True)
    )
    return IdeaList(cards, count, previous, following)


def next_idea(
    session: Session, actor: Actor, process_id: int, *, wanted: IdeaFilter, order: Order, cursor: Cursor | None
) -> tuple[int, Cursor] | None:
    """Return the idea after the cursor, or the first one, with its place; ``None`` at the end of the list."""
    steps = walk(session, Walk(actor, process_id, wanted, cursor.order if cursor else order, 1), cursor)
    return (steps[0].row.id, steps[0].cursor) if steps else None


def _page(session: Session, path: Walk, cursor: Cursor | None) -> tuple[list[Step], Cursor | None, Cursor | None]:
    size = path.most - 1
    steps = walk(session, path, cursor)
    has_more, steps = len(steps) > size, steps[:size]
    if cursor is not None and cursor.backwards:
        steps.reverse()
        first, last = has_more, True
    else:
        first, last = cursor is not None, has_more
    previous = replace(steps[0].cursor, backwards=True) if first and steps else None
    return steps, previous, steps[-1].cursor if last and steps else None


def _reasons(session: Session, path: Walk, steps: list[Step], why: Why, shown: ShownWordings) -> list[str]:
    if not steps:
        return []
    before = count_before(session, replace(path, most=COUNT_STOPS_AT), steps[0].cursor)
    is_far = before >= COUNT_STOPS_AT
    return [
        why(step.row, 0 if is_far else before + place, step.cursor.key, shown.get((SubjectKind.IDEA, step.row.id)))
        for place, step in enumerate(steps, start=1)
    ]
