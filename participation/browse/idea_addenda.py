"""What the author of an idea added below it, on its page."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import g, url_for
from markupsafe import Markup
from sqlalchemy.orm import Session

from participation.browse.idea_text import redaction_note
from participation.ideas.addenda import AddendumView
from participation.ideas.models import IdeaState
from participation.kit import clock
from participation.moderation.queries import Redaction, reasons_for_hiding_addenda
from participation.moderation.terms import terms
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
    report_url: str


def addenda_part(
    session: Session,
    addenda: Sequence[AddendumView],
    redactions: Sequence[Redaction],
    *,
    report_in: str | None,
    voted_at: datetime | None,
) -> tuple[AddendumItem, ...]:
    """Return the addenda in order, with what moderators decided about them.

    Readers are offered to report them to the moderators of the process ``report_in``; authors are not.
    """
    hidden = [view.id for view in addenda if view.state is IdeaState.HIDDEN]
    settled_before = clock.now() - terms().undo
    reasons = (
        reasons_for_hiding_addenda(session, hidden, language=g.language, settled_before=settled_before)
        if hidden
        else {}
    )
    return tuple(
        AddendumItem(
            id=view.id,
            number=number,
            when=day(view.published_at or view.submitted_at),
            text_html=render(view.text),
            language=view.language,
            dir=direction(view.language),
            state_label=_state_label(view.state, is_told=view.id in reasons),
            state_note=_state_note(view, reasons.get(view.id)),
            redactions=tuple(redaction_note(one) for one in redactions if one.addendum_id == view.id),
            after_vote=bool(voted_at and view.published_at and view.published_at > voted_at),
            report_url=_report_url(report_in, view),
        )
        for number, view in enumerate(addenda, start=1)
    )


def _report_url(slug: str | None, view: AddendumView) -> str:
    if slug is None or view.state is not IdeaState.PUBLISHED:
        return ""
    return url_for("notices.addendum", slug=slug, addendum_id=view.id)


def _state_label(state: IdeaState, *, is_told: bool) -> str:
    hidden = _("Hidden") if is_told else _("In review")
    return {IdeaState.IN_REVIEW: _("In review"), IdeaState.HIDDEN: hidden}.get(state, "")


def _state_note(view: AddendumView, reason: str | None) -> str:
    # As long as hiding it can be taken back its author is told nothing of it.
    if view.state is IdeaState.IN_REVIEW or (view.state is IdeaState.HIDDEN and reason is None):
        return _("Only you and the moderators can see this addendum until a moderator has read it.")
    if view.state is IdeaState.HIDDEN:
        return _("Only you and the moderators can see this addendum. Reason: %(reason)s", reason=reason)
    return ""
