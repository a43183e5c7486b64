"""What the author can do with an idea, on its page."""

from dataclasses import dataclass
from datetime import datetime

from flask import url_for
from sqlalchemy.orm import Session

from participation.accounts.actor import Actor
from participation.ideas.policies import may_add, may_edit, may_withdraw
from participation.ideas.queries import facts_about, idea_in
from participation.kit.permissions import Permission
from participation.processes.outline import ProcessOutline


@dataclass(frozen=True, slots=True)
class AuthorPart:
    """Where the author can change the idea, add to it and take it back; addresses are empty where that is closed.

    ``reason`` says why neither the text can be changed nor anything added.
    """

    edit_url: str
    add_url: str
    withdraw_url: str
    reason: str


def author_part(session: Session, actor: Actor, process: ProcessOutline, idea_id: int, *, now: datetime) -> AuthorPart:
    """Return what ``actor``, its author, can do with an idea."""
    facts = facts_about(session, actor, idea_in(session, process.id, idea_id))
    editing = may_edit(actor, process, facts, now=now)
    adding = may_add(actor, process, facts, now=now)

    def address(permission: Permission, endpoint: str) -> str:
        return url_for(endpoint, slug=process.slug, idea_id=idea_id) if permission else ""

    reason = "" if editing or adding else str((adding if facts.is_frozen else editing).reason)
    return AuthorPart(
        edit_url=address(editing, "editing.edit"),
        add_url=address(adding, "ideas.new_addendum"),
        withdraw_url=address(may_withdraw(actor, process, facts), "ideas.withdrawal"),
        reason=reason,
    )
