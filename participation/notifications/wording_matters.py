"""What entries about suggested wordings are about."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from participation.cases.models import SubjectKind
from participation.wordings.models import Wording, WordingState


@dataclass(frozen=True, slots=True)
class WordingFact:
    """What became of an own suggestion; ``was_shown`` where readers saw it, ``reason`` where moderators gave one."""

    idea_id: int
    id: int
    subject: SubjectKind
    subject_id: int
    language: str
    state: WordingState
    was_shown: bool
    reason: str


def wordings(session: Session, ids: list[int]) -> Mapping[int, WordingFact]:
    """Return what became of these suggestions."""
    rows = session.execute(
        select(
            Wording.idea_id,
            Wording.id,
            Wording.subject_kind,
            Wording.subject_id,
            Wording.language,
            Wording.state,
            Wording.shown_at.is_not(None),
            Wording.reason,
        ).where(Wording.id.in_(ids))
    )
    return {row.id: WordingFact(*row) for row in rows}
