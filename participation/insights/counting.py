"""Counting a whole process: one pass of each table, at a cost that only the worker may have."""

import hashlib
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session

from participation.comments.models import Comment, CommentState
from participation.ideas.models import Idea, IdeaPrinciple, IdeaState, Standing
from participation.insights.figures import (
    FIGURES_VERSION,
    Activity,
    Amount,
    DayCount,
    Figures,
    activity_of,
    verdicts_of,
)
from participation.kit.db import read_rows
from participation.kit.dialect import QUARTER_SECONDS, quarter_hours, read_integers
from participation.processes.models import Participant, Process
from participation.voting.models import Tally, Vote
from participation.voting.queries import VoteFigures

Amounts = dict[int | None, Amount]

WORTH_A_PASS = 4
"""Looking a row up takes about so many times as long as passing over it."""


@dataclass(frozen=True, slots=True)
class IdeaCount:
    """One published idea: where it belongs and what happened around it."""

    id: int
    field_id: int | None
    district_id: int | None
    comments: int
    votes: VoteFigures

    @property
    def amount(self) -> Amount:
        return Amount(1, self.comments, self.votes.people)


def idea_counts(session: Session, process_id: int) -> list[IdeaCount]:
    """Return all published ideas of a process with their numbers, by id."""
    zero = func.coalesce
    rows = read_rows(
        session,
        select(
            Idea.id,
            Idea.field_id,
            Idea.district_id,
            zero(Standing.comments, 0),
            zero(Tally.agree, 0),
            zero(Tally.disagree, 0),
            zero(Tally.unsure, 0),
        )
        .outerjoin(Standing, Standing.idea_id == Idea.id)
        .outerjoin(Tally, Tally.idea_id == Idea.id)
        .where(*_public(process_id))
        .order_by(Idea.id),
    )
    return [
        IdeaCount(idea_id, field_id, district_id, comments, VoteFigures(*votes))
        for idea_id, field_id, district_id, comments, *votes in rows
    ]


def mark_of(session: Session, process_id: int, ideas: Iterable[IdeaCount]) -> str:
    """Return something that changes whenever the figures of a process may have changed.

    Every publishing, hiding and editing raises the version of the process; votes change the numbers of ideas.
    """
    version = session.scalar(select(Process.version).where(Process.id == process_id))
    seen = hashlib.blake2b(repr((version, [(one.id, one.comments, one.votes) for one in ideas])).encode())
    return f"{FIGURES_VERSION}:{seen.hexdigest()[:32]}"


def count_figures(session: Session, process_id: int, ideas: list[IdeaCount], zone: ZoneInfo) -> Figures:
    """Return the figures of a process; days are those of ``zone``."""
    people = session.scalar(select(func.count()).select_from(Participant).where(Participant.process_id == process_id))
    verdicts, shares = verdicts_of(one.votes for one in ideas)
    return Figures(
        total=sum((one.amount for one in ideas), Amount()),
        people=people or 0,
        days=count_days(session, process_id, votes=sum(one.votes.people for one in ideas), zone=zone),
        principles=_by_principle(session, process_id, ideas),
        fields=_sums((one.field_id, one.amount) for one in ideas),
        districts=_sums((one.district_id, one.amount) for one in ideas),
        verdicts=verdicts,
        shares=shares,
        activity=count_activity(session, process_id),
    )


def count_days(session: Session, process_id: int, *, votes: int, zone: ZoneInfo) -> dict[date, DayCount]:
    """Return what happened on each day of ``zone``; ``votes`` is about how many there are on the published ideas."""
    public = _public(process_id)

    def by_day(moment: Any, *joins: tuple[Any, Any], only: Iterable[Any]) -> Counter[date]:
        statement = select(quarter_hours(moment))
        for table, condition in joins:
            statement = statement.join(table, condition)
        return _by_day(session, statement.where(moment.is_not(None), *only), zone)

    published = by_day(Idea.published_at, only=public)
    spoken = (*public, Comment.state == CommentState.PUBLISHED)
    comments = by_day(Comment.published_at, (Idea, Idea.id == Comment.idea_id), only=spoken)
    cast = by_day(Vote.cast_at, only=[_voted_on(session, votes).in_(select(Idea.id).where(*public))])
    people = by_day(Participant.joined_at, only=[Participant.process_id == process_id])
    return {
        day: DayCount(published[day], comments[day], cast[day], people[day])
        for day in sorted({*published, *comments, *cast, *people})
    }


def _by_day(session: Session, quarters: Select[int], zone: ZoneInfo) -> Counter[date]:
    """Return how many rows there are by day.

    The database only says in which quarter of an hour each one is: when a day begins depends on the time of year, and
    every time zone keeps to whole quarters.
    """
    days: Counter[date] = Counter()
    for part in read_integers(session, quarters):
        found, counts = np.unique(part, return_counts=True)
        for quarter, count in zip(found.tolist(), counts.tolist(), strict=True):
            days[datetime.fromtimestamp(quarter * QUARTER_SECONDS, UTC).astimezone(zone).date()] += count
    return days


def _voted_on(session: Session, here: int) -> ColumnElement[int]:
    """Return the idea of a vote, in a way that lets the database read most quickly.

    Where many of all votes are wanted, one pass over the whole table is several times as fast as looking them up one by
    one: a sum is not found in an index.
    """
    everywhere = session.scalar(select(func.max(Vote.id))) or 0
    return Vote.idea_id + 0 if here * WORTH_A_PASS > everywhere else Vote.idea_id.expression


def _by_principle(session: Session, process_id: int, ideas: list[IdeaCount]) -> Amounts:
    amounts = {one.id: one.amount for one in ideas}
    rows = read_rows(
        session,
        select(IdeaPrinciple.principle_id, IdeaPrinciple.idea_id)
        .join(Idea, Idea.id == IdeaPrinciple.idea_id)
        .where(*_public(process_id)),
    ).all()
    named = {idea_id for _principle_id, idea_id in rows}
    nothing = [(None, one.amount) for one in ideas if one.id not in named]
    return _sums([*((principle_id, amounts.get(idea_id, Amount())) for principle_id, idea_id in rows), *nothing])


def count_activity(session: Session, process_id: int) -> Activity:
    """Return how votes are spread over those who voted in a process."""
    each = (
        select(func.count().label("votes"))
        .select_from(Participant)
        .join(Vote, Vote.participant_id == Participant.id)
        .where(Participant.process_id == process_id)
        .group_by(Vote.participant_id)
        .subquery()
    )
    rows = read_rows(session, select(each.c.votes, func.count()).group_by(each.c.votes))
    return activity_of({row[0]: row[1] for row in rows})


def _sums(amounts: Iterable[tuple[int | None, Amount]]) -> Amounts:
    sums: Amounts = {}
    for key, amount in amounts:
        sums[key] = sums.get(key, Amount()) + amount
    return sums


def _public(process_id: int) -> tuple[ColumnElement[bool], ...]:
    return Idea.process_id == process_id, Idea.state == IdeaState.PUBLISHED
