"""Reading what became of wordings over time: in public for one idea, and at the desk what there is now."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, exists, or_, select
from sqlalchemy.orm import Session

from participation.cases.models import SubjectKind
from participation.processes.models import Participant
from participation.wordings.models import Origin, Wording, WordingState
from participation.wordings.subjects import is_public_text

MOST = 100


@dataclass(frozen=True, slots=True)
class WordingTrace:
    """One wording that readers were shown; without words, but with a reason, where moderators took it down.

    ``pseudonym`` is who suggested it, empty for machines and for the moderation team; ``provider`` the name of the
    service.
    """

    id: int
    kind: SubjectKind
    subject_id: int
    language: str
    origin: Origin
    provider: str
    pseudonym: str
    shown_at: datetime
    is_shown: bool
    is_taken_down: bool
    title: str
    text: str
    reason: str


@dataclass(frozen=True, slots=True)
class WordingLine:
    """A wording of an idea, or of something below it, that readers are shown or that waits."""

    id: int
    kind: SubjectKind
    subject_id: int
    language: str
    origin: Origin
    state: WordingState


def public_history(session: Session, idea_id: int) -> tuple[WordingTrace, ...]:
    """Return the wordings of an idea and its addenda that readers were shown, the latest first, 100 at most.

    Only those of texts as they stand now: what was taken out of an earlier one does not come back in another language.
    """
    rows = session.execute(
        select(Wording, Participant.pseudonym)
        .outerjoin(Participant, Participant.id == Wording.participant_id)
        .where(
            Wording.idea_id == idea_id,
            Wording.subject_kind != SubjectKind.COMMENT,
            Wording.shown_at.is_not(None),
            is_public_text(Wording),
        )
        .order_by(Wording.shown_at.desc(), Wording.id.desc())
        .limit(MOST)
    )
    return tuple(_trace(wording, pseudonym) for wording, pseudonym in rows)


def wordings_below(session: Session, idea_id: int) -> tuple[WordingLine, ...]:
    """Return the wordings of an idea and of all below it that are shown now or wait, 100 at most."""
    shown = (Wording.state == WordingState.SHOWN) & is_public_text(Wording)
    rows = session.execute(
        select(
            Wording.id,
            Wording.subject_kind,
            Wording.subject_id,
            Wording.language,
            Wording.origin,
            Wording.state,
        )
        .where(Wording.idea_id == idea_id, or_(shown, Wording.state == WordingState.WAITING))
        .order_by(Wording.subject_kind.desc(), Wording.subject_id, Wording.language, Wording.id)
        .limit(MOST)
    )
    return tuple(WordingLine(*row) for row in rows)


def is_put_right(table: Any) -> ColumnElement[bool]:
    """Return the condition that people took down a translation of what a row of ``table`` is about, or put another one
    in its place, since the row was ``submitted_at``."""
    shown_or_taken_down = Wording.shown_at.is_not(None) & Wording.state.in_(
        (WordingState.SHOWN, WordingState.REPLACED, WordingState.REFUSED)
    )
    return (
        exists()
        .where(
            Wording.subject_kind == table.subject_kind,
            Wording.subject_id == table.subject_id,
            Wording.decided_by.is_not(None),
            Wording.decided_at >= table.submitted_at,
            shown_or_taken_down,
        )
        .correlate(table)
    )


def _trace(wording: Wording, pseudonym: str | None) -> WordingTrace:
    is_taken_down = wording.state is WordingState.REFUSED
    assert wording.shown_at is not None, "only those that were shown are asked for"
    return WordingTrace(
        id=wording.id,
        kind=wording.subject_kind,
        subject_id=wording.subject_id,
        language=wording.language,
        origin=wording.origin,
        provider=wording.provider,
        pseudonym=pseudonym or "",
        shown_at=wording.shown_at,
        is_shown=wording.state is WordingState.SHOWN,
        is_taken_down=is_taken_down,
        title="" if is_taken_down else wording.title,
        text="" if is_taken_down else wording.text,
        reason=wording.reason if is_taken_down else "",
    )
