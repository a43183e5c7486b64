"""Reading what programs saw in contributions."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from participation.cases.queries import SubjectKey, is_about
from participation.signals.models import Signal, SignalKind


@dataclass(frozen=True, slots=True)
class SignalSeen:
    """One signal; ``signals.reasons`` says it in the reader's language."""

    id: int
    kind: SignalKind
    details: Mapping[str, Any] = field(default_factory=dict)
    is_open: bool = True


def signals_of(session: Session, subjects: Collection[SubjectKey]) -> dict[SubjectKey, tuple[SignalSeen, ...]]:
    """Return the open signals about each of some contributions, in one query; those without any are left out."""
    if not subjects:
        return {}
    rows = session.execute(
        select(Signal.subject_kind, Signal.subject_id, Signal.id, Signal.kind, Signal.details)
        .where(
            is_about(Signal, subjects),
            Signal.settled_at.is_(None),
        )
        .order_by(Signal.id)
    )
    found: dict[SubjectKey, tuple[SignalSeen, ...]] = {}
    for subject_kind, subject_id, signal_id, kind, details in rows:
        key = (subject_kind, subject_id)
        found[key] = (*found.get(key, ()), SignalSeen(signal_id, kind, details))
    return found
