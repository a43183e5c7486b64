"""Figures of the moderation that everybody may know: per month, and how the promise to answer in time is kept."""

import enum
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import pairwise
from types import MappingProxyType
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Select, and_, case, func, literal, or_, select, union_all
from sqlalchemy.orm import Session

from participation.cases.models import Case, CaseKind
from participation.kit.db import read_rows
from participation.moderation.models import Appeal, AppealOutcome, Automation, Decision, DecisionKind
from participation.moderation.openness.rewordings import DECIDED, Rewording, is_settled
from participation.moderation.openness.times import FEWEST_TIMES, LONGEST, SPANS_PER_DOUBLING
from participation.notices.models import Notice
from participation.wordings.models import Wording

METHOD = "moderation-1"
MOST_MONTHS = 12
NUMBERS = MappingProxyType(
    {
        "months": MOST_MONTHS,
        "times": FEWEST_TIMES,
        "minutes": LONGEST // timedelta(minutes=1),
        "spans": SPANS_PER_DOUBLING,
    }
)
PROMISED = (CaseKind.REVIEW, CaseKind.NOTICE, CaseKind.APPEAL, CaseKind.WORDING)
"""What residents are promised an answer to within a time that is public."""
_NOTICE = "notice"


class Kept(enum.Enum):
    """Whether a promise was kept; what is open still has time."""

    IN_TIME = "in_time"
    LATE = "late"
    OPEN = "open"


@dataclass(frozen=True, slots=True)
class MonthFigures:
    """What was decided in one month, and what residents asked for in it.

    ``decisions`` are about contributions, ``rewordings`` about their translations. ``median_seconds`` is how long half
    of what people decided about had waited at most. ``appeals`` counts objections by what became of them, ``None`` for
    those that wait; ``kept`` counts what came in that month by its kind and by whether it was answered within the
    promised time, or still has time.
    """

    month: date
    decisions: Counter[tuple[DecisionKind, str]] = field(default_factory=Counter)
    rewordings: Counter[Rewording] = field(default_factory=Counter)
    by_clock: int = 0
    median_seconds: int | None = None
    appeals: Counter[AppealOutcome | None] = field(default_factory=Counter)
    notices: int = 0
    kept: Counter[tuple[CaseKind, Kept]] = field(default_factory=Counter)

    def of_kind(self, kind: DecisionKind) -> int:
        """Return how many decisions of one kind there were."""
        return sum(number for (one, _ground), number in self.decisions.items() if one is kind)

    @property
    def whole(self) -> int:
        """Return how many decisions about contributions there were."""
        return self.decisions.total()

    @property
    def in_time(self) -> int:
        """Return how much was answered within the promised time."""
        return sum(self.kept[kind, Kept.IN_TIME] for kind in PROMISED)

    @property
    def late(self) -> int:
        """Return how much was not."""
        return sum(self.kept[kind, Kept.LATE] for kind in PROMISED)


@dataclass(frozen=True, slots=True)
class Promise:
    """How the promise to answer in time is kept for one kind of case, with what came in during some months.

    ``waiting`` and ``overdue`` count all that waits now, whenever it came in.
    """

    kind: CaseKind
    waiting: int = 0
    overdue: int = 0
    in_time: int = 0
    late: int = 0

    @property
    def share(self) -> float | None:
        """Return the share that was answered in time, from 0 to 1; ``None`` where nothing was due yet."""
        due = self.in_time + self.late
        return self.in_time / due if due else None


def months_until(now: datetime, zone: ZoneInfo, *, first: datetime | None, most: int = MOST_MONTHS) -> list[datetime]:
    """Return when each month began in ``zone``, up to now, from that of ``first`` on, ``most`` of them at most."""
    local = now.astimezone(zone)
    begins = datetime(local.year, local.month, 1, tzinfo=zone)
    months = [begins]
    while first is not None and len(months) < most and first < months[0]:
        year, month = divmod(months[0].year * 12 + months[0].month - 2, 12)
        months.insert(0, datetime(year, month + 1, 1, tzinfo=zone))
    return months


def first_moment(session: Session, process_id: int) -> datetime | None:
    """Return when moderation of a process began: with the first case or the first decision."""
    case_opened = select(func.min(Case.opened_at)).where(Case.process_id == process_id)
    decided = select(func.min(Decision.decided_at)).where(Decision.process_id == process_id)
    # A translation that was taken down or corrected had no case.
    reworded = select(func.min(Wording.decided_at)).where(
        Wording.process_id == process_id, Wording.decided_by.is_not(None)
    )
    moments = (case_opened.scalar_subquery(), decided.scalar_subquery(), reworded.scalar_subquery())
    return min((moment for moment in session.execute(select(*moments)).one() if moment), default=None)


def month_figures(
    session: Session, process_id: int, months: Sequence[datetime], *, settled_before: datetime, now: datetime
) -> tuple[MonthFigures, ...]:
    """Return the figures of the months that begin at ``months``, the last one until now."""
    count = _Counting(session, months)
    settled = (
        Decision.process_id == process_id,
        Decision.undone_at.is_(None),
        Decision.decided_at <= settled_before,
    )
    decisions: dict[int, Counter[tuple[DecisionKind, str]]] = defaultdict(Counter)
    by_clock: Counter[int] = Counter()
    for month, kind, ground, automation, number in count.rows(
        Decision.decided_at, Decision.kind, Decision.ground, Decision.automation, only=settled
    ):
        decisions[month][kind, ground] += number
        by_clock[month] += number if automation is Automation.CLOCK else 0
    appeals = count.by_month(Appeal.submitted_at, Appeal.outcome, only=[Appeal.process_id == process_id])
    others: dict[int, Counter[str]] = defaultdict(Counter)
    for month, value, number in count.several(
        count.statement(Notice.submitted_at, literal(_NOTICE), only=[Notice.process_id == process_id]),
        count.statement(Wording.decided_at, DECIDED, only=is_settled(process_id, settled_before)),
    ):
        others[month][value] += number
    promised = [Case.process_id == process_id, Case.kind.in_(PROMISED)]
    kept: dict[int, Counter[tuple[CaseKind, Kept]]] = defaultdict(Counter)
    for month, kind, state, number in count.rows(Case.opened_at, Case.kind, _kept(now), only=promised):
        kept[month][kind, Kept(state)] += number
    medians = _medians(session, months, settled)
    return tuple(
        MonthFigures(
            month=begins.date(),
            decisions=decisions[place],
            rewordings=Counter(
                {Rewording(value): number for value, number in others[place].items() if value != _NOTICE}
            ),
            by_clock=by_clock[place],
            median_seconds=medians.get(place),
            appeals=appeals[place],
            notices=others[place][_NOTICE],
            kept=kept[place],
        )
        for place, begins in enumerate(months)
    )


def promises(
    session: Session, process_id: int, months: Sequence[MonthFigures], *, now: datetime
) -> tuple[Promise, ...]:
    """Return how the promise to answer in time is kept, for what came in during these months, and what waits now."""
    waiting: dict[CaseKind, tuple[int, int]] = {}
    wait = (Case.closed_at.is_(None), or_(Case.resumes_at.is_(None), Case.resumes_at <= now))
    overdue = func.coalesce(func.sum(case((Case.due_at < now, 1), else_=0)), 0)
    here = (Case.process_id == process_id, Case.kind.in_(PROMISED))
    for kind, number, late in read_rows(
        session, select(Case.kind, func.count(), overdue).where(*here, *wait).group_by(Case.kind)
    ):
        waiting[kind] = (number, late)
    kept = sum((month.kept for month in months), Counter())
    return tuple(
        Promise(kind, *waiting.get(kind, (0, 0)), in_time=kept[kind, Kept.IN_TIME], late=kept[kind, Kept.LATE])
        for kind in PROMISED
    )


def _kept(now: datetime) -> ColumnElement[str]:
    """Return whether a case was answered in time, late or not yet; what waits beyond its promise is late already."""
    late = or_(
        Case.escalated_at.is_not(None),
        Case.closed_at > Case.due_at,
        and_(Case.closed_at.is_(None), Case.due_at < now),
    )
    return case((late, Kept.LATE.value), (Case.closed_at.is_(None), Kept.OPEN.value), else_=Kept.IN_TIME.value)


class _Counting:
    """Counting rows of any table by the month that a moment in them belongs to."""

    def __init__(self, session: Session, months: Sequence[datetime]) -> None:
        self._session = session
        self._months = months

    def rows(self, moment: Any, *by: Any, only: Sequence[ColumnElement[bool]]) -> list[Any]:
        """Return (place of the month, values of ``by``, how many rows) for all there are."""
        return list(read_rows(self._session, self.statement(moment, *by, only=only)))

    def several(self, *statements: Select[Any]) -> list[Any]:
        """Return the rows of several statements, which have the same columns, with one query."""
        return list(read_rows(self._session, union_all(*statements)))

    def statement(self, moment: Any, *by: Any, only: Sequence[ColumnElement[bool]]) -> Select[Any]:
        """Return the statement for what ``rows`` returns."""
        month = month_of(moment, self._months)
        return select(month, *by, func.count()).where(moment >= self._months[0], *only).group_by(month, *by)

    def by_month(self, moment: Any, by: Any, *, only: Sequence[ColumnElement[bool]]) -> dict[int, Counter[Any]]:
        """Return how many rows there are of each value of ``by``, by the place of the month."""
        found: dict[int, Counter[Any]] = defaultdict(Counter)
        for place, value, number in self.rows(moment, by, only=only):
            found[place][value] += number
        return found


def month_of(moment: Any, months: Sequence[datetime]) -> ColumnElement[int]:
    """Return the place among ``months`` of the month that a moment belongs to; it must not lie before the first."""
    ends = [(moment < end, place) for place, (_begin, end) in enumerate(pairwise(months))]
    # Without any end there is one month only, and CASE wants at least one condition.
    return case(*(ends or [(moment < months[0], 0)]), else_=len(months) - 1)


def _medians(session: Session, months: Sequence[datetime], settled: Sequence[ColumnElement[bool]]) -> dict[int, int]:
    """Return the median of how long things had waited when people decided about them, by the place of the month."""
    month = month_of(Decision.decided_at, months)
    waited = Decision.waited_seconds
    by_people = Decision.automation.in_([Automation.NONE, Automation.SIGNALLED])
    ranked = (
        select(
            month.label("month"),
            waited.label("waited"),
            func.row_number().over(partition_by=month, order_by=waited).label("place"),
            func.count().over(partition_by=month).label("whole"),
        )
        .where(*settled, by_people, waited.is_not(None), Decision.decided_at >= months[0])
        .subquery()
    )
    middle = ranked.c.place.in_([(ranked.c.whole + 1) // 2, (ranked.c.whole + 2) // 2])
    rows = read_rows(session, select(ranked.c.month, func.avg(ranked.c.waited)).where(middle).group_by(ranked.c.month))
    return {place: round(median) for place, median in rows}
