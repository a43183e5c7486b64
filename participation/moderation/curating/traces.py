"""The public traces of curating an idea: when it was moved, from where to where, and where it is answered."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from participation.ideas.models import Idea
from participation.moderation.models import Decision, DecisionKind

CURATING = (DecisionKind.MOVE, DecisionKind.ELSEWHERE)
MOST = 100
"""So many traces of one idea are shown; moderators do not move it that often."""


@dataclass(frozen=True, slots=True)
class Trace:
    """One decision that put an idea somewhere; ``details`` are as ``curating`` keeps them."""

    kind: DecisionKind
    details: Mapping[str, Any]
    reason: str
    decided_at: datetime


def traces_of(session: Session, idea_id: int) -> tuple[Trace, ...]:
    """Return the decisions that moved an idea or pointed elsewhere, the latest first; not those that were undone."""
    rows = session.execute(
        select(Decision.kind, Decision.details, Decision.reason, Decision.decided_at)
        .where(Decision.idea_id == idea_id, Decision.kind.in_(CURATING), Decision.undone_at.is_(None))
        .order_by(Decision.id.desc())
        .limit(MOST)
    )
    return tuple(Trace(*row) for row in rows)


def current_pointer(session: Session, idea_id: int) -> Mapping[str, Any]:
    """Return where an idea is answered, as the latest decision says; nothing in it where nowhere else."""
    found = session.scalar(
        select(Decision.details)
        .where(Decision.idea_id == idea_id, Decision.kind == DecisionKind.ELSEWHERE, Decision.undone_at.is_(None))
        .order_by(Decision.id.desc())
        .limit(1)
    )
    return found or {}


def target_of(pointer: Mapping[str, Any]) -> str:
    """Return where an idea is answered, as one would type it."""
    return str(pointer.get("url") or pointer.get("idea") or "")


def correlated_pointer() -> Any:
    """Return the same for each row of ``Idea`` in a list, as a value that may be missing."""
    latest = aliased(Decision)
    return (
        select(latest.details)
        .where(latest.idea_id == Idea.id, latest.kind == DecisionKind.ELSEWHERE, latest.undone_at.is_(None))
        .order_by(latest.id.desc())
        .limit(1)
        .correlate(Idea)
        .scalar_subquery()
    )


def correlated_trace() -> Any:
    """Return whether each idea of a list has any trace."""
    return (
        select(Decision.id)
        .where(Decision.idea_id == Idea.id, Decision.kind.in_(CURATING), Decision.undone_at.is_(None))
        .correlate(Idea)
        .exists()
    )
