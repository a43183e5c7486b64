"""A statement in a few words and figures, for where little of it is shown: posters, and frames on other sites."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from participation.kit.permissions import Missing
from participation.multilingual import Phrase, phrase
from participation.processes.outline import ProcessOutline
from participation.processes.policies import may_see_results
from participation.strategy.behind import PeopleBehind, ideas_behind, people_behind
from participation.strategy.models import StatementPrinciple, StatementState
from participation.strategy.statements.queries import statement_of
from participation.voting.queries import FEWEST_VOTES


@dataclass(frozen=True, slots=True)
class StatementBrief:
    """A statement that is or was public; ``people`` is ``None`` while results are hidden, and for only a few of them.

    One that was withdrawn has neither ideas nor people any more.
    """

    number: int
    text: Phrase
    reasoning: Phrase
    principle_ids: frozenset[int]
    ideas: int
    people: PeopleBehind | None
    is_public: bool
    withdrawn_at: datetime | None


def statement_brief(
    session: Session, process: ProcessOutline, statement_id: int, language: str, *, now: datetime
) -> StatementBrief:
    """Return a statement that is or was public, with what stands behind it; raises ``Missing`` for any other."""
    row = statement_of(session, process.id, statement_id)
    if row.published_at is None or row.state is StatementState.DRAFT:
        raise Missing
    is_public = row.state is StatementState.PUBLISHED
    shows = is_public and may_see_results(process, now=now)
    people = people_behind(session, [statement_id])[statement_id] if shows else PeopleBehind()
    principles = select(StatementPrinciple.principle_id).where(StatementPrinciple.statement_id == statement_id)
    return StatementBrief(
        number=row.position,
        text=phrase(row.text, language),
        reasoning=phrase(row.reasoning, language),
        principle_ids=frozenset(session.scalars(principles)),
        ideas=ideas_behind(session, [statement_id]).get(statement_id, 0) if is_public else 0,
        people=people if people.people >= FEWEST_VOTES else None,
        is_public=is_public,
        withdrawn_at=row.withdrawn_at,
    )
