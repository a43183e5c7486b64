"""What an idea says, on its page: head, text, where it stands, and what it is tagged with."""

from dataclasses import dataclass

from flask import g, url_for
from markupsafe import Markup
from sqlalchemy.orm import Session

from participation.browse.aspects import AspectFact, aspect_facts
from participation.browse.surroundings import names_around
from participation.browse.translations import Translated, note_on, report_url, suggest_url, written_in
from participation.cases.models import SubjectKind
from participation.ideas.models import IdeaSource, IdeaState
from participation.kit import clock
from participation.listings.ideas import IdeaRow
from participation.listings.names import PrincipleLink
from participation.listings.translated import ShownWordings, is_foreign, text_in, title_in
from participation.moderation.queries import Redaction, asked_for_change, is_told, latest_decision
from participation.moderation.reasons import facts_of
from participation.moderation.terms import terms
from participation.multilingual import gettext as _
from participation.multilingual.moments import day
from participation.processes.outline import ProcessOutline
from participation.texts import excerpt, render, render_line


@dataclass(frozen=True, slots=True)
class TextPart:
    """The idea itself with everything that is said about its text, which is empty where it says what the title says.

    ``translated`` is there where it is shown in a wording, ``written_in`` names the language of an original that is not
    the reader's, which can be translated at ``suggest_url``.
    """

    title: str
    title_html: Markup
    text_html: Markup
    summary: str
    language: str
    dir: str
    written_in: str
    translated: Translated | None
    suggest_url: str
    pseudonym: str
    published: str
    changed: str
    history_url: str
    state_label: str
    state_note: str
    reasons_url: str
    redactions: tuple[str, ...]
    report_url: str


@dataclass(frozen=True, slots=True)
class FactsPart:
    """What an idea is tagged with and where it came from."""

    principles: tuple[PrincipleLink, ...]
    district: str
    field: str
    aspects: tuple[AspectFact, ...]
    source_label: str
    external_id: str
    source_url: str


def text_part(
    session: Session,
    process: ProcessOutline,
    idea: IdeaRow,
    redactions: tuple[Redaction, ...],
    shown: ShownWordings,
) -> TextPart:
    """Return the head and the text of an idea in the wording ``shown``, and what moderators took out of it."""
    title = title_in(shown, idea.id, idea.title, idea.language)
    text = text_in(shown, SubjectKind.IDEA, idea.id, idea.text, idea.language)
    suggest = suggest_url(process, SubjectKind.IDEA, idea.id) if _is_translatable(idea) else ""
    has_history = idea.revision > 1 or idea.has_traces
    history_url = url_for("history.idea", slug=process.slug, idea_id=idea.id) if has_history else ""
    standing = _standing(session, idea)
    return TextPart(
        title=title.text,
        title_html=render_line(title.text),
        # A statement of one sentence is its own title.
        text_html=Markup() if idea.text.strip(" .\n") == idea.title.strip(" .") else render(text.text),
        summary=excerpt(text.text),
        language=text.language,
        dir=text.dir,
        written_in=written_in(text.language),
        translated=note_on(
            shown.get((SubjectKind.IDEA, idea.id)),
            suggest_url=suggest,
            report_url=report_url(process, SubjectKind.IDEA, idea.id),
        ),
        suggest_url=suggest,
        pseudonym=idea.pseudonym,
        published=day(idea.published_at or idea.submitted_at),
        changed=day(idea.revised_at) if idea.revised_at else "",
        history_url=history_url,
        state_label=_state_label(standing.state),
        state_note=standing.note,
        reasons_url=url_for("appeals.decisions") if standing.has_reasons else "",
        redactions=tuple(redaction_note(one) for one in redactions if one.addendum_id is None),
        report_url=_report_url(process, idea),
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
        source_url=idea.source_url or "",
    )


def _is_translatable(idea: IdeaRow) -> bool:
    return idea.state is IdeaState.PUBLISHED and is_foreign(idea.language, g.language)


def _report_url(process: ProcessOutline, idea: IdeaRow) -> str:
    is_public = idea.state is IdeaState.PUBLISHED
    return url_for("notices.idea", slug=process.slug, idea_id=idea.id) if is_public else ""


def _state_label(state: IdeaState) -> str:
    labels = {
        IdeaState.PUBLISHED: "",
        IdeaState.IN_REVIEW: _("In review"),
        IdeaState.HIDDEN: _("Hidden"),
        IdeaState.WITHDRAWN: _("Withdrawn"),
    }
    return labels[state]


@dataclass(frozen=True, slots=True)
class _Standing:
    """What the author may know of an idea that is not public: nothing of a decision that can still be taken back."""

    state: IdeaState
    note: str
    has_reasons: bool = False


def _standing(session: Session, idea: IdeaRow) -> _Standing:
    settled_before = clock.now() - terms().undo
    state, waits = idea.state, _("Only you and the moderators can see this idea until a moderator has read it.")
    if state is IdeaState.IN_REVIEW:
        if asked_for_change(session, SubjectKind.IDEA, idea.id, settled_before=settled_before):
            asks = _("The moderation team asks for a change. Only you and the moderators can see this idea until then.")
            return _Standing(state, asks, has_reasons=True)
        return _Standing(state, waits)
    if state is not IdeaState.HIDDEN:
        return _Standing(state, "")
    decision = latest_decision(session, idea_id=idea.id)
    if decision is not None and not is_told(decision, settled_before):
        return _Standing(IdeaState.IN_REVIEW, waits)
    reason = facts_of(decision.block_texts, decision.reason, g.language) if decision else ""
    return _Standing(
        state, _("Only you and the moderators can see this idea. Reason: %(reason)s", reason=reason), has_reasons=True
    )
