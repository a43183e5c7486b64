"""Builders of what the desk makes of ideas, and of drafts that are not ideas yet."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from participation.accounts.actor import SYSTEM
from participation.curation.service import create_cluster, file_idea
from participation.ideas.models import IdeaAspect
from participation.kit import clock
from participation.principles.models import Aspect
from participation.proposing.models import Draft
from participation.strategy.models import AnswerOutcome
from participation.strategy.service import (
    AnswerDraft,
    answer_idea,
    answer_statement,
    publish_statement,
    write_statement,
)
from tests.make.places import Place, next_number, text


def cluster(session: Session, place: Place, *, title: str = "Theme", ideas: Iterable[int] = ()) -> int:
    """Return the id of a cluster with these ideas in it."""
    moment = clock.now()
    row = create_cluster(
        session, SYSTEM, process_id=place.id, title=text(title), description=text(f"About {title}"), now=moment
    )
    for idea_id in ideas:
        file_idea(session, SYSTEM, idea_id=idea_id, cluster_id=row.id, now=moment)
    return row.id


def statement(
    session: Session,
    place: Place,
    clusters: Iterable[int],
    *,
    words: str = "The city should act",
    published: bool = True,
) -> int:
    """Return the id of a statement that rests on these clusters."""
    moment = clock.now()
    row = write_statement(
        session,
        SYSTEM,
        process_id=place.id,
        text=text(words),
        reasoning=text("Because"),
        cluster_ids=list(clusters),
        now=moment,
    )
    if published:
        publish_statement(session, SYSTEM, statement_id=row.id, now=moment)
    return row.id


def touches(session: Session, place: Place, idea_id: int, keys: Iterable[str]) -> None:
    """Let an idea touch the aspects with these keys."""
    rows = session.execute(select(Aspect.key, Aspect.id).where(Aspect.framework_id == place.framework_id))
    by_key = {row.key: row.id for row in rows}
    session.add_all(IdeaAspect(idea_id=idea_id, aspect_id=by_key[key]) for key in keys)
    session.flush()


def answer(
    session: Session,
    *,
    idea_id: int | None = None,
    statement_id: int | None = None,
    outcome: AnswerOutcome = AnswerOutcome.YES,
    words: str = "We will do it",
    department: str = "Office for parks",
    at: datetime | None = None,
) -> int:
    """Return the id of the city's answer to an idea or to a statement."""
    draft, moment = AnswerDraft(outcome, department, text(words)), at or clock.now()
    if idea_id is not None:
        return answer_idea(session, SYSTEM, idea_id=idea_id, draft=draft, now=moment).id
    if statement_id is None:
        raise ValueError("an answer needs something that it is about")
    return answer_statement(session, SYSTEM, statement_id=statement_id, draft=draft, now=moment).id


def draft(
    session: Session,
    place: Place,
    account_id: int,
    *,
    title: str = "",
    body: str = "",
    not_sure: bool = True,
    language: str = "de",
    at: datetime | None = None,
) -> str:
    """Return the key of a draft of an account."""
    moment, key = at or clock.now(), f"draft-{next_number()}"
    row = Draft(
        key=key,
        process_id=place.id,
        account_id=account_id,
        title=title,
        text=body,
        language=language,
        choices={"principles": [], "not_sure": not_sure, "aspects": []},
        opened_at=moment,
        changed_at=moment,
    )
    session.add(row)
    session.flush()
    return key
