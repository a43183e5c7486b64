"""Putting an idea where it belongs on the map: its principles and its field of action, as moderators see them."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from participation.accounts.actor import Actor
from participation.ideas.models import Idea
from participation.ideas.queries import principle_ids_of
from participation.ideas.service import lock_idea, tag_idea
from participation.kit.permissions import Refused
from participation.multilingual import lazy as _l
from participation.principles.models import FieldOfAction
from participation.processes.queries import process_by_id


@dataclass(frozen=True, slots=True)
class Tags:
    """Where an idea stands on the map: principles in the order of their ids, and at most one field of action."""

    principle_ids: tuple[int, ...] = ()
    field_id: int | None = None


def tags_of(session: Session, idea: Idea) -> Tags:
    """Return the principles and the field of action of an idea."""
    return Tags(tuple(principle_ids_of(session, [idea.id])[idea.id]), idea.field_id)


def retag_idea(session: Session, actor: Actor, *, idea_id: int, tags: Tags, now: datetime) -> Idea:
    """Set the principles and the field of action of an idea and return it; raises ``Refused`` for unknown choices."""
    idea = lock_idea(session, idea_id)
    tag_idea(session, actor, idea_id=idea_id, principle_ids=tags.principle_ids, now=now)
    if tags.field_id is not None and tags.field_id != idea.field_id:
        framework_id = process_by_id(session, idea.process_id).framework_id
        known = select(FieldOfAction.id).where(
            FieldOfAction.id == tags.field_id, FieldOfAction.framework_id == framework_id
        )
        if session.scalar(known) is None:
            raise Refused(_l("This choice does not exist any more."))
    idea.field_id = tags.field_id
    return idea
