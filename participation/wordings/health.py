"""How a provider behaves: a break after failures, and how much text went there in a month."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from participation.activity.pace import back_off
from participation.kit import clock
from participation.kit.dialect import insert_missing, locked
from participation.kit.permissions import found
from participation.wordings.models import ProviderHealth

BREAKS_AFTER = 3
"""After so many failures in a row a provider is left alone for a while."""
LONGEST_BREAK = timedelta(minutes=30)
BREAKS = {
    "too_many": timedelta(minutes=1),
    "forbidden": timedelta(hours=1),
    "quota": timedelta(hours=12),
}
"""What no second try mends takes a break at once."""


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a request failed; with ``is_of_texts`` because of what was sent. ``wait`` is the break that was asked for."""

    problem: str
    is_of_texts: bool = False
    wait: timedelta | None = None


def health_of(session: Session, name: str) -> ProviderHealth:
    """Return how the provider ``name`` behaves, locked until the transaction ends."""
    statement = locked(select(ProviderHealth).where(ProviderHealth.name == name))
    row = session.scalar(statement)
    if row is None:
        insert_missing(session, ProviderHealth, _fresh(name), key=["name"])
        row = found(session.scalar(statement))
    return row


def is_resting(health: ProviderHealth, now: datetime) -> bool:
    """Return whether the provider is left alone at this moment."""
    return health.resumes_at is not None and health.resumes_at > now


def is_broken(health: ProviderHealth) -> bool:
    """Return whether the provider failed so often that asking it is only a try."""
    return health.failures > BREAKS_AFTER


def note_answer(health: ProviderHealth, now: datetime) -> None:
    """Note that the provider answered as it should."""
    health.failures, health.problem, health.answered_at, health.resumes_at = 0, "", now, None


def note_failure(health: ProviderHealth, failure: Failure, now: datetime) -> None:
    """Note that a request failed; what is to blame on the texts says nothing about the provider."""
    if failure.is_of_texts:
        return
    health.failures += 1
    health.problem, health.failed_at = failure.problem, now
    pause = failure.wait if failure.wait is not None else BREAKS.get(failure.problem)
    if pause is None and health.failures >= BREAKS_AFTER:
        pause = min(back_off(health.failures - BREAKS_AFTER + 1), LONGEST_BREAK)
    health.resumes_at = None if pause is None else now + pause


def count_characters(health: ProviderHealth, count: int, *, most: int, zone: str, now: datetime) -> bool:
    """Count what goes to the provider; ``False``, and a break until the month is over, where that would be too much."""
    local = now.astimezone(clock.zone(zone))
    month = f"{local:%Y-%m}"
    if health.month != month:
        health.month, health.characters = month, 0
    if most and health.characters + count > most:
        next_month = (local.replace(day=1) + timedelta(days=32)).replace(day=1, hour=0, minute=0, second=0)
        health.problem, health.failed_at = "month", now
        health.resumes_at = next_month.replace(microsecond=0).astimezone(now.tzinfo)
        return False
    health.characters += count
    return True


def _fresh(name: str) -> dict[str, object]:
    return {"name": name, "failures": 0, "problem": "", "month": "", "characters": 0}
