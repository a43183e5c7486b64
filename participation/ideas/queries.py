"""Which ideas somebody may see; every list, export and search starts from here."""

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from participation.accounts.actor import Actor, Role
from participation.ideas.models import Idea, IdeaPrinciple, IdeaState
from participation.kit.permissions import found
from participation.processes.models import Participant


def visible_to(actor: Actor, process_id: int) -> ColumnElement[bool]:
    """Return the condition on ``Idea`` for the ideas of a process that ``actor`` may see."""
    in_process = Idea.process_id == process_id
    if actor.has(Role.MODERATOR, process_id):
        return in_process
    if actor.account_id is None:
        return in_process & (Idea.state == IdeaState.PUBLISHED)
    own = select(Participant.id).where(Participant.process_id == process_id, Participant.account_id == actor.account_id)
    return in_process & or_(Idea.state == IdeaState.PUBLISHED, Idea.participant_id.in_(own))


def idea_in(session: Session, process_id: int, idea_id: int) -> Idea:
    """Return the idea of this process, whoever asks; raises ``Missing``, also for an idea of another process."""
    return found(session.scalar(select(Idea).where(Idea.id == idea_id, Idea.process_id == process_id)))


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
