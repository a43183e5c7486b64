"""Builders of wordings: residents' texts in other languages."""

from typing import Any

from sqlalchemy.orm import Session

from participation.cases.models import CaseKind, SubjectKind
from participation.cases.service import CaseSubject, open_case
from participation.comments.models import Comment
from participation.ideas.models import Addendum, Idea
from participation.kit import clock
from participation.multilingual import base_language
from participation.wordings import showing
from participation.wordings.models import Origin, Wording, WordingState

TABLES: dict[SubjectKind, Any] = {
    SubjectKind.IDEA: Idea,
    SubjectKind.COMMENT: Comment,
    SubjectKind.ADDENDUM: Addendum,
}


def wording(
    session: Session,
    number: int,
    *,
    kind: SubjectKind = SubjectKind.IDEA,
    language: str = "tr",
    title: str = "",
    body: str = "",
    state: WordingState = WordingState.SHOWN,
    provider: str = "",
    author: int | None = None,
    revision: int | None = None,
) -> int:
    """Return the id of a wording of an idea, comment or addendum: people's, or that of a ``provider``.

    One that is shown takes the place of the one before; one that waits has its case, as services open it.
    """
    thing = session.get_one(TABLES[kind], number)
    idea_id = thing.id if kind is SubjectKind.IDEA else thing.idea_id
    row = Wording(
        process_id=thing.process_id,
        idea_id=idea_id,
        subject_kind=kind,
        subject_id=number,
        revision=revision or thing.revision,
        source_language=base_language(thing.language),
        language=language,
        origin=Origin.MACHINE if provider else Origin.HUMAN,
        provider=provider,
        state=WordingState.WAITING if state is WordingState.SHOWN else state,
        title=title or (f"{thing.title} [{language}]" if kind is SubjectKind.IDEA else ""),
        text=body or f"{thing.text} [{language}]",
        participant_id=author,
        made_at=clock.now(),
    )
    session.add(row)
    session.flush()
    if state is WordingState.SHOWN:
        showing.show(session, row, now=clock.now())
    elif state is WordingState.WAITING:
        subject = CaseSubject(thing.process_id, kind, number, idea_id, language)
        open_case(session, CaseKind.WORDING, subject, due_at=clock.now(), about_id=row.id, now=clock.now())
    return row.id
