"""Builders of what moderators decide with."""

from sqlalchemy.orm import Session

from participation.accounts.actor import SYSTEM
from participation.kit import clock
from participation.moderation.text_blocks.service import TextBlockDraft, add_text_block
from tests.make.places import Place, text


def text_block(session: Session, place: Place | None = None, *, title: str = "Names", ground: str = "") -> int:
    """Return the id of a text block of a process, or (without one) of one for all processes."""
    draft = TextBlockDraft(title, ground, text("No names, please"))
    return add_text_block(session, SYSTEM, process_id=place.id if place else None, draft=draft, now=clock.now()).id
