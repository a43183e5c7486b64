"""The history of an idea: all its public revisions, and what changed from one to the next."""

from collections.abc import Hashable
from dataclasses import dataclass

from flask import g, url_for
from markupsafe import Markup
from sqlalchemy.orm import Session

from participation.accounts.actor import Actor
from participation.browse.idea_traces import TraceItem, traces_part
from participation.browse.shared import outline_of, version_of
from participation.browse.surroundings import names_mark
from participation.browse.wording_traces import WordingItem, wordings_part
from participation.ideas.models import IdeaState
from participation.ideas.policies import may_see_idea
from participation.ideas.queries import facts_about, idea_in
from participation.ideas.revisions import RevisionView, history_of
from participation.kit.permissions import Missing
from participation.multilingual import direction, language_name, pick
from participation.multilingual import gettext as _
from participation.multilingual.moments import moment
from participation.processes.outline import ProcessOutline
from participation.texts import render, render_line
from participation.texts.differences import Piece, differences


@dataclass(frozen=True, slots=True)
class RevisionItem:
    """One revision; a closed one has no text and says why. ``title`` and ``text`` are what it changed, if anything."""

    number: int
    label: str
    when: str
    is_current: bool
    is_closed: bool
    reason: str
    note: str
    language: str
    dir: str
    title: tuple[Piece, ...]
    text: tuple[Piece, ...]
    title_html: Markup
    text_html: Markup


@dataclass(frozen=True, slots=True)
class HistoryPage:
    """A page of the revisions of an idea, the latest first.

    ``traces`` of moderators, and ``wordings`` in other languages, stand on the first page.
    """

    idea_title: str
    language: str
    dir: str
    idea_url: str
    ideas_url: str
    process_title: str
    process_url: str
    traces: tuple[TraceItem, ...]
    revisions: tuple[RevisionItem, ...]
    wordings: tuple[WordingItem, ...]
    first_url: str
    next_url: str


def history_marks(_session: Session, *, slug: str, **_others: object) -> tuple[Hashable, ...]:
    """Return what a history depends on: names of principles, and the version that every change of an idea raises."""
    return (version_of(slug), names_mark(outline_of(slug)))


def history_page(
    session: Session, actor: Actor, process: ProcessOutline, idea_id: int, *, before: int | None
) -> HistoryPage:
    """Return a page of the history of an idea; raises ``Missing`` where ``actor`` may not see the idea."""
    idea = idea_in(session, process.id, idea_id)
    # Published ideas are everybody's: nothing more to ask of the database.
    is_author = idea.state is not IdeaState.PUBLISHED and facts_about(session, actor, idea).is_author
    if not may_see_idea(actor, state=idea.state, process_id=process.id, is_author=is_author):
        raise Missing
    history = history_of(session, idea, before=before)
    # A page behind the last one is empty.
    behind = (*history.revisions[1:], history.earlier)[: len(history.revisions)]
    url = url_for("history.idea", slug=process.slug, idea_id=idea.id)
    return HistoryPage(
        idea_title=idea.title,
        language=idea.language,
        dir=direction(idea.language),
        idea_url=url_for("browse.idea", slug=process.slug, idea_id=idea.id),
        ideas_url=url_for("browse.ideas", slug=process.slug),
        process_title=pick(process.title, g.language),
        process_url=url_for("browse.process", slug=process.slug),
        traces=traces_part(session, process, idea.id) if before is None else (),
        revisions=tuple(_item(view, before_it) for view, before_it in zip(history.revisions, behind, strict=True)),
        wordings=wordings_part(session, idea.id) if before is None else (),
        first_url=url if before is not None else "",
        next_url=f"{url}?before={history.next_before}" if history.next_before else "",
    )


def _item(view: RevisionView, before_it: RevisionView | None) -> RevisionItem:
    text, former = view.text, before_it.text if before_it else None
    language = text.language if text else g.language
    # What changed is shown only between two texts that everybody may read.
    compared = (former.title, text.title, former.text, text.text) if former and text else None
    return RevisionItem(
        number=view.revision,
        label=_("Revision %(number)s", number=view.revision),
        when=moment(view.written_at),
        is_current=view.is_current,
        is_closed=text is None,
        reason=view.reason if text is None else "",
        note=_note(view, before_it),
        language=language,
        dir=direction(language),
        title=differences(compared[0], compared[1]) if compared and compared[0] != compared[1] else (),
        text=differences(compared[2], compared[3]) if compared and compared[2] != compared[3] else (),
        title_html=render_line(text.title) if text else Markup(),
        text_html=render(text.text) if text else Markup(),
    )


def _note(view: RevisionView, before_it: RevisionView | None) -> str:
    if view.text is None:
        return ""
    if before_it is None:
        return _("This is how the idea was first published.")
    if before_it.text is None:
        return _("What changed is not shown, because the revision before is not public any more.")
    if before_it.text.language != view.text.language:
        return _("The language of the text was set to %(language)s.", language=_language(view.text.language))
    return ""


def _language(code: str) -> str:
    return language_name(code, shown_in=g.language)
