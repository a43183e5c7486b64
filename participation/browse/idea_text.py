"""What an idea says, on its page: head, text, where it stands, and what it is tagged with."""

from dataclasses import dataclass

from flask import g, url_for
from markupsafe import Markup
from sqlalchemy.orm import Session

from participation.browse.aspects import AspectFact, aspect_facts
from participation.browse.surroundings import names_around
from participation.ideas.models import IdeaSource, IdeaState
from participation.listings.ideas import IdeaRow
from participation.listings.names import PrincipleLink
from participation.moderation.queries import Redaction, latest_decision
from participation.multilingual import direction, language_name
from participation.multilingual import gettext as _
from participation.multilingual.moments import day
from participation.processes.outline import ProcessOutline
from participation.texts import render, render_line


@dataclass(frozen=True, slots=True)
class TextPart:
    """The idea itself with everything that is said about its text, which is empty where it says what the title says."""

    title: str
    title_html: Markup
    text_html: Markup
    language: str
    dir: str
    written_in: str
    pseudonym: str
    published: str
    changed: str
    history_url: str
    state_label: str
    state_note: str
    redactions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FactsPart:
    """What an idea is tagged with and where it came from."""

    principles: tuple[PrincipleLink, ...]
    district: str
    field: str
    aspects: tuple[AspectFact, ...]
    source_label: str
    external_id: str


def text_part(session: Session, process: ProcessOutline, idea: IdeaRow, redactions: tuple[Redaction, ...]) -> TextPart:
    """Return the head and the text of an idea, and what moderators took out of it."""
    history_url = url_for("history.idea", slug=process.slug, idea_id=idea.id) if idea.revision > 1 else ""
    return TextPart(
        title=idea.title,
        title_html=render_line(idea.title),
        # A statement of one sentence is its own title.
        text_html=Markup() if idea.text.strip(" .\n") == idea.title.strip(" .") else render(idea.text),
        language=idea.language,
        dir=direction(idea.language),
        written_in="" if idea.language == g.language else language_name(idea.language, shown_in=g.language),
        pseudonym=idea.pseudonym,
        published=day(idea.published_at or idea.submitted_at),
        changed=day(idea.revised_at) if idea.revised_at else "",
        history_url=history_url,
        state_label=_state_label(idea.state),
        state_note=_state_note(session, idea),
        redactions=tuple(redaction_note(one) for one in redactions if one.addendum_id is None),
    )


def redaction_note(redaction: Redaction) -> str:
    """Return the public sentence that says that something was taken out, when and why."""
    values = {"day": day(redaction.decided_at), "reason": redaction.reason}
    return _("A moderator took out a passage on %(day)s. Reason: %(reason)s", **values)


def facts_part(session: Session, process: ProcessOutline, idea: IdeaRow) -> FactsPart:
    """Return what an idea is tagged with, in the reader's language."""
    names = names_around(process)
    return FactsPart(
        principles=tuple(names.principles[key] for key in idea.principle_ids),
        district=names.districts.get(idea.district_id or 0, ""),
        field=names.fields.get(idea.field_id or 0, ""),
        aspects=aspect_facts(session, process, idea.id),
        source_label=_("Imported") if idea.source is IdeaSource.IMPORTED else _("Online"),
        external_id=idea.external_id or "",
    )


def _state_label(state: IdeaState) -> str:
    labels = {
        IdeaState.PUBLISHED: "",
        IdeaState.IN_REVIEW: _("In review"),
        IdeaState.HIDDEN: _("Hidden"),
        IdeaState.WITHDRAWN: _("Withdrawn"),
    }
    return labels[state]


def _state_note(session: Session, idea: IdeaRow) -> str:
    if idea.state is IdeaState.IN_REVIEW:
        return _("Only you and the moderators can see this idea until a moderator has read it.")
    if idea.state is IdeaState.HIDDEN:
        decision = latest_decision(session, idea_id=idea.id)
        reason = decision.reason if decision else ""
        return _("Only you and the moderators can see this idea. Reason: %(reason)s", reason=reason)
    return ""
