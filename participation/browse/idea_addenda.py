"""What the author of an idea added below it, on its page."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import g, url_for
from markupsafe import Markup
from sqlalchemy.orm import Session

from participation.browse.idea_text import redaction_note
from participation.browse.translations import Translated, note_on, report_url, suggest_url, written_in
from participation.cases.models import SubjectKind
from participation.ideas.addenda import AddendumView
from participation.ideas.models import IdeaState
from participation.kit import clock
from participation.listings.translated import ShownWordings, is_foreign, text_in
from participation.moderation.queries import Redaction, reasons_for_hiding_addenda
from participation.moderation.terms import terms
from participation.multilingual import gettext as _
from participation.multilingual.moments import day
from participation.processes.outline import ProcessOutline
from participation.texts import render


@dataclass(frozen=True, slots=True)
class AddendumItem:
    """One addendum; ``after_vote`` says that it came after the reader had voted.

    ``written_in``, ``translated`` and ``suggest_url`` say of it what they say of the text of an idea.
    """

    id: int
    number: int
    when: str
    text_html: Markup
    language: str
    dir: str
    written_in: str
    translated: Translated | None
    suggest_url: str
    state_label: str
    state_note: str
    redactions: tuple[str, ...]
    after_vote: bool
    report_url: str


def addenda_part(
    session: Session,
    process: ProcessOutline,
    addenda: Sequence[AddendumView],
    redactions: Sequence[Redaction],
    shown: ShownWordings,
    *,
    offers_reporting: bool,
    voted_at: datetime | None,
) -> tuple[AddendumItem, ...]:
    """Return the addenda in order and in the wordings ``shown``, with what moderators decided about them.

    Readers are offered to report them to the moderators of the process; authors are not.
    """
    hidden = [view.id for view in addenda if view.state is IdeaState.HIDDEN]
    settled_before = clock.now() - terms().undo
    reasons = (
        reasons_for_hiding_addenda(session, hidden, language=g.language, settled_before=settled_before)
        if hidden
        else {}
    )

    def item(number: int, view: AddendumView) -> AddendumItem:
        text = text_in(shown, SubjectKind.ADDENDUM, view.id, view.text, view.language)
        is_public = view.state is IdeaState.PUBLISHED
        is_translatable = is_public and is_foreign(view.language, g.language)
        suggest = suggest_url(process, SubjectKind.ADDENDUM, view.id) if is_translatable else ""
        wording = shown.get((SubjectKind.ADDENDUM, view.id))
        return AddendumItem(
            id=view.id,
            number=number,
            when=day(view.published_at or view.submitted_at),
            text_html=render(text.text),
            language=text.language,
            dir=text.dir,
            written_in=written_in(text.language),
            translated=note_on(
                wording,
                anchor=f"#addendum-{view.id}",
                suggest_url=suggest,
                report_url=report_url(process, SubjectKind.ADDENDUM, view.id),
            ),
            suggest_url=suggest,
            state_label=_state_label(view.state, is_told=view.id in reasons),
            state_note=_state_note(view, reasons.get(view.id)),
            redactions=tuple(redaction_note(one) for one in redactions if one.addendum_id == view.id),
            after_vote=bool(voted_at and view.published_at and view.published_at > voted_at),
            report_url=_report_url(process, view) if offers_reporting and is_public else "",
        )

    return tuple(item(number, view) for number, view in enumerate(addenda, start=1))


def _report_url(process: ProcessOutline, view: AddendumView) -> str:
    return url_for("notices.addendum", slug=process.slug, addendum_id=view.id)


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
