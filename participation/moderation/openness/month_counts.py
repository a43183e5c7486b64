"""Figures of months that are over, counted at night: a page only counts the month that it is."""

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask import current_app
from sqlalchemy import select
from sqlalchemy.orm import Session

from participation.cases.models import CaseKind
from participation.kit import clock
from participation.kit.db import begin_snapshot, db, transaction
from participation.kit.dialect import upsert
from participation.moderation.models import AppealOutcome, DecisionKind, MonthCount
from participation.moderation.openness.figures import (
    MOST_MONTHS,
    Kept,
    MonthFigures,
    first_moment,
    month_figures,
    months_until,
)
from participation.moderation.openness.rewordings import Rewording
from participation.moderation.terms import terms
from participation.processes.models import Process

ALL_MONTHS = 1200


def figures_by_month(
    session: Session, process_id: int, months: Sequence[datetime], *, settled_before: datetime, now: datetime
) -> tuple[MonthFigures, ...]:
    """Return the figures of the months that begin at ``months``, the last one until now, as ``month_figures`` does.

    Those that are over are as they were counted last night; from the first one that was not counted yet on, they are
    counted now.
    """
    known = _known(session, process_id, months)
    over = next((place for place, begins in enumerate(months) if begins not in known), len(months))
    # The last month goes on.
    over = min(over, len(months) - 1)
    fresh = month_figures(session, process_id, months[over:], settled_before=settled_before, now=now)
    return (*(_from_json(begins, known[begins]) for begins in months[:over]), *fresh)


def count_months(beat: Callable[[], None]) -> None:
    """Count the months that are over, of every process; to be called outside any transaction.

    What was decided in them stays, but objections are answered later: the months that the page shows are counted again
    every night, earlier ones only once.
    """
    zone = clock.zone(current_app.config["TIMEZONE"])
    for process_id in db.session.scalars(select(Process.id).order_by(Process.id)).all():
        beat()
        _count(process_id, zone, clock.now())


def _count(process_id: int, zone: ZoneInfo, now: datetime) -> None:
    settled_before = now - terms().undo
    session = db.session()
    begin_snapshot(session)
    # A month is over when nothing in it can be taken back any more.
    months = months_until(settled_before, zone, first=first_moment(session, process_id), most=ALL_MONTHS)
    known = _known(session, process_id, months)
    missing = next((place for place, begins in enumerate(months) if begins not in known), len(months))
    fresh = months[min(missing, max(0, len(months) - MOST_MONTHS)) :]
    figures: tuple[MonthFigures, ...] = ()
    if len(fresh) > 1:
        figures = month_figures(session, process_id, fresh, settled_before=settled_before, now=now)
    session.rollback()
    rows = [
        {"process_id": process_id, "begins_at": begins, "figures": _to_json(month), "counted_at": now}
        for begins, month in zip(fresh[:-1], figures[:-1], strict=True)
    ]
    if rows:
        with transaction() as writing:
            upsert(writing, MonthCount, rows, key=["process_id", "begins_at"], update=["figures", "counted_at"])


def _known(session: Session, process_id: int, months: Sequence[datetime]) -> dict[datetime, dict[str, Any]]:
    rows = session.execute(
        select(MonthCount.begins_at, MonthCount.figures).where(
            MonthCount.process_id == process_id, MonthCount.begins_at >= months[0]
        )
    )
    return dict(rows.all())


def _to_json(month: MonthFigures) -> dict[str, Any]:
    return {
        "decisions": [[kind.value, ground, number] for (kind, ground), number in month.decisions.items()],
        "rewordings": [[decision.value, number] for decision, number in month.rewordings.items()],
        "by_clock": month.by_clock,
        "median_seconds": month.median_seconds,
        "appeals": [[outcome and outcome.value, number] for outcome, number in month.appeals.items()],
        "notices": month.notices,
        "kept": [[kind.value, kept.value, number] for (kind, kept), number in month.kept.items()],
    }


def _from_json(begins: datetime, data: dict[str, Any]) -> MonthFigures:
    return MonthFigures(
        month=begins.date(),
        decisions=Counter({(DecisionKind(kind), ground): number for kind, ground, number in data["decisions"]}),
        # Months that were counted before there were any do not say so.
        rewordings=Counter({Rewording(value): number for value, number in data.get("rewordings", ())}),
        by_clock=data["by_clock"],
        median_seconds=data["median_seconds"],
        appeals=Counter({outcome and AppealOutcome(outcome): number for outcome, number in data["appeals"]}),
        notices=data["notices"],
        kept=Counter({(CaseKind(kind), Kept(kept)): number for kind, kept, number in data["kept"]}),
    )
