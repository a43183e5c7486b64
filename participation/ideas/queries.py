"""Which ideas somebody may see; every list, export and search starts from here."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import ColumnElement, bindparam, func, or_, select
from sqlalchemy.orm import Session

from participation.accounts.actor import Actor, Role
from participation.cases.models import SubjectKind
from participation.cases.queries import waits_for_author
from participation.ideas.models import Addendum, Idea, IdeaAspect, IdeaPrinciple, IdeaState
from participation.ideas.policies import IdeaFacts
from participation.kit.db import read_rows
from participation.kit.permissions import found
from participation.processes.models import Participant


def visible_to(actor: Actor, process_id: int) -> ColumnElement[bool]:
    """Return the condition on ``Idea`` for the ideas of a process that ``actor`` may see; not the withdrawn ones."""
    in_process = Idea.process_id == process_id
    if actor.has(Role.MODERATOR, process_id):
        return in_process & (Idea.state != IdeaState.WITHDRAWN)
    if actor.account_id is None:
        return in_process & (Idea.state == IdeaState.PUBLISHED)
    own = select(Participant.id).where(Participant.process_id == process_id, Participant.account_id == actor.account_id)
    mine = Idea.participant_id.in_(own) & (Idea.state != IdeaState.WITHDRAWN)
    return in_process & or_(Idea.state == IdeaState.PUBLISHED, mine)


def facts_about(session: Session, actor: Actor, idea: Idea) -> IdeaFacts:
    """Return what the rules about an idea rest on, as ``actor`` stands to it."""
    asked = waits_for_author(SubjectKind.IDEA, idea.id)
    author, is_asked = session.execute(
        select(Participant.account_id, asked).where(Participant.id == idea.participant_id)
    ).one()
    return IdeaFacts(
        state=idea.state,
        is_author=author is not None and author == actor.account_id,
        is_frozen=idea.frozen_at is not None,
        addenda=session.scalar(select(func.count()).where(Addendum.idea_id == idea.id)) or 0,
        is_asked=is_asked,
    )


def idea_in(session: Session, process_id: int, idea_id: int) -> Idea:
    """Return the idea of this process, whoever asks; raises ``Missing``, also for an idea of another process."""
    return found(session.scalar(select(Idea).where(Idea.id == idea_id, Idea.process_id == process_id)))


@dataclass(frozen=True, slots=True)
class TitleView:
    """What an idea is called, and in which language."""

    title: str
    language: str


def public_titles(session: Session, process_id: int, idea_ids: Iterable[int]) -> dict[int, TitleView]:
    """Return the titles of those of the ideas that are public in this process."""
    public = (Idea.process_id == process_id, Idea.state == IdeaState.PUBLISHED, Idea.id.in_(list(idea_ids)))
    rows = session.execute(select(Idea.id, Idea.title, Idea.language).where(*public))
    return {row.id: TitleView(row.title, row.language) for row in rows}


def aspect_ids_by_idea(session: Session, idea_ids: list[int]) -> dict[int, set[int]]:
    """Return the ids of the aspects that each idea touches; ideas that touch none are left out."""
    found_at: dict[int, set[int]] = {}
    rows = session.execute(select(IdeaAspect.idea_id, IdeaAspect.aspect_id).where(IdeaAspect.idea_id.in_(idea_ids)))
    for idea_id, aspect_id in rows:
        found_at.setdefault(idea_id, set()).add(aspect_id)
    return found_at


# Asked with every idea page: it stands ready, because putting a statement together takes longer than running it.
_ASPECTS = select(IdeaAspect.aspect_id).where(IdeaAspect.idea_id == bindparam("idea_id"))


def aspect_ids_of(session: Session, idea_id: int) -> frozenset[int]:
    """Return the ids of the aspects that an idea touches."""
    return frozenset(read_rows(session, _ASPECTS, {"idea_id": idea_id}).scalars())


def principle_ids_of(session: Session, idea_ids: list[int]) -> dict[int, list[int]]:
    """Return the principles of each idea, in the order of their ids."""
    tagged: dict[int, list[int]] = {idea_id: [] for idea_id in idea_ids}
    rows = session.execute(
        select(IdeaPrinciple.idea_id, IdeaPrinciple.principle_id)
        .where(IdeaPrinciple.idea_id.in_(idea_ids))
        .order_by(IdeaPrinciple.idea_id, IdeaPrinciple.principle_id)
    )
    for idea_id, principle_id in rows:
        tagged[idea_id].append(principle_id)
    return tagged
