"""The queue of open cases: a page of it in order, how much waits, and which cases stand together."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from sqlalchemy import ColumnElement, Select, func, literal, select, tuple_
from sqlalchemy.orm import Session

from participation.accounts.actor import Actor
from participation.cases.models import Case, CaseKind, SubjectKind
from participation.kit.permissions import found
from participation.kit.schema import UtcDateTime
from participation.moderation.queue.filters import QueueFilter
from participation.moderation.queue.items import QueueItem, items_of
from participation.moderation.queue.keys import QueuePlace
from participation.moderation.queue.waiting import IN_ORDER, filtered, waits

PAGE = 20
GROUP_MOST = 100
"""How many similar cases are decided together at most."""


@dataclass(frozen=True, slots=True)
class QueueCounts:
    """How much waits, whatever the filter; ``oldest`` is since when, ``languages`` in which languages, by code.

    Ideas, comments and addenda that are to be read stand apart from notices, appeals, hints and messages about them,
    and from wordings that were suggested for them.
    """

    ideas: int = 0
    comments: int = 0
    addenda: int = 0
    notices: int = 0
    appeals: int = 0
    hints: int = 0
    messages: int = 0
    wordings: int = 0
    overdue: int = 0
    urgent: int = 0
    mine: int = 0
    oldest: datetime | None = None
    languages: tuple[str, ...] = ()

    @property
    def whole(self) -> int:
        """How much waits altogether."""
        read = self.ideas + self.comments + self.addenda
        return read + self.notices + self.appeals + self.hints + self.messages + self.wordings


@dataclass(frozen=True, slots=True)
class QueueGroup:
    """Cases that say nearly the same, the one that came first at the head; most groups have one case only.

    ``size`` counts the whole group, which may go on beyond the page.
    """

    id: int
    items: tuple[QueueItem, ...]
    size: int


@dataclass(frozen=True, slots=True)
class QueueSlice:
    """A page of the queue: groups in order, the place behind it, how much waits and how much of it was asked for."""

    groups: tuple[QueueGroup, ...]
    next_after: QueuePlace | None
    counts: QueueCounts
    found: int

    @property
    def items(self) -> tuple[QueueItem, ...]:
        """All cases of the page, in order."""
        return tuple(item for group in self.groups for item in group.items)


def queue(
    session: Session,
    actor: Actor,
    *,
    process_id: int,
    now: datetime,
    wanted: QueueFilter | None = None,
    after: QueuePlace | None = None,
) -> QueueSlice:
    """Return a page of what waits in a process, urgent and oldest promise first, from behind ``after``."""
    statement = waiting_cases(actor, process_id, wanted, now=now)
    if after is not None:
        statement = statement.where(behind(after))
    at_most = session.scalars(statement.limit(PAGE + 1)).all()
    page = at_most[:PAGE]
    counts = _counts(session, [process_id], actor.account_id, now)[process_id]
    return QueueSlice(
        groups=_groups(session, items_of(session, actor, page, now=now), now),
        next_after=place_of(page[-1]) if len(at_most) > PAGE else None,
        counts=counts,
        found=_number(session, actor, process_id, wanted, now) if wanted and wanted.is_set else counts.whole,
    )


def backlogs(session: Session, process_ids: Iterable[int], *, now: datetime) -> dict[int, QueueCounts]:
    """Return how much waits in each process."""
    return _counts(session, list(process_ids), None, now)


def group_of(session: Session, process_id: int, case_id: int) -> int:
    """Return the group of a case of this process, open or closed; raises ``Missing``."""
    return found(session.scalar(select(Case.group_id).where(Case.id == case_id, Case.process_id == process_id)))


def cases_of_group(session: Session, *, process_id: int, group_id: int, now: datetime) -> tuple[int, ...]:
    """Return the open cases of a group, in order, 100 of them at most."""
    # Whatever else is asked for would tempt SQLite to read the whole queue of the process instead of the group.
    together = session.scalars(select(Case).where(Case.group_id == group_id, waits(now))).all()
    here = sorted((case for case in together if case.process_id == process_id), key=_in_order)
    return tuple(case.id for case in here[:GROUP_MOST])


def cases_about(session: Session, *, kind: SubjectKind, subject_id: int, now: datetime) -> tuple[int, ...]:
    """Return the cases about a contribution that are open now, in order."""
    about = select(Case.id).where(waits(now), Case.subject_kind == kind, Case.subject_id == subject_id)
    return tuple(session.scalars(about.order_by(*IN_ORDER)))


def waiting_cases(actor: Actor, process_id: int, wanted: QueueFilter | None, *, now: datetime) -> Select[Case]:
    """Return the statement for what waits in a process and is ``wanted``, in order."""
    statement = select(Case).where(Case.process_id == process_id, waits(now)).order_by(*IN_ORDER)
    return filtered(statement, actor, wanted, now=now) if wanted else statement


def behind(place: QueuePlace) -> ColumnElement[bool]:
    """Return the condition that a case stands behind ``place``."""
    moment = UtcDateTime()
    own = tuple_(
        literal(place.place_at, moment), literal(place.group_id), literal(place.due_at, moment), literal(place.case_id)
    )
    later = tuple_(Case.place_at, Case.group_id, Case.due_at, Case.id) > own
    return ~Case.urgent | later if place.urgent else ~Case.urgent & later


def place_of(case: Case) -> QueuePlace:
    """Return the place of a case."""
    return QueuePlace(case.urgent, case.place_at, case.group_id, case.due_at, case.id)


def _in_order(case: Case) -> tuple[bool, datetime, datetime, int]:
    return not case.urgent, case.place_at, case.due_at, case.id


def _groups(session: Session, items: tuple[QueueItem, ...], now: datetime) -> tuple[QueueGroup, ...]:
    if not items:
        return ()
    ids = {item.group_id for item in items}
    rows = session.execute(
        select(Case.group_id, func.count()).where(Case.group_id.in_(ids), waits(now)).group_by(Case.group_id)
    )
    sizes = dict(rows.all())
    together = ((group_id, tuple(members)) for group_id, members in groupby(items, lambda item: item.group_id))
    return tuple(QueueGroup(group_id, members, sizes[group_id]) for group_id, members in together)


def _number(session: Session, actor: Actor, process_id: int, wanted: QueueFilter, now: datetime) -> int:
    whole = waiting_cases(actor, process_id, wanted, now=now).with_only_columns(func.count()).order_by(None)
    return session.scalar(whole) or 0


_READ = {SubjectKind.IDEA: "ideas", SubjectKind.COMMENT: "comments", SubjectKind.ADDENDUM: "addenda"}
_OTHERS = {
    CaseKind.NOTICE: "notices",
    CaseKind.APPEAL: "appeals",
    CaseKind.HINT: "hints",
    CaseKind.MESSAGE: "messages",
    CaseKind.WORDING: "wordings",
}


def _counts(session: Session, process_ids: list[int], account_id: int | None, now: datetime) -> dict[int, QueueCounts]:
    def number(condition: ColumnElement[bool]) -> ColumnElement[int]:
        return func.count().filter(condition)

    rows = session.execute(
        select(
            Case.process_id,
            Case.kind,
            Case.subject_kind,
            Case.language,
            func.count().label("whole"),
            number(Case.due_at < now).label("overdue"),
            number(Case.urgent.expression).label("urgent"),
            number(Case.assigned_to == account_id).label("mine"),
            func.min(Case.opened_at).label("oldest"),
        )
        .where(Case.process_id.in_(process_ids), waits(now))
        .group_by(Case.process_id, Case.kind, Case.subject_kind, Case.language)
    )
    figures: dict[int, dict[str, Any]] = {process_id: {} for process_id in process_ids}
    for row in rows:
        own = figures[row.process_id]
        name = _READ[row.subject_kind] if row.kind is CaseKind.REVIEW else _OTHERS[row.kind]
        own[name] = own.get(name, 0) + row.whole
        for shared in ("overdue", "urgent", "mine"):
            own[shared] = own.get(shared, 0) + getattr(row, shared)
        own["oldest"] = min(own.get("oldest", row.oldest), row.oldest)
        own["languages"] = tuple(sorted({*own.get("languages", ()), row.language}))
    return {process_id: QueueCounts(**own) for process_id, own in figures.items()}
