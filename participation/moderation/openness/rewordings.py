"""Decisions about translations for the public log: what was decided and when; no text, no reason, nobody's name."""

import enum
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, case, select
from sqlalchemy.orm import Session

from participation.cases.models import SubjectKind
from participation.kit.db import read_rows
from participation.wordings.models import Wording, WordingState


class Rewording(enum.Enum):
    """What was decided about a translation.

    A suggestion was accepted or refused, moderators put another one in its place, or took one down that was shown.
    """

    ACCEPTED = "translation_accepted"
    REFUSED = "translation_refused"
    CORRECTED = "translation_corrected"
    TAKEN_DOWN = "translation_taken_down"


@dataclass(frozen=True, slots=True)
class RewordingLine:
    """One such decision; ``waited_seconds`` is how long a suggestion had waited for it."""

    number: int
    decided_at: datetime
    subject: SubjectKind
    decision: Rewording
    language: str
    waited_seconds: int | None


def is_settled(process_id: int, settled_before: datetime) -> tuple[ColumnElement[bool], ...]:
    """Return the conditions that people decided about a wording of a process and cannot take that back any more.

    The last decision about each is known: of one that was accepted and taken down later, only that it was taken down.
    """
    return (
        Wording.process_id == process_id,
        Wording.decided_by.is_not(None),
        Wording.decided_at <= settled_before,
        Wording.state.in_((WordingState.SHOWN, WordingState.REPLACED, WordingState.REFUSED)),
    )


DECIDED: ColumnElement[str] = case(
    (and_(Wording.state == WordingState.REFUSED, Wording.shown_at.is_not(None)), Rewording.TAKEN_DOWN.value),
    (Wording.state == WordingState.REFUSED, Rewording.REFUSED.value),
    # Suggestions have a maker; what moderators write themselves has none.
    (Wording.participant_id.is_(None), Rewording.CORRECTED.value),
    else_=Rewording.ACCEPTED.value,
)
"""The value of what was decided about a wording."""


def rewording_lines(session: Session, only: Sequence[ColumnElement[bool]], *, most: int) -> list[RewordingLine]:
    """Return up to ``most`` decisions about wordings that fulfil the conditions ``only``, the latest first."""
    rows = read_rows(
        session,
        select(Wording.id, Wording.decided_at, Wording.subject_kind, DECIDED.label("decided"), Wording.language)
        .add_columns(Wording.made_at)
        .where(*only)
        .order_by(Wording.decided_at.desc(), Wording.id.desc())
        .limit(most),
    )
    return [_line(*row) for row in rows]


def _line(
    number: int, decided_at: datetime, subject: SubjectKind, decided: str, language: str, made_at: datetime
) -> RewordingLine:
    decision = Rewording(decided)
    has_waited = decision in (Rewording.ACCEPTED, Rewording.REFUSED)
    waited = int((decided_at - made_at).total_seconds()) if has_waited else None
    return RewordingLine(number, decided_at, subject, decision, language, waited)
