"""The queue of what waits for a decision, one case of it, and the decisions taken."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from participation.accounts.actor import Actor
from participation.desk.beside import groups_with_translations, with_translations
from participation.kit.permissions import found
from participation.moderation.queries import DECISIONS_PAGE, DecisionView, decisions_about, recent_decisions
from participation.moderation.queue.filters import QueueFilter
from participation.moderation.queue.holds import Colleague, colleagues
from participation.moderation.queue.items import QueueItem, case_items
from participation.moderation.queue.keys import QueuePlace, encode_place
from participation.moderation.queue.listing import QueueCounts, QueueGroup, cases_of_group, group_of, queue
from participation.moderation.undoing import LatestDecision, undoable
from participation.multilingual import pick
from participation.principles.queries import principles_of
from participation.processes.outline import ProcessOutline
from participation.processes.workplace import Workplace, workplace

MOST_SIMILAR = 10


@dataclass(frozen=True, slots=True)
class PrincipleChoice:
    """A principle that an idea can be tagged with."""

    id: int
    title: str
    pictogram: str


@dataclass(frozen=True, slots=True)
class QueuePage:
    """A page of the queue: groups of similar cases in order, and what it can be filtered by.

    ``found`` is how much fits the filter.
    """

    workplace: Workplace
    wanted: QueueFilter
    groups: tuple[QueueGroup, ...]
    counts: QueueCounts
    found: int
    principles: tuple[PrincipleChoice, ...]
    colleagues: tuple[Colleague, ...]
    after: str | None
    next_after: str | None

    @property
    def items(self) -> tuple[QueueItem, ...]:
        """All cases of the page, in order."""
        return tuple(item for group in self.groups for item in group.items)

    def size_of(self, group_id: int) -> int | None:
        """Return how many cases a group has; ``None`` for one that is not on this page."""
        return next((group.size for group in self.groups if group.id == group_id), None)


@dataclass(frozen=True, slots=True)
class CasePage:
    """One case, open or closed, with open ones that say nearly the same and what was decided about it earlier."""

    workplace: Workplace
    item: QueueItem
    similar: tuple[QueueItem, ...]
    group_size: int
    decisions: tuple[DecisionView, ...]
    principles: tuple[PrincipleChoice, ...]
    colleagues: tuple[Colleague, ...]


@dataclass(frozen=True, slots=True)
class DecisionsPage:
    """A page of decisions, the latest first."""

    workplace: Workplace
    decisions: tuple[DecisionView, ...]
    undoable: LatestDecision | None
    before: int | None
    next_before: int | None


def queue_page(
    session: Session,
    actor: Actor,
    process: ProcessOutline,
    *,
    wanted: QueueFilter,
    after: QueuePlace | None,
    principles: tuple[PrincipleChoice, ...] | None = None,
    language: str,
    now: datetime,
) -> QueuePage:
    """Return a page of what waits in ``process`` and is ``wanted``, from behind the place ``after``."""
    page = queue(session, actor, process_id=process.id, wanted=wanted, after=after, now=now)
    return QueuePage(
        workplace=workplace(actor, process, language),
        wanted=wanted,
        groups=groups_with_translations(session, page.groups, language),
        counts=page.counts,
        found=page.found,
        principles=principle_choices(session, process, language) if principles is None else principles,
        colleagues=colleagues(session, process.id),
        after=encode_place(after),
        next_after=encode_place(page.next_after),
    )


def case_page(
    session: Session,
    actor: Actor,
    process: ProcessOutline,
    *,
    case_id: int,
    language: str,
    now: datetime,
    beside: QueuePage | None = None,
) -> CasePage:
    """Return one case of ``process``, open or closed; raises ``Missing``.

    What ``beside``, a page of the queue that is shown along with it, knows already is not asked again.
    """
    known = {one.case_id: one for one in beside.items} if beside else {}
    group_id = known[case_id].group_id if case_id in known else group_of(session, process.id, case_id)
    together = tuple(one.case_id for one in known.values() if one.group_id == group_id)
    if beside is None or case_id not in known or beside.size_of(group_id) != len(together):
        together = cases_of_group(session, process_id=process.id, group_id=group_id, now=now)
    others = [other for other in together if other != case_id][:MOST_SIMILAR]
    unknown = [one for one in (case_id, *others) if one not in known]
    others_read = case_items(session, actor, case_ids=unknown, now=now)
    known |= {one.case_id: one for one in with_translations(session, others_read, language)}
    item = found(known.get(case_id))
    return CasePage(
        workplace=workplace(actor, process, language),
        item=item,
        similar=tuple(known[other] for other in others if other in known),
        group_size=len(together),
        decisions=tuple(
            decisions_about(session, kind=item.subject_kind, subject_id=item.subject_id, language=language)
        ),
        principles=beside.principles if beside else principle_choices(session, process, language),
        colleagues=beside.colleagues if beside else colleagues(session, process.id),
    )


def decisions_page(
    session: Session, actor: Actor, process: ProcessOutline, *, before: int | None, language: str, now: datetime
) -> DecisionsPage:
    """Return a page of the decisions taken in ``process`` before the decision ``before``."""
    decisions = recent_decisions(session, process.id, language=language, before=before)
    page = tuple(decisions[:DECISIONS_PAGE])
    more = len(decisions) > DECISIONS_PAGE
    return DecisionsPage(
        workplace=workplace(actor, process, language),
        decisions=page,
        undoable=undoable(session, actor, process.id, now),
        before=before,
        next_before=page[-1].id if more else None,
    )


def principle_choices(session: Session, process: ProcessOutline, language: str) -> tuple[PrincipleChoice, ...]:
    """Return what an idea of ``process`` can be tagged with, named in ``language``."""
    return tuple(
        PrincipleChoice(entry.id, pick(entry.title, language), entry.pictogram)
        for entry in principles_of(session, process.framework_id)
    )
