"""What decisions do that put an idea into its place: other principles, another field, or "answered elsewhere"."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from participation.accounts.actor import Actor
from participation.ideas.models import Idea, IdeaState
from participation.ideas.policies import may_moderate
from participation.ideas.service import lock_idea
from participation.ideas.tagging import Tags, retag_idea, tags_of
from participation.kit.outside import https_address
from participation.kit.permissions import Refused, require
from participation.moderation.curating.traces import current_pointer
from participation.multilingual import lazy as _l
from participation.processes.service import touch

Details = dict[str, Any]
CURATED = frozenset({IdeaState.IN_REVIEW, IdeaState.PUBLISHED})


def move_idea(session: Session, actor: Actor, *, idea_id: int, details: Mapping[str, Any], now: datetime) -> Details:
    """Give an idea other principles or another field, and return the ids before and after, for the trace.

    ``details`` may name ``principles`` (ids) and ``field`` (id or ``None``); what it does not name stays as it is.
    Raises ``Refused`` where nothing would change.
    """
    idea = _curated(session, actor, idea_id)
    before = tags_of(session, idea)
    wanted = details.get("principles", before.principle_ids)
    after = Tags(tuple(sorted(set(wanted))), details.get("field", before.field_id))
    if after == before:
        raise Refused(_l("This idea stands there already: nothing has changed."))
    retag_idea(session, actor, idea_id=idea_id, tags=after, now=now)
    return {"before": _kept(before), "after": _kept(after)}


def move_back(session: Session, actor: Actor, *, idea_id: int, details: Mapping[str, Any], now: datetime) -> None:
    """Put an idea back where it stood before the move with these stored ``details``.

    Raises ``Refused`` where somebody has moved it on since.
    """
    idea = _curated(session, actor, idea_id)
    if tags_of(session, idea) != _tags(details["after"]):
        raise Refused(_l("Somebody has changed this since; it cannot be undone any more."))
    retag_idea(session, actor, idea_id=idea_id, tags=_tags(details["before"]), now=now)


def point_elsewhere(session: Session, actor: Actor, *, idea_id: int, details: Mapping[str, Any]) -> Details:
    """Say that an idea is answered in another ``idea`` of its process or at a ``url``; without either, not any more.

    Returns the details to be kept. Raises ``Refused`` for what is no public idea or no such address.
    """
    idea = _curated(session, actor, idea_id)
    pointer = _pointer(session, idea, details)
    if pointer == current_pointer(session, idea_id):
        raise Refused(_l("It is marked like that already: nothing has changed."))
    touch(session, idea.process_id)
    return pointer


def _pointer(session: Session, idea: Idea, details: Mapping[str, Any]) -> Details:
    if "idea" in details:
        return {"idea": _target(session, idea, details["idea"])}
    if "url" in details:
        address = https_address(str(details["url"]))
        if address is None:
            raise Refused(_l("Please give an address that begins with https://."))
        return {"url": address}
    return {}


def _target(session: Session, idea: Idea, target_id: int) -> int:
    public = select(Idea.id).where(
        Idea.id == target_id, Idea.process_id == idea.process_id, Idea.state == IdeaState.PUBLISHED
    )
    if target_id == idea.id or session.scalar(public) is None:
        raise Refused(_l("Please choose another public idea of this process."))
    return target_id


def _curated(session: Session, actor: Actor, idea_id: int) -> Idea:
    idea = lock_idea(session, idea_id)
    require(may_moderate(actor, idea.process_id))
    if idea.state not in CURATED:
        raise Refused(_l("This idea is not public any more."))
    return idea


def _kept(tags: Tags) -> Details:
    return {"principles": list(tags.principle_ids), "field": tags.field_id}


def _tags(kept: Mapping[str, Any]) -> Tags:
    return Tags(tuple(kept["principles"]), kept["field"])
