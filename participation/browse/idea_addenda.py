"""What the author of an idea added below it, on its page."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from markupsafe import Markup
from sqlalchemy.orm import Session

from participation.browse.idea_text import redaction_note
from participation.ideas.addenda import AddendumView
from participation.ideas.models import IdeaState
from participation.moderation.queries import Redaction, reasons_for_hiding_addenda
from participation.multilingual import direction
from participation.multilingual import gettext as _
from participation.multilingual.moments import day
from participation.texts import render


@dataclass(frozen=True, slots=True)
class AddendumItem:
    """One addendum; ``after_vote`` says that it came after the reader had voted."""

    id: int
    number: int
    when: str
    text_html: Markup
    language: str
    dir: str
    state_label: str
    state_note: str
    redactions: tuple[str, ...]
    after_vote: bool


def addenda_part(
    session: Session, addenda: Sequence[AddendumView], redactions: Sequence[Redaction], *, voted_at: datetime | None
) -> tuple[AddendumItem, ...]:
    """Return the addenda in order, with what moderators decided about them."""
    hidden = [view.id for view in addenda if view.state is IdeaState.HIDDEN]
    reasons = reasons_for_hiding_addenda(session, hidden) if hidden else {}
    return tuple(
        AddendumItem(
            id=view.id,
            number=number,
            when=day(view.published_at or view.submitted_at),
            text_html=render(view.text),
            language=view.language,
            dir=direction(view.language),
            state_label=_state_label(view.state),
            state_note=_state_note(view, reasons.get(view.id, "")),
            redactions=tuple(redaction_note(one) for one in redactions if one.addendum_id == view.id),
            after_vote=bool(voted_at and view.published_at and view.published_at > voted_at),
        )
        for number, view in enumerate(addenda, start=1)
    )


def _state_label(state: IdeaState) -> str:
    return {IdeaState.IN_REVIEW: _("In review"), IdeaState.HIDDEN: _("Hidden")}.get(state, "")


def _state_note(view: AddendumView, reason: str) -> str:
    if view.state is IdeaState.IN_REVIEW:
        return _("Only you and the moderators can see this addendum until a moderator has read it.")
    if view.state is IdeaState.HIDDEN:
        return _("Only you and the moderators can see this addendum. Reason: %(reason)s", reason=reason)
    return ""
