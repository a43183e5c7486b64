"""Adding many ideas at once, as an import does; what is there already is left alone."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from participation.accounts.actor import Actor
from participation.cases.models import CaseKind, SubjectKind
from participation.cases.service import CaseSubject, open_cases
from participation.ideas.models import Idea, IdeaPrinciple, IdeaSource, IdeaState
from participation.ideas.policies import may_import
from participation.ideas.search import index_ideas
from participation.ideas.standing import open_standings
from participation.kit.dialect import insert_missing
from participation.kit.permissions import require
from participation.processes.bulk import first_moments, join_as, join_by_key
from participation.processes.queries import process_by_id
from participation.processes.service import touch

EXTERNAL_ID_LONGEST = 120
# Not a key that a file could contain: imported keys have no white space around them.
NOBODY = " import"
NOBODY_PSEUDONYM = "Import"


@dataclass(frozen=True, slots=True)
class ImportedIdea:
    """An idea from elsewhere, checked; ``author_key`` says who wrote it there, ``None`` that nobody knows.

    The ids of principles, district and field belong to the framework of the process it goes into. ``source_url`` is
    the page it comes from.
    """

    external_id: str
    author_key: str | None
    state: IdeaState
    title: str
    text: str
    language: str
    submitted_at: datetime
    principle_ids: tuple[int, ...] = ()
    district_id: int | None = None
    field_id: int | None = None
    source_url: str | None = None


def add_ideas(
    session: Session, actor: Actor, *, process_id: int, ideas: Sequence[ImportedIdea], now: datetime
) -> set[str]:
    """Add the ideas whose external id the process does not have yet, and return the external ids added.

    Those in review wait for moderators. Raises ``Refused`` for anybody but admins and staff. A few hundred
    at a time keep the transaction short.
    """
    require(may_import(actor, process_id))
    known = known_external_ids(session, process_id, [idea.external_id for idea in ideas])
    fresh = {idea.external_id: idea for idea in ideas if idea.external_id not in known}
    if not fresh:
        return set()
    named = first_moments((idea.author_key, idea.submitted_at) for idea in fresh.values())
    authors: dict[str | None, int] = dict(join_by_key(session, process_id=process_id, keys=named).items())
    if any(idea.author_key is None for idea in fresh.values()):
        authors[None] = join_as(session, process_id=process_id, key=NOBODY, pseudonym=NOBODY_PSEUDONYM, now=now)
    rows = [_row(idea, process_id, authors[idea.author_key]) for idea in fresh.values()]
    insert_missing(session, Idea, rows, key=["process_id", "external_id"])
    statement = select(Idea.id).where(Idea.process_id == process_id, Idea.external_id.in_(fresh))
    added = session.scalars(statement).all()
    open_standings(session, process_id=process_id, idea_ids=added)
    index_ideas(session, added)
    _tag(session, process_id, fresh)
    _ask_for_reading(session, process_id, fresh, now=now)
    touch(session, process_id)
    return set(fresh)


def known_external_ids(session: Session, process_id: int, external_ids: Collection[str]) -> set[str]:
    """Return which of ``external_ids`` the process has already."""
    statement = select(Idea.external_id).where(Idea.process_id == process_id, Idea.external_id.in_(external_ids))
    return {external_id for external_id in session.scalars(statement) if external_id is not None}


def contradicting(session: Session, process_id: int, ideas: Sequence[ImportedIdea]) -> set[str]:
    """Return the external ids of ``ideas`` under which the process has ideas that came with another text."""
    texts = {idea.external_id: idea.text for idea in ideas}
    rows = session.execute(
        select(Idea.external_id, Idea.text).where(
            # A later revision was changed here and says nothing about what came.
            Idea.process_id == process_id,
            Idea.external_id.in_(texts),
            Idea.revision == 1,
        )
    )
    return {external_id for external_id, text in rows if external_id is not None and texts[external_id] != text}


def _ask_for_reading(session: Session, process_id: int, fresh: dict[str, ImportedIdea], *, now: datetime) -> None:
    waiting = [key for key, idea in fresh.items() if idea.state is IdeaState.IN_REVIEW]
    if not waiting:
        return
    rows = session.execute(
        select(Idea.id, Idea.language)
        .where(Idea.process_id == process_id, Idea.external_id.in_(waiting))
        .order_by(Idea.submitted_at, Idea.id)
    )
    subjects = [CaseSubject(process_id, SubjectKind.IDEA, idea_id, idea_id, language) for idea_id, language in rows]
    due_at = process_by_id(session, process_id).review_due(now)
    open_cases(session, CaseKind.REVIEW, subjects, due_at=due_at, now=now)


def _row(idea: ImportedIdea, process_id: int, participant_id: int) -> dict[str, object]:
    return {
        "process_id": process_id,
        "participant_id": participant_id,
        "state": idea.state,
        "source": IdeaSource.IMPORTED,
        "title": idea.title,
        "text": idea.text,
        "language": idea.language,
        "revision": 1,
        "district_id": idea.district_id,
        "field_id": idea.field_id,
        "external_id": idea.external_id,
        "source_url": idea.source_url,
        "submitted_at": idea.submitted_at,
        "published_at": idea.submitted_at if idea.state is IdeaState.PUBLISHED else None,
    }


def _tag(session: Session, process_id: int, ideas: dict[str, ImportedIdea]) -> None:
    tagged = [external_id for external_id, idea in ideas.items() if idea.principle_ids]
    if not tagged:
        return
    ids = session.execute(
        select(Idea.external_id, Idea.id).where(Idea.process_id == process_id, Idea.external_id.in_(tagged))
    )
    rows = [
        {"idea_id": idea_id, "principle_id": principle_id}
        for external_id, idea_id in ids
        if external_id is not None
        for principle_id in ideas[external_id].principle_ids
    ]
    insert_missing(session, IdeaPrinciple, rows, key=["idea_id", "principle_id"])
