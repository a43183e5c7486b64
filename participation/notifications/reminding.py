"""Reminding staff of days that come near: answers that are waited for, what was promised, measures."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask import current_app
from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session

from participation.accounts.actor import Role
from participation.activity.routines import Beat
from participation.kit import clock
from participation.kit.db import db, transaction
from participation.notifications.models import EntryKind, InboxEntry
from participation.notifications.service import tell
from participation.processes.models import Process, ProcessState, RoleGrant
from participation.strategy.answering.follow_up import is_latest
from participation.strategy.answering.following import UNFINISHED
from participation.strategy.answering.subjects import is_public
from participation.strategy.models import Answer, AnswerOutcome, Measure, MeasureStep, Referral

AHEAD = timedelta(days=7)
"""So long before a day staff are reminded of it."""


@dataclass(frozen=True, slots=True)
class _Day:
    """A day that has come near: of what, and since when it counts as near."""

    process_id: int
    subject_id: int
    near_since: datetime


def remind_of_days(beat: Beat) -> None:
    """Tell the staff of each process which days come near; one entry stands for all of a kind until it is read.

    Whoever was told since the latest of them came near knows them all.
    """
    zone = clock.zone(current_app.config["TIMEZONE"])
    horizon = clock.today(current_app.config["TIMEZONE"]) + AHEAD
    for kind, statement in _near(horizon).items():
        days = [_day(tuple(row), zone) for row in db.session.execute(statement)]
        for day in _latest(days):
            beat()
            with transaction() as session:
                _remind(session, kind, day)


def days_near(session: Session, kind: EntryKind, process_ids: Iterable[int]) -> dict[int, tuple[int, date]]:
    """Return how many days are near or over in each process, of the sort that entries of ``kind`` tell of.

    With the first of them; processes without any are left out.
    """
    near = _near(clock.today(current_app.config["TIMEZONE"]) + AHEAD)[kind].subquery()
    process_id, _subject_id, due_on, _set_at = near.c
    rows = session.execute(
        select(process_id, func.count(), func.min(due_on)).where(process_id.in_(list(process_ids))).group_by(process_id)
    )
    return {row[0]: (row[1], row[2]) for row in rows}


def _near(horizon: date) -> dict[EntryKind, Any]:
    running = Process.state == ProcessState.PUBLISHED
    referrals = (
        select(Referral.process_id, Referral.id, Referral.due_on, Referral.referred_at)
        .join(Process, Process.id == Referral.process_id)
        .where(running, Referral.closed_at.is_(None), Referral.due_on <= horizon, is_public(Referral))
    )
    followed = select(Measure.id).where(Measure.answer_id == Answer.id).exists()
    promises = (
        select(Answer.process_id, Answer.id, Answer.due_on, Answer.answered_at)
        .join(Process, Process.id == Answer.process_id)
        .where(running, Answer.due_on <= horizon, Answer.outcome != AnswerOutcome.NO, ~followed)
        .where(is_latest(), is_public(Answer))
    )
    # The day is that of the latest step which named one; moving it makes it another one.
    named = select(func.max(MeasureStep.id)).where(
        MeasureStep.measure_id == Measure.id, MeasureStep.due_on.is_not(None)
    )
    measures = (
        select(Measure.process_id, MeasureStep.id, Measure.due_on, MeasureStep.reported_at)
        .join(MeasureStep, MeasureStep.id == named.correlate(Measure).scalar_subquery())
        .join(Process, Process.id == Measure.process_id)
        .join(Answer, Answer.id == Measure.answer_id)
        .where(running, Measure.state.in_(UNFINISHED), Measure.due_on <= horizon, is_public(Answer))
    )
    return {EntryKind.REFERRAL_DUE: referrals, EntryKind.PROMISE_DUE: promises, EntryKind.MEASURE_DUE: measures}


def _day(row: tuple[int, int, date, datetime], zone: ZoneInfo) -> _Day:
    process_id, subject_id, due_on, set_at = row
    near = datetime.combine(due_on - AHEAD, time.min, zone).astimezone(UTC)
    return _Day(process_id, subject_id, max(near, set_at))


def _latest(days: Iterable[_Day]) -> list[_Day]:
    """Return for each process the day that came near last."""
    latest: dict[int, _Day] = {}
    for day in sorted(days, key=lambda day: (day.near_since, day.subject_id)):
        latest[day.process_id] = day
    return [latest[process_id] for process_id in sorted(latest)]


def _remind(session: Session, kind: EntryKind, day: _Day) -> None:
    knows = exists().where(
        InboxEntry.account_id == RoleGrant.account_id,
        InboxEntry.kind == kind,
        InboxEntry.process_id == day.process_id,
        InboxEntry.read_at.is_(None) | (InboxEntry.created_at >= day.near_since),
    )
    here = RoleGrant.process_id.is_(None) | (RoleGrant.process_id == day.process_id)
    staff = session.scalars(
        select(RoleGrant.account_id)
        .where(RoleGrant.role == Role.STAFF, RoleGrant.ended_at.is_(None), here, ~knows)
        .distinct()
    ).all()
    tell(session, staff, kind, day.subject_id, process_id=day.process_id, now=clock.now())
