"""What somebody has suggested as wordings of other people's texts in a process, for themselves alone."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from participation.cases.models import SubjectKind
from participation.ideas.models import Idea, IdeaState
from participation.texts import excerpt
from participation.wordings.models import Wording, WordingState
from participation.wordings.subjects import is_public_text

PAGE = 20
EXCERPT = 160


@dataclass(frozen=True, slots=True)
class OwnWording:
    """An own suggestion; ``idea_title`` is empty where the idea is not public any more.

    ``text`` is empty where what it says is not public as it stands: hidden, changed or taken out. ``was_shown`` says
    that readers saw it, ``reason`` what moderators say about it.
    """

    id: int
    kind: SubjectKind
    subject_id: int
    idea_id: int
    idea_title: str
    idea_language: str
    language: str
    text: str
    state: WordingState
    was_shown: bool
    reason: str
    made_at: datetime


def own_wordings(
    session: Session, participant_id: int, *, before: int | None = None, told_before: datetime
) -> tuple[tuple[OwnWording, ...], int | None]:
    """Return a page of suggestions, the latest first, and the id behind which the next page begins.

    What was decided at ``told_before`` or later can still be taken back, and looks as if it waited.
    """
    statement = (
        select(Wording, Idea.title, Idea.language, Idea.state, is_public_text(Wording))
        .join(Idea, Idea.id == Wording.idea_id)
        .where(Wording.participant_id == participant_id)
        .order_by(Wording.id.desc())
        .limit(PAGE + 1)
    )
    if before is not None:
        statement = statement.where(Wording.id < before)
    rows = session.execute(statement).all()
    page = tuple(
        _own(wording, title if state is IdeaState.PUBLISHED else "", language, told_before, is_public=is_public)
        for wording, title, language, state, is_public in rows[:PAGE]
    )
    return page, page[-1].id if len(rows) > PAGE else None


def _own(wording: Wording, title: str, language: str, told_before: datetime, *, is_public: bool) -> OwnWording:
    whole = f"{wording.title}: {wording.text}" if wording.title else wording.text
    is_told = wording.decided_at is None or wording.decided_at < told_before
    return OwnWording(
        id=wording.id,
        kind=wording.subject_kind,
        subject_id=wording.subject_id,
        idea_id=wording.idea_id,
        idea_title=title,
        idea_language=language,
        language=wording.language,
        text=excerpt(whole, EXCERPT) if is_public else "",
        state=wording.state if is_told else WordingState.WAITING,
        was_shown=wording.shown_at is not None,
        reason=wording.reason if is_told else "",
        made_at=wording.made_at,
    )
