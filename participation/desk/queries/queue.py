"""The queue of contributions that wait, and the decisions taken."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from participation.accounts.actor import Actor
from participation.moderation.keys import decode, encode
from participation.moderation.queries import (
    DECISIONS_PAGE,
    DecisionView,
    WaitingItem,
    recent_decisions,
    waiting,
)
from participation.multilingual import pick
from participation.principles.queries import principles_of
from participation.processes.outline import ProcessOutline
from participation.processes.workplace import Workplace, workplace

OVERDUE = timedelta(days=3)


@dataclass(frozen=True, slots=True)
class PrincipleChoice:
    """A principle that an idea can be tagged with."""

    id: int
    title: str
    pictogram: str


@dataclass(frozen=True, slots=True)
class QueueItem:
    """One contribution that waits, and for how long."""

    item: WaitingItem
    kind: str
    id: int
    hours: int
    overdue: bool


@dataclass(frozen=True, slots=True)
class QueuePage:
    """A page of the queue, oldest first."""

    workplace: Workplace
    items: tuple[QueueItem, ...]
    ideas: int
    comments: int
    addenda: int
    principles: tuple[PrincipleChoice, ...]
    after: str | None
    next_after: str | None


@dataclass(frozen=True, slots=True)
class DecisionsPage:
    """A page of decisions, the latest first."""

    workplace: Workplace
    decisions: tuple[DecisionView, ...]
    before: int | None
    next_before: int | None


def queue_page(
    session: Session, actor: Actor, process: ProcessOutline, *, after: str | None, language: str, now: datetime
) -> QueuePage:
    """Return a page of what waits in ``process``, from behind the place ``after``."""
    start = decode(after)
    page = waiting(session, process.id, after=start)
    return QueuePage(
        workplace=workplace(actor, process, language),
        items=tuple(_queue_item(item, now) for item in page.items),
        ideas=page.ideas,
        comments=page.comments,
        addenda=page.addenda,
        principles=principle_choices(session, process, language),
        after=encode(start),
        next_after=encode(page.next_after),
    )


def decisions_page(
    session: Session, actor: Actor, process: ProcessOutline, *, before: int | None, language: str
) -> DecisionsPage:
    """Return a page of the decisions taken in ``process`` before the decision ``before``."""
    decisions = recent_decisions(session, process.id, before=before)
    page = tuple(decisions[:DECISIONS_PAGE])
    more = len(decisions) > DECISIONS_PAGE
    return DecisionsPage(workplace(actor, process, language), page, before, page[-1].id if more else None)


def principle_choices(session: Session, process: ProcessOutline, language: str) -> tuple[PrincipleChoice, ...]:
    """Return what an idea of ``process`` can be tagged with, named in ``language``."""
    return tuple(
        PrincipleChoice(entry.id, pick(entry.title, language), entry.pictogram)
        for entry in principles_of(session, process.framework_id)
    )


def _queue_item(item: WaitingItem, now: datetime) -> QueueItem:
    waited = now - item.since
    return QueueItem(item, item.key.kind, item.key.id, int(waited / timedelta(hours=1)), waited > OVERDUE)
